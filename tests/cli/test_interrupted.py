"""The server is killed, the disk is full, two commands write at once: one line, and the next run ends with the same store."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from db.embedded import EmbeddedServer
from db.engine import make_engine, open_database, session_scope
from db.link.run import relink
from db.settings import Settings
from tests.cli.conftest import ROOT, Answer, run
from tests.cli.inside import inside
from tests.conftest import database
from tests.db.conftest import Place, made_home, own_place, small_disk, until
from tests.db.contents import contents, differences, fingerprint
from tests.saved_pages import save_pages

__all__ = ["made_home", "own_place", "small_disk"]
Caigou = Callable[..., Answer]
PAGES = 9


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    return save_pages(tmp_path / "saved", PAGES)


@pytest.fixture(scope="module")
def undisturbed(server_url, template_database, tmp_path_factory) -> dict[str, list[str]]:
    """What the store holds when nothing goes wrong."""
    folder = tmp_path_factory.mktemp("calm")
    listed = save_pages(folder / "saved", PAGES)
    with database(server_url, template_database) as url:
        address = url.render_as_string(hide_password=False)
        for command in (("import", listed.parent, "--manifest", listed), ("read",)):
            assert run(*command, home=folder / "home", database_url=address).code == 0
        engine = make_engine(url)
        found = contents(engine)
        engine.dispose()
    return found


@pytest.fixture
def embedded(own_place, monkeypatch, capsys) -> Caigou:
    return inside(own_place.home, "", monkeypatch, capsys)


def held(home: Path) -> dict[str, list[str]]:
    with open_database(Settings(home, None)) as engine:
        return contents(engine)


@contextlib.contextmanager
def when(words: str, number: int, act: Callable[[], None]):
    """``act`` before the n-th statement that holds ``words``, of whatever connection."""
    seen = 0

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal seen
        if words in statement:
            seen += 1
            if seen == number:
                act()

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield lambda: seen
    finally:
        event.remove(Engine, "before_cursor_execute", listen)


def complaints(answer: Answer) -> list[str]:
    assert "Traceback" not in answer.err, answer.err
    return [line for line in answer.err.splitlines() if line.startswith("caigou: ")]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("INSERT INTO versions", 2),
        ("INSERT INTO link_queue", 3),
        ("DELETE FROM link_queue", 1),
        ("INSERT INTO ledger", 3),
    ],
)
def test_a_server_killed_in_the_middle_is_one_line_and_the_next_run_ends_it(
    embedded, own_place: Place, manifest, undisturbed, monkeypatch, words, number
) -> None:
    monkeypatch.setattr("jobs.read.BATCH", 3)
    assert embedded("import", manifest.parent, "--manifest", manifest).code == 0

    def kill() -> None:
        os.kill(own_place.postmaster(), signal.SIGQUIT)
        until(lambda: not own_place.runs())

    with when(words, number, kill) as seen:
        answer = embedded("read")
    assert seen() >= number
    assert answer.code == 1
    (line,) = complaints(answer)
    assert "run the command again" in line
    assert embedded("read").code == 0
    assert differences(undisturbed, held(own_place.home)) == {}


def fill(disk: Path) -> None:
    with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 65536)


def test_a_disk_that_fills_up_while_reading_keeps_nothing_half(
    small_disk, made_home, manifest, undisturbed, monkeypatch, capsys
) -> None:
    home = small_disk / "home"
    subprocess.run(["cp", "-a", str(made_home), str(home)], check=True)
    caigou = inside(home, "", monkeypatch, capsys)
    monkeypatch.setattr("jobs.read.BATCH", 3)
    assert caigou("import", manifest.parent, "--manifest", manifest).code == 0
    with EmbeddedServer(home, durable=False).join(), when("INSERT INTO versions", 2, lambda: fill(small_disk)):
        answer = caigou("read")
        (small_disk / "filler").unlink()
    assert answer.code == 1
    (line,) = complaints(answer)
    assert "full" in line
    assert "free some space" in line
    with open_database(Settings(home, None)) as engine, engine.connect() as connection:
        readings = connection.scalar(text("SELECT count(*) FROM reading"))
        assert readings in {0, 3}, "a batch is whole or not there"
        assert readings == connection.scalar(text("SELECT count(DISTINCT reading_id) FROM party"))
    assert caigou("read").code == 0
    assert differences(undisturbed, held(home)) == {}


# ── two at once ──────────────────────────────────────────────────────────────────────────────────────────────────────


def together(home: Path, database_url: str, *commands: tuple[str | Path, ...]) -> None:
    """The commands as processes of their own, all at once; each ends well."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("CAIGOU_")}
    env |= {"CAIGOU_HOME": str(home), "CAIGOU_DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "cli.main", *map(str, command)],
            env=env,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        for command in commands
    ]
    for process in running:
        _, said = process.communicate(timeout=300)
        assert (process.returncode, "Traceback" in said) == (0, False), said


def test_two_readers_at_once_are_as_good_as_one(
    engine, database_url, undisturbed, manifest, tmp_path, monkeypatch, capsys
) -> None:
    home = tmp_path / "home"
    caigou = inside(home, database_url, monkeypatch, capsys)
    assert caigou("import", manifest.parent, "--manifest", manifest).code == 0
    together(home, database_url, ("read",), ("read",))
    assert differences(undisturbed, contents(engine)) == {}
    # Two that link at once, and nothing to read.
    with session_scope(engine) as session:
        assert relink(session) > 0
    together(home, database_url, ("read",), ("read",))
    assert differences(undisturbed, contents(engine)) == {}
    before = fingerprint(engine)
    assert caigou("read").code == 0
    assert fingerprint(engine) == before


def test_reading_while_another_imports_is_as_good_as_one_after_the_other(
    engine, database_url, undisturbed, manifest, tmp_path, monkeypatch, capsys
) -> None:
    home = tmp_path / "home"
    caigou = inside(home, database_url, monkeypatch, capsys)
    first = save_pages(tmp_path / "first", PAGES // 2)
    assert caigou("import", first.parent, "--manifest", first).code == 0
    together(
        home,
        database_url,
        ("read",),
        ("import", manifest.parent, "--manifest", manifest),
        ("import", manifest.parent, "--manifest", manifest),
    )
    assert caigou("read").code == 0
    assert differences(undisturbed, contents(engine)) == {}
