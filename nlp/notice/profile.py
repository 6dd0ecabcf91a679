"""What is known about one portal before reading a page of it. Filled from ``seeds/portals``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PortalProfile:
    """``platform`` names the file in ``nlp/notice/platforms`` that reads the portal's answers; an empty one means: find out by content.

    ``hosts`` are host names without scheme. ``region_code`` is the GB/T 2260 code of the portal's own area, null for national portals.
    Selectors are CSS. ``content`` is the declared content node: its text is the document and, without ``volatile`` nodes, the content digest.
    """

    id: str
    name: str = ""
    platform: str = ""
    hosts: tuple[str, ...] = ()
    region_code: str | None = None
    content: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    """Nodes inside the content that are not part of the notice (related notices, sharing buttons)."""
    volatile: tuple[str, ...] = ()
    """Nodes that change between visits (click counters); left out of the digest."""
    source_id: str | None = None
    """Regular expression on the URL whose first group is the portal's own id of the notice."""
    money_unit: str | None = None
    """Unit of money fields that carry none in the portal's own structured data: 元 or 万元."""
