"""What is known before the first crawl: data files and the loaders that check them and build the reader's knowledge.

Each sub-package owns its files and lists them in ``FILES``; the digest over all of them is the ``lexicon`` version stored with every
reading, so a changed alias is a changed version.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlp.knowledge import Knowledge

ROOT = Path(__file__).parent


class SeedError(ValueError):
    """Raised by the loaders for a seed file that breaks its schema: names the file, the row and the remedy."""

    def __init__(self, message: str, remedy: str = "correct the seed file") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def digest(files: tuple[Path, ...]) -> str:
    """sha256 over names and bytes of ``files``, in the order of their names; the first 16 hex digits."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update((path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(path.name)).as_posix().encode())
        total.update(b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def lexicon_version() -> str:
    """Digest of everything the reader's knowledge is built from, the model apart."""
    from seeds.orgs import more_divisions  # noqa: PLC0415

    return _lexicon_version(more_divisions())


@functools.cache
def _lexicon_version(more: Path | None) -> str:
    from seeds import brands, orgs, portals  # noqa: PLC0415

    return "lex-" + digest((*brands.FILES, *orgs.FILES, *portals.FILES, *((more,) if more else ())))


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
