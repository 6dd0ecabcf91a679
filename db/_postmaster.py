"""The server process: started, found again, stopped. Callers hold the gate.

Three files beside the data directory say all there is to know:

- `alive.lock`: inherited, locked, by the postmaster and every one of its children. While anybody holds it, some server
  process still touches the data; when nobody does, none can. True even after kill -9, and across containers.
- `server.json`: which process it is (id and start time) and how to reach it.
- `server.log`: what it says.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from db import _cluster
from db._account import Account
from db._files import open_here, tail, write_whole
from db._locks import FileLock
from db._process import identity
from db.errors import DiskFullError, EmbeddedServerError, PortInUseError

LOOPBACK = "127.0.0.1"
SOCKET_PORT = 5432  # part of the socket's name only
SOCKET_PREFIX = "caigou-"
SOCKET_PATH_LIMIT = 103  # bytes: 107 on Linux, 103 on macOS
LOG_LIMIT = 10_000_000  # bytes, then the log is put aside once
READY_TIMEOUT = 600.0  # recovery after a crash may replay 2 GB of log
STOP_TIMEOUT = 120.0
ORPHANS_TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class State:
    """What `server.json` holds. `host` is a socket directory or 127.0.0.1; `pid` is 0 until the process exists."""

    pid: int
    identity: str | None
    host: str
    port: int
    account: str


class Postmaster:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.data = directory / "data"
        self.log = directory / "server.log"
        self._alive = directory / "alive.lock"
        self._state = directory / "server.json"
        self._child: subprocess.Popen[bytes] | None = None

    def running(self) -> State | None:
        """The server that runs, ready to be connected to, or None. Waits for one that another command left half started.

        Raises `EmbeddedServerError` when processes of a killed server do not end.
        """
        if self._nobody_alive():
            return None
        state = self._identified()
        if state is None:
            # The postmaster was killed; its children notice and end by themselves.
            with FileLock(self._alive) as lock:
                if lock.acquire(ORPHANS_TIMEOUT):
                    return None
            pid = self._pid_file()[0]
            raise EmbeddedServerError(
                f"a server that Caigou cannot identify uses {self.data}",
                f"stop it (kill -INT {pid}) and run the command again"
                if pid and identity(pid)
                else "its main process was killed: end the others (ps -ef | grep postgres) and run the command again",
            )
        self._wait_until_ready(state, 0)
        return state

    def start(self, programs: Path, account: Account, *, port: int | None, durable: bool) -> State:
        """Start the server and wait until it accepts connections. Nothing runs yet. Raises `EmbeddedServerError`."""
        self.reap()
        self._forget_the_dead()
        host = LOOPBACK if port else _socket_directory(account)
        state = State(0, None, host, port or SOCKET_PORT, account.name)
        if port:
            _must_be_free(port)
        log_start = self._rotate_log()
        argument, cwd = _cluster.place(self.data, account)
        command = [str(programs / "postgres"), "-D", argument, "-c", "cluster_name=caigou", "-c", f"port={state.port}"]
        if port:
            command += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        else:
            command += ["-c", "listen_addresses=", "-c", f"unix_socket_directories={host}"]
        if not durable:
            command += ["-c", "fsync=off", "-c", "full_page_writes=off"]
        try:
            # Written before there is a process: whoever finds this state and a held lock adopts what postmaster.pid names.
            self._write(state)
            alive = FileLock(self._alive)
            alive.acquire()
            try:
                fd = open_here(self.log, os.O_WRONLY | os.O_APPEND, 0o600)
                try:
                    self._child = subprocess.Popen(  # noqa: S603
                        command,
                        cwd=cwd,
                        env=_cluster.environment(),
                        stdin=subprocess.DEVNULL,
                        stdout=fd,
                        stderr=fd,
                        start_new_session=True,  # Ctrl-C in the terminal is for the command, not for the server
                        pass_fds=(alive.fileno(),),
                        **account.run_as(),
                    )
                finally:
                    os.close(fd)
            finally:
                alive.close()  # not released: from here on it is the server's
            state = State(self._child.pid, identity(self._child.pid), host, state.port, account.name)
            self._write(state)
            self._wait_until_ready(state, log_start)
        except BaseException:
            self._give_up(state)
            raise
        return state

    def stop(self) -> None:
        """Stop the server the fast way: open transactions are rolled back, everything committed is kept."""
        if not self._nobody_alive():
            state = self._identified()
            for sign, patience in ((signal.SIGINT, STOP_TIMEOUT), (signal.SIGQUIT, ORPHANS_TIMEOUT)):
                if state is not None:
                    _signal(state.pid, sign)
                with FileLock(self._alive) as lock:
                    if lock.acquire(patience):
                        break
            else:
                raise EmbeddedServerError(
                    f"the server on {self.data} does not stop",
                    f"end process {state.pid if state else 'of it'} yourself; nothing committed is lost",
                )
        self.reap()
        self._forget_the_dead()

    def stop_lost(self, state: State) -> None:
        """Stop a server whose directory was removed or moved, as far as its process can still be told."""
        deadline = time.monotonic() + STOP_TIMEOUT
        while state.identity is not None and identity(state.pid) == state.identity and time.monotonic() < deadline:
            _signal(state.pid, signal.SIGINT)
            time.sleep(0.1)
        _remove_socket(state)

    def reap(self) -> None:
        """Collect our child if it ended; otherwise it outlives us, and is not ours to wait for."""
        if self._child is not None:
            try:
                self._child.wait(timeout=0.5 if self._nobody_alive() else 0)
            except subprocess.TimeoutExpired:
                self._child.returncode = 0  # or its destructor would complain
            self._child = None

    def state(self) -> State | None:
        try:
            return State(**json.loads(self._state.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def full_disk_in_log(self) -> bool:
        return "No space left on device" in tail(self.log, limit=4096)

    def _nobody_alive(self) -> bool:
        try:
            with FileLock(self._alive, create=False) as lock:
                return lock.try_acquire()
        except FileNotFoundError:
            return True

    def _identified(self) -> State | None:
        """The living postmaster, adopting one whose starter died before it could write the process id down."""
        state = self.state()
        if state is None:
            return None
        if state.pid:
            return state if state.identity and identity(state.pid) == state.identity else None
        deadline = time.monotonic() + ORPHANS_TIMEOUT
        while time.monotonic() < deadline and not self._nobody_alive():
            pid = self._pid_file()[0]
            word = identity(pid) if pid else None
            if word is not None:
                state = State(pid, word, state.host, state.port, state.account)
                self._write(state)
                return state
            time.sleep(0.02)
        return None

    def _pid_file(self) -> tuple[int, bool]:
        """Process id and readiness as postmaster.pid has them; 0 when there is none."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
            return int(lines[0]), len(lines) >= 8 and lines[7].strip() == "ready"
        except (FileNotFoundError, ValueError, IndexError):
            return 0, False

    def _wait_until_ready(self, state: State, log_start: int) -> None:
        deadline = time.monotonic() + READY_TIMEOUT
        pause = 0.003
        while self._pid_file() != (state.pid, True):
            if state.identity is None or identity(state.pid) != state.identity:
                raise self._explain(state, tail(self.log, log_start))
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"the server is not ready after {READY_TIMEOUT:.0f} s", f"read {self.log}")
            time.sleep(pause)
            pause = min(pause * 1.3, 0.1)

    def _explain(self, state: State, said: str) -> EmbeddedServerError:
        if "No space left on device" in said:
            return DiskFullError(
                f"the disk is full: the server cannot start on {self.data}; nothing committed is lost",
                "free some space and run the command again",
            )
        if "Address already in use" in said or "could not bind" in said:
            return _port_in_use(state.port)
        found = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
        detail = found[-1].split("] ", 1)[-1] if found else "it ended without a word"
        return EmbeddedServerError(f"the server on {self.data} did not start: {detail}", f"read {self.log}")

    def _give_up(self, state: State) -> None:
        if self._child is not None and self._child.poll() is None:
            _signal(self._child.pid, signal.SIGQUIT)
            try:
                self._child.wait(timeout=ORPHANS_TIMEOUT)
            except subprocess.TimeoutExpired:
                self._child.returncode = 0
        self._child = None
        if self._nobody_alive():
            self._forget(state)

    def _forget_the_dead(self) -> None:
        """Remove what a server that no longer runs left behind. A pid file that is not of our making is left alone."""
        state = self.state()
        if state is not None:
            self._forget(state)

    def _forget(self, state: State) -> None:
        pid = self._pid_file()[0]
        if pid and state.pid in {pid, 0}:
            # Its process id may be somebody else's by now, and Postgres would refuse to start.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        _remove_socket(state)
        self._state.unlink(missing_ok=True)

    def _write(self, state: State) -> None:
        write_whole(self._state, json.dumps(asdict(state)), mode=0o644)

    def _rotate_log(self) -> int:
        try:
            size = self.log.stat().st_size
        except FileNotFoundError:
            return 0
        if size > LOG_LIMIT:
            self.log.replace(self.log.with_name("server.log.1"))
            return 0
        return size


