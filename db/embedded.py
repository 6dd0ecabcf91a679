"""The embedded Postgres: it starts with its first user and stops after its last.

`join()` gives an address; the server runs until every user has left or died. See docs/decisions/0002-embedded-postgres.md.
Only the standard library is imported here: the watchdog runs this module in a bare interpreter.
"""

from __future__ import annotations

import contextlib
import errno
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
from db._files import make_directory, open_here, write_whole
from db._locks import FileLock
from db._postmaster import LOOPBACK, Postmaster, State, check_socket
from db._users import Users
from db.errors import DiskFullError, EmbeddedServerError

LONGEST_LINGER = 86_400.0
LINGER_LOOK = 2.0  # a promise may be taken back, and a user may come and be killed meanwhile
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
            with self._os_errors():
                self._users.prune()
                entry = self._users.enter()
            try:
                with self._os_errors():
                    address = self._ensure_running()
            except BaseException:
                self._users.leave(entry)
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

    def allow_password(self, role: str, *, allowed: bool = True) -> None:
        """Let a role in through the socket with its password, once the server has read its rules anew."""
        with self._os_errors():
            _cluster.allow_password(self._postmaster.data, role, allowed=allowed)

    def watch(self) -> None:
        """The watchdog's life: stop the server when its last user died without leaving. Returns when none runs.

        It makes no file: somebody may be removing the directory. A server whose directory is gone is stopped.
        """
        state: State | None = None
        try:
            with FileLock(self.directory / "watchdog.lock", create=False) as mine:
                with self._gate(create=False):
                    if not mine.try_acquire():
                        return
                while True:
                    with self._gate(create=False):
                        living = self._users.prune()
                        seconds = 0.0 if living else self._seconds_to_keep()
                        if not living and not seconds:
                            self._postmaster.stop()
                            mine.release()  # inside the gate, or a newcomer could take us for its watchdog, and we go
                            return
                        state = self._postmaster.state()
                    if living:
                        self._users.wait_for_change()
                    else:
                        time.sleep(min(seconds, LINGER_LOOK))
        except FileNotFoundError:
            if state is not None:
                self._postmaster.stop_lost(state)

    def stop_if_unused(self) -> bool:
        """Stop the server now, whatever was promised about lingering. False when somebody uses it."""
        if self.directory.is_dir():
            with self._gate():
                if self._users.prune():
                    return False
                (self.directory / "keep-until").unlink(missing_ok=True)
                self._postmaster.stop()
        return True

    def _after_leaving(self) -> None:
        if self._users.prune():
            self._postmaster.reap()
            return
        if self._linger > self._seconds_to_keep():
            with contextlib.suppress(OSError):  # no room to write the promise down: then there is none
                write_whole(self.directory / "keep-until", str(time.time() + self._linger), mode=0o644)
        if self._seconds_to_keep():
            self._postmaster.reap()
        else:
            self._postmaster.stop()

    def _seconds_to_keep(self) -> float:
        """How long the server stays up without a user: the longest that one who left has asked for."""
        try:
            seconds = float((self.directory / "keep-until").read_text(encoding="ascii")) - time.time()
        except (FileNotFoundError, ValueError):
            return 0.0
        return seconds if 0 < seconds <= LONGEST_LINGER else 0.0  # longer: the clock was set back

    def _ensure_running(self) -> Address:
        self._postmaster_account()
        watchdog = self._start_watchdog()
        try:
            state = self._postmaster.running()
            if state is None:
                state = self._start()
        finally:
            if watchdog is not None:
                watchdog.wait()
        check_socket(state, self._data_owner() or 0)
        return self._address(state)

    def _start(self) -> State:
        from db._binaries import server_programs  # noqa: PLC0415

        data = self._postmaster.data
        account = self._postmaster_account()
        programs = server_programs(account)
        if data.exists():
            _cluster.check(data, programs)
        else:
            # Whoever owns our directory, and root. A service account that root's server runs as gets in by no socket.
            people = dict.fromkeys((user_name(self.directory.stat().st_uid), "root"))
            _cluster.create(data, programs, account, people, self._password(), durable=self._durable)
        return self._postmaster.start(programs, account, port=self._port, durable=self._durable)

    def _postmaster_account(self) -> Account:
        return account_for(self._data_owner(), self._run_as)

    def _data_owner(self) -> int | None:
        """The owner of the data; while there is none, the user in whose directory it will be. None leaves root the choice."""
        try:
            return self._postmaster.data.stat().st_uid
        except FileNotFoundError:
            return self.directory.stat().st_uid or None

    def _address(self, state: State) -> Address:
        tcp = state.host == LOOPBACK
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
        with self._os_errors():
            self.home.mkdir(parents=True, exist_ok=True)
            make_directory(self.directory)
            found = self.directory.lstat()
        me = os.geteuid()
        if not stat.S_ISDIR(found.st_mode):
            raise EmbeddedServerError(f"{self.directory} is not a directory", "move it away, or set CAIGOU_HOME")
        if me not in (0, found.st_uid):
            raise EmbeddedServerError(
                f"the database in {self.home} belongs to {user_name(found.st_uid)}, and you are {user_name(me)}",
                "run the command as the user who made it, or set CAIGOU_HOME to a directory of your own",
            )

    @contextlib.contextmanager
    def _gate(self, *, create: bool = True) -> Iterator[None]:
        """Starts, stops, joins and leaves happen one at a time."""
        with self._os_errors() if create else contextlib.nullcontext():
            lock = FileLock(self.directory / "gate.lock", create=create)
        with lock:
            with self._os_errors():  # a file system without locks says so here
                got = lock.acquire(GATE_TIMEOUT)
            if not got:
                raise EmbeddedServerError(
                    f"another command has been starting or stopping the server in {self.home} for {GATE_TIMEOUT:.0f} s",
                    "end it and run the command again",
                )
            yield

    def _start_watchdog(self) -> subprocess.Popen[bytes] | None:
        """A bare interpreter that waits for users to die, and forks away at once. None when there is one already."""
        with FileLock(self.directory / "watchdog.lock") as theirs:
            if not theirs.try_acquire():
                return None
        root = Path(__file__).resolve().parent.parent
        code = "import sys; sys.path.insert(0, sys.argv[1]); from db._watchdog import main; main(sys.argv[2])"
        errors = open_here(self._postmaster.log, os.O_WRONLY | os.O_APPEND, 0o600)
        try:
            return subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", "-S", "-c", code, str(root), str(self.home)],
                cwd="/",
                env={"LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        finally:
            os.close(errors)

    @contextlib.contextmanager
    def _os_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where = error.filename or self.home
            if error.errno == errno.ENOSPC:
                raise DiskFullError(
                    f"the disk is full: {where} cannot be written", "free some space and run the command again"
                ) from error
            raise EmbeddedServerError(
                f"{where}: {error.strerror}", "make it writable for you, or set CAIGOU_HOME to a directory of your own"
            ) from error
