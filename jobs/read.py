"""Archive → reader → ledger: every capture that the present versions have not read, in batches, on one core or many.

The reader is pure, so a batch can be read anywhere; only this process touches the database. One transaction a batch: a killed
run loses at most the batch in hand, and the next run continues.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import text

from crawler.archive import Archive, ArchiveError, RecordRef
from db.engine import session_scope
from db.ingest import AttachmentRef, CaptureRef, pending_readings, store_readings
from jobs.attachment_worker import AttachmentWorker, tools
from nlp.types import AttachmentText, Issue, NoticeReading, PageInput, PageState

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from nlp.knowledge import Knowledge

BATCH = 100
"""Captures a task: large enough that the hand-over costs nothing, small enough that little is lost."""
MAX_ROUNDS = 3
"""A page names its attachments only once it is read; those already archived are read with it in the next round."""

Progress = Callable[[int], None]
KnowledgeSource = Callable[[], "Knowledge"]


@dataclass
class ReadReport:
    """``states`` counts captures by page state, ``readings`` new readings; ``failed`` are captures whose bytes could not be had."""

    states: Counter[str] = field(default_factory=Counter)
    notices: int = 0
    readings: int = 0
    issues: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    purged: set[str] = field(default_factory=set)
    """Purged notices whose pages came in again; nothing of them was stored."""
    elsewhere: int = 0
    """Pages and files whose bytes lie in the archive of another machine: it reads them."""

    @property
    def captures(self) -> int:
        return sum(self.states.values())

    @property
    def reader_errors(self) -> int:
        """Stages that broke on some page: the rest of the page was read, but this is a fault of ours and no night is well with it."""
        return self.issues["reader_error"]

    @property
    def ok(self) -> bool:
        return not self.failed and not self.reader_errors


Outcome = tuple[CaptureRef, NoticeReading | str]
"""A capture and what it says, or the sentence why it could not be read."""


class BatchReader(Protocol):
    """Reads batches in whatever order they finish."""

    def __call__(self, batches: Iterable[Sequence[CaptureRef]]) -> Iterator[list[Outcome]]: ...


def read_captures(
    engine: Engine,
    archive_root: Path,
    *,
    knowledge_source: KnowledgeSource,
    all: bool = False,  # noqa: A002 - the word of the command line
    workers: int = 1,
    cluster: str | None = None,
    progress: Progress | None = None,
    archive: str | None = None,
) -> ReadReport:
    """Read what is pending and store it; linking is the caller's next step. ``archive``: id of this archive, where several
    machines share the database. Raises ArchiveError and DatabaseError.
    """
    report = ReadReport()
    knowledge = knowledge_source()
    for round_number in range(MAX_ROUNDS):
        done = _round(
            engine,
            archive_root,
            knowledge,
            knowledge_source,
            report,
            all=all and round_number == 0,
            workers=workers,
            cluster=cluster,
            progress=progress,
            archive=archive,
        )
        if not done:
            break
    return report


def _round(
    engine: Engine,
    archive_root: Path,
    knowledge: Knowledge,
    knowledge_source: KnowledgeSource,
    report: ReadReport,
    *,
    all: bool,  # noqa: A002
    workers: int,
    cluster: str | None,
    progress: Progress | None,
    archive: str | None,
) -> int:
    from nlp.read import READER_VERSION  # noqa: PLC0415 - imported where it is used

    done = 0
    report.elsewhere = 0
    with session_scope(engine) as listing:
        pending = pending_readings(
            listing, knowledge.version, READER_VERSION, knowledge.model_version, all=all, tools=tools()
        )
        if archive is not None:
            pending = _here(pending, archive_root, _foreign_runs(listing, archive), report)
        with _reader(archive_root, knowledge_source, workers, cluster) as reader:
            for outcomes in reader(_batches(pending)):
                _store(engine, outcomes, report)
                done += len(outcomes)
                if progress is not None:
                    progress(report.captures)
    return done


def _foreign_runs(session: Session, archive: str) -> frozenset[int]:
    """Runs that wrote into the archive of another machine."""
    runs = session.execute(text("SELECT id FROM run WHERE arguments->>'archive' <> :archive"), {"archive": archive})
    return frozenset(runs.scalars())


_RUN_OF = re.compile(r"-r(\d+)-")


def _here(
    pending: Iterator[CaptureRef], root: Path, foreign: frozenset[int], report: ReadReport
) -> Iterator[CaptureRef]:
    """Captures whose bytes are in this archive, each with those of its attachments that are."""

    def elsewhere(file: str) -> bool:
        run = _RUN_OF.search(file)
        return run is not None and int(run.group(1)) in foreign and not (root / file).exists()

    for ref in pending:
        if elsewhere(ref.warc_file):
            report.elsewhere += 1
            continue
        missing = [a for a in ref.attachments if elsewhere(a.warc_file)]
        report.elsewhere += len(missing)
        yield replace(ref, attachments=tuple(a for a in ref.attachments if a not in missing)) if missing else ref


def _batches(pending: Iterator[CaptureRef]) -> Iterator[list[CaptureRef]]:
    while batch := list(islice(pending, BATCH)):
        yield batch


def _store(engine: Engine, outcomes: Sequence[Outcome], report: ReadReport) -> None:
    readings = []
    for ref, outcome in outcomes:
        if isinstance(outcome, str):
            message = f"{ref.url or ref.name or ref.sha256}: {outcome}"
            if message not in report.failed:
                report.failed.append(message)
            continue
        reading = _refused(outcome) if ref.refused and outcome.state is PageState.NOTICE else outcome
        readings.append((ref, reading))
        report.states[reading.state.value] += 1
        report.issues.update(issue.code for issue in reading.issues)
    with session_scope(engine) as session:
        stored = store_readings(session, readings)
    report.notices += stored.notices
    report.readings += stored.readings
    report.purged.update(stored.purged)


def _refused(reading: NoticeReading) -> NoticeReading:
    """The crawl has seen that these bytes are not the notice it asked for (cut, another page): they are kept, and no notice is made of them."""
    message = "the crawl refused this answer: it is cut, or another page than the one asked for"
    return replace(
        reading, state=PageState.UNKNOWN, issues=(*reading.issues, Issue("refused_by_crawl", message, "page"))
    )


# ── where batches are read ───────────────────────────────────────────────────────────────────────────────────────────


class _Here:
    """In this process."""

    def __init__(self, archive_root: Path, source: KnowledgeSource) -> None:
        self._state = _State(archive_root, source)

    def __enter__(self) -> BatchReader:
        return lambda batches: (self._state.read(batch) for batch in batches)

    def __exit__(self, *_: object) -> None:
        self._state.close()


class _Pool:
    """In worker processes; at most two batches a worker are in flight, so memory stays flat."""

    def __init__(self, archive_root: Path, source: KnowledgeSource, workers: int) -> None:
        self._workers = workers
        self._pool = concurrent.futures.ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(archive_root, source),
        )

    def __enter__(self) -> BatchReader:
        return self._run

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, batches: Iterable[Sequence[CaptureRef]]) -> Iterator[list[Outcome]]:
        running: set[concurrent.futures.Future[list[Outcome]]] = set()
        source = iter(batches)
        exhausted = False
        while running or not exhausted:
            while not exhausted and len(running) < 2 * self._workers:
                batch = next(source, None)
                if batch is None:
                    exhausted = True
                    break
                running.add(self._pool.submit(_read_batch, list(batch)))
            if running:
                finished, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
                for future in finished:
                    yield future.result()


class _Cluster:
    """On a Dask cluster whose workers see the archive under the same path."""

    def __init__(self, archive_root: Path, source: KnowledgeSource, address: str) -> None:
        try:
            import distributed  # noqa: PLC0415 - an extra
        except ImportError:
            raise ArchiveError("reading on a cluster needs Dask", "pip install 'caigou[cluster]'") from None
        try:
            untyped: Any = distributed
            self._client = untyped.Client(address, timeout="10s")
        except (OSError, TimeoutError, ValueError) as error:
            raise ArchiveError(f"no Dask scheduler answers at {address} ({error})", "check --cluster") from error
        self._root, self._source = archive_root, source

    def __enter__(self) -> BatchReader:
        return self._run

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def _run(self, batches: Iterable[Sequence[CaptureRef]]) -> Iterator[list[Outcome]]:
        import distributed  # noqa: PLC0415

        untyped: Any = distributed
        waiting = untyped.as_completed()
        source = iter(batches)
        limit = 2 * max(1, sum(self._client.nthreads().values()))
        for batch in islice(source, limit):
            waiting.add(self._client.submit(read_batch_at, str(self._root), self._source, list(batch), pure=False))
        for future in waiting:
            yield future.result()
            for batch in islice(source, 1):
                waiting.add(self._client.submit(read_batch_at, str(self._root), self._source, list(batch), pure=False))


def _reader(archive_root: Path, source: KnowledgeSource, workers: int, cluster: str | None) -> _Here | _Pool | _Cluster:
    if cluster is not None:
        return _Cluster(archive_root, source, cluster)
    return _Here(archive_root, source) if workers <= 1 else _Pool(archive_root, source, workers)


class _State:
    """What one reading process holds: the archive, the knowledge, a child process for attachments."""

    def __init__(self, archive_root: Path, source: KnowledgeSource) -> None:
        self._archive = Archive(archive_root)
        self._knowledge = source()
        self._attachments = AttachmentWorker()

    def read(self, batch: Sequence[CaptureRef]) -> list[Outcome]:
        return [(ref, self._one(ref)) for ref in batch]

    def _one(self, ref: CaptureRef) -> NoticeReading | str:
        from nlp.read import read  # noqa: PLC0415

        try:
            answer = self._archive.read(RecordRef(ref.warc_file, ref.warc_offset, ref.warc_length, ref.sha256))
            attached = tuple(self._attachment(a) for a in ref.attachments)
        except ArchiveError as error:
            return f"{error.message} {error.remedy}"
        page = PageInput(
            body=answer.body,
            url=ref.url,
            portal=ref.portal,
            content_type=ref.content_type,
            name=ref.name,
            attachments=attached,
        )
        return read(page, self._knowledge)

    def _attachment(self, ref: AttachmentRef) -> AttachmentText:
        answer = self._archive.read(RecordRef(ref.warc_file, ref.warc_offset, ref.warc_length, ref.sha256))
        return self._attachments.read(ref.name, answer.body, ref.url)

    def close(self) -> None:
        self._attachments.close()
        self._archive.close()


_PROCESS_STATES: dict[tuple[str, str], _State] = {}
"""One state a worker process; never shared, never changed once made."""


def _begin(archive_root: Path, source: KnowledgeSource) -> None:
    _PROCESS_STATES["", ""] = _State(archive_root, source)


def _read_batch(batch: list[CaptureRef]) -> list[Outcome]:
    return _PROCESS_STATES["", ""].read(batch)


def read_batch_at(archive_root: str, source: KnowledgeSource, batch: list[CaptureRef]) -> list[Outcome]:
    """A batch on a machine that may not have read for us before."""
    key = (archive_root, f"{source.__module__}.{source.__qualname__}")
    if key not in _PROCESS_STATES:
        _PROCESS_STATES[key] = _State(Path(archive_root), source)
    return _PROCESS_STATES[key].read(batch)
