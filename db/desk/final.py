"""The final state of a process: its awards (N3) and their lines (N4, N5), each unit once. Pure.

Announcements are laid on the table in the order of their dates. Awards name lots and winners; a later word on the same lot takes the place
of the earlier one; a correction changes what it names; a failure takes lots away; a contract joins its award and speaks for the
lines where it says as much as the award did.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from db.desk.sheet import Change, Sheet, SheetItem, SheetMention, supplier_keys
from db.keys import organisation_key
from db.units import pieces
from nlp.text import key

AWARDING = frozenset({"award", "framework"})
CONTRACTING = frozenset({"contract", "emall_order"})
PURCHASED = frozenset({"awarded", "contracted"})
_GONE = frozenset({"failed", "cancelled"})
_NOT_WON = frozenset({"failed", "cancelled", "candidate", "open"})
_ORDER = {
    name: rank
    for rank, name in enumerate(
        [
            "intention",
            "prequalification",
            "import_review",
            "single_source",
            "tender",
            "candidate",
            "award",
            "framework",
            "failed",
            "correction",
            "complaint",
            "emall_order",
            "contract",
            "acceptance",
            "other",
        ]
    )
}
_PLAIN_MONEY = re.compile(r"\s*[¥￥]?\s*(\d[\d,]*(?:\.\d+)?)\s*元?\s*")
_PLAIN_QUANTITY = re.compile(r"\s*(\d[\d,]*(?:\.\d+)?)\s*([^\d\s]{0,4})\s*")

ResolveBrand = Callable[[str], str | None]
"""A brand's id from a name, or null."""


@dataclass(slots=True)
class Line:
    """One line (or a mention outside any line: ``item`` null) with the brands it names."""

    sheet: Sheet
    item: SheetItem | None
    mentions: tuple[SheetMention, ...]
    units: Decimal | None
    amount: Decimal | None


@dataclass(slots=True)
class Award:
    lot: str | None
    members: tuple[tuple[str, str], ...]
    amount: Decimal | None
    sheet: Sheet
    lines: list[Line] = field(default_factory=list)
    contract_no: str | None = None

    @property
    def key(self) -> str:
        return f"{self.lot or ''}|{'、'.join(sorted(member for member, _ in self.members))}"

    def won_by(self, keys: frozenset[str]) -> bool:
        return bool(keys & {member for member, _ in self.members})


@dataclass(slots=True)
class Final:
    awards: list[Award] = field(default_factory=list)
    loose: list[Line] = field(default_factory=list)
    """Purchased lines whose lot or winner is not told."""
    unapplied: list[tuple[Sheet, Change]] = field(default_factory=list)


def speaker(copies: Sequence[Sheet]) -> Sheet:
    """The copy that says most: lines with brands, lines with quantities, lines; then the earliest."""

    def rank(sheet: Sheet) -> tuple[int, int, int, dt.date, str]:
        in_lines = sum(m.item_position is not None for m in sheet.mentions)
        counted = sum(item.units is not None for item in sheet.items)
        return -in_lines, -counted, -len(sheet.items), sheet.day or dt.date.max, sheet.key

    return min(copies, key=rank)


def final_state(announcements: Sequence[Sequence[Sheet]], resolve_brand: ResolveBrand) -> Final:
    """``announcements`` are the process's, each with its copies; order does not matter."""
    final = Final()
    speakers = [speaker(copies) for copies in announcements]
    days = {
        id(said): min((c.day for c in copies if c.day), default=dt.date.max)
        for said, copies in zip(speakers, announcements, strict=True)
    }
    for sheet in sorted(speakers, key=lambda s: (days[id(s)], _ORDER.get(s.type or "other", 99), s.key)):
        kind = sheet.type
        if kind == "failed":
            _fail(final, sheet)
        elif kind in AWARDING:
            _award(final, sheet)
        elif kind in CONTRACTING:
            _contract(final, sheet)
        elif kind == "correction":
            _correct(final, sheet, resolve_brand)
        elif kind == "acceptance":
            if not final.awards and _says_bought(sheet):
                _contract(final, sheet)
        elif kind in {None, "other", "single_source"} and _says_bought(sheet):
            if any(m.role == "contracted" for m in sheet.mentions):
                _contract(final, sheet)
            else:
                _award(final, sheet)
    return final


