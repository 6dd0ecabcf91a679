"""One file for each platform: how its answers are built, and nothing else.

A platform module has ``NAME``, ``matches(raw) -> bool`` and ``read(raw) -> Source``. The generic ones match everything of their kind and come
last. The portal's profile may name its platform; a page that does not look like it is read by what it does look like.
"""

from __future__ import annotations

from typing import Protocol

from nlp.notice.platforms import ccgp, chongqing, generic_html, generic_json, ggzy, gpcms, hebei, plain, shandong, zcy
from nlp.notice.source import RawPage, Source


class Platform(Protocol):
    """The shape of a platform module."""

    NAME: str

    def matches(self, raw: RawPage) -> bool: ...

    def read(self, raw: RawPage) -> Source: ...


PLATFORMS: tuple[Platform, ...] = (
    zcy,
    gpcms,
    chongqing,
    shandong,
    ccgp,
    ggzy,
    hebei,
    generic_json,
    generic_html,
    plain,
)
NAMES = frozenset(platform.NAME for platform in PLATFORMS)


def read_source(raw: RawPage) -> Source:
    """The answer through the portal's own platform when it fits, else through the first that recognises it."""
    wanted = raw.profile.platform if raw.profile is not None else ""
    ordered = sorted(PLATFORMS, key=lambda platform: wanted != platform.NAME) if wanted else PLATFORMS
    for platform in ordered:
        if platform.matches(raw):
            return platform.read(raw)
    return plain.read(raw)
