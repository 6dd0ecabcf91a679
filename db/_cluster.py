"""The data directory of the embedded server: made once, checked at every start."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from db._account import Account
from db._files import sync_directory, write_whole
from db.errors import DiskFullError, EmbeddedServerError

ROLE = "caigou"
DATABASE = "caigou"

# Written into postgresql.conf when the data directory is made; from then on the file is its owner's to edit.
TUNING = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "40",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than it saves in queries of 150 ms
    "wal_level": "minimal",  # nobody replicates an embedded server, and COPY gets faster
    "max_wal_senders": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "default_text_search_config": "pg_catalog.simple",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
}

# Peer: the kernel says who is on the other end of the socket. Scram: for a TCP port, where it cannot.
HOST_RULES = """\
# written by caigou when this database was made
local  all  all                peer map=caigou
host   all  all  127.0.0.1/32  scram-sha-256
"""


def allow_password(data: Path, role: str, *, allowed: bool = True) -> None:
    """Let `role` in through the socket with its password, or no more. The server reads its rules anew when it is told to.

    The rules belong to whoever edits them; ours comes first, and no other line is touched.
    """
    path = data / "pg_hba.conf"
    rule = f"local  all  {role}  scram-sha-256  # caigou db reader"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line != rule]
    wanted = [rule, *kept] if allowed else kept
    if wanted != lines:
        write_whole(path, "\n".join(wanted) + "\n")


def environment() -> dict[str, str]:
    """For server programs: nothing of the caller's, so that no PGPORT or locale of theirs leaks in."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def place(data: Path, account: Account) -> tuple[str, Path]:
    """The `-D` argument and the working directory for a server program.

    As root the directory is handed over opened, as the working directory: the account needs no right to any directory
    above it, so none has to be widened. Linux only; elsewhere the account must be able to reach the path.
    """
    if account.switched and sys.platform == "linux":
        return "/proc/self/cwd", data
    return str(data), Path("/")


def create(
    data: Path, programs: Path, account: Account, people: Iterable[str], password: str, *, durable: bool
) -> None:
    """Make the data directory with the database in it, beside its final place, then rename it there.

    `people` are the accounts that may connect through the socket.

    A command killed in the middle leaves no half-made database behind. Raises `EmbeddedServerError`.
    """
    for leftover in data.parent.glob(f"{data.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    scratch = data.with_name(f"{data.name}.new-{secrets.token_hex(4)}")
    scratch.mkdir(mode=0o700)
    try:
        if account.switched:
            os.chown(scratch, account.uid, account.gid)
        argument, cwd = place(scratch, account)
        _initdb(programs, argument, cwd, account)
        write_whole(scratch / "pg_hba.conf", HOST_RULES)
        lines = "".join(f'caigou  "{name}"  {ROLE}\n' for name in people)
        write_whole(scratch / "pg_ident.conf", f"# written by caigou: who may connect as {ROLE}\n{lines}")
        _run(
            [str(programs / "postgres"), "--single", "-D", argument, "-c", "fsync=off", "postgres"],
            cwd,
            account,
            f"ALTER ROLE {ROLE} PASSWORD '{password}'\nCREATE DATABASE {DATABASE}\n",
        )
        if durable:
            _run([str(programs / "initdb"), "-D", argument, "--sync-only"], cwd, account)
        scratch.rename(data)
        if durable:
            sync_directory(data.parent)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def check(data: Path, programs: Path) -> None:
    """The data directory fits the programs. Raises `EmbeddedServerError`."""
    try:
        found = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise EmbeddedServerError(
            f"{data} is not a Postgres data directory",
            "move it away, or restore it from a backup",
        ) from None
    done = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    major = done.stdout.split()[-1].split(".")[0]
    if found != major:
        raise EmbeddedServerError(
            f"the database in {data} was made by Postgres {found}, and the installed programs are Postgres {major}",
            "back it up with the version of Caigou that made it (caigou db backup), then restore into a new CAIGOU_HOME",
        )


def _initdb(programs: Path, argument: str, cwd: Path, account: Account) -> None:
    command = [
        str(programs / "initdb"),
        f"--pgdata={argument}",
        f"--username={ROLE}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",  # sorts by code point everywhere alike, and knows the letters of Unicode
        "--data-checksums",
        "--auth=reject",  # the real rules are written before the first start
        "--no-sync",
        "--no-instructions",
    ]
    for name, value in TUNING.items():
        command += ["--set", f"{name}={value}"]
    _run(command, cwd, account)


def _run(command: list[str], cwd: Path, account: Account, feed: str | None = None) -> None:
    done = subprocess.run(  # noqa: S603
        command,
        cwd=cwd,
        env=environment(),
        input=feed if feed is not None else "",
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        **account.run_as(),
    )
    said = done.stdout + done.stderr
    # The single-user server reports a failed statement and still ends with 0.
    if done.returncode == 0 and not (feed and any(word in said for word in ("ERROR:", "FATAL:", "PANIC:"))):
        return
    if "No space left on device" in said:
        raise DiskFullError(
            "the disk is full: no database could be made", "free about 100 MB, or set CAIGOU_HOME elsewhere"
        )
    lines = [line for line in said.splitlines() if "error:" in line or "FATAL" in line or "ERROR" in line]
    detail = lines[-1] if lines else said.strip().splitlines()[-1] if said.strip() else f"exit code {done.returncode}"
    raise EmbeddedServerError(
        f"{Path(command[0]).name} failed: {detail}",
        "mend the cause and run the command again, or set CAIGOU_DATABASE_URL",
    )
