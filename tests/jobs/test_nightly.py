"""Nights over the replica: what is due, what is told, what the next night finishes."""

import dataclasses
import datetime as dt
import functools
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from crawler.config import load_portal
from crawler.errors import CrawlError
from db._locks import FileLock
from db.revisions import differences
from jobs.backfill import estimate
from jobs.demo_portal import Behaviour, DemoPortal, Fault
from jobs.due import due_days, due_rechecks
from jobs.nightly import BEIJING, NightRunningError, nightly
from jobs.portal_status import portal_status
from seeds import load_knowledge
from tests.replica.notices import FIRST_DAY, many

TODAY = FIRST_DAY + dt.timedelta(2)  # a Wednesday
PORTALS = ("ccgp", "ccgp-guangxi")
knowledge = functools.cache(load_knowledge)


def at(day: dt.date, hour: int = 23) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), BEIJING)


def night(settings, portal, day: dt.date = TODAY, portals=PORTALS, **more):
    return nightly(settings, portals, via=portal.base, delay=0, now=at(day), knowledge_source=knowledge, **more)


def replica(notices, behaviour=None) -> DemoPortal:
    return DemoPortal(notices, behaviour, zcy_hosts=["www.ccgp-guangxi.gov.cn"])


def test_a_night_captures_reads_and_tells(settings, engine) -> None:
    notices = many(60, days=3, every_attachment=20)
    with replica(notices) as portal:
        report = night(settings, portal)
    assert (report.verdict, report.exit_code) == ("complete", 0)
    assert report.crawl.captured == 120
    assert {(w.portal, w.since, w.verdict.value) for w in report.days} == {
        (name, FIRST_DAY + dt.timedelta(n), "complete" if n < 2 else "open") for name in PORTALS for n in range(3)
    }
    assert report.readings >= 120
    assert {(s.portal, s.health, s.notices, s.backlog) for s in report.status} == {
        (name, "ok", 60, 0) for name in PORTALS
    }
    told = json.loads(Path(report.files[0]).read_text(encoding="utf-8"))
    assert told["verdict"] == "complete"
    assert len(told["windows"]) == 6
    markdown = Path(report.files[1]).read_text(encoding="utf-8")
    assert markdown.startswith("# Night of 2026-05-13 23:00 (Beijing): complete")
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM notice")).scalar_one() == 120


def test_what_one_night_lacks_the_next_one_finishes(settings, engine) -> None:
    notices = many(30, days=3)
    bad = notices[4]
    faults = [Fault(rf"_{bad.source_id}\.", "502", None), Fault(r"/portal/category", "challenge", None)]
    with replica(notices, Behaviour(faults=faults)) as portal:
        first = night(settings, portal)
    assert (first.verdict, first.exit_code) == ("blocked", 1)
    text = Path(first.files[1]).read_text(encoding="utf-8")
    assert "1 server_error" in text
    assert "blocked:waf_challenge" in text
    assert [(s.portal, s.health, s.missing) for s in first.status] == [
        ("ccgp-guangxi", "blocked", 0),
        ("ccgp", "deficit", 1),
    ]
    with replica(notices) as portal:
        second = night(settings, portal, TODAY + dt.timedelta(4))
        walked = {(w.portal, w.since) for w in second.days}
    assert ("ccgp", bad.day) in walked
    assert all(("ccgp-guangxi", FIRST_DAY + dt.timedelta(n)) in walked for n in range(3))
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM notice")).scalar_one() == 60


def test_complete_days_are_left_in_peace_but_for_the_last(settings, engine) -> None:
    config = load_portal("ccgp")
    assert due_days(engine, config, TODAY) == [TODAY, TODAY - dt.timedelta(1), TODAY - dt.timedelta(2)]
    with replica(many(30, days=3)) as portal:
        night(settings, portal, portals=["ccgp"], read=False)
    later = TODAY + dt.timedelta(5)
    # The day of the night itself was not over: it is due however late.
    assert due_days(engine, config, later) == [later - dt.timedelta(n) for n in range(6)]


def walked(engine, portal: str, *walks: tuple[dt.date, str, dt.date], night: bool = True, **arguments) -> None:
    """Walks as the ledger has them: the day, its verdict, the evening on which the walk ended."""
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO portal (id) VALUES (:portal) ON CONFLICT DO NOTHING"), {"portal": portal}
        )
        for day, verdict, on in walks:
            run = connection.execute(
                sa.text("INSERT INTO run (kind, arguments) VALUES ('crawl', CAST(:arguments AS jsonb)) RETURNING id"),
                {"arguments": json.dumps({"night": night, "replay": None, "archive": "here", **arguments})},
            ).scalar_one()
            connection.execute(
                sa.text(
                    "INSERT INTO crawl_window (run_id, portal_id, channel, since, until, verdict, ended_at, state)"
                    " VALUES (:run, :portal, '', :day, :day, :verdict, :on, CAST(:state AS jsonb))"
                ),
                {
                    "run": run,
                    "portal": portal,
                    "day": day,
                    "verdict": verdict,
                    "on": at(on),
                    "state": json.dumps({"verdict": verdict}),
                },
            )


