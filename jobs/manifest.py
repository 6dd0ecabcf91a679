"""The CSV that tells where saved files came from: ``file,url,portal,captured_at``."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

_COLUMNS = ("file", "url", "portal", "captured_at")


class ManifestError(ValueError):
    """Raised by :func:`read_manifest` when the file cannot be used: names the line and the remedy."""

    exit_code = 2

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """``path`` is resolved against the manifest's folder; ``captured_at`` is timezone-aware or null (= time of import)."""

    path: Path
    url: str | None
    portal: str | None
    captured_at: dt.datetime | None
    name: str | None = None
    """How the file is called in messages and in the ledger: its path as the manifest or the folder gives it."""


def read_manifest(manifest: Path) -> list[ManifestRow]:
    """All rows, in order. Raises ManifestError for a missing column, an empty list, a bad time or a file named twice."""
    try:
        text = manifest.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ManifestError(f"{manifest}: no such file", "check the path of --manifest") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"{manifest}: cannot be read ({error})", "save it as a UTF-8 CSV") from None
    reader = csv.DictReader(text.splitlines())
    header = tuple(reader.fieldnames or ())
    if "file" not in header:
        raise ManifestError(f"{manifest}: no column named file", "the first line must be " + ",".join(_COLUMNS))
    unknown = [name for name in header if name not in _COLUMNS]
    if unknown:
        raise ManifestError(f"{manifest}: unknown column {unknown[0]!r}", "the columns are " + ",".join(_COLUMNS))
    rows: list[ManifestRow] = []
    seen: set[str] = set()
    for number, row in enumerate(reader, start=2):
        name = (row["file"] or "").strip()
        if not name:
            raise ManifestError(f"{manifest}, line {number}: empty file name", "fill the file column or drop the line")
        if name in seen:
            raise ManifestError(f"{manifest}, line {number}: {name} is listed twice", "keep one line a file")
        seen.add(name)
        when = (row.get("captured_at") or "").strip()
        rows.append(
            ManifestRow(
                path=manifest.parent / name,
                url=(row.get("url") or "").strip() or None,
                portal=(row.get("portal") or "").strip() or None,
                captured_at=_time(when, manifest, number) if when else None,
                name=name,
            )
        )
    if not rows:
        raise ManifestError(f"{manifest}: no files listed", "add one line a file")
    return rows


def _time(text: str, manifest: Path, number: int) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ManifestError(
            f"{manifest}, line {number}: {text!r} is not a time", "write 2022-05-12T08:30:00+08:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))
