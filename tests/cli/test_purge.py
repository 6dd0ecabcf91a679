"""``caigou db purge`` on imported pages: store and archive, again and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from crawler.archive import Archive
from tests.cli.inside import inside
from tests.saved_pages import save_pages

WHY = ("--reason", "court order 7", "--by", "anna")


@pytest.fixture
def caigou(tmp_path, database_url, monkeypatch, capsys):
    return inside(tmp_path / "home", database_url, monkeypatch, capsys)


@pytest.fixture
def filled(caigou, tmp_path: Path):
    manifest = save_pages(tmp_path / "saved", 6)
    assert caigou("import", tmp_path / "saved", "--manifest", manifest).code == 0
    assert caigou("read").code == 0
    return manifest


def first_notice(engine: Engine) -> tuple[str, str, str]:
    """Name, title and file of one notice."""
    with engine.connect() as connection:
        return connection.execute(
            text("""SELECT n.portal_id || '/' || n.source_id, r.title, c.name FROM notice n JOIN revision v ON v.notice_id = n.id
                      JOIN reading r ON r.revision_id = v.id JOIN capture c ON c.id = r.capture_id ORDER BY n.id LIMIT 1""")
        ).one()


def archived(home: Path) -> list[bytes]:
    archive = Archive(home / "archive")
    return [answer.payload for file in archive.files() for answer in archive.iterate(file)]


def test_a_purged_page_is_gone_from_store_and_archive_and_stays_out(caigou, filled, tmp_path, engine) -> None:
    home = tmp_path / "home"
    name, title, file = first_notice(engine)
    pinned = tmp_path / "count.json"
    assert caigou("count", "--roles", "references", "--manifest", pinned).code == 0
    assert caigou("search", f'"{title}"', "--json").json["hits"]
    page = (tmp_path / "saved" / file).read_bytes()
    assert page in archived(home)

    asked = caigou("db", "purge", name, *WHY)
    assert (asked.code, "cannot be undone" in asked.err) == (2, True)
    assert caigou("db", "purge", name, "--yes", "--by", "anna").code == 2
    assert caigou("db", "purge", name, "--yes", "--reason", "x").code == 2
    assert page in archived(home)

    done = caigou("db", "purge", name, *WHY, "--yes", "--json")
    assert (done.code, done.json["records"], len(done.json["purged"])) == (0, 1, 1)
    assert "1 captures, 1 revisions, 1 readings" in done.err
    assert page not in archived(home)
    assert caigou("archive", "verify").code == 0
    shown = caigou("show", name)
    assert (shown.code, "was purged on" in shown.err, "court order 7" in shown.err) == (1, True, True)
    assert caigou("search", f'"{title}"', "--json").json["hits"] == []
    counted = caigou("count", "--roles", "references", "--json").json
    assert counted["coverage"]["purged"] == 1
    verified = caigou("count", "--verify", pinned)
    assert (verified.code, "was purged on" in verified.err) == (1, True)
    assert caigou("read").code == 0
    assert caigou("read", "--all").code == 0
    (stone,) = caigou("db", "purge", "--list", "--json").lines
    assert (stone["reason"], stone["by"], stone["unerased"], stone["lifted"]) == ("court order 7", "anna", 0, None)

    again = caigou("import", tmp_path / "saved", "--manifest", filled)
    assert (again.code, "was purged, and this is its content" in again.err) == (1, True)
    assert page not in archived(home)

    changed = tmp_path / "changed"
    changed.mkdir()
    (changed / file).write_bytes(page.replace(b"</body>", "<p>后来改过</p></body>".encode()))
    lines = filled.read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith(file))
    (changed / "m.csv").write_text(f"{lines[0]}\n{row.replace('2022-06-01', '2022-07-01')}\n", encoding="utf-8")
    assert caigou("import", changed, "--manifest", changed / "m.csv").code == 0
    read = caigou("read")
    assert (read.code, "was purged and came in again" in read.err) == (0, True)
    assert caigou("show", name).code == 1
    assert (changed / file).read_bytes() in archived(home)
    assert caigou("db", "purge", name, *WHY, "--yes").code == 0
    assert (changed / file).read_bytes() not in archived(home)
    assert caigou("archive", "verify").code == 0

    lifted = caigou("db", "purge", name, "--lift", "--reason", "withdrawn", "--by", "berta")
    assert lifted.code == 0
    assert caigou("import", tmp_path / "saved", "--manifest", filled).code == 0
    assert caigou("read").code == 0
    assert caigou("show", name).code == 0
    assert caigou("count", "--verify", pinned).code == 1  # read anew, after the time the file is pinned to
    assert [one["lifted"] is None for one in caigou("db", "purge", "--list", "--json").lines] == [False]


def test_a_purge_that_could_not_write_the_archive_is_finished_later(caigou, filled, tmp_path, engine) -> None:
    name, _, file = first_notice(engine)
    archive = tmp_path / "home" / "archive"
    moved = tmp_path / "elsewhere"
    archive.rename(moved)
    broken = caigou("db", "purge", name, *WHY, "--yes")
    assert (broken.code, "cannot overwrite the record" in broken.err) == (1, True)
    assert len(broken.err.strip().splitlines()) <= 4
    moved.rename(archive)
    assert (tmp_path / "saved" / file).read_bytes() in archived(tmp_path / "home")
    (stone,) = caigou("db", "purge", "--list", "--json").lines
    assert stone["unerased"] == 1
    finished = caigou("db", "purge", name, *WHY, "--yes", "--json")
    assert (finished.code, finished.json["records"]) == (0, 1)
    assert (tmp_path / "saved" / file).read_bytes() not in archived(tmp_path / "home")
    nothing = caigou("db", "purge", name, *WHY, "--yes", "--json")
    assert (nothing.code, nothing.json["records"]) == (0, 0)


def test_bytes_in_another_archive_are_left_for_it(caigou, filled, tmp_path, engine) -> None:
    """Two captures in two files, one of them on another machine: what is here goes, the rest when the command runs there."""
    name, _, file = first_notice(engine)
    changed = tmp_path / "changed"
    changed.mkdir()
    page = (tmp_path / "saved" / file).read_bytes()
    (changed / file).write_bytes(page.replace(b"</body>", "<p>后来改过</p></body>".encode()))
    lines = filled.read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith(file))
    (changed / "m.csv").write_text(f"{lines[0]}\n{row.replace('2022-06-01', '2022-07-01')}\n", encoding="utf-8")
    assert caigou("import", changed, "--manifest", changed / "m.csv").code == 0
    assert caigou("read").code == 0
    with engine.connect() as connection:
        first, second = connection.execute(
            text("SELECT warc_file FROM capture WHERE name = :file ORDER BY captured_at"), {"file": file}
        ).scalars()
    here = tmp_path / "home" / "archive"
    (here / first).rename(tmp_path / "there.warc.gz")
    broken = caigou("db", "purge", name, *WHY, "--yes")
    assert (broken.code, first in broken.err) == (1, True)
    assert (changed / file).read_bytes() not in archived(tmp_path / "home")
    (stone,) = caigou("db", "purge", "--list", "--json").lines
    assert stone["unerased"] == 1
    (tmp_path / "there.warc.gz").rename(here / first)
    (here / second).unlink()
    assert caigou("db", "purge", name, *WHY, "--yes").code == 0
    assert page not in archived(tmp_path / "home")
    assert caigou("db", "purge", "--list", "--json").lines[0]["unerased"] == 0


def test_a_notice_the_store_never_had(caigou, filled) -> None:
    for arguments in (("purge", "ccgp/none", *WHY, "--yes"), ("purge", "ccgp/none", "--lift", *WHY), ("purge",)):
        answer = caigou("db", *arguments)
        assert answer.code == 2, arguments
        assert "Traceback" not in answer.err
    assert json.dumps(caigou("db", "purge", "--list", "--json").lines) == "[]"