def due(engine, today: dt.date, **more) -> list[int]:
    """How many days ago the due days are, counted from the first day."""
    return [(day - FIRST_DAY).days for day in due_days(engine, load_portal("ccgp"), today, **more)]


def day(number: int) -> dt.date:
    return FIRST_DAY + dt.timedelta(number)


def test_a_machine_that_stood_still_leaves_no_hole(engine) -> None:
    walked(engine, "ccgp", (day(0), "complete", day(2)))
    assert due(engine, day(70)) == list(range(70, 0, -1))


def test_a_day_walked_before_it_was_over_is_walked_again_however_late(engine) -> None:
    walked(engine, "ccgp", (day(0), "complete", day(0)), (day(1), "complete", day(3)))
    assert due(engine, day(10)) == [10, 9, 8, 7, 6, 5, 4, 3, 2, 0]


def test_a_later_walk_that_finds_something_missing_reopens_a_complete_day(engine) -> None:
    walked(engine, "ccgp", (day(0), "complete", day(2)), (day(0), "deficit", day(3)), (day(1), "complete", day(3)))
    assert due(engine, day(5))[-1] == 0
    walked(engine, "ccgp", (day(0), "complete", day(5)))
    assert 0 not in due(engine, day(6))


def test_an_unfinished_day_is_tried_for_a_month_and_once_more(engine) -> None:
    walked(engine, "ccgp", (day(0), "deficit", day(1)))
    assert 0 in due(engine, day(45))
    walked(engine, "ccgp", (day(0), "deficit", day(45)))
    assert 0 not in due(engine, day(46))
    (status,) = portal_status(engine, [load_portal("ccgp")], day(46))
    assert (status.given_up, status.open_days) == (1, 0)


def test_a_replay_settles_nothing(engine) -> None:
    walked(engine, "ccgp", (day(0), "complete", day(2)))
    walked(engine, "ccgp", (day(1), "complete", day(3)), replay="old.warc.gz")
    assert 1 in due(engine, day(9))


def test_what_another_machine_walked_this_night_is_left_to_it(engine) -> None:
    walked(engine, "ccgp", (day(0), "complete", day(2)), archive="there")
    assert due(engine, day(1), archive="here") == [1, 0]  # it ended long ago by the clock of the database
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE crawl_window SET ended_at = clock_timestamp()"))
    assert due(engine, day(1), archive="here") == [1]
    assert due(engine, day(1), archive="there") == [1, 0]


def test_notices_are_looked_at_again_when_it_is_time(settings, engine) -> None:
    notices = many(9)
    with replica(notices) as portal:
        night(settings, portal, FIRST_DAY, portals=["ccgp"])
    with engine.connect() as connection:
        first = connection.execute(sa.text("SELECT min(captured_at) FROM capture")).scalar_one()
    assert due_rechecks(engine, "ccgp", first + dt.timedelta(hours=12)) is None
    assert len(due_rechecks(engine, "ccgp", first + dt.timedelta(days=1, minutes=30)).recheck) == 9
    assert len(due_rechecks(engine, "ccgp", first + dt.timedelta(days=8), limit=4).recheck) == 4
    assert due_rechecks(engine, "ccgp-guangxi", first + dt.timedelta(days=8)) is None

    changed = dataclasses.replace(notices[1], project_name="更名后的存储设备项目")
    gone = notices[2]
    now = [notices[0], changed, *notices[2:]]
    soon = (first + dt.timedelta(days=1, hours=1)).astimezone(BEIJING)
    with replica(now, Behaviour(gone=frozenset({gone.source_id}))) as portal:
        report = nightly(settings, ["ccgp"], via=portal.base, delay=0, now=soon, knowledge_source=knowledge)
    assert sorted((r.notice, r.outcome) for r in report.rechecks) == sorted(
        (str(n.source_id), "gone" if n is gone else "changed" if n.source_id == changed.source_id else "unchanged")
        for n in notices
    )
    told = json.loads(Path(report.files[0]).read_text(encoding="utf-8"))["rechecks"]
    assert told["counts"] == {"unchanged": 7, "changed": 1, "gone": 1, "blocked": 0, "failed": 0}
    assert {(f["notice"], f["outcome"], f["url"]) for f in told["findings"]} == {
        (str(n.source_id), word, f"http://www.ccgp.gov.cn{n.ccgp_path}")
        for n, word in ((gone, "gone"), (changed, "changed"))
    }
    with engine.connect() as connection:
        revisions = dict(
            connection.execute(
                sa.text("SELECT n.source_id, count(*) FROM revision r JOIN notice n ON n.id = r.notice_id GROUP BY 1")
            ).all()
        )
    assert {k for k, v in revisions.items() if v > 1} == {str(changed.source_id)}
    with Session(engine) as session:
        (change,) = differences(session, f"ccgp/{changed.source_id}")
        assert differences(session, f"ccgp/{notices[3].source_id}") == []
    assert any(line.startswith("-") and notices[1].project_name in line for line in change["lines"])
    assert any(line.startswith("+") and "更名后的存储设备项目" in line for line in change["lines"])
    assert change["from"]["last_captured"] < change["to"]["first_captured"]


