"""Attachments read in a child process, with an end to its time and its memory.

A file made to harm a reader costs one child. Question and answer go over pipes as JSON with a length before them, never as pickles, so that
a child taken over by a file can hand back nothing but text. Runs as a module too: that is the child.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import importlib.util
import json
import os
import selectors
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing.util import Finalize
from pathlib import Path
from typing import IO, Any, Self

from jobs.office_converter import ConversionError, convert, find_converter, leave_network
from nlp.attachments import Limits, read_attachment
from nlp.attachments.ocr import recogniser
from nlp.attachments.pictures import Ocr
from nlp.attachments.reading import CONVERTIBLE
from nlp.types import AttachmentText, Block, BlockKind, Cell, Document, HintedSpan, Issue, Link, Table

_LENGTH = struct.Struct(">Q")
_CHUNK = 1 << 16
_MAX_ANSWER = 400_000_000
_LOOK = 0.5
_CONVERT_SECONDS = 90
_ENDED = frozenset({"attachment_timeout", "attachment_memory", "attachment_crash"})
_OCR_SHARE = 0.6
"""Of the time for a file; what was recognised by then is kept."""
_OCR_ADDRESSES = 2_000_000_000
"""Address space that models and their runtime reserve besides; they use a third of it."""


@dataclasses.dataclass(frozen=True, slots=True)
class WorkerLimits:
    """``seconds`` for one file from question to answer; ``memory_bytes`` of address space; ``files`` after which a child is replaced."""

    seconds: float = 120.0
    memory_bytes: int = 2_000_000_000
    files: int = 100
    reading: Limits = dataclasses.field(default_factory=Limits)


def tools() -> tuple[str, ...]:
    """The optional programs for attachments on this machine: ``ocr``, ``office``, ``rar``."""
    found = {
        "ocr": importlib.util.find_spec("rapidocr") is not None,
        "office": find_converter() is not None,
        "rar": shutil.which("unar") is not None or shutil.which("unrar") is not None,
    }
    return tuple(name for name, there in found.items() if there)


class AttachmentWorker:
    """One child at a time, made when first needed and again after it failed. Not for several threads at once."""

    def __init__(self, limits: WorkerLimits | None = None, *, ocr: bool = True, converter: str | None = None) -> None:
        """``converter`` is the LibreOffice program; null = look for it on the path."""
        self._limits = limits if limits is not None else WorkerLimits()
        self._ocr = ocr
        self._converter = converter if converter is not None else find_converter()
        self._child: subprocess.Popen[bytes] | None = None
        self._folder: str | None = None
        self._remove: Finalize | None = None
        self._served = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, name: str, body: bytes, url: str | None = None) -> AttachmentText:
        """The text of one file. Whatever the file does, there is an answer; a child that was stopped leaves an issue that says why."""
        found = self._ask(name, body, url)
        if found.document is None and found.issues[-1].code in _ENDED and b"%PDF-" in body[:1024]:
            return self._words_only(name, body, url, found)
        if found.document is None and found.media_type in CONVERTIBLE:
            return self._converted(name, body, url, found)
        return found

    def _words_only(self, name: str, body: bytes, url: str | None, found: AttachmentText) -> AttachmentText:
        """A pdf whose lines and scans were too much: its text layer may be read in a moment."""
        plain = self._ask(name, body, url, words_only=True)
        if plain.document is None or not plain.document.text:
            return found
        said = Issue("attachment_truncated", f"words only, without tables and scans: {found.issues[-1].message}", name)
        return dataclasses.replace(plain, issues=(said, *plain.issues))

    def close(self) -> None:
        """Ends the child."""
        child, self._child = self._child, None
        try:
            if child is not None:
                self._stop(child)
        finally:
            # What an unpacker wrote there outlives a child that was killed.
            if self._remove is not None:
                self._remove()
            self._folder = self._remove = None

    def _stop(self, child: subprocess.Popen[bytes]) -> None:
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        if child.poll() is None:
            _end(child)

    def _ask(self, name: str, body: bytes, url: str | None, *, words_only: bool = False) -> AttachmentText:
        if len(body) > self._limits.reading.file_bytes:
            return read_attachment(name, body, url, limits=self._limits.reading)
        question = {"name": name, "url": url, "size": len(body), "words_only": words_only}
        head = json.dumps(question, ensure_ascii=True).encode()
        try:
            answer = self._exchange(_LENGTH.pack(len(head)) + head + body)
        except TimeoutError:
            self.close()
            return _failed(name, body, url, "attachment_timeout", f"not read within {self._limits.seconds:g} s")
        except EOFError:
            status = self._child.wait() if self._child is not None else 0
            self.close()
            code, message = _cause(status)
            return _failed(name, body, url, code, message)
        self._served += 1
        if self._served >= self._limits.files:
            self.close()
        if "error" in answer:
            return _failed(name, body, url, str(answer["error"]), str(answer["message"]))
        return attachment_from_json(answer)

    def _start(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._folder = tempfile.mkdtemp(prefix="caigou-attachment-")
            # Unlike a TemporaryDirectory, this also goes when a worker of a process pool ends.
            self._remove = Finalize(None, shutil.rmtree, (self._folder,), {"ignore_errors": True}, exitpriority=0)
            settings = json.dumps(
                {
                    "memory": self._limits.memory_bytes,
                    "folder": self._folder,
                    "ocr": self._ocr,
                    "ocr_seconds": self._limits.seconds * _OCR_SHARE,
                    "limits": dataclasses.asdict(self._limits.reading),
                }
            )
            root = str(Path(__file__).resolve().parent.parent)
            path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
            self._child = subprocess.Popen(  # noqa: S603 -- our own module in our own interpreter
                [sys.executable, "-m", "jobs.attachment_worker", settings],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "TMPDIR": self._folder},
                start_new_session=True,
            )
            self._served = 0
        return self._child

    def _exchange(self, question: bytes) -> dict[str, Any]:
        """Writes and reads side by side, so that neither end can block the other past the deadline."""
        child = self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        deadline = time.monotonic() + self._limits.seconds
        os.set_blocking(child.stdin.fileno(), False)
        pending = memoryview(question)
        received = bytearray()
        need: int | None = None
        with selectors.DefaultSelector() as ready:
            ready.register(child.stdout, selectors.EVENT_READ)
            ready.register(child.stdin, selectors.EVENT_WRITE)
            while need is None or len(received) < need:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                for key, _ in ready.select(left):
                    if key.fileobj is child.stdin:
                        pending = _write_some(child.stdin, pending)
                        if not pending:
                            ready.unregister(child.stdin)
                        continue
                    chunk = os.read(child.stdout.fileno(), _CHUNK)
                    if not chunk:
                        raise EOFError
                    received += chunk
                    if need is None and len(received) >= _LENGTH.size:
                        need = _LENGTH.size + _LENGTH.unpack_from(received)[0]
                        if need > _MAX_ANSWER:
                            raise EOFError
        answer = json.loads(bytes(received[_LENGTH.size :]))
        return dict(answer)

    def _converted(self, name: str, body: bytes, url: str | None, found: AttachmentText) -> AttachmentText:
        """A legacy document through LibreOffice, then read like any docx or pptx."""
        if self._converter is None:
            return found
        suffix, target = CONVERTIBLE[found.media_type]
        try:
            made = convert(
                self._converter, body, suffix, target, seconds=min(_CONVERT_SECONDS, self._limits.seconds),
                memory_bytes=self._limits.memory_bytes, file_bytes=self._limits.reading.file_bytes,
            )  # fmt: skip
        except ConversionError as error:
            kept = tuple(issue for issue in found.issues if issue.code != "attachment_no_reader")
            return dataclasses.replace(found, issues=(*kept, Issue(error.code, error.message, name)))
        inner = self._ask(f"{name}.{target}", made, url)
        issues = tuple(dataclasses.replace(issue, where=_renamed(issue.where, name, target)) for issue in inner.issues)
        said = tuple(issue for issue in found.issues if issue.code != "attachment_no_reader")
        return dataclasses.replace(
            inner, name=name, sha256=found.sha256, media_type=found.media_type, issues=(*said, *issues)
        )


def _renamed(where: str | None, name: str, target: str) -> str | None:
    """An issue of the converted file is one of the file it was made from."""
    made = f"{name}.{target}"
    return name + where.removeprefix(made) if where is not None and where.startswith(made) else where


def _write_some(stream: IO[bytes], pending: memoryview) -> memoryview:
    try:
        return pending[os.write(stream.fileno(), pending[: 1 << 20]) :]
    except BlockingIOError:
        return pending
    except BrokenPipeError as error:
        raise EOFError from error


def _end(child: subprocess.Popen[bytes]) -> None:
    """Stops a child and whatever it started, by its own session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _cause(status: int) -> tuple[str, str]:
    if status == _MEMORY_STATUS:
        return "attachment_memory", "the file needs more memory than a reader may have"
    if status < 0:
        return "attachment_crash", f"the reader was ended by signal {-status}"
    return "attachment_crash", f"the reader ended with status {status}"


