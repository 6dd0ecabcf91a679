"""One circuit breaker a host: after a throttle page the host is left alone for minutes, then asked again, then not at all."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.errors import HostClosedError

logger = logging.getLogger(__name__)

RECOVERED_AFTER = 10
"""So many good answers in a row take one trip off the record: a host that throttles now and then is asked with pauses, one that
throttles at every turn is left alone."""


@dataclass(slots=True)
class _State:
    trips: int = 0
    good: int = 0
    until: float = 0.0
    closed: str | None = None


@dataclass(slots=True)
class Breakers:
    """``pauses_of`` a host: the seconds to wait after the first, second, … trip; one trip more closes the host for the run."""

    pauses_of: Callable[[str], tuple[float, ...]]
    _hosts: dict[str, _State] = field(default_factory=dict)

    def _state(self, host: str) -> _State:
        return self._hosts.setdefault(host, _State())

    async def wait(self, host: str) -> None:
        """Return when the host may be asked. Raises HostClosedError when it may not be asked again in this run."""
        while True:
            state = self._state(host)
            if state.closed is not None:
                raise HostClosedError(host, state.closed)
            left = state.until - time.monotonic()
            if left <= 0:
                return
            await asyncio.sleep(min(left, 60))

    def good(self, host: str) -> None:
        state = self._state(host)
        state.good += 1
        if state.good >= RECOVERED_AFTER and state.trips:
            state.trips -= 1
            state.good = 0

    def trip(self, host: str, reason: str) -> None:
        """The host asked to be left alone."""
        state = self._state(host)
        state.good = 0
        if state.until > time.monotonic():
            return
        pauses = self.pauses_of(host)
        if state.trips >= len(pauses):
            self.close(host, reason)
            return
        pause = pauses[state.trips]
        state.trips += 1
        state.until = time.monotonic() + pause
        logger.warning("throttled by %s (%s): waiting %.0f s", host, reason, pause)

    def close(self, host: str, reason: str) -> None:
        """The host refuses: no further request to it in this run."""
        state = self._state(host)
        if state.closed is None:
            logger.warning("host closed for this run: %s (%s)", host, reason)
            state.closed = reason

    def closed(self, host: str) -> str | None:
        return self._state(host).closed
