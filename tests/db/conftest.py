"""Programs that use an embedded server, under the users this machine lets us be."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import db
from db._locks import FileLock
from db.embedded import EmbeddedServer

ROOT = Path(db.__file__).resolve().parent.parent
PACKAGES = next(path for path in map(Path, sys.path) if (path / "psycopg").is_dir())


@dataclass(frozen=True)
class Person:
    """Somebody to run a program as; `name` is None for the one who runs the tests."""

    name: str | None
    python: str

    def run_as(self):
        if self.name is None:
            return {}
        entry = pwd.getpwnam(self.name)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    @property
    def uid(self):
        return os.geteuid() if self.name is None else pwd.getpwnam(self.name).pw_uid


MYSELF = Person(None, sys.executable)


def ordinary(name="nobody"):
    """An ordinary user: the one who runs the tests, or another one when that is root."""
    if os.geteuid() != 0:
        return MYSELF
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        person = Person(name, python)
        with contextlib.suppress(OSError):
            code = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(PACKAGES)!r}]; import psycopg, db"
            done = subprocess.run([python, "-I", "-c", code], capture_output=True, cwd="/", **person.run_as())
            if done.returncode == 0:
                return person
    pytest.skip(f"user {name} can run no Python {sys.version_info.minor} that finds this checkout")


class Client:
    def __init__(self, home, person=MYSELF, env=(), **options):
        self.process = subprocess.Popen(
            [person.python, "-W", "error", "-m", "tests.db.embedded_client", str(home), json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{PACKAGES}", **dict(env)},
            **person.run_as(),
        )
        self.home = Path(home)

    def hears(self):
        return json.loads(self.process.stdout.readline())

    def joined(self):
        said = self.hears()
        assert "host" in said, said
        return said

    def query(self, sql):
        self._tell(f"query {sql}")
        return self.hears()["value"]

    def leave(self):
        self._tell("leave")
        assert self.hears() == {"left": True}
        assert self.process.wait(60) == 0

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def _tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


class Place:
    """A home and what is known of its server from the outside."""

    def __init__(self, home):
        self.home = home
        self.directory = home / "postgres"

    def postmaster(self):
        """Process id of the server, as its own pid file has it."""
        return int((self.directory / "data" / "postmaster.pid").read_text().split()[0])

    def watchdog(self):
        """Process id of the watchdog of this home."""
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if b"db._watchdog" in b" ".join(words) and os.fsencode(self.home) in words:
                    return int(entry.name)
        return None

    def watched(self):
        """Whether the watchdog is there and waits for a user to go."""
        pid = self.watchdog()
        with contextlib.suppress(OSError):
            opened = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
            return any(path.startswith(f"{self.directory}/users/") for path in opened)
        return False

    def runs(self):
        """Whether any server process is alive."""
        with FileLock(self.directory / "alive.lock") as lock:
            return not lock.try_acquire()

    def left_nothing(self):
        state = self.directory / "server.json"
        return not self.runs() and not state.exists() and not any((self.directory / "users").iterdir())


def until(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def made_home(tmp_path_factory):
    """A home whose database has been made: that takes a second."""
    home = tmp_path_factory.mktemp("made") / "home"
    with EmbeddedServer(home, durable=False).join():
        pass
    yield home
    shutil.rmtree(home)


@pytest.fixture
def place(made_home):
    """A home of the user who runs the tests, its server stopped. Its files are as they were when the test ends."""
    place = Place(made_home)
    yield place
    EmbeddedServer(made_home).stop_if_unused()
    (place.directory / "keep-until").unlink(missing_ok=True)
    assert place.left_nothing()


@pytest.fixture
def own_place(tmp_path, made_home):
    """A copy of it, to be spoilt."""
    home = tmp_path / "home"
    subprocess.run(["cp", "-a", str(made_home), str(home)], check=True)
    yield Place(home)
    EmbeddedServer(home).stop_if_unused()
    shutil.rmtree(home)


@pytest.fixture
def clients():
    """Start a client; all are ended with the test."""
    started = []

    def start(home, person=MYSELF, **options):
        client = Client(home, person, **{"durable": False, **options})
        started.append(client)
        return client

    yield start
    for client in started:
        client.close()


@pytest.fixture
def open_place():
    """An empty directory that every user can reach, below a temporary directory. Its server is ended with the test."""
    directory = Path(tempfile.mkdtemp(prefix="caigou-test-"))
    directory.chmod(0o711)
    yield directory
    for pid_file in directory.rglob("postmaster.pid"):
        with contextlib.suppress(OSError, ValueError):
            os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    for lock_file in directory.rglob("alive.lock"):
        with FileLock(lock_file) as lock:
            assert lock.acquire(30)
    shutil.rmtree(directory)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 96 MB."""
    mounted = tmp_path / "small"
    mounted.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=96m,mode=755", "caigou-test", str(mounted)], capture_output=True, text=True
    )
    if done.returncode != 0:
        pytest.skip(f"only somebody who may mount a small disk can fill one: {done.stderr.strip()}")
    yield mounted
    subprocess.run(["umount", "--lazy", str(mounted)], check=True)
