"""Link what reading put into the queue, one committed batch after the other: a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from db.engine import session_scope
from db.link import link_some

if TYPE_CHECKING:
    from sqlalchemy import Engine


def link_queue(engine: Engine, *, progress: Callable[[int], None] | None = None) -> int:
    """How many notices were linked. Raises DatabaseError."""
    total = 0
    while True:
        with session_scope(engine) as session:
            done = link_some(session)
        if not done.notices:
            return total
        total += done.notices
        if progress is not None:
            progress(total)
