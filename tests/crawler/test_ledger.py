"""Crawls into Postgres: what a run writes, what the next one reads, and what a kill leaves behind."""

import contextlib
import dataclasses
import datetime as dt
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.archive import Archive
from crawler.errors import CrawlError
from crawler.ledger_db import DatabaseLedger
from crawler.recover import recover
from crawler.run import crawl
from jobs.demo_portal import Behaviour, DemoPortal, Fault
from jobs.purge import purge_notices
from jobs.read import read_captures
from seeds import load_knowledge
from seeds.demo import ccgp
from seeds.demo.ccgp import attachment_url
from tests.replica.notices import FIRST_DAY, many

DAY = FIRST_DAY
ROOT = Path(__file__).parents[2]


def rows(engine, query: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def content(engine) -> list[tuple]:
    """What a reader would see: every notice page and file with its bytes, whenever and however often it was fetched."""
    return rows(
        engine,
        "SELECT DISTINCT portal_id, kind, url, source_id, sha256, name FROM capture WHERE source_id IS NOT NULL ORDER BY 1, 2, 3, 5",
    )


def crawl_replica(settings, notices, behaviour=None, **more):
    with DemoPortal(notices, behaviour) as portal:
        return crawl(settings, ["ccgp"], DAY, DAY + dt.timedelta(1), via=portal.base, delay=0, **more)


def test_a_run_its_windows_and_its_captures(settings, engine) -> None:
    notices = many(20, days=2, every_attachment=5)
    gone = notices[0]
    report = crawl_replica(settings, notices, Behaviour(gone=frozenset({gone.source_id})))
    [(kind, verdict, summary, ended)] = rows(engine, "SELECT kind, verdict, summary, ended_at FROM run")
    assert (kind, verdict, summary["captured"]) == ("crawl", "deficit", 19)
    assert ended is not None
    windows = rows(
        engine, "SELECT since, listed, captured, verdict, deficit, state->>'verdict' FROM crawl_window ORDER BY since"
    )
    url = f"http://www.ccgp.gov.cn{gone.ccgp_path}"
    assert windows == [
        (DAY, 10, 9, "deficit", [{"source_id": str(gone.source_id), "url": url, "reason": "not_found"}], "deficit"),
        (DAY + dt.timedelta(1), 10, 10, "complete", None, "complete"),
    ]
    pages = rows(
        engine, "SELECT source_id, url, run_id, http_status FROM capture WHERE kind = 'page' AND source_id IS NOT NULL"
    )
    assert {(a, b) for a, b, _, _ in pages} == {
        (str(n.source_id), f"http://www.ccgp.gov.cn{n.ccgp_path}") for n in notices if n is not gone
    }
    assert {(c, d) for _, _, c, d in pages} == {(report.run_id, 200)}
    files = rows(engine, "SELECT url FROM capture WHERE kind = 'attachment'")
    assert {f for (f,) in files} == {attachment_url(n, a) for n in notices if n is not gone for a in n.attachments}
    refused = rows(engine, "SELECT source_id, url FROM capture WHERE kind = 'page' AND source_id IS NULL")
    assert refused == [(None, url)]


def test_the_next_run_continues(settings, engine) -> None:
    notices = many(20, days=2, every_attachment=5)
    faults = [Fault(rf"_{n.source_id}\.htm", "502", None) for n in notices[:5]]
    faults.append(Fault(r"/oss/UploadFiles", "502", None))
    first = crawl_replica(settings, notices, Behaviour(faults=faults))
    assert sum(window.reasons["server_error"] for window in first.windows) >= 5
    second = crawl_replica(settings, notices)
    assert second.captured == 5
    assert second.verdict == "complete"
    third = crawl_replica(settings, notices)
    assert (third.captured, third.files, third.verdict) == (0, 0, "complete")
    assert len(content(engine)) == 20 + 16


def test_the_ledger_can_be_rebuilt_from_the_archive(settings, engine) -> None:
    notices = many(12, every_attachment=4)
    crawl_replica(settings, notices, Behaviour(faults=[Fault(r"/t\d+_", "throttle"), Fault("bxsearch", "reset")]))
    everything = "SELECT identity, kind, portal_id, url, source_id, sha256, warc_file, warc_offset FROM capture ORDER BY identity"
    before = rows(engine, everything)
    with engine.begin() as connection:
        connection.execute(sa.text("TRUNCATE capture CASCADE"))
    with DatabaseLedger(settings) as ledger:
        assert recover(Archive(settings.archive), ledger) >= len(before)
        recover(Archive(settings.archive), ledger)
    assert rows(engine, everything) == before


def test_replay_gives_the_same_database_content(settings, engine, tmp_path, server_url, template_database) -> None:
    from db.engine import make_engine
    from db.settings import Settings
    from tests.conftest import database

    notices = many(20, days=2, every_attachment=5)
    report = crawl_replica(settings, notices, Behaviour(faults=[Fault(r"/t\d+_", "empty")]))
    captures = "SELECT identity, kind, portal_id, url, source_id, captured_at, http_status, sha256, name FROM capture ORDER BY identity"
    windows = "SELECT portal_id, since, listed, captured, verdict, deficit FROM crawl_window ORDER BY since"
    with database(server_url, template_database) as url:
        other = Settings(home=tmp_path / "other", database_url=url.render_as_string(hide_password=False))
        crawl(other, ["ccgp"], DAY, DAY + dt.timedelta(1), replay=settings.archive / report.archive_files[0])
        again = make_engine(url)
        try:
            assert rows(again, captures) == rows(engine, captures)
            assert rows(again, windows) == rows(engine, windows)
        finally:
            again.dispose()


# One process that has everything imported and has not begun anything: each crawl is a fork of it, so that a kill hits work.
NURSERY = """
import datetime as dt, os, sys, traceback
from pathlib import Path
import scrapy.crawler, crawler.handler, crawler.ledger_db, crawler.recover, crawler.robots, crawler.settings, crawler.spiders.ccgp, crawler.throttle
from crawler.run import crawl
from db.settings import Settings
home, url, base, since, until = sys.argv[1:]
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            report = crawl(Settings(home=Path(home), database_url=url), ["ccgp"], dt.date.fromisoformat(since), dt.date.fromisoformat(until), via=base, delay=0)
            print("done", report.verdict, flush=True)
        except BaseException:
            traceback.print_exc()
            print("done failed", flush=True)
        os._exit(0)
    print("began", child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


class Nursery:
    """Starts crawls of the replica, one at a time, and says how they end."""

    def __init__(self, settings, portal) -> None:
        arguments = [str(settings.home), settings.database_url, portal.base, str(DAY), str(DAY + dt.timedelta(1))]
        self.process = subprocess.Popen(
            [sys.executable, "-c", NURSERY, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self) -> int:
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return int(self.line().split()[1])

    def line(self) -> str:
        return self.process.stdout.readline().strip()

    def verdict(self) -> str | None:
        """How the crawl ended; None when it was killed."""
        said = self.line()
        if said.startswith("done"):
            assert self.line() == "ended"
            return said.split()[1]
        assert said == "ended"
        return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


@pytest.mark.slow
def test_killed_again_and_again_it_ends_with_the_same_content(settings, engine) -> None:
    notices = many(240, days=2, every_attachment=8)
    chance = random.Random(20260511)
    kills = 0
    with DemoPortal(notices, Behaviour(latency=0.004)) as portal, Nursery(settings, portal) as nursery:
        while kills < 20:
            child = nursery.begin()
            asked = len(portal.log)
            wait_for = chance.randrange(1, 60)
            deadline = time.monotonic() + 60
            while len(portal.log) < asked + wait_for and time.monotonic() < deadline:
                time.sleep(0.002)
            with contextlib.suppress(ProcessLookupError):  # it had ended by itself
                os.kill(child, signal.SIGKILL)
            kills += nursery.verdict() is None
        nursery.begin()
        assert nursery.verdict() == "complete"
    expected = [("ccgp", "page", f"http://www.ccgp.gov.cn{n.ccgp_path}", str(n.source_id)) for n in notices]
    expected += [("ccgp", "attachment", attachment_url(n, a), str(n.source_id)) for n in notices for a in n.attachments]
    assert sorted(row[:4] for row in content(engine)) == sorted(expected)
    # Not only the same addresses: the same bytes, as a crawl that nobody disturbed would have stored them.
    digests = {str(n.source_id): hashlib.sha256(ccgp.detail_page(n).encode()).hexdigest() for n in notices}
    files = {attachment_url(n, a): hashlib.sha256(a.data).hexdigest() for n in notices for a in n.attachments}
    assert {(row[3], row[4]) for row in content(engine) if row[1] == "page"} == set(digests.items())
    assert {(row[2], row[4]) for row in content(engine) if row[1] == "attachment"} == set(files.items())
    # The kills hit work: some of it was in the archive only, and was found there.
    killed = rows(engine, "SELECT (summary->>'adopted')::int FROM run WHERE verdict = 'failed'")
    assert len(killed) >= 20
    assert sum(n > 0 for (n,) in killed) >= 3
    twice = rows(engine, "SELECT url FROM capture WHERE source_id IS NOT NULL GROUP BY url HAVING count(*) > 1")
    assert twice == []
    assert rows(engine, "SELECT count(*) FROM run WHERE verdict = 'open'") == [(0,)]
    damages = Archive(settings.archive).verify().damages
    assert all("cut off" in d.message for d in damages)


def test_interrupted_by_ctrl_c_it_ends_in_good_order(settings, engine) -> None:
    notices = many(80, days=2)
    with DemoPortal(notices, Behaviour(latency=0.03)) as portal:
        with Nursery(settings, portal) as nursery:
            child = nursery.begin()
            deadline = time.monotonic() + 60
            while sum("/t2026" in a.path for a in portal.log) < 10 and time.monotonic() < deadline:
                time.sleep(0.01)
            os.kill(child, signal.SIGINT)
            assert nursery.verdict() == "interrupted"
        [(verdict,)] = rows(engine, "SELECT verdict FROM run")
        assert verdict == "failed"
        stored = len(content(engine))
        assert 8 <= stored < 80
        portal.behaviour.latency = 0.0
        report = crawl(settings, ["ccgp"], DAY, DAY + dt.timedelta(1), via=portal.base, delay=0)
    assert report.captured == 80 - stored
    assert report.verdict == "complete"


def test_a_database_that_is_not_there_is_one_line(tmp_path) -> None:
    from db.settings import Settings

    broken = Settings(home=tmp_path, database_url="postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(CrawlError) as error:
        crawl(broken, ["ccgp"], DAY, DAY, via="http://127.0.0.1:9", delay=0)
    assert "\n" not in str(error.value)
    assert error.value.remedy


def test_a_live_run_is_not_given_up_and_its_portal_not_taken(settings, engine) -> None:
    with DatabaseLedger(settings) as ledger:
        mine = ledger.open_run(["ccgp"], {})
        assert ledger.claim("ccgp")
        with DatabaseLedger(settings) as other:
            other.open_run(["ccgp"], {})
            assert other.interrupted_runs() == []
            assert not other.claim("ccgp")
            assert other.claim("ccgp-xinjiang")
            with pytest.raises(CrawlError, match="being crawled by another run"):
                crawl(settings, ["ccgp"], DAY, DAY, via="http://127.0.0.1:9", delay=0)
            report = crawl(settings, ["ccgp"], DAY, DAY, via="http://127.0.0.1:9", delay=0, skip_held=True)
            assert (report.held, report.windows) == (["ccgp"], [])
    with DatabaseLedger(settings) as other:
        other.open_run(["ccgp"], {})
        assert mine in other.interrupted_runs()
        assert other.claim("ccgp")


def test_looking_again_finds_what_changed(settings, engine) -> None:
    from crawler.archive import RecordRef
    from crawler.types import Listed, Window

    notices = many(4)
    crawl_replica(settings, notices)
    captured = rows(
        engine,
        "SELECT source_id, url, warc_file, warc_offset, warc_length, sha256 FROM capture WHERE source_id IS NOT NULL ORDER BY source_id",
    )
    changed = dataclasses.replace(notices[1], project_name="改了名字的项目")
    now = [notices[0], changed, notices[2], notices[3]]
    again = tuple((Listed(a, b, "", None), RecordRef(c, d, e, f)) for a, b, c, d, e, f in captured)
    with DemoPortal(now, Behaviour(gone=frozenset({notices[2].source_id}))) as portal:
        window = Window("ccgp", DAY, DAY, channel="recheck", recheck=again)
        report = crawl(settings, ["ccgp"], DAY, DAY, via=portal.base, delay=0, windows=[window])
    (result,) = report.windows
    assert (result.listed, result.captured, result.new) == (None, 3, 1)
    assert dict(result.reasons) == {"not_found": 1}
    # Taken down is a finding, no deficit; and what is looked at again is no new notice.
    assert (report.verdict, report.captured) == ("complete", 0)
    archive = Archive(settings.archive)
    records = list(archive.iterate(report.archive_files[0]))
    pages = {a.context["source_id"]: a for a in records if a.context.get("kind") == "page"}
    assert "改了名字的项目" in pages[str(changed.source_id)].body.decode()
    same = pages[str(notices[0].source_id)]
    assert same.ref.length < 1500
    assert archive.read(same.ref).payload == archive.read(RecordRef(*captured[0][2:])).payload


def test_a_purged_notice_is_not_fetched_again(settings, engine) -> None:
    notices = many(6, days=2, every_attachment=3)
    first = crawl_replica(settings, notices)
    assert first.verdict == "complete"
    read_captures(engine, settings.archive, knowledge_source=load_knowledge)
    gone = str(notices[0].source_id)
    names, erased = purge_notices(engine, settings.archive, [f"ccgp/{gone}"], "court order", "anna")
    assert names == [f"ccgp/id:{gone}"]
    assert erased >= 1
    for more in ({}, {"refetch": True}):
        again = crawl_replica(settings, notices, **more)
        assert again.verdict == "complete"
        assert rows(engine, f"SELECT count(*) FROM capture WHERE source_id = '{gone}'") == [(0,)]
        assert rows(
            engine,
            "SELECT count(*) FROM page_files f WHERE NOT EXISTS (SELECT FROM capture c WHERE c.sha256 = f.sha256)",
        ) == [(0,)]
        assert any("purged, not fetched: 1" in note for window in again.windows for note in window.notes)
    assert Archive(settings.archive).verify().ok
    assert recover(Archive(settings.archive), DatabaseLedger(settings)) > 0
    assert rows(engine, f"SELECT count(*) FROM capture WHERE source_id = '{gone}'") == [(0,)]
