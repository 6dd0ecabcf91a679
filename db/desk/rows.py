"""From sheets to the rows of ``fact_notice``, ``fact_mention``, ``fact_award`` and ``fact_line``. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from db.clock import SHANGHAI
from db.desk.final import AWARDING, CONTRACTING, Award, Line, ResolveBrand, final_state, speaker
from db.desk.inferred import with_classes
from db.desk.kinds import product_kind
from db.desk.sheet import Sheet, SheetItem, SheetMention, SheetParty, supplier_keys
from db.match.features import is_masked
from nlp.classify.areas import OUTSIDE

OF_NOTICE = (
    "announcement_id", "process_id", "type", "published_on", "award_on", "signed_on", "first_seen_on", "buyer_id", "buyer_tier",
    "buyer_class", "buyer_division", "buyer_xpcc", "end_user_id", "end_user_tier", "end_user_class", "end_user_division",
    "end_user_xpcc",
)  # fmt: skip
OF_MENTION = (
    "notice_id", "reading_id", "mention_id", "item_id", "brand_id", "role", "best_role", "decided", "reviewed", "in_award", "lot",
    "product_kind", "product_class", "product_line", "area", "units", "supplier_id", "class_from",
)  # fmt: skip
OF_PROCESS = ("evidence_at", "changed_at")
NOTICE_COLUMNS = (
    *OF_NOTICE, "notice_id", "revision_id", "reading_id", "body_id", "portal_id", "is_primary", "title", "own_published_on",
    "captures", "first_captured_at", *OF_PROCESS,
)  # fmt: skip
MENTION_COLUMNS = (*OF_NOTICE, *OF_MENTION, "is_primary", "portal_id", "captures", *OF_PROCESS)
AWARD_COLUMNS = (
    "id", "process_id", "key", "lot", "supplier_id", "member_ids", "supplier", "amount_cny", "notice_id", "reading_id",
    *OF_PROCESS,
)  # fmt: skip
LINE_COLUMNS = (
    *OF_MENTION, "process_id", "award_id", "amount_cny", "award_cny", "published_on", "award_on", "signed_on", "first_seen_on", *OF_PROCESS,
)  # fmt: skip

_NOT_WON = frozenset({"failed", "cancelled", "candidate", "open"})


@dataclass(slots=True)
class Process:
    """A process to lay out: its id and its announcements, each with its copies."""

    id: int
    announcements: list[tuple[int, list[Sheet]]]
    changed_at: dt.datetime


@dataclass(slots=True)
class Rows:
    notices: list[tuple[Any, ...]] = field(default_factory=list)
    mentions: list[tuple[Any, ...]] = field(default_factory=list)
    awards: list[list[Any]] = field(default_factory=list)
    """The id is drawn when the rows are written: first column, 1-based within this value until then."""
    lines: list[list[Any]] = field(default_factory=list)
    """``award_id`` likewise."""
    unapplied: int = 0


def lay_out(processes: Sequence[Process], resolve_brand: ResolveBrand, organisations: Mapping[str, int]) -> Rows:
    """``organisations`` gives ids by key of the name."""
    rows = Rows()
    for process in processes:
        _process(rows, process, resolve_brand, organisations)
    return rows


def _process(rows: Rows, process: Process, resolve_brand: ResolveBrand, organisations: Mapping[str, int]) -> None:
    announcements = with_classes(process.announcements)
    everything = [sheet for _, copies in announcements for sheet in copies]
    since = (max(sheet.state.evidence_at for sheet in everything), process.changed_at)
    dates_of: dict[int, tuple[dt.date | None, ...]] = {}
    for announcement, copies in announcements:
        said = speaker(copies)
        first = min(sheet.state.first_captured_at for sheet in copies)
        dates = (
            min((s.published_on for s in copies if s.published_on), default=None),
            min((s.award_on for s in copies if s.award_on), default=None),
            min((s.signed_on for s in copies if s.signed_on), default=None),
            first.astimezone(SHANGHAI).date(),
        )
        ranked = [said, *sorted((s for s in copies if s is not said), key=lambda s: s.key)]
        parties = (*_party(ranked, "buyer"), *_party(ranked, "end_user"))
        for sheet in copies:
            state = sheet.state
            dates_of[state.notice_id] = dates
            of_notice = (announcement, process.id, sheet.type, *dates, *parties)
            rows.notices.append(
                (
                    *of_notice, state.notice_id, state.revision_id, state.reading_id, state.body_id, sheet.portal_id, sheet is said,
                    sheet.title, sheet.published_on, state.captures, state.first_captured_at, *since,
                )
            )  # fmt: skip
            shown = (sheet is said, sheet.portal_id, state.captures, *since)
            rows.mentions.extend((*of_notice, *mention, *shown) for mention in _mentions(sheet, organisations))
    final = final_state([copies for _, copies in announcements], resolve_brand)
    rows.unapplied += len(final.unapplied)
    for award in final.awards:
        rows.awards.append(
            [
                len(rows.awards) + 1, process.id, award.key, award.lot,
                organisations.get(award.members[0][0]) if award.members else None,
                [organisations[key] for key, _ in award.members if key in organisations],
                "、".join(name for _, name in award.members) or None, award.amount, award.sheet.state.notice_id,
                award.sheet.state.reading_id, *since,
            ]
        )  # fmt: skip
        supplier = organisations.get(award.members[0][0]) if award.members else None
        for line in award.lines:
            when = (*dates_of[line.sheet.state.notice_id], *since)
            rows.lines.extend(_line(line, process.id, (len(rows.awards), award), supplier, when))
    for line in final.loose:
        when = (*dates_of[line.sheet.state.notice_id], *since)
        rows.lines.extend(_line(line, process.id, None, _line_supplier(line.sheet, line.item, organisations), when))


def _party(copies: Sequence[Sheet], role: str) -> tuple[Any, ...]:
    """The announcement's party in a role: of the copy that speaks, else of one that does not mask it."""
    named = ((sheet, party) for sheet in copies for party in sheet.parties if party.role == role)
    found: tuple[Sheet, SheetParty] | None = next(((s, p) for s, p in named if not is_masked(p.name)), None)
    if found is None:
        return (
            None,
            None,
            None,
            next((s.region_code for s in copies if s.region_code), None) if role == "buyer" else None,
            False,
        )
    sheet, party = found
    division = party.division_code or (sheet.region_code if role == "buyer" else None)
    corps = party.is_xpcc or (division or "").startswith(("6590", "66"))
    return party.organisation_id, party.tier, party.unit_class, division, corps


