"""Files written whole or not at all, in directories another account may write to."""

from __future__ import annotations

import os
import pwd
import secrets
from pathlib import Path


def open_here(path: Path, flags: int, mode: int) -> int:
    """Open a file, making it where there is none. No link is followed; what root makes in a user's directory is the user's."""
    flags |= os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        fd = os.open(path, flags | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        return os.open(path, flags)
    give(fd, path.parent)
    os.fchmod(fd, mode)  # whatever the umask
    return fd


def make_directory(path: Path) -> None:
    """Make a private directory where there is none. What root makes in a user's directory is the user's."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        give(fd, path.parent)
    finally:
        os.close(fd)


def give(fd: int, directory: Path) -> None:
    """As root, hand a file we just made to the owner of the directory it is in, if that is an account of this machine."""
    if os.geteuid() != 0:
        return
    owner = directory.stat()
    if owner.st_uid != 0 and account_exists(owner.st_uid):
        os.fchown(fd, owner.st_uid, owner.st_gid)


def account_exists(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def write_whole(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Replace `path` in one step. The new file is made under a random name, so no link is followed."""
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    fd = open_here(scratch, os.O_WRONLY, mode)
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def sync_directory(path: Path) -> None:
    """Make sure that names made in a directory survive a power cut."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def tail(path: Path, since: int = 0, limit: int = 16_384) -> str:
    """The end of a text file, at most `limit` bytes and nothing before offset `since`. Empty when there is none."""
    try:
        with path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(since, end - limit, 0))
            return file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ""
