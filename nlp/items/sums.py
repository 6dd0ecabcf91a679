"""Sum checks. They raise issues and never change a value."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from nlp.items.rawitem import amount_of
from nlp.types import Issue, Item, Lot, LotStatus

_RATIO = Decimal(10000)


def _near(a: Decimal, b: Decimal) -> bool:
    return abs(a - b) <= max(Decimal(1), abs(b) / 1000)


def _unit_slip(a: Decimal, b: Decimal) -> bool:
    """Whether two amounts differ by the factor of 万元 and 元."""
    if a == 0 or b == 0:
        return False
    return _near(a * _RATIO, b) or _near(a, b * _RATIO)


def check_sums(items: Sequence[Item], lots: Sequence[Lot]) -> list[Issue]:
    """Quantity × unit price against the total of each line, and the lines of a lot against its amount."""
    issues: list[Issue] = []
    for number, item in enumerate(items):
        if item.quantity is None or item.unit_price_cny is None or item.total_cny is None:
            continue
        product = item.quantity * item.unit_price_cny
        if not _near(product, item.total_cny):
            code = "money_unit_conflict" if _unit_slip(product, item.total_cny) else "item_sum"
            issues.append(
                Issue(code, f"{item.quantity} × {item.unit_price_cny} is not {item.total_cny}", f"items[{number}]")
            )
    for lot in lots:
        if lot.amount_cny is None or lot.status is not LotStatus.AWARDED:
            continue
        own = [item for item in items if item.lot == lot.lot and item.supplier in {None, lot.supplier}]
        amounts = [amount for item in own if (amount := amount_of(item)) is not None]
        if not own or len(amounts) != len(own):
            continue
        total = sum(amounts, Decimal(0))
        if total and not _near(total, lot.amount_cny):
            code = "money_unit_conflict" if _unit_slip(total, lot.amount_cny) else "lot_sum"
            issues.append(
                Issue(code, f"the lines make {total}, the lot says {lot.amount_cny}", f"lot {lot.lot or '-'}")
            )
    return issues