def _says_bought(sheet: Sheet) -> bool:
    return any(m.role in PURCHASED for m in sheet.mentions)


def _awards_of(sheet: Sheet) -> list[Award]:
    """Lot × winner, as the notice itself lists them."""
    awards: list[Award] = []
    for lot in sheet.lots:
        if lot.status in _NOT_WON:
            continue
        members = supplier_keys(lot.supplier) or _suppliers_of_lot(sheet, lot.lot)
        if members or lot.status == "awarded":
            awards.append(Award(lot.lot, members, lot.amount, sheet, contract_no=sheet.contract_no))
    if not sheet.lots:
        suppliers = _unique((organisation_key(p.name), p.name) for p in sheet.parties if p.role == "supplier")
        amount = sheet.award_total if len(suppliers) == 1 else None
        awards = [Award(None, (member,), amount, sheet, contract_no=sheet.contract_no) for member in suppliers]
        if not awards and _says_bought(sheet):
            awards = [Award(None, (), sheet.award_total, sheet, contract_no=sheet.contract_no)]
    return awards


def _suppliers_of_lot(sheet: Sheet, lot: str | None) -> tuple[tuple[str, str], ...]:
    named = [p for p in sheet.parties if p.role == "supplier"]
    of_lot = [p for p in named if p.lot == lot] or (named if len(sheet.lots) == 1 else [])
    return tuple(_unique((organisation_key(p.name), p.name) for p in of_lot))


