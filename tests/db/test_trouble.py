"""Two writers at once, a batch that breaks at any statement, a clock that goes back."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from db.clock import last_tick, tick
from db.count import count
from db.count.ladder import ladder_json
from db.engine import session_scope
from db.filters import Filters
from db.link import link, link_some
from tests.db import world
from tests.db.making import store

PAGES = [p for p in world.pages() if not (p[1].notice.source_id or "").startswith("n")]


class BrokenError(Exception):
    pass


@contextmanager
def breaking_at(engine: Engine, number: int) -> Iterator[list[int]]:
    """The connection breaks before the statement with that number."""
    seen = [0]

    def listen(connection, *_: object) -> None:
        seen[0] += 1
        if seen[0] == number:
            connection.connection.driver_connection.close()
            raise BrokenError

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def ladder(engine: Engine) -> dict[str, object]:
    with session_scope(engine) as session:
        return ladder_json(count(session, Filters(brand=("seagate", "wd"))).ladder)


def fill(engine: Engine) -> None:
    with session_scope(engine) as session:
        store(session, PAGES)
    with session_scope(engine) as session:
        link(session)


def contents(engine: Engine) -> dict[str, int]:
    names = [
        "capture",
        "notice",
        "revision",
        "reading",
        "body",
        "party",
        "item",
        "mention",
        "capture_reading",
        "link_queue",
        "fact_notice",
        "fact_line",
        "process_member",
    ]
    with engine.connect() as connection:
        return {name: connection.execute(text(f"select count(*) from {name}")).scalar_one() for name in names}


def test_a_batch_that_breaks_leaves_nothing_and_may_be_run_again(engine: Engine) -> None:
    with session_scope(engine) as session:
        world.seeds(session)
    with breaking_at(engine, 0) as seen, session_scope(engine) as session:
        store(session, PAGES)
        session.rollback()
    statements = seen[0]
    assert statements > 10
    empty = contents(engine)
    assert set(empty.values()) == {0}
    for number in range(1, statements + 1, 2):
        with (
            breaking_at(engine, number),
            pytest.raises((BrokenError, SQLAlchemyError, psycopg.Error)),
            session_scope(engine) as session,
        ):
            store(session, PAGES)
        assert contents(engine) == empty, number
    fill(engine)
    before, told = contents(engine), ladder(engine)
    fill(engine)
    assert contents(engine) == before
    assert ladder(engine) == told


def test_linking_that_breaks_is_done_again_whole(engine: Engine) -> None:
    with session_scope(engine) as session:
        world.seeds(session)
        store(session, PAGES)
    waiting = contents(engine)["link_queue"]
    for number in range(1, 30, 3):
        with (
            breaking_at(engine, number),
            pytest.raises((BrokenError, SQLAlchemyError, psycopg.Error)),
            session_scope(engine) as session,
        ):
            link_some(session)
        assert contents(engine)["link_queue"] == waiting
        assert contents(engine)["fact_notice"] == 0
    with session_scope(engine) as session:
        link(session)
    assert contents(engine)["link_queue"] == 0
    assert contents(engine)["fact_notice"] == waiting


def test_two_writers_of_the_same_pages_and_a_linker(engine: Engine) -> None:
    with session_scope(engine) as session:
        world.seeds(session)
    failures: list[BaseException] = []

    def write(pages: list[world.Page]) -> None:
        try:
            for first in range(0, len(pages), 7):
                with session_scope(engine) as session:
                    store(session, pages[first : first + 7])
                with session_scope(engine) as session:
                    link_some(session, 5)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(pages,)) for pages in (PAGES, PAGES[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with session_scope(engine) as session:
        link(session)
    told, size = ladder(engine), contents(engine)
    with engine.begin() as connection:
        for table in ("fact_notice", "fact_mention", "fact_line", "fact_award"):
            connection.execute(text(f"delete from {table}"))
        connection.execute(text("insert into link_queue select id from notice"))
    with session_scope(engine) as session:
        link(session)
    assert ladder(engine) == told
    assert contents(engine) == size
    assert size["notice"] == len({(p[0], p[1].notice.source_id) for p in PAGES})


def test_ticks_grow_when_the_clock_goes_back(session: Session) -> None:
    first = tick(session)
    ahead = first + dt.timedelta(days=3)
    session.execute(text("update ledger set tick = :t"), {"t": ahead})
    second, third = tick(session), tick(session)
    assert ahead < second < third
    assert last_tick(session) == third
