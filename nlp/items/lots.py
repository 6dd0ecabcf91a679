"""Outcomes to lots and parties: one row a lot and supplier, doubles merged, amounts filled from where the notice states them."""

from __future__ import annotations

from nlp.items.model import Outcome, name_key
from nlp.items.outcomes import Found
from nlp.money import find_amounts
from nlp.types import Issue, Lot, LotStatus, Money, Notice, NoticeType, Party, PartyRole

_MAX_ALIKE = 200
_NO_SUPPLIER = frozenset(
    {
        NoticeType.TENDER,
        NoticeType.INTENTION,
        NoticeType.PREQUALIFICATION,
        NoticeType.CORRECTION,
        NoticeType.IMPORT_REVIEW,
        NoticeType.COMPLAINT,
    }
)
"""Types in which whoever is named has not won."""


def names_winner(kind: NoticeType | None) -> bool:
    return kind not in _NO_SUPPLIER


def settle(found: Found, notice: Notice, text: str) -> tuple[list[Lot], list[Party], list[Party], list[Issue]]:
    """Lots, suppliers, candidates and issues."""
    kind = notice.type
    outcomes = _merged([o for o in found.outcomes if o.members or o.status is LotStatus.FAILED], found.issues)
    winners = [o for o in outcomes if o.status is LotStatus.AWARDED and not o.proposed]
    proposed = [o for o in outcomes if o.proposed]
    candidates = [o for o in outcomes if o.status is LotStatus.CANDIDATE]
    failed = [o for o in outcomes if o.status is LotStatus.FAILED]
    if kind is NoticeType.SINGLE_SOURCE:
        proposed, winners = [*proposed, *winners], []
    if kind is NoticeType.FAILED:
        lost = {o.lot for o in failed}
        winners = [o for o in winners if o.sure and lost and o.lot is not None and o.lot not in lost]
    if not names_winner(kind):
        winners = []
    winners = _reconciled(winners)
    won_lots = {o.lot for o in winners}
    failed = [o for o in failed if o.lot not in won_lots or o.lot is None]
    if winners:
        # a result that names its winner makes everybody else named a loser; the winner's own bid is no second fact
        won = {name for o in winners for name in o.members}
        candidates = [o for o in candidates if not set(o.members) <= won]
    _fill_amounts(winners, found, notice, text)
    if len(failed) > 1 or winners:
        failed = [o for o in failed if o.lot is not None or o.lot_name is not None]
    lots = [_lot(o) for o in winners]
    lots += [_lot(o) for o in failed]
    if not winners and kind in {None, NoticeType.AWARD, NoticeType.CANDIDATE, NoticeType.EMALL_ORDER}:
        lots += [_lot(o) for o in _first_ranked(candidates)]
    if kind is NoticeType.FAILED and not lots:
        lots.append(Lot(status=LotStatus.FAILED))
    lots.sort(key=lambda lot: lot.start if lot.start is not None else 0)
    suppliers = _parties(winners, PartyRole.SUPPLIER) + _parties(proposed, PartyRole.PROPOSED_SUPPLIER)
    return lots, suppliers, _parties(candidates, PartyRole.CANDIDATE), found.issues


def _lot(outcome: Outcome) -> Lot:
    money = outcome.amount
    return Lot(
        outcome.lot,
        outcome.lot_name,
        outcome.status,
        outcome.supplier,
        money.cny if money is not None else None,
        money.raw if money is not None else None,
        money.reason if money is not None else None,
        outcome.start,
        outcome.end,
    )


def _same_names(a: Outcome, b: Outcome) -> bool:
    return a.mark == b.mark


def _merged(outcomes: list[Outcome], issues: list[Issue]) -> list[Outcome]:
    """One outcome for each lot, status and supplier. Order of position; what a later place adds is kept, what it contradicts is an issue."""
    out: list[Outcome] = []
    known: dict[tuple[LotStatus, frozenset[str]], list[Outcome]] = {}
    for outcome in sorted(_goods_summed(outcomes), key=lambda o: ("items" in o.notes, o.start)):
        alike = known.setdefault((outcome.status, outcome.mark), [])
        twin = _twin(alike, outcome)
        if twin is None:
            alike.append(outcome)
            out.append(outcome)
            continue
        twin.sure = twin.sure or outcome.sure
        twin.lot_name = twin.lot_name or outcome.lot_name
        twin.rank = twin.rank if twin.rank is not None else outcome.rank
        if twin.amount is None or (
            twin.amount.cny is None and outcome.amount is not None and outcome.amount.cny is not None
        ):
            twin.amount = outcome.amount
        elif (
            outcome.amount is not None
            and outcome.amount.cny not in {None, twin.amount.cny}
            and "items" not in outcome.notes
        ):
            issues.append(
                Issue(
                    "amount_conflict",
                    f"two amounts for one lot: {twin.amount.raw!r} and {outcome.amount.raw!r}",
                    f"lot {outcome.lot or '-'}",
                )
            )
    return out


def _twin(alike: list[Outcome], outcome: Outcome) -> Outcome | None:
    """The same fact told before: same lot, or a place that names no lot. ``alike`` have the same status and names."""
    joinable = [other for other in alike[-_MAX_ALIKE:] if _joinable(other, outcome)]
    for other in joinable:
        if other.lot == outcome.lot:
            return other
    if not outcome.members:
        return None
    if outcome.lot is None:
        return joinable[0] if joinable else None
    for other in joinable:
        if other.lot is None:
            other.lot = outcome.lot
            return other
    return None


