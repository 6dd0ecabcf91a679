"""The count ladder (DESIGN section 3)."""

from db.count.ladder import Bounds, Ladder, count

__all__ = ["Bounds", "Ladder", "count"]
