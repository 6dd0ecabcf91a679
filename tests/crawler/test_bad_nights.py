"""What a night may meet besides portals: a full disk, a database that goes away, a cut archive. Nothing is lost, nothing is there twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.archive import Archive, RecordRef
from crawler.errors import CrawlError
from crawler.run import crawl
from db.engine import open_database
from db.settings import Settings
from jobs.demo_portal import Behaviour, DemoPortal
from tests.replica.notices import FIRST_DAY, many

DAY = FIRST_DAY
ROOT = Path(__file__).parents[2]

CHILD = """
import datetime as dt, resource, sys
from pathlib import Path
from crawler.errors import CrawlError
from crawler.run import crawl
from db.settings import Settings
home, url, base, day, limit = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
day = dt.date.fromisoformat(day)
try:
    report = crawl(Settings(home=Path(home), database_url=url), ["ccgp"], day, day, via=base, delay=0)
    print(report.verdict)
    sys.exit(report.exit_code)
except CrawlError as error:
    print(error)
    sys.exit(1)
"""


def rows(engine, query: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def whole(engine, archive: Path, notices) -> None:
    """Every notice is captured once, and every capture is on the disk."""
    pages = rows(
        engine, "SELECT source_id, count(*) FROM capture WHERE kind = 'page' AND source_id IS NOT NULL GROUP BY 1"
    )
    assert {number for number, _ in pages} == {str(n.source_id) for n in notices}
    assert all(count == 1 for _, count in pages)
    reader = Archive(archive)
    for row in rows(engine, "SELECT warc_file, warc_offset, warc_length, sha256 FROM capture"):
        reader.read(RecordRef(*row))


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limit there")
def test_a_full_disk_stops_the_crawl_with_one_line_and_the_next_run_completes(settings, engine) -> None:
    notices = many(60)
    with DemoPortal(notices) as portal:
        # A file may not grow beyond this, as on a disk that is full: the archive file is cut off in the middle of the crawl.
        arguments = [str(settings.home), settings.database_url, portal.base, str(DAY), "90000"]
        child = subprocess.run(
            [sys.executable, "-c", CHILD, *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert child.returncode == 1
        (line,) = child.stdout.splitlines()
        assert "may not grow" in line
        assert "what was written is kept" in line
        assert "Traceback" not in child.stderr
        assert rows(engine, "SELECT verdict FROM run") == [("failed",)]
        stored = rows(engine, "SELECT DISTINCT source_id FROM capture WHERE kind = 'page' AND source_id IS NOT NULL")
        assert 0 < len(stored) < 60
        assert Archive(settings.archive).verify().ok
        asked = len(portal.log)
        report = crawl(settings, ["ccgp"], DAY, DAY, via=portal.base, delay=0)
        details = [a.path for a in portal.log[asked:] if "/t2026" in a.path]
    assert report.verdict == "complete"
    assert len(details) == report.captured == 60 - len(stored)
    whole(engine, settings.archive, notices)


@pytest.mark.slow
def test_a_database_that_dies_ends_the_run_with_one_line_and_the_next_one_loses_nothing(tmp_path) -> None:
    """The server of the home itself is killed in the middle of a crawl, as by a reboot, and comes back for the next one."""
    notices = many(150, every_attachment=20)
    settings = Settings(home=tmp_path / "home", database_url=None)
    killed: list[int] = []

    def kill(seen) -> None:
        if seen.captured >= 30 and not killed:
            (pid_file,) = settings.home.rglob("postmaster.pid")
            killed.append(int(pid_file.read_text().split()[0]))
            os.kill(killed[0], signal.SIGQUIT)

    with DemoPortal(notices, Behaviour(latency=0.01)) as portal:
        with pytest.raises(CrawlError) as error:
            crawl(settings, ["ccgp"], DAY, DAY, via=portal.base, delay=0, progress=kill)
        assert killed
        assert "\n" not in str(error.value)
        assert error.value.remedy
        report = crawl(settings, ["ccgp"], DAY, DAY, via=portal.base, delay=0)
    assert report.verdict == "complete"
    assert report.adopted > 30
    with open_database(settings) as engine:
        whole(engine, settings.archive, notices)
        assert rows(engine, "SELECT DISTINCT verdict FROM run ORDER BY 1") == [("complete",), ("failed",)]


def test_a_warc_cut_in_the_middle_loses_only_what_stood_behind(settings, engine) -> None:
    notices = many(40)
    with DemoPortal(notices) as portal:
        first = crawl(settings, ["ccgp"], DAY, DAY, via=portal.base, delay=0)
        (name,) = first.archive_files
        path = settings.archive / name
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        archive = Archive(settings.archive)
        report = archive.verify()
        assert not report.ok
        assert {d.file for d in report.damages} == {name}
        kept = sum(1 for _ in archive.iterate(name))
        assert 0 < kept < 40
        # What the ledger knows is still known; a page whose bytes are gone is fetched again on demand.
        again = crawl(settings, ["ccgp"], DAY, DAY, via=portal.base, delay=0, refetch=True)
        assert again.verdict == "complete"
        assert again.captured == 40
