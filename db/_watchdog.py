"""Stops the embedded server when a command was killed before it could. Run by `EmbeddedServer`, in a process of its own."""

from __future__ import annotations

import os
from pathlib import Path

from db.embedded import EmbeddedServer


def main(home: str) -> None:
    """Detach from the command that started us, then watch until no server runs."""
    if os.fork():
        os._exit(0)
    EmbeddedServer(Path(home)).watch()
