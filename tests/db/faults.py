"""Break, or kill, whatever writes to the database at its n-th statement.

Statements are counted where they leave for the server, COPY and COMMIT among them.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event

Step = Callable[[Engine], object]


class BrokenError(Exception):
    """What a broken statement raises."""


class Points:
    """Counts statements; at number ``at`` it does ``act``. Null counts only."""

    def __init__(self, at: int | None = None, act: Callable[[], None] | None = None) -> None:
        self.at, self.act, self.seen = at, act, 0

    def __call__(self) -> None:
        self.seen += 1
        if self.seen == self.at and self.act is not None:
            self.act()


def fail() -> None:
    raise BrokenError


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def pointed(engine: Engine, points: Points) -> Iterator[Points]:
    """Every statement of the engine's connections passes ``points`` first."""

    class Cursor(psycopg.Cursor[Any]):
        def execute(self, *args: Any, **more: Any) -> Any:
            points()
            return super().execute(*args, **more)

        def executemany(self, *args: Any, **more: Any) -> None:
            points()
            super().executemany(*args, **more)

        def copy(self, *args: Any, **more: Any) -> Any:
            points()
            return super().copy(*args, **more)

    def hand_out(connection: Any, *_: object) -> None:
        connection.cursor_factory = Cursor

    def give_back(connection: Any, *_: object) -> None:
        connection.cursor_factory = psycopg.Cursor

    def commit(_: object) -> None:
        points()

    event.listen(engine, "checkout", hand_out)
    event.listen(engine, "checkin", give_back)
    event.listen(engine, "commit", commit)
    try:
        yield points
    finally:
        event.remove(engine, "checkout", hand_out)
        event.remove(engine, "checkin", give_back)
        event.remove(engine, "commit", commit)


def statements_of(engine: Engine, step: Step) -> int:
    """How many statements a step takes. The step is done afterwards."""
    with pointed(engine, Points()) as points:
        step(engine)
    return points.seen


def broken(engine: Engine, step: Step, at: int) -> bool:
    """Run a step that breaks at a statement; false when it has fewer."""
    try:
        with pointed(engine, Points(at, fail)):
            step(engine)
    except BrokenError:
        return True
    return False


def killed(engine: Engine, step: Step, at: int) -> bool:
    """Run a step in a child that is killed at a statement; false when it has fewer."""
    child = os.fork()
    if child == 0:
        try:
            engine.dispose(close=False)  # the parent's connections are the parent's
            with pointed(engine, Points(at, die)):
                step(engine)
            os._exit(0)
        finally:
            os._exit(9)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0, "the step failed for another reason"
    return False
