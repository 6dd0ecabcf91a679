"""What the crawl must remember between runs, and a ledger that forgets: the contract of :class:`Ledger`."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from crawler.types import CaptureRow, Kind, Known, Window, WindowResult


class Ledger(Protocol):
    """All methods block and may be called from a thread. Each is safe to repeat. May raise CrawlError."""

    def open_run(self, portals: Sequence[str], arguments: Mapping[str, Any]) -> int:
        """Write down that a run begins; return its number."""

    def claim(self, portal: str) -> bool:
        """Take a portal in hand; False when another run has it."""

    def standing(self, portal: str) -> str:
        """``free`` (given back), ``held`` (by a run that lives) or ``expired`` (its run is gone)."""

    def release(self, portal: str) -> None:
        """Give a portal back."""

    def watch(self, lost: Callable[[str], None]) -> None:
        """Call ``lost`` (from a thread) with every portal that this run may no longer ask."""

    def open_windows(self, windows: Sequence[Window]) -> None:
        """Write down what the run sets out to fetch."""

    def known(self, portal: str, addresses: Mapping[str, str]) -> dict[str, Known]:
        """Of these notices (id → address), those whose page is captured, with the newest capture."""

    def purged(self, portal: str, numbers: Sequence[str]) -> set[str]:
        """Of these notices, those purged for legal reasons: never to be fetched."""

    def known_files(self, portal: str, urls: Sequence[str]) -> set[str]:
        """Of these addresses, those whose file is captured."""

    def record(self, rows: Sequence[CaptureRow]) -> int:
        """Write captures down, in one transaction. The same capture twice is one row. Return how many were new."""

    def save_window(self, result: WindowResult, evidence: Mapping[str, Any]) -> None:
        """Write down how a window ended."""

    def close_run(self, verdict: str, summary: Mapping[str, Any]) -> None:
        """Write down how the run ended."""

    def close(self) -> None:
        """Let go of connections."""


class MemoryLedger:
    """Keeps everything in memory: for benchmarks and for crawls that only fill an archive."""

    def __init__(self) -> None:
        self.rows: list[CaptureRow] = []
        self.windows: list[WindowResult] = []
        self.verdict: str | None = None
        self._seen: set[tuple[str, str, str, dt.datetime]] = set()
        self._lock = threading.Lock()

    def open_run(self, portals: Sequence[str], arguments: Mapping[str, Any]) -> int:
        _ = portals, arguments
        return 1

    def claim(self, portal: str) -> bool:
        _ = portal
        return True

    def standing(self, portal: str) -> str:
        _ = portal
        return "free"

    def release(self, portal: str) -> None:
        """Nobody else could have it."""

    def watch(self, lost: Callable[[str], None]) -> None:
        """Nobody else could take it."""

    def open_windows(self, windows: Sequence[Window]) -> None:
        _ = windows

    def known(self, portal: str, addresses: Mapping[str, str]) -> dict[str, Known]:
        wanted = set(addresses)
        with self._lock:
            return {
                row.source_id: Known(row.ref, row.files)
                for row in self.rows
                if row.kind is Kind.PAGE
                and row.portal == portal
                and row.source_id in wanted
                and row.source_id is not None
            }

    def purged(self, portal: str, numbers: Sequence[str]) -> set[str]:
        _ = portal, numbers
        return set()

    def known_files(self, portal: str, urls: Sequence[str]) -> set[str]:
        wanted = set(urls)
        with self._lock:
            return {
                row.url
                for row in self.rows
                if row.kind is Kind.ATTACHMENT
                and row.portal == portal
                and row.source_id is not None
                and row.url in wanted
            }

    def record(self, rows: Sequence[CaptureRow]) -> int:
        new = 0
        with self._lock:
            for row in rows:
                key = (row.portal, row.url, row.ref.sha256, row.captured_at)
                if key not in self._seen:
                    self._seen.add(key)
                    self.rows.append(row)
                    new += 1
        return new

    def save_window(self, result: WindowResult, evidence: Mapping[str, Any]) -> None:
        _ = evidence
        self.windows.append(result)

    def close_run(self, verdict: str, summary: Mapping[str, Any]) -> None:
        _ = summary
        self.verdict = verdict

    def close(self) -> None:
        """Nothing to let go."""