def test_a_notice_looked_at_again_in_vain_is_a_deficit_of_the_night(settings, engine) -> None:
    notices = many(3)
    with replica(notices) as portal:
        first = night(settings, portal, FIRST_DAY, portals=["ccgp"], read=False)
    assert first.crawl.captured == 3
    with engine.connect() as connection:
        seen = connection.execute(sa.text("SELECT min(captured_at) FROM capture")).scalar_one()
    soon = (seen + dt.timedelta(days=1, hours=1)).astimezone(BEIJING)
    faults = [Fault(rf"_{notices[1].source_id}\.", "502", None)]
    with replica(notices, Behaviour(faults=faults)) as portal:
        report = nightly(settings, ["ccgp"], via=portal.base, delay=0, now=soon, read=False)
    assert [r.outcome for r in report.rechecks if r.outcome != "unchanged"] == ["failed"]
    assert (report.verdict, report.crawl.verdict, report.exit_code) == ("deficit", "deficit", 1)
    told = json.loads(Path(report.files[0]).read_text(encoding="utf-8"))
    assert (told["verdict"], told["captured"]) == ("deficit", 0)
    assert {window["channel"] for window in told["windows"]} == {""}


def test_what_could_not_be_looked_at_again_stays_due_and_what_is_gone_does_not(settings, engine) -> None:
    notices = many(4)
    with replica(notices) as portal:
        night(settings, portal, FIRST_DAY, portals=["ccgp"], read=False)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE capture SET captured_at = captured_at - interval '2 days'"))
    faults = [Fault(rf"_{notices[1].source_id}\.", "502", None)]
    now = dt.datetime.now(BEIJING)
    with replica(notices, Behaviour(faults=faults, gone=frozenset({notices[2].source_id}))) as portal:
        report = nightly(settings, ["ccgp"], via=portal.base, delay=0, now=now, read=False)
    assert {r.notice: r.outcome for r in report.rechecks if r.outcome != "unchanged"} == {
        str(notices[1].source_id): "failed",
        str(notices[2].source_id): "gone",
    }
    again = due_rechecks(engine, "ccgp", now + dt.timedelta(hours=20))
    assert [listed.source_id for listed, _ in again.recheck] == [str(notices[1].source_id)]


def test_one_night_at_a_time(settings) -> None:
    settings.home.mkdir(parents=True)
    lock = FileLock(settings.home / "nightly.lock")
    assert lock.try_acquire()
    try:
        with pytest.raises(NightRunningError, match="already going on"):
            nightly(settings, ["ccgp"], via="http://127.0.0.1:9", delay=0)
    finally:
        lock.release()


def test_bad_input(settings) -> None:
    with pytest.raises(CrawlError, match="unknown portal"):
        nightly(settings, ["ccgp-atlantis"])
    with replica([]) as portal:
        pass
    with pytest.raises(CrawlError, match=r"gateway .* cannot be reached"):
        night(settings, portal, portals=["ccgp"])


def test_a_backfill_is_reckoned_from_days_that_are_known(settings, engine) -> None:
    config = load_portal("ccgp")
    guess = estimate(engine, config, TODAY, TODAY)
    assert (guess.basis, guess.notices) == (0, 300)
    with replica(many(30, days=3)) as portal:
        night(settings, portal, portals=["ccgp"], read=False)
    known = estimate(engine, config, dt.date(2026, 1, 1), dt.date(2026, 1, 10))
    assert (known.basis, known.days, known.notices) == (2, 10, 100)
    assert known.hours > 0
    assert known.requests >= 110


