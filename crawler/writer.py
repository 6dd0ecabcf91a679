"""The one writer: a thread that makes archive records durable and then writes their rows to the ledger, in batches."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Mapping
from typing import Any

from crawler.archive import Archive
from crawler.ledger import Ledger
from crawler.types import CaptureRow, WindowResult

logger = logging.getLogger(__name__)

BATCH = 200
PATIENCE = 0.3
"""Seconds a row may wait for others to be written with."""


class Writer:
    """Takes rows from the event loop, never blocks it. An error stops the crawl: it is raised by the next ``put``."""

    def __init__(self, archive: Archive, ledger: Ledger, *, backlog: int = 2000) -> None:
        self._archive = archive
        self._ledger = ledger
        self._queue: queue.Queue[CaptureRow | tuple[WindowResult, Mapping[str, Any]] | None] = queue.Queue()
        self._backlog = backlog
        self.error: Exception | None = None
        self.new = 0
        self._thread = threading.Thread(target=self._run, name="capture-writer", daemon=True)
        self._thread.start()

    async def put(self, entry: CaptureRow | tuple[WindowResult, Mapping[str, Any]]) -> None:
        while self._queue.qsize() > self._backlog and self.error is None:  # noqa: ASYNC110 - the other side is a thread
            await asyncio.sleep(0.01)
        if self.error is not None:
            raise self.error
        self._queue.put(entry)

    def end(self) -> None:
        """Write what is waiting and end the thread, once; errors stay in ``error``."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    def close(self) -> None:
        """:meth:`end`, and raise the error that stopped the writer."""
        self.end()
        if self.error is not None:
            raise self.error

    def _run(self) -> None:
        try:
            while self._batch():
                pass
        except Exception as error:  # noqa: BLE001 - handed to the event loop, which ends the run with it
            self.error = error

    def _batch(self) -> bool:
        entry = self._queue.get()
        rows: list[CaptureRow] = []
        windows: list[tuple[WindowResult, Mapping[str, Any]]] = []
        going = True
        while True:
            if entry is None:
                going = False
                break
            if isinstance(entry, CaptureRow):
                rows.append(entry)
            else:
                windows.append(entry)
            if len(rows) >= BATCH:
                break
            try:
                entry = self._queue.get(timeout=PATIENCE if not windows else 0)
            except queue.Empty:
                break
        # First the bytes, then the rows that point at them, then the windows that count them.
        self._archive.sync()
        if rows:
            self.new += self._ledger.record(rows)
        for result, evidence in windows:
            self._ledger.save_window(result, evidence)
        return going
