"""Two machines share a night: one database, an archive each. One is killed in the middle; the other takes over after the lease."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.archive import Archive, RecordRef
from crawler.ledger_db import DatabaseLedger
from crawler.run import crawl
from jobs.demo_portal import Behaviour, DemoPortal
from jobs.read import read_captures
from seeds import load_knowledge
from seeds.demo import api
from seeds.demo.ccgp import attachment_url
from tests.replica.notices import FIRST_DAY, many

ROOT = Path(__file__).parents[2]
PORTALS = ("ccgp", "ccgp-guangxi", "ccgp-guangdong")
LEASE = 3.0

MACHINE = """
import datetime as dt, json, sys
from pathlib import Path
from db.settings import Settings
from jobs.nightly import BEIJING, nightly
home, url, base, day, lease, *portals = sys.argv[1:]
now = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(23), BEIJING)
report = nightly(Settings(home=Path(home), database_url=url), portals, via=base, delay=0, now=now, read=False, at_once=1,
                 lease=float(lease), patience=120)
print(json.dumps({"verdict": report.verdict, "held": report.held, "adopted": report.crawl.adopted,
                  "portals": sorted({w.portal for w in report.days})}))
"""


class Gated(DemoPortal):
    """Answers for thirty notices of ccgp, then lets the asker wait until the gate is opened."""

    def __init__(self, *arguments, **more) -> None:
        super().__init__(*arguments, **more)
        self.gate = threading.Event()
        self.shown = 0

    def answer(self, method, host, path, query, body):
        if host == "www.ccgp.gov.cn" and "/t2026" in path:
            self.shown += 1
            if self.shown > 30:
                self.gate.wait(200)
        return super().answer(method, host, path, query, body)


class Machine:
    """A night on a machine of its own: its home is its archive, the database is everybody's."""

    def __init__(self, home: Path, url: str, portal: DemoPortal, day: dt.date, portals=PORTALS) -> None:
        arguments = [str(home), url, portal.base, day.isoformat(), str(LEASE), *portals]
        self.process = subprocess.Popen([sys.executable, "-c", MACHINE, *arguments], cwd=ROOT, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def told(self) -> dict:
        out, _ = self.process.communicate(timeout=240)
        return json.loads(out.splitlines()[-1])


def rows(engine, query: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def wait_for(condition, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_one_machine_is_killed_and_the_other_takes_over_after_the_lease(tmp_path, database_url, engine) -> None:
    notices = many(90, days=3, every_attachment=10)
    today = FIRST_DAY + dt.timedelta(2)
    hosts = {"zcy_hosts": ["www.ccgp-guangxi.gov.cn"], "gpcms_hosts": ["gdgpo.czt.gd.gov.cn"]}
    with Gated(notices, **hosts) as portal:
        with Machine(tmp_path / "first", database_url, portal, today) as first:
            wait_for(lambda: len(rows(engine, "SELECT 1 FROM capture WHERE source_id IS NOT NULL")) > 20)
            held = rows(engine, "SELECT portal_id FROM portal_lease WHERE expires_at > clock_timestamp()")
            assert held == [("ccgp",)]
            with Machine(tmp_path / "second", database_url, portal, today) as second:
                wait_for(lambda: any(a.host == "www.ccgp-guangxi.gov.cn" for a in portal.log))
                asked = len([a for a in portal.log if a.host == "www.ccgp.gov.cn"])
                os.kill(first.process.pid, signal.SIGKILL)
                died = time.monotonic()
                portal.gate.set()
                told = second.told()
        again = [a for a in portal.log if a.host == "www.ccgp.gov.cn"][asked + 1 :]
        assert told == {"verdict": "complete", "held": [], "adopted": 0, "portals": sorted(PORTALS)}
        # The dead machine's portal was left alone until its lease had run out.
        assert again
        assert again[0].at > died + LEASE * 0.5
        with Machine(tmp_path / "first", database_url, portal, today, ("ccgp",)) as restarted:
            third = restarted.told()
    assert third["verdict"] == "complete"
    expected = {("ccgp", str(n.source_id)) for n in notices}
    expected |= {("ccgp-guangxi", api.article_id(n)) for n in notices}
    expected |= {("ccgp-guangdong", api.gpcms_id(n)) for n in notices}
    pages = rows(
        engine,
        "SELECT portal_id, source_id, count(DISTINCT sha256) FROM capture WHERE kind = 'page' AND source_id IS NOT NULL GROUP BY 1, 2",
    )
    assert {(a, b) for a, b, _ in pages} == expected
    assert all(count == 1 for _, _, count in pages)
    files = rows(engine, "SELECT DISTINCT url FROM capture WHERE kind = 'attachment' AND portal_id = 'ccgp'")
    assert {url for (url,) in files} == {attachment_url(n, a) for n in notices for a in n.attachments}
    # What both fetched in the moment of the kill (archived, not yet written down) is the only thing there twice.
    twice = rows(
        engine,
        "SELECT url FROM capture WHERE source_id IS NOT NULL GROUP BY url HAVING count(*) > 1",
    )
    assert len(twice) <= third["adopted"]
    for home in ("first", "second"):
        mine = Archive(tmp_path / home / "archive")
        here = [
            r
            for r in rows(engine, "SELECT warc_file, warc_offset, warc_length, sha256 FROM capture")
            if (mine.root / r[0]).exists()
        ]
        assert here
        assert all(mine.read(RecordRef(*r)) for r in here)
    both = sum(len(list((tmp_path / home / "archive").rglob("*.warc.gz"))) > 0 for home in ("first", "second"))
    assert both == 2
    found = read_captures(
        engine,
        tmp_path / "second" / "archive",
        knowledge_source=load_knowledge,
        archive=Archive(tmp_path / "second" / "archive").identity,
    )
    assert found.failed == []
    assert found.elsewhere > 0
    assert found.notices >= 180


def test_a_lease_that_is_not_renewed_is_lost_and_its_run_stops(settings, engine) -> None:
    lost = []
    with DatabaseLedger(settings, archive="here", lease=2.0) as ledger:
        ledger.watch(lost.append)
        mine = ledger.open_run(["ccgp"], {})
        assert ledger.claim("ccgp")
        time.sleep(4)
        with DatabaseLedger(settings, archive="there", lease=60) as other:
            other.open_run(["ccgp"], {})
            assert other.standing("ccgp") == "held"
            assert not other.claim("ccgp")
            with engine.begin() as connection:
                connection.execute(sa.text("UPDATE portal_lease SET run_id = NULL, expires_at = clock_timestamp()"))
            assert other.standing("ccgp") == "expired"
            assert other.claim("ccgp")
            wait_for(lambda: lost == ["ccgp"], 60)
            assert rows(engine, f"SELECT 1 FROM portal_lease WHERE run_id = {mine}") == []
            other.release("ccgp")
            assert other.standing("ccgp") == "free"


def test_a_run_whose_portal_was_taken_stops_with_one_line(settings, engine) -> None:
    from crawler.errors import CrawlError

    notices = many(200)
    with DemoPortal(notices, Behaviour(latency=0.05)) as portal:

        def take(_) -> None:
            with engine.begin() as connection:
                connection.execute(sa.text("UPDATE portal_lease SET run_id = NULL"))

        with pytest.raises(CrawlError, match="no longer in this run's hands") as error:
            crawl(settings, ["ccgp"], FIRST_DAY, FIRST_DAY, via=portal.base, delay=0, lease=1.0, progress=take)
        assert "\n" not in str(error.value)
        assert len(portal.log) < 200
    [(verdict,)] = rows(engine, "SELECT verdict FROM run")
    assert verdict == "failed"


def test_an_archive_knows_its_own_interrupted_runs_only(settings, engine, tmp_path) -> None:
    with DatabaseLedger(settings, archive="here") as ledger:
        run = ledger.open_run(["ccgp"], {})
    with DatabaseLedger(settings, archive="there") as other:
        other.open_run(["ccgp"], {})
        assert other.interrupted_runs() == []
    with DatabaseLedger(settings, archive="here") as ledger:
        ledger.open_run(["ccgp"], {})
        assert ledger.interrupted_runs() == [run]
    one, two = Archive(tmp_path / "one"), Archive(tmp_path / "two")
    assert one.identity == Archive(tmp_path / "one").identity != two.identity
    assert one.files() == []