def _mentions(sheet: Sheet, organisations: Mapping[str, int]) -> list[tuple[Any, ...]]:
    items = {item.position: item for item in sheet.items}
    lost = {lot.lot for lot in sheet.lots if lot.status in _NOT_WON}
    closing = sheet.type in AWARDING | CONTRACTING or (
        sheet.type in {"correction", "acceptance", "other", None}
        and any(m.role in {"awarded", "contracted"} for m in sheet.mentions)
    )
    made: list[tuple[Any, ...]] = []
    named = set()
    for mention in sheet.mentions:
        item = items.get(mention.item_position) if mention.item_position is not None else None
        if item is not None:
            named.add(item.position)
        lot = mention.lot if mention.lot is not None or item is None else item.lot
        won = closing and not (item is not None and item.status in _NOT_WON) and not (lot is not None and lot in lost)
        supplier = _line_supplier(sheet, item, organisations, lot)
        made.append(_of_mention(sheet, mention, item, lot, supplier, in_award=won))
    for item in sheet.items:
        if item.position not in named:
            won = closing and item.status not in _NOT_WON and not (item.lot is not None and item.lot in lost)
            made.append(
                _of_mention(
                    sheet,
                    None,
                    item,
                    item.lot,
                    _line_supplier(sheet, item, organisations),
                    in_award=won,
                    role=_role(sheet, item),
                )
            )
    return made


