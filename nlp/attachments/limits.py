"""How much of one attachment is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, lengths in characters. What lies beyond a limit is left out with an issue, never read half-silently."""

    file_bytes: int = 80_000_000
    unpacked_bytes: int = 200_000_000
    """All entries of one archive together; also the parts of a docx or xlsx."""
    ratio: int = 400
    """Unpacked to packed size from which a big archive is a bomb."""
    entries: int = 300
    depth: int = 3
    pages: int = 400
    table_pages: int = 80
    """Pages of a pdf on which tables are looked for (slow); the rest give text only."""
    ocr_pages: int = 20
    cells: int = 200_000
    text: int = 2_000_000