def _failed(name: str, body: bytes, url: str | None, code: str, message: str) -> AttachmentText:
    return AttachmentText(
        name, url, hashlib.sha256(body).hexdigest(), "application/octet-stream", None, (), (Issue(code, message, name),)
    )


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def attachment_to_json(found: AttachmentText) -> dict[str, Any]:
    """Lists for the many small parts, so that a big workbook stays small on the pipe."""
    document = found.document
    return {
        "name": found.name,
        "url": found.url,
        "sha256": found.sha256,
        "media_type": found.media_type,
        "pages": list(found.pages),
        "issues": [[issue.code, issue.message, issue.where] for issue in found.issues],
        "document": None
        if document is None
        else {
            "text": document.text,
            "title": document.title,
            "blocks": [[b.kind.value, b.start, b.end, b.level, b.table, list(b.hints)] for b in document.blocks],
            "tables": [
                [
                    [[[c.text, c.start, c.end, c.header, c.origin, list(c.hints)] for c in row] for row in t.rows],
                    t.start,
                    t.end,
                    t.section,
                    t.caption,
                ]
                for t in document.tables
            ],
            "links": [[link.text, link.url] for link in document.links],
            "hinted": [[h.code, h.start, h.end, h.text] for h in document.hinted],
            "issues": [[issue.code, issue.message, issue.where] for issue in document.issues],
        },
    }


