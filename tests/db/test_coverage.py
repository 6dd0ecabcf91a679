"""What an answer rests on: the newest verdict of every crawl window, and the days no window covers."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.count import count
from db.filters import Filters
from tests.db import world


@pytest.fixture
def seeded(session: Session) -> Session:
    world.seeds(session)
    return session


def window(
    session: Session, portal: str, since: int, until: int, verdict: str, listed: int | None, captured: int
) -> None:
    session.execute(
        text("""
            WITH p AS (INSERT INTO portal (id, platform) VALUES (:portal, 'ccgp') ON CONFLICT DO NOTHING),
                 r AS (INSERT INTO run (kind, started_at) VALUES ('crawl', now()) RETURNING id)
            INSERT INTO crawl_window (run_id, portal_id, channel, since, until, verdict, state, listed, captured)
            SELECT r.id, :portal, 'all', :since, :until, 'deficit', jsonb_build_object('verdict', CAST(:verdict AS text)), :listed, :captured FROM r
        """),
        {
            "portal": portal, "verdict": verdict, "listed": listed, "captured": captured,
            "since": dt.date(2022, 1, since), "until": dt.date(2022, 1, until),
        },
    )  # fmt: skip


def windows(session: Session, **days: dt.date) -> dict[str, object]:
    return count(session, Filters(brand=("seagate",), **days)).coverage["windows"]


def test_no_crawl_no_window(seeded: Session) -> None:
    assert windows(seeded) == {"verdicts": {}, "missing": 0, "portals": {}}


def test_the_newest_verdict_counts_and_gaps_are_days(seeded: Session) -> None:
    window(seeded, "ccgp", 1, 3, "deficit", 40, 30)
    window(seeded, "ccgp", 1, 3, "complete", 40, 40)
    window(seeded, "ccgp", 6, 6, "deficit", 12, 9)
    window(seeded, "ccgp-xinjiang", 1, 10, "unknown_total", None, 5)
    asked = windows(seeded, since=dt.date(2022, 1, 1), until=dt.date(2022, 1, 10))
    assert asked == {
        "verdicts": {"complete": 1, "deficit": 1, "unknown_total": 1},
        "missing": 3,
        "portals": {
            "ccgp": {"verdicts": {"complete": 1, "deficit": 1}, "missing": 3, "days_without": 6},
            "ccgp-xinjiang": {"verdicts": {"unknown_total": 1}, "missing": 0, "days_without": 0},
        },
    }
    assert windows(seeded, since=dt.date(2022, 1, 2), until=dt.date(2022, 1, 3))["portals"]["ccgp"] == {
        "verdicts": {"complete": 1}, "missing": 0, "days_without": 0,
    }  # fmt: skip
    assert windows(seeded, since=dt.date(2022, 1, 2))["portals"]["ccgp"]["days_without"] is None