def test_a_field_that_empties_is_drift(settings, engine) -> None:
    with replica(many(40, days=2, start=TODAY - dt.timedelta(1))) as portal:
        night(settings, portal, portals=["ccgp"])
    bare = [
        dataclasses.replace(n, project_no=None, code="qtgg", source_id=n.source_id + 5000)
        for n in many(30, start=TODAY)
    ]
    with replica(bare) as portal:
        report = night(settings, portal, portals=["ccgp"])
    (status,) = report.status
    assert any(entry.startswith("project_no 100%") for entry in status.drift)


def test_a_portal_never_crawled_comes_last(engine) -> None:
    found = portal_status(engine, [load_portal("ccgp"), load_portal("plap")], TODAY)
    assert [s.health for s in found] == ["never", "never"]
    assert found[0].newest is None


def test_a_broken_reader_fails_the_night(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    import jobs.nightly
    from jobs.read import ReadReport

    real = jobs.nightly.read_captures

    def broken(*arguments, **more) -> ReadReport:
        report = real(*arguments, **more)
        report.issues["reader_error"] += 2
        return report

    monkeypatch.setattr(jobs.nightly, "read_captures", broken)
    with replica(many(6, days=3)) as portal:
        report = night(settings, portal, portals=["ccgp"])
    assert (report.verdict, report.exit_code, report.reader_errors) == ("failed", 1, 2)
    assert "stage of the reader broke" in Path(report.files[1]).read_text(encoding="utf-8")
    assert json.loads(Path(report.files[0]).read_text(encoding="utf-8"))["reader_errors"] == 2


def test_a_blocked_recheck_is_told_and_stays_due(settings, engine) -> None:
    notices = many(6)
    with replica(notices) as portal:
        night(settings, portal, FIRST_DAY, portals=["ccgp"], read=False)
    with engine.connect() as connection:
        first = connection.execute(sa.text("SELECT min(captured_at) FROM capture")).scalar_one()
    soon = (first + dt.timedelta(days=3)).astimezone(BEIJING)
    faults = [Fault(r"www.ccgp.gov.cn/cggg/.*/t2026", "challenge", None)]
    with replica(notices, Behaviour(faults=faults)) as portal:
        report = nightly(settings, ["ccgp"], via=portal.base, delay=0, now=soon, read=False, recheck_after=(2,))
    assert report.rechecks
    assert {r.outcome for r in report.looked_again("blocked")} == {"blocked"}
    assert report.exit_code == 1
    assert len(due_rechecks(engine, "ccgp", soon, after=(2,)).recheck) == 6
    assert due_rechecks(engine, "ccgp", soon, after=(5,)) is None


def test_empty_days_and_mute_channels_are_told(engine) -> None:
    walked(engine, "ccgp", *((day(n), "complete", day(n + 2)) for n in range(12)))
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE crawl_window SET listed = 5, state = state || CAST(:parts AS jsonb)"),
            {"parts": json.dumps({"parts": {"7": {"listed": 5, "seen": 5}, "77": {"listed": 0, "seen": 0}}})},
        )
    (status,) = portal_status(engine, [load_portal("ccgp")], day(13))
    assert status.mute == ("77",)
    assert (status.health, status.told) == ("drift", ("channel 77: nothing listed",))
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE crawl_window SET verdict = 'deficit', state = state || '{\"verdict\": \"empty_suspect\"}' WHERE since = :day"
            ),
            {"day": day(11)},
        )
    (status,) = portal_status(engine, [load_portal("ccgp")], day(13))
    assert (status.health, status.open_days, status.suspect_days, status.last_verdict) == (
        "suspect",
        1,
        1,
        "empty_suspect",
    )


def test_a_night_outside_a_portals_hours_leaves_it_alone(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    import jobs.nightly

    owl = dataclasses.replace(load_portal("ccgp"), off_peak=(22, 6))
    assert jobs.nightly._in_hours(owl, at(TODAY, 23))
    assert jobs.nightly._in_hours(owl, at(TODAY, 5))
    assert not jobs.nightly._in_hours(owl, at(TODAY, 6))
    monkeypatch.setattr(jobs.nightly, "portal_ids", lambda: ("ccgp",))
    monkeypatch.setattr(jobs.nightly, "load_portal", lambda _: owl)
    # Noon in New York is midnight in Beijing.
    noon = dt.datetime(2026, 5, 13, 12, tzinfo=ZoneInfo("America/New_York"))
    with replica(many(3, days=3)) as portal:
        report = nightly(settings, via=portal.base, delay=0, now=noon, read=False)
        assert report.off_hours == []
        assert {w.since for w in report.days} == {dt.date(2026, 5, n) for n in (12, 13, 14)}
        report = nightly(settings, via=portal.base, delay=0, now=noon + dt.timedelta(hours=12), read=False)
    assert report.off_hours == ["ccgp"]
    assert report.days == []