def _role(sheet: Sheet, item: SheetItem) -> str:
    """The role of a line that names no brand, from what kind of notice it stands in."""
    if item.status in {"failed", "cancelled", "open"}:
        return "required"
    if item.status == "candidate" or sheet.type == "candidate":
        return "candidate"
    if sheet.type in CONTRACTING or sheet.type == "acceptance":
        return "contracted"
    return "awarded" if sheet.type in AWARDING or item.status == "awarded" else "required"


def _of_mention(
    sheet: Sheet,
    mention: SheetMention | None,
    item: SheetItem | None,
    lot: str | None,
    supplier: int | None,
    *,
    in_award: bool,
    role: str = "incidental",
    units: Decimal | None = None,
) -> tuple[Any, ...]:
    says_class = item if item is not None and item.product_class is not None else mention
    class_, class_from = (says_class.product_class, says_class.class_from) if says_class is not None else (None, None)
    line = (item.product_line if item is not None else None) or (mention.product_line if mention is not None else None)
    return (
        sheet.state.notice_id,
        sheet.state.reading_id,
        mention.id if mention is not None else None,
        item.id if item is not None else None,
        mention.brand_id if mention is not None else None,
        mention.role if mention is not None else role,
        mention.best_role if mention is not None else role,
        mention.decided if mention is not None else True,
        mention.reviewed if mention is not None else False,
        in_award,
        lot,
        product_kind(class_ if class_from is None else None, item.name if item is not None else None),
        class_,
        line,
        _area(mention, item),
        units if units is not None else (item.units if item is not None else None),
        supplier,
        class_from,
    )


def _area(mention: SheetMention | None, item: SheetItem | None) -> str | None:
    """As read: the mention's, which is its item's; ``outside`` where the goods are of none of the areas; null = not known."""
    for said in (mention, item):
        if said is not None and (said.area is not None or said.area_rule == OUTSIDE):
            return said.area or OUTSIDE
    return None


def _line(
    line: Line, process: int, award: tuple[int, Award] | None, supplier: int | None, when: tuple[Any, ...]
) -> list[list[Any]]:
    """``award`` with its number; ``when``: the dates of the announcement that states the line, and since when that holds."""
    item = line.item
    lot = item.lot if item is not None else line.mentions[0].lot
    number, of_award = award if award is not None else (None, None)
    amount = line.amount
    if amount is None and of_award is not None and len(of_award.lines) == 1:
        amount = of_award.amount
    shown: Sequence[SheetMention | None] = line.mentions or (None,)
    made = []
    for mention in shown:
        role = _role(line.sheet, item) if item is not None else "awarded"
        values = list(_of_mention(line.sheet, mention, item, lot, supplier, in_award=True, role=role))
        values[OF_MENTION.index("units")] = line.units
        made.append([*values, process, number, amount, of_award.amount if of_award is not None else None, *when])
    return made


def _line_supplier(
    sheet: Sheet, item: SheetItem | None, organisations: Mapping[str, int], lot: str | None = None
) -> int | None:
    """Who supplies a line: as the line says, else its lot, else the notice's only supplier."""
    named = item.supplier if item is not None else None
    where = item.lot if item is not None and item.lot is not None else lot
    if named is None and where is not None:
        named = next((x.supplier for x in sheet.lots if x.lot == where and x.supplier), None)
    if named is None and len(sheet.lots) == 1:
        named = sheet.lots[0].supplier
    if named:
        members = supplier_keys(named)
        return organisations.get(members[0][0]) if members else None
    suppliers = {p.organisation_id for p in sheet.parties if p.role == "supplier"}
    return next(iter(suppliers)) if len(suppliers) == 1 else None
