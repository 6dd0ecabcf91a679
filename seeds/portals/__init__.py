"""Portals: who publishes, on which software, and how a page of theirs is read. One YAML file a portal; the file's name is its id.

``name``, ``publisher`` and ``region_code`` describe the portal, ``read:`` holds the keys of :class:`nlp.notice.profile.PortalProfile`, ``crawl:`` is the
crawler's business and not looked at here.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

from nlp.notice.profile import PortalProfile

HERE = Path(__file__).parent
FILES: tuple[Path, ...] = tuple(sorted(HERE.glob("*.yml")))

_LISTS = ("hosts", "content", "title", "published", "drop", "volatile")
_TEXTS = ("platform", "source_id", "money_unit")
_TOP = frozenset({"name", "publisher", "region_code", "read", "crawl"})


def _error(path: Path, message: str) -> Exception:
    from seeds import SeedError  # noqa: PLC0415 - the package imports this module

    return SeedError(f"{path.name}: {message}", "correct the YAML file")


@functools.cache
def load_portals() -> dict[str, PortalProfile]:
    """Profiles by portal id. Raises SeedError naming the file and what is wrong."""
    import yaml  # noqa: PLC0415 - --help need not pay for it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    profiles: dict[str, PortalProfile] = {}
    for path in FILES:
        with path.open(encoding="utf-8") as stream:
            try:
                document = yaml.load(stream, loader)  # noqa: S506 - a safe loader, the C one
            except yaml.YAMLError as error:
                raise _error(path, f"no YAML: {error}") from error
        profiles[path.stem] = parse_portal(document, path)
    return profiles


def parse_portal(document: object, path: Path) -> PortalProfile:
    """The profile a portal file describes. Raises SeedError."""
    from nlp.notice.platforms import NAMES  # noqa: PLC0415 - imports the HTML parser

    if not isinstance(document, dict):
        raise _error(path, "a mapping with name, read and crawl is expected")
    unknown = document.keys() - _TOP
    if unknown:
        raise _error(path, f"unknown keys {sorted(unknown)}")
    row = document.get("read") or {}
    if not isinstance(row, dict) or row.keys() - {*_LISTS, *_TEXTS}:
        raise _error(path, f"read: keys must be among {', '.join((*_LISTS, *_TEXTS))}")
    for key in _LISTS:
        value = row.get(key)
        if value is not None and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise _error(path, f"read.{key}: a list of texts is expected")
    platform = row.get("platform") or ""
    if platform and platform not in NAMES:
        raise _error(path, f"read.platform: {platform!r} has no file in nlp/notice/platforms")
    code = document.get("region_code")
    if code is not None and re.fullmatch(r"\d{6}", str(code)) is None:
        raise _error(path, f"region_code: {code!r} is not six digits")
    try:
        re.compile(row.get("source_id") or "")
    except re.error as error:
        raise _error(path, f"read.source_id: {error}") from error
    return _profile(path.stem, document, row, platform, str(code) if code is not None else None)


def _profile(
    identifier: str, document: dict[str, Any], row: dict[str, Any], platform: str, code: str | None
) -> PortalProfile:
    return PortalProfile(
        id=identifier,
        name=str(document.get("name") or ""),
        platform=platform,
        hosts=tuple(row.get("hosts") or ()),
        region_code=code,
        content=tuple(row.get("content") or ()),
        title=tuple(row.get("title") or ()),
        published=tuple(row.get("published") or ()),
        drop=tuple(row.get("drop") or ()),
        volatile=tuple(row.get("volatile") or ()),
        source_id=row.get("source_id"),
        money_unit=row.get("money_unit"),
    )
