"""The kind of goods (DESIGN section 5a): drives by their build, everything else as one."""

from __future__ import annotations

_KINDS = {
    "surveillance": "hdd", "nas": "hdd", "enterprise": "hdd", "desktop": "hdd", "mobile": "hdd", "ssd": "ssd", "portable": "portable",
}  # fmt: skip


def product_kind(product_class: str | None, name: str | None) -> str | None:
    """The kind follows from the class; without one, from what the line is called. Null = not known."""
    if product_class is not None:
        return _KINDS.get(product_class, "other")
    if name is None or "盘" not in name:
        return None
    if "固态" in name or "ssd" in name.casefold():
        return "ssd"
    if "移动硬盘" in name or "U盘" in name:
        return "portable"
    return "hdd" if "硬盘" in name else None
