"""Records for the commands that read small texts: arguments, a text file, JSON lines, or standard input."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cli.output import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Record:
    """``id`` and ``header`` only where the input gave them."""

    text: str
    id: str | None = None
    header: str | None = None


def read_records(texts: list[str] | None, file: str | None) -> Iterator[Record]:
    """Records in input order. Blank lines of a plain text file are records too: one answer a line.

    Raises UsageError when there is nothing to read, the file is missing or a JSON line is broken.
    """
    if bool(texts) == (file is not None):
        raise UsageError("give either texts or --file, one of the two", "see --help for an example")
    if texts:
        yield from (Record(text) for text in texts)
        return
    assert file is not None
    data = _bytes(file)
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        content = data.decode("utf-8-sig", errors="replace")
        sys.stderr.write(f"caigou: {file}: not valid UTF-8 at byte {error.start}; broken bytes are shown as U+FFFD\n")
    lines = content.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if file.endswith(".jsonl") or content.lstrip()[:1] == "{":
        yield from _json_records(file, lines)
    else:
        yield from (Record(line.rstrip("\r")) for line in lines)


def _bytes(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except IsADirectoryError:
        raise UsageError(f"{file} is a directory", "name a file") from None
    except FileNotFoundError:
        raise UsageError(f"{file}: no such file", "check the path") from None
    except PermissionError:
        raise UsageError(f"{file}: no permission to read it", "check the file's owner and mode") from None


def _json_records(file: str, lines: list[str]) -> Iterator[Record]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise UsageError(
                f"{file}, line {number}: not JSON ({error.msg})", "one object a line, with a text field"
            ) from None
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str):
            raise UsageError(f'{file}, line {number}: no "text" in the record', 'write {"id": …, "text": …}')
        identity, header = value.get("id"), value.get("header")
        yield Record(text, None if identity is None else str(identity), None if header is None else str(header))