def _unique(members: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    seen: dict[str, str] = {}
    for name_key, name in members:
        seen.setdefault(name_key, name)
    return list(seen.items())


def _lines_of(sheet: Sheet) -> list[Line]:
    """Lines that may have been bought, and mentions of brands that stand outside any line and say "bought"."""
    lost = {lot.lot for lot in sheet.lots if lot.status in _NOT_WON}
    by_position: dict[int, list[SheetMention]] = {}
    outside: dict[tuple[str, str | None], SheetMention] = {}
    for mention in sheet.mentions:
        if mention.item_position is not None:
            by_position.setdefault(mention.item_position, []).append(mention)
        elif mention.role in PURCHASED or not mention.decided:
            known = outside.get((mention.brand_id, mention.lot))
            if known is None or _weight(mention) > _weight(known):
                outside[mention.brand_id, mention.lot] = mention
    lines = [
        Line(sheet, item, _one_a_brand(by_position.get(item.position, ())), item.units, _amount(item))
        for item in sheet.items
        if item.status not in _NOT_WON and not (item.lot is not None and item.lot in lost)
    ]
    in_lines = {m.brand_id for line in lines for m in line.mentions}
    lines.extend(
        Line(sheet, None, (mention,), None, None)
        for mention in outside.values()
        if mention.brand_id not in in_lines and not (mention.lot is not None and mention.lot in lost)
    )
    return lines


def _weight(mention: SheetMention) -> tuple[bool, bool, bool, float]:
    return mention.reviewed, mention.decided, mention.role in PURCHASED, mention.score


def _one_a_brand(mentions: Iterable[SheetMention]) -> tuple[SheetMention, ...]:
    best: dict[str, SheetMention] = {}
    for mention in mentions:
        known = best.get(mention.brand_id)
        if known is None or _weight(mention) > _weight(known):
            best[mention.brand_id] = mention
    return tuple(best.values())


def _amount(item: SheetItem) -> Decimal | None:
    if item.total is not None:
        return item.total
    if item.unit_price is not None and item.units is not None:
        return item.unit_price * item.units
    return None


def _deal(lines: Iterable[Line], awards: Sequence[Award], final: Final) -> None:
    """Give each line to its award; what cannot be told stays loose."""
    for line in lines:
        award = _award_of(line, awards)
        (final.loose if award is None else award.lines).append(line)


def _award_of(line: Line, awards: Sequence[Award]) -> Award | None:
    lot = line.item.lot if line.item is not None else (line.mentions[0].lot if line.mentions else None)
    fitting = [a for a in awards if a.lot == lot] if lot is not None else list(awards)
    if not fitting and lot is not None:
        fitting = [a for a in awards if a.lot is None]
    if len(fitting) > 1 and line.item is not None and line.item.supplier:
        keys = frozenset(name_key for name_key, _ in supplier_keys(line.item.supplier))
        fitting = [a for a in fitting if a.won_by(keys)] or fitting
    return fitting[0] if len(fitting) == 1 else None


def _award(final: Final, sheet: Sheet) -> None:
    made = _awards_of(sheet)
    lines = _lines_of(sheet)
    _take_away(final, {lot.lot for lot in sheet.lots if lot.status in _GONE and lot.lot is not None})
    for award in made:
        kept = []
        for old in final.awards:
            restated = (award.lot is not None and old.lot == award.lot and old.sheet is not sheet) or (
                award.lot is None
                and old.lot is None
                and old.key == award.key
                and old.amount == award.amount
                and old.sheet is not sheet
            )
            if not restated:
                kept.append(old)
            elif not any(line.item is not None for line in lines):
                award.lines.extend(old.lines)
        final.awards = kept
    final.awards.extend(made)
    _deal(lines, made, final)


def _take_away(final: Final, lots: set[str]) -> None:
    final.awards = [award for award in final.awards if award.lot not in lots]
    final.loose = [line for line in final.loose if line.item is None or line.item.lot not in lots]


def _fail(final: Final, sheet: Sheet) -> None:
    named = {lot.lot for lot in sheet.lots if lot.lot is not None and lot.status != "awarded"} or set(
        sheet.features.lots
    )
    if named:
        _take_away(final, named)
    else:
        final.awards.clear()
        final.loose.clear()


def _contract(final: Final, sheet: Sheet) -> None:
    stated = _awards_of(sheet) or [Award(None, (), sheet.award_total, sheet, contract_no=sheet.contract_no)]
    lines = _lines_of(sheet)
    earlier = [a for a in final.awards if a.sheet is not sheet]
    matched: list[Award] = []
    fresh: list[Award] = []
    for statement in stated:
        fits = _fits(statement, earlier)
        if fits:
            matched.extend(award for award in fits if award not in matched)
            for award in fits:
                award.contract_no = award.contract_no or sheet.contract_no
        elif statement.members or lines:
            fresh.append(statement)
    if not matched:
        final.awards.extend(fresh)
        _deal(lines, fresh, final)
        return
    final.awards.extend(fresh)
    same_contract = [
        line for award in matched for line in award.lines
        if line.sheet.type in CONTRACTING and line.sheet.contract_no != sheet.contract_no
    ]  # fmt: skip
    if same_contract:
        # Another contract under the same award: its lines come on top of those of the first.
        _deal_or_first(lines, [*matched, *fresh], matched[0])
        return
    if _says_as_much(lines, [line for award in matched for line in award.lines]):
        for award in matched:
            award.lines = [line for line in award.lines if line.item is None and not lines]
        brands = {m.brand_id for line in lines for m in line.mentions}
        final.loose = [
            line for line in final.loose
            if line.sheet is not matched[0].sheet or not brands & {m.brand_id for m in line.mentions}
        ]  # fmt: skip
        _deal_or_first(lines, [*matched, *fresh], matched[0])


def _deal_or_first(lines: Iterable[Line], awards: Sequence[Award], first: Award) -> None:
    for line in lines:
        (_award_of(line, awards) or first).lines.append(line)


def _fits(statement: Award, earlier: Sequence[Award]) -> list[Award]:
    """The awards a contract carries out."""
    keys = frozenset(member for member, _ in statement.members)
    won = [a for a in earlier if a.won_by(keys)] if keys else [a for a in earlier if not a.members]
    if not won and not keys and len(earlier) == 1:
        won = list(earlier)
    if not won:
        # A winner named by nobody: the contract says who it was.
        nameless = [a for a in earlier if not a.members and (statement.lot is None or a.lot in {None, statement.lot})]
        if len(nameless) == 1:
            nameless[0].members = statement.members
            return nameless
        return []
    if statement.lot is not None:
        of_lot = [a for a in won if a.lot == statement.lot]
        return of_lot or [a for a in won if a.lot is None]
    if len(won) > 1 and statement.amount is not None:
        exact = [a for a in won if a.amount == statement.amount]
        if len(exact) == 1:
            return exact
    return won


def _says_as_much(new: Sequence[Line], old: Sequence[Line]) -> bool:
    """Whether the contract's lines can stand for the award's: they name brands, or the award named none."""
    if not new:
        return False
    if not old:
        return True
    return any(line.mentions for line in new) or not any(line.mentions for line in old)


def _correct(final: Final, sheet: Sheet, resolve_brand: ResolveBrand) -> None:
    _take_away(final, {lot.lot for lot in sheet.lots if lot.status in _GONE and lot.lot is not None})
    restated = _awards_of(sheet) if any(lot.status == "awarded" for lot in sheet.lots) or _says_bought(sheet) else []
    lines = _lines_of(sheet) if restated else []
    for award in restated:
        older = [a for a in final.awards if a.lot == award.lot] or (final.awards if len(final.awards) == 1 else [])
        if not older:
            # A correction of an award the store has not seen still says who won.
            final.awards.append(award)
            _deal(lines, [award], final)
            continue
        for old in older:
            old.members = award.members or old.members
            old.amount = award.amount if award.amount is not None else old.amount
            old.sheet = sheet
        if any(line.item is not None for line in lines):
            for old in older:
                old.lines = []
            _deal(lines, older, final)
    for change in sheet.changes:
        if not _apply(final, sheet, change, resolve_brand):
            final.unapplied.append((sheet, change))


def _apply(final: Final, sheet: Sheet, change: Change, resolve_brand: ResolveBrand) -> bool:
    """Put one stated change into effect where it names its target beyond doubt."""
    what, before, after = change.field, (change.before or "").strip(), (change.after or "").strip()
    if not after:
        return False
    if re.search(r"供应商|中标人|成交人|中标单位|成交单位", what) and not re.search(r"地址|金额|价", what):
        hit = [a for a in final.awards if a.won_by(frozenset((organisation_key(before),)))]
        for award in hit:
            award.members, award.sheet = supplier_keys(after), sheet
        return bool(hit)
    if re.search(r"金额|总价|报价|中标价|成交价|合同价", what):
        old, new = _PLAIN_MONEY.fullmatch(before), _PLAIN_MONEY.fullmatch(after)
        if old is None or new is None:
            return False
        amount = Decimal(old[1].replace(",", ""))
        hit = [a for a in final.awards if a.amount == amount] or (final.awards if len(final.awards) == 1 else [])
        if len(hit) != 1:
            return False
        hit[0].amount = Decimal(new[1].replace(",", ""))
        return True
    lines = [line for award in final.awards for line in award.lines if line.item is not None]
    if "数量" in what:
        new = _PLAIN_QUANTITY.fullmatch(after)
        hit_lines = [
            line for line in lines
            if line.item and line.item.quantity_raw and key(before) in {key(line.item.quantity_raw), *_bare(line.item)}
        ] or (lines if len(lines) == 1 else [])  # fmt: skip
        if new is None or len(hit_lines) != 1 or hit_lines[0].item is None:
            return False
        line = hit_lines[0]
        line.units = pieces(Decimal(new[1].replace(",", "")), new[2] or line.item.unit, after)  # type: ignore[union-attr]
        line.amount = None
        return True
    if re.search(r"品牌|型号|规格", what):
        old_brand, new_brand = resolve_brand(before), resolve_brand(after)
        if old_brand is None or new_brand is None:
            return False
        hit_lines = [line for line in lines if any(m.brand_id == old_brand for m in line.mentions)]
        for line in hit_lines:
            line.mentions = tuple(
                replace(m, brand_id=new_brand, product_line=None) if m.brand_id == old_brand else m
                for m in line.mentions
            )
        return bool(hit_lines)
    return False


def _bare(item: SheetItem) -> set[str]:
    match = _PLAIN_QUANTITY.fullmatch(item.quantity_raw or "")
    return {key(match[1])} if match else set()
