"""Document and portal profile to the fields of a notice, its parties, related notices and changes."""