def attachment_from_json(value: dict[str, Any]) -> AttachmentText:
    """The inverse of :func:`attachment_to_json`."""
    raw = value["document"]
    document = None
    if raw is not None:
        document = Document(
            raw["text"],
            tuple(Block(BlockKind(b[0]), b[1], b[2], b[3], b[4], tuple(b[5])) for b in raw["blocks"]),
            tuple(
                Table(
                    tuple(tuple(Cell(c[0], c[1], c[2], c[3], c[4], tuple(c[5])) for c in row) for row in t[0]),
                    t[1],
                    t[2],
                    t[3],
                    t[4],
                )
                for t in raw["tables"]
            ),
            raw["title"],
            tuple(Link(*link) for link in raw["links"]),
            tuple(HintedSpan(*span) for span in raw["hinted"]),
            tuple(Issue(*issue) for issue in raw["issues"]),
        )
    return AttachmentText(
        value["name"],
        value["url"],
        value["sha256"],
        value["media_type"],
        document,
        tuple(value["pages"]),
        tuple(Issue(*issue) for issue in value["issues"]),
    )


# ── the child ────────────────────────────────────────────────────────────────────────────────────────────────────────

_MEMORY_STATUS = 77


def _limit_memory(size: int) -> None:
    try:
        import resource  # noqa: PLC0415 -- not on every system
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    ceiling = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _exactly(stream: IO[bytes], size: int) -> bytes:
    body = stream.read(size)
    if len(body) != size:
        raise EOFError
    return body


def _until(deadline: float, engine: Ocr) -> Ocr:
    """The recogniser while there is time; nothing read so far is lost to the pages that come after."""
    return lambda picture: engine(picture) if time.monotonic() < deadline else None


def _end_with_parent(parent: int, folder: str) -> None:
    """Whoever asked was killed: nobody waits for the file at hand, and nobody else removes our scratch."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _serve(settings: dict[str, Any]) -> None:
    """Answers questions until the parent closes the pipe."""
    # answers go to the real standard output; whatever a library prints must not get between them
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with_ocr = bool(settings["ocr"]) and importlib.util.find_spec("rapidocr") is not None
    _limit_memory(int(settings["memory"]) + (_OCR_ADDRESSES if with_ocr else 0))
    leave_network()
    threading.Thread(target=_end_with_parent, args=(os.getppid(), settings["folder"]), daemon=True).start()
    limits = Limits(**settings["limits"])
    make_recogniser = functools.cache(recogniser)
    source = sys.stdin.buffer
    while True:
        length = source.read(_LENGTH.size)
        if len(length) < _LENGTH.size:
            return
        head = json.loads(_exactly(source, _LENGTH.unpack(length)[0]))
        body = _exactly(source, int(head["size"]))
        try:
            began = time.monotonic()
            asked = dataclasses.replace(limits, table_pages=0) if head["words_only"] else limits
            found = read_attachment(head["name"], body, head["url"], limits=asked)
            if (
                with_ocr
                and not head["words_only"]
                and any(issue.code == "attachment_scanned" for issue in found.issues)
            ):
                # the recogniser takes seconds to load: only files that need it pay for it
                engine = make_recogniser()
                if engine is not None:
                    ocr = _until(began + float(settings["ocr_seconds"]), engine)
                    found = read_attachment(head["name"], body, head["url"], limits=limits, ocr=ocr)
            answer = attachment_to_json(found)
        except MemoryError:
            os._exit(_MEMORY_STATUS)
        except Exception as error:  # noqa: BLE001 -- the parent must hear of it, whatever it is
            answer = {"error": "attachment_crash", "message": f"{type(error).__name__}: {error}"[:500]}
        payload = json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")
        out.write(_LENGTH.pack(len(payload)) + payload)
        out.flush()


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    try:
        _serve(told)
    finally:
        shutil.rmtree(told["folder"], ignore_errors=True)
