"""The embedded Postgres: it starts with its first user and stops after its last.

`join()` gives an address; the server runs until every user has left or died. See docs/decisions/0002-embedded-postgres.md.
Only the standard library is imported here: the watchdog runs this module in a bare interpreter.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from db import _cluster
from db._account import Account, account_for, user_name
from db._files import write_whole
from db._locks import FileLock
from db._postmaster import Postmaster, State, check_socket
from db._users import Users
from db.errors import DiskFullError, EmbeddedServerError

GATE_TIMEOUT = 900.0  # somebody else's start may replay a crash, or their stop write a checkpoint


@dataclass(frozen=True, slots=True)
class Address:
    """How to connect. `host` is a socket directory or 127.0.0.1; `peer` is the account the other end must run as."""

    host: str
    port: int
    user: str
    database: str
    password: str | None
    peer: str | None


class EmbeddedServer:
    """The server of one CAIGOU_HOME, seen by one process.

    `durable=False` trades safety against power loss for speed; tests use it.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int | None = None,
        linger: float = 0.0,
        run_as: str | None = None,
        durable: bool = True,
    ) -> None:
        if sys.platform == "win32":
            raise EmbeddedServerError(
                "the embedded Postgres does not run on Windows", "use WSL, or set CAIGOU_DATABASE_URL"
            )
        self.directory = home / "postgres"
        self.home = home
        self._port = port
        self._linger = linger
        self._run_as = run_as
        self._durable = durable
        self._postmaster = Postmaster(self.directory)
        self._users = Users(self.directory / "users")

    @contextlib.contextmanager
    def join(self) -> Iterator[Address]:
        """Start the server or join the one that runs; leave on exit. Raises `EmbeddedServerError`."""
        self._prepare()
        owner = os.getpid()
        with self._gate():
            self._users.prune()
            entry = self._users.enter()
            try:
                address = self._ensure_running()
                (self.directory / "linger").unlink(missing_ok=True)
            except BaseException:
                self._users.leave(entry)
                if not self._users.prune():
                    self._postmaster.stop()
                raise
        try:
            yield address
        finally:
            # A forked child that falls out of the block leaves its parent's server alone.
            if os.getpid() == owner:
                with self._gate():
                    self._users.leave(entry)
                    self._after_leaving()

    def users(self) -> int:
        """How many living users the server has."""
        if not self.directory.is_dir():
            return 0
        with self._gate():
            return len(self._users.prune())

    def disk_was_full(self) -> bool:
        """The last thing the server said was that it had no room."""
        return self._postmaster.full_disk_in_log()

    def watch(self) -> None:
        """The watchdog's life: stop the server when its last user died without leaving. Returns when none runs."""
        with FileLock(self.directory / "watchdog.lock") as mine:
            seen = None
            with self._gate():
                if not mine.try_acquire():
                    return
            while True:
                with self._gate():
                    living = self._users.prune()
                    linger = None if living else self._lingering()
                    if not living and (linger is None or linger == seen):
                        if self._postmaster.state() is not None:
                            self._postmaster.stop()
                        mine.release()  # inside the gate, or a newcomer's watchdog could find us still here, and go
                        return
                if living:
                    self._users.wait_for_change()
                elif linger is not None:
                    time.sleep(linger[0])
                    seen = linger

    def _after_leaving(self) -> None:
        if self._users.prune():
            self._postmaster.reap()
        elif self._linger > 0:
            text = f"{self._linger} {secrets.token_hex(4)}"
            write_whole(self.directory / "linger", text, mode=0o644)
            self._postmaster.reap()
        else:
            self._postmaster.stop()

    def _lingering(self) -> tuple[float, str] | None:
        """Seconds the last leaver asked for, and a word that differs with every leaving."""
        try:
            seconds, word = (self.directory / "linger").read_text(encoding="utf-8").split()
            return float(seconds), word
        except (FileNotFoundError, ValueError):
            return None

    def _ensure_running(self) -> Address:
        self._postmaster_account()
        watchdog = self._start_watchdog()
        try:
            state = self._postmaster.running()
            if state is None:
                state = self._start()
        finally:
            watchdog.wait()
        check_socket(state, self._data_owner() or 0)
        return self._address(state)

    def _start(self) -> State:
        from db._binaries import server_programs  # noqa: PLC0415

        data = self._postmaster.data
        account = self._postmaster_account()
        programs = server_programs(account)
        try:
            if data.exists():
                _cluster.check(data, programs)
            else:
                _cluster.create(data, programs, account, self._password(), durable=self._durable)
            return self._postmaster.start(programs, account, port=self._port, durable=self._durable)
        except OSError as error:
            raise self._os_error(error) from error

    def _postmaster_account(self) -> Account:
        return account_for(self._data_owner(), self._run_as)

    def _data_owner(self) -> int | None:
        try:
            return self._postmaster.data.stat().st_uid
        except FileNotFoundError:
            return None

    def _address(self, state: State) -> Address:
        tcp = state.host == "127.0.0.1"
        return Address(
            host=state.host,
            port=state.port,
            user=_cluster.ROLE,
            database=_cluster.DATABASE,
            password=self._password() if tcp else None,
            peer=None if tcp else state.account,
        )

    def _password(self) -> str:
        path = self.directory / "password"
        try:
            return path.read_text(encoding="ascii")
        except FileNotFoundError:
            write_whole(path, secrets.token_urlsafe(24))
            return path.read_text(encoding="ascii")

    def _prepare(self) -> None:
        """Make our directories. A directory that was there before keeps its permissions."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                self.directory.mkdir(mode=0o700)
            found = self.directory.lstat()
        except OSError as error:
            raise self._os_error(error) from error
        me = os.geteuid()
        if not stat.S_ISDIR(found.st_mode):
            raise EmbeddedServerError(f"{self.directory} is not a directory", "move it away, or set CAIGOU_HOME")
        if me not in (0, found.st_uid):
            raise EmbeddedServerError(
                f"the database in {self.home} belongs to {user_name(found.st_uid)}, and you are {user_name(me)}",
                "run the command as the user who made it, or set CAIGOU_HOME to a directory of your own",
            )

    @contextlib.contextmanager
    def _gate(self) -> Iterator[None]:
        """Starts, stops, joins and leaves happen one at a time."""
        try:
            lock = FileLock(self.directory / "gate.lock")
        except OSError as error:
            raise self._os_error(error) from error
        with lock:
            if not lock.acquire(GATE_TIMEOUT):
                raise EmbeddedServerError(
                    f"another command has been starting or stopping the server in {self.home} for {GATE_TIMEOUT:.0f} s",
                    "end it and run the command again",
                )
            yield

    def _start_watchdog(self) -> subprocess.Popen[bytes]:
        """A bare interpreter that waits for users to die. It forks away at once; a second one ends by itself."""
        root = Path(__file__).resolve().parent.parent
        code = "import sys; sys.path.insert(0, sys.argv[1]); from db._watchdog import main; main(sys.argv[2])"
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", "-c", code, str(root), str(self.home)],
            cwd="/",
            env={"LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _os_error(self, error: OSError) -> EmbeddedServerError:
        where = error.filename or self.home
        if error.errno == 28:  # ENOSPC
            return DiskFullError(
                f"the disk is full: {where} cannot be written", "free some space and run the command again"
            )
        return EmbeddedServerError(
            f"{where}: {error.strerror}", "make it writable for you, or set CAIGOU_HOME to a directory of your own"
        )
