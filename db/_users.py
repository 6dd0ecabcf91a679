"""Who uses the embedded server: one locked file a user, in `users/`.

The kernel drops the lock when its holder dies, so a stale entry is one nobody holds. No process id is trusted: ids are
reused, and differ between containers. The file's text (process id, start, command) is for people.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
from pathlib import Path

from db._files import make_directory
from db._locks import FileLock
from db._process import identity


class Users:
    """Callers hold the gate, except for `wait_for_change`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def enter(self) -> FileLock:
        make_directory(self.directory)
        entry = self.directory / f"{os.getpid()}-{secrets.token_hex(4)}"
        lock = FileLock(entry)
        lock.acquire()
        who = {"pid": os.getpid(), "identity": identity(os.getpid()), "command": Path(sys.argv[0]).name}
        with contextlib.suppress(OSError):  # on a full disk the empty file does its work as well
            entry.write_text(json.dumps(who), encoding="utf-8")
        return lock

    def leave(self, lock: FileLock) -> None:
        lock.path.unlink(missing_ok=True)
        lock.release()

    def prune(self) -> list[Path]:
        """Remove the entries of users that died; return those of the living."""
        living = []
        for entry in self._entries():
            try:
                with FileLock(entry, create=False) as lock:
                    if not lock.try_acquire():
                        living.append(entry)
                        continue
                    entry.unlink(missing_ok=True)
            except FileNotFoundError:
                continue
        return living

    def wait_for_change(self) -> None:
        """Sleep until one of the present users is gone. Costs nothing while waiting. Needs no gate."""
        for entry in self._entries():
            try:
                with FileLock(entry, create=False) as lock:
                    lock.acquire()
                    return
            except FileNotFoundError:
                return

    def _entries(self) -> list[Path]:
        try:
            return sorted(self.directory.iterdir())
        except FileNotFoundError:
            return []
