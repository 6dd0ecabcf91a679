"""Errors of the crawl, and when each is raised."""

from __future__ import annotations


class CrawlError(Exception):
    """Raised before or instead of a crawl that cannot be: unknown portal, reversed dates, a gateway that answers
    nonsense, an archive or a ledger that cannot be written. One line: ``message`` and ``remedy``.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.remedy = remedy


class CrawlUsageError(CrawlError):
    """Raised before anything is begun, for what was asked: unknown portal, reversed days, a delay below the portal's own,
    a ``--via`` that is no address.
    """

    exit_code = 2


class HostClosedError(Exception):
    """Raised when a request is made to a host whose circuit breaker is open for the rest of the run."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"{host} is closed for this run: {reason}")
        self.host = host
        self.reason = reason


class NotInArchiveError(Exception):
    """Raised during a replay when the archive file holds no answer to a request."""
