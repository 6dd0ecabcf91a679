"""Locks that the kernel gives back when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from db._files import open_here


class FileLock:
    """An exclusive `flock` on a file. It belongs to the open file: children that inherit it hold it too."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Raises `FileNotFoundError` when the file is not there and `create` is false."""
        self.path = path
        # Read-only is enough for flock, and lets another user test a lock file it does not own.
        self._fd = (
            open_here(path, os.O_RDONLY, 0o644) if create else os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        )

    def fileno(self) -> int:
        return self._fd

    def try_acquire(self) -> bool:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def acquire(self, timeout: float | None = None) -> bool:
        """Wait for the lock. False when `timeout` seconds went by; None waits for as long as it takes."""
        if timeout is None:
            fcntl.flock(self._fd, fcntl.LOCK_EX)
            return True
        deadline = time.monotonic() + timeout
        pause = 0.002
        while not self.try_acquire():
            if time.monotonic() >= deadline:
                return False
            time.sleep(pause)
            pause = min(pause * 1.5, 0.05)
        return True

    def release(self) -> None:
        """Give the lock back for this process and for every child that inherited it."""
        if self._fd >= 0:
            fcntl.flock(self._fd, fcntl.LOCK_UN)
            self.close()

    def close(self) -> None:
        """Drop this process's hold; a child that inherited the lock keeps it."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
