"""Which notices are the same announcement (N1) and the same procurement (N2)."""