def _remove_socket(state: State) -> None:
    """One file after the other: a path read from a file is nothing to delete trees by."""
    if state.host != LOOPBACK:
        directory = Path(state.host)
        with contextlib.suppress(OSError):
            for name in (f".s.PGSQL.{state.port}", f".s.PGSQL.{state.port}.lock"):
                (directory / name).unlink(missing_ok=True)
            directory.rmdir()


def check_socket(state: State, uid: int) -> None:
    """The socket directory is still the private one we made. Raises `EmbeddedServerError` when it is not."""
    if state.host == LOOPBACK:
        return
    try:
        found = os.lstat(state.host)
    except FileNotFoundError:
        raise EmbeddedServerError(
            f"the server (process {state.pid}) runs, and its socket directory {state.host} is not there",
            "if another command sees another temporary directory, run both in the same place; "
            f"if it was removed, stop the server (kill -INT {state.pid}) and run the command again",
        ) from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or stat.S_IMODE(found.st_mode) != 0o700:
        raise EmbeddedServerError(
            f"the socket directory {state.host} is not the private one the server made",
            f"stop the server (kill -INT {state.pid}), look who made it, and run the command again",
        )


def _socket_directory(account: Account) -> str:
    """A new directory with a random name, the account's own and closed to everybody else, short enough for a socket."""
    # A runtime directory belongs to one user; the server may run as another.
    places = [] if account.switched else [os.environ.get("XDG_RUNTIME_DIR", "")]
    for base in (*places, tempfile.gettempdir(), "/tmp"):  # noqa: S108
        if not base.startswith("/") or any(sign in base for sign in ",\"'\\\n"):
            continue
        room = len(os.fsencode(f"{base}/{SOCKET_PREFIX}12345678/.s.PGSQL.{SOCKET_PORT}"))
        if room > SOCKET_PATH_LIMIT or not _safe_parent(Path(base), account):
            continue
        try:
            directory = tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=base)
        except OSError:
            continue
        if account.switched:
            os.chown(directory, account.uid, account.gid)
        return directory
    raise EmbeddedServerError(
        "there is no safe place for the server's socket: the runtime and temporary directories are missing, "
        "too long, or open to others",
        "set TMPDIR to a short directory of your own, or give a port of your own in CAIGOU_POSTGRES_PORT",
    )


def _safe_parent(base: Path, account: Account) -> bool:
    """Nobody else may rename what we make there, and the server's account can get there."""
    try:
        found = base.stat()
    except OSError:
        return False
    if found.st_uid not in {0, os.geteuid()}:
        return False
    if found.st_mode & 0o022 and not found.st_mode & stat.S_ISVTX:
        return False
    if not account.switched:
        return True
    reached = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(base)], capture_output=True, check=False, cwd="/", **account.run_as()
    )
    return reached.returncode == 0


def _must_be_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise _port_in_use(port) from error


def _port_in_use(port: int) -> PortInUseError:
    return PortInUseError(
        f"port {port} on 127.0.0.1 is taken or not allowed",
        "end the program that listens there, choose another CAIGOU_POSTGRES_PORT, or unset it to use a private socket",
    )


def _signal(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        pass
    except PermissionError as error:
        raise EmbeddedServerError(
            f"the server (process {pid}) belongs to another user", "run the command as the user who started it"
        ) from error
