"""Which notices are the same announcement (N1) and the same procurement (N2)."""

from db.link.run import Linked, link, link_some, refresh_statistics, relink

__all__ = ["Linked", "link", "link_some", "refresh_statistics", "relink"]
