"""System time. Every writer of facts takes a tick and holds the ledger's row until it commits."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text
from sqlalchemy.orm import Session

SHANGHAI = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
"""China has kept one zone without daylight saving since 1991; no notice of ours is older."""

_TICK = text("""
    INSERT INTO ledger AS l (id, tick) VALUES (1, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET tick = greatest(clock_timestamp(), l.tick + interval '1 microsecond')
    RETURNING tick
""")


def tick(session: Session) -> dt.datetime:
    """The next moment of system time. Later than every tick before it, also when the machine's clock went back.

    Other writers wait until this transaction ends: commit soon.
    """
    moment = session.execute(_TICK).scalar_one()
    assert isinstance(moment, dt.datetime)
    return moment


def last_tick(session: Session) -> dt.datetime | None:
    """The last committed tick: everything recorded so far was recorded by then, and nothing will ever be added to it."""
    moment: dt.datetime | None = session.execute(text("SELECT tick FROM ledger")).scalar_one_or_none()
    return moment