def _goods_summed(outcomes: list[Outcome]) -> list[Outcome]:
    """Lines of a goods table that name their supplier: one outcome for each lot and supplier, their amounts together."""
    out: list[Outcome] = []
    sums: dict[tuple[str | None, frozenset[str]], Outcome] = {}
    for outcome in outcomes:
        if "items" not in outcome.notes:
            out.append(outcome)
            continue
        mark = (outcome.lot, outcome.mark)
        first = sums.setdefault(mark, outcome)
        if first is outcome:
            out.append(outcome)
        else:
            first.amount = _sum(first.amount, outcome.amount)
    return out


def _joinable(a: Outcome, b: Outcome) -> bool:
    """Two rows of one table with different amounts are two awards; the same fact told twice is one."""
    if (
        a.table is not None
        and a.table == b.table
        and a.amount is not None
        and b.amount is not None
        and a.amount.cny != b.amount.cny
    ):
        return False
    if (
        a.lot_name is not None
        and b.lot_name is not None
        and a.lot_name != b.lot_name
        and a.status is LotStatus.AWARDED
        and "items" not in b.notes
    ):
        return a.lot is not None and a.lot == b.lot
    return True


def _sum(a: Money | None, b: Money | None) -> Money | None:
    if a is None or b is None:
        return a or b
    if a.cny is None or b.cny is None:
        return a if a.cny is None else b
    return Money(a.cny + b.cny, f"{a.raw} + {b.raw}", None, a.unit_source)


def _reconciled(winners: list[Outcome]) -> list[Outcome]:
    """Where words name the winner, suppliers named only by their place do not add others; item tables speak only when nothing else does."""
    if any("items" not in o.notes for o in winners):
        winners = [o for o in winners if "items" not in o.notes]
    sure_lots = {o.lot for o in winners if o.sure}
    if sure_lots:
        winners = [
            o for o in winners if o.sure or o.amount is not None or (None not in sure_lots and o.lot not in sure_lots)
        ]
    numbered = [o for o in winners if o.lot is not None]
    if numbered:
        names = {name for o in numbered for name in o.members}
        winners = [o for o in winners if o.lot is not None or not set(o.members) <= names]
    return winners


def _fill_amounts(winners: list[Outcome], found: Found, notice: Notice, text: str) -> None:
    """The one winner without an amount takes the notice's total, or his own bid where only the table of bids gives it."""
    for outcome in winners:
        if outcome.amount is None or (outcome.amount.cny is None and outcome.amount.reason in {"empty", "placeholder"}):
            bids = {money.cny: money for name, money in found.bids if name in outcome.members}
            if len(bids) == 1 and outcome.amount is None and not _total(found, notice):
                outcome.amount = next(iter(bids.values()))
                found.issues.append(
                    Issue(
                        "amount_from_bid",
                        "the award states no amount; the winner's bid is taken",
                        f"lot {outcome.lot or '-'}",
                    )
                )
    bare = [
        o
        for o in winners
        if o.amount is None
        or (o.amount.cny is None and o.amount.reason in {"empty", "placeholder", "zero", "not_money"})
    ]
    if len(bare) == 1 and len(winners) == 1:
        total = _total(found, notice)
        if total is not None:
            bare[0].amount = total
        elif bare[0].amount is None:
            bare[0].amount = _bid_near_name(bare[0], text)
            if bare[0].amount is not None:
                found.issues.append(
                    Issue(
                        "amount_from_bid",
                        "the award states no amount; the winner's bid is taken",
                        f"lot {bare[0].lot or '-'}",
                    )
                )


def _total(found: Found, notice: Notice) -> Money | None:
    stated = {money.cny: money for money, _, _ in found.totals if money.cny is not None}
    if len(stated) == 1:
        return next(iter(stated.values()))
    if notice.award_total_cny is not None:
        return Money(
            notice.award_total_cny, notice.award_total_raw or str(notice.award_total_cny), None, "portal_default"
        )
    return None


def _bid_near_name(outcome: Outcome, text: str) -> Money | None:
    """The one figure with cents that stands beside the winner's name elsewhere in flattened text."""
    values = set()
    raw = ""
    for name in outcome.members[:1]:
        at = text.find(name)
        while at >= 0:
            window = text[at + len(name) : at + len(name) + 60].split("公司", maxsplit=1)[0]
            for token in window.split():
                if (
                    token.count(".") == 1
                    and token.replace(",", "").replace(".", "").isdigit()
                    and len(token.split(".")[1]) == 2
                ):
                    amounts = find_amounts(f"{token}元")
                    if amounts and amounts[0].value >= 1000:
                        values.add(amounts[0].value)
                        raw = token
            at = text.find(name, at + 1)
    return Money(values.pop(), raw, None, None) if len(values) == 1 else None


def _first_ranked(candidates: list[Outcome]) -> list[Outcome]:
    """For each lot the candidate the page puts first; ranks decide, else the order."""
    best: dict[str | None, Outcome] = {}
    for outcome in sorted(candidates, key=lambda o: o.start):
        seen = best.get(outcome.lot)
        if seen is None:
            best[outcome.lot] = outcome
            continue
        if _same_names(seen, outcome):
            if seen.amount is None or seen.amount.cny is None:
                seen.amount = outcome.amount or seen.amount
            continue
        better = outcome.rank is not None and seen.rank is not None and outcome.rank < seen.rank
        if better or (outcome.sure and not seen.sure):
            best[outcome.lot] = outcome
    return list(best.values())


def _parties(outcomes: list[Outcome], role: PartyRole) -> list[Party]:
    out: list[Party] = []
    seen: set[str] = set()
    for outcome in outcomes:
        for name in outcome.members:
            mark = name_key(name)
            if mark in seen:
                continue
            seen.add(mark)
            out.append(Party(role, name, outcome.raw or name, None, outcome.name_start, outcome.name_end, outcome.lot))
    return out
