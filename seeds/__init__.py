"""What is known before the first crawl: data files and the loaders that check them and build the reader's knowledge.

Each sub-package owns its files and lists them in ``FILES``; the digest over what the reader reads of them is the ``lexicon`` version
stored with every reading: a changed alias is a changed version, a changed delay of a crawl is not.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlp.knowledge import Knowledge
    from nlp.notice.profile import PortalProfile

ROOT = Path(__file__).parent


class SeedError(ValueError):
    """Raised by the loaders for a seed file that breaks its schema: names the file, the row and the remedy."""

    def __init__(self, message: str, remedy: str = "correct the seed file") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


_PROSE = frozenset({"source", "confidence", "note", "samples", "near_miss", "near_misses"})
"""Columns for people and checks: where a fact comes from, what a pattern is tried on. No reading depends on them."""


def digest_of(tables: Iterable[Path], profiles: Mapping[str, PortalProfile]) -> str:
    """Digest of what the reader reads of the tables and of the portals' profiles; 16 hex digits.

    Names and notes of portals, and the columns of tables that say only where a fact comes from, are left out.
    """
    total = hashlib.sha256()
    for path in sorted(tables):
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(path.name)
        total.update(f"{name.as_posix()}\0".encode())
        total.update(hashlib.sha256(_as_read(path)).digest())
    for identifier, profile in sorted(profiles.items()):
        read = {field: getattr(profile, field) for field in profile.__dataclass_fields__ if field != "name"}
        total.update(f"{identifier}\0{json.dumps(read, ensure_ascii=False, sort_keys=True)}\0".encode())
    return total.hexdigest()[:16]


def _as_read(path: Path) -> bytes:
    body = path.read_bytes()
    lines = csv.reader(body.decode().splitlines(keepends=True))
    columns = next(lines, [])
    kept = [n for n, column in enumerate(columns) if column not in _PROSE]
    if len(kept) == len(columns):
        return body
    rows = [[line[n] if n < len(line) else None for n in kept] for line in (columns, *lines)]
    return json.dumps(rows, ensure_ascii=False).encode()


def lexicon_version() -> str:
    """Digest of everything the reader's knowledge is built from, the model apart."""
    from seeds.orgs import more_divisions  # noqa: PLC0415

    return _lexicon_version(more_divisions())


@functools.cache
def _lexicon_version(more: Path | None) -> str:
    from seeds import brands, orgs, portals  # noqa: PLC0415

    return "lex-" + digest_of((*brands.READ, *orgs.FILES, *((more,) if more else ())), portals.load_portals())


def load_knowledge() -> Knowledge:
    """Everything the reader knows. Built once a process; about a quarter of a second."""
    return _load_knowledge(lexicon_version())


@functools.lru_cache(maxsize=2)
def _load_knowledge(version: str) -> Knowledge:
    from nlp.knowledge import Knowledge  # noqa: PLC0415
    from seeds.brands import load_brand_knowledge  # noqa: PLC0415
    from seeds.classifiers import AREAS, TYPES, load_classifier  # noqa: PLC0415
    from seeds.models import load_role_model  # noqa: PLC0415
    from seeds.orgs import load_org_knowledge  # noqa: PLC0415
    from seeds.portals import load_portals  # noqa: PLC0415

    return Knowledge(
        version=version,
        brands=load_brand_knowledge(),
        orgs=load_org_knowledge(),
        roles=load_role_model(segmenter=False),
        portals=load_portals(),
        areas=load_classifier(AREAS, segmenter=False),
        types=load_classifier(TYPES, segmenter=False),
    )
