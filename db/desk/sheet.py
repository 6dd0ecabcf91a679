"""What the desk knows of one notice: its effective reading, read back from the store in bulk."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.keys import organisation_key
from db.match.features import Features
from db.merges import Effective, effective
from db.organisations import lookup_names
from db.reviewed import Spot, decisions


@dataclass(frozen=True, slots=True)
class Moment:
    """``as_of`` is evidence time, ``known_at`` system time; null = no bound. DESIGN section 3."""

    as_of: dt.datetime | None = None
    known_at: dt.datetime | None = None

    @property
    def now(self) -> bool:
        return self.as_of is None and self.known_at is None


NOW = Moment()


@dataclass(frozen=True, slots=True)
class State:
    """Which reading speaks for a notice, and since when."""

    notice_id: int
    revision_id: int
    reading_id: int
    body_id: int
    first_captured_at: dt.datetime
    evidence_at: dt.datetime
    """From this evidence time on, the same reading speaks."""
    captures: int = 1


@dataclass(frozen=True, slots=True)
class SheetParty:
    role: str
    organisation_id: int
    name: str
    lot: str | None
    tier: str | None
    unit_class: str | None
    division_code: str | None
    is_xpcc: bool


@dataclass(frozen=True, slots=True)
class SheetLot:
    lot: str | None
    status: str | None
    supplier: str | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class SheetItem:
    id: int
    position: int
    lot: str | None
    name: str | None
    brand_id: str | None
    brand_raw: str | None
    model_raw: str | None
    product_line: str | None
    product_class: str | None
    units: Decimal | None
    quantity_raw: str | None
    unit: str | None
    unit_price: Decimal | None
    total: Decimal | None
    supplier: str | None
    status: str | None
    area: str | None = None
    area_rule: str | None = None
    brand_start: int | None = None
    brand_end: int | None = None
    class_from: int | None = None
    """The notice whose word the class is, where this one leaves it out (:mod:`db.desk.inferred`)."""


@dataclass(frozen=True, slots=True)
class SheetMention:
    id: int
    item_position: int | None
    brand_id: str
    role: str
    best_role: str
    decided: bool
    reviewed: bool
    score: float
    lot: str | None
    product_line: str | None
    product_class: str | None
    area: str | None = None
    area_rule: str | None = None
    class_from: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Sheet:
    """One notice with everything the desk lays out."""

    state: State
    portal_id: str
    features: Features
    type: str | None
    title: str | None
    published_on: dt.date | None
    award_on: dt.date | None
    signed_on: dt.date | None
    region_code: str | None
    contract_no: str | None
    award_total: Decimal | None
    parties: list[SheetParty] = field(default_factory=list)
    lots: list[SheetLot] = field(default_factory=list)
    items: list[SheetItem] = field(default_factory=list)
    mentions: list[SheetMention] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.features.key

    @property
    def day(self) -> dt.date | None:
        return self.published_on or self.signed_on or self.award_on


_SHOWN = """
    SELECT cr.notice_id, cr.revision_id, c.captured_at, c.sha256
      FROM capture_reading cr JOIN capture c ON c.id = cr.capture_id
     WHERE cr.notice_id = ANY(:notices) {known} {as_of}
     ORDER BY cr.notice_id, c.captured_at, c.sha256
"""


def states(session: Session, notices: Iterable[int], moment: Moment = NOW) -> dict[int, State]:
    """The state of each notice at ``moment``; notices without a capture or reading by then are left out."""
    bounds = {"as_of": moment.as_of, "known_at": moment.known_at}
    standing = "cr.superseded_at IS NULL"
    if moment.known_at is not None:
        standing = "cr.recorded_at <= :known_at AND (cr.superseded_at IS NULL OR cr.superseded_at > :known_at)"
    sql = _SHOWN.format(known=f"AND {standing}", as_of="" if moment.as_of is None else "AND c.captured_at <= :as_of")
    wanted = list(notices)
    shown: dict[int, list[tuple[int, dt.datetime]]] = {}
    for notice, revision, at, _ in session.execute(text(sql), {"notices": wanted, **_used(sql, bounds)}):
        shown.setdefault(notice, []).append((revision, at))
    run: dict[int, tuple[int, dt.datetime, dt.datetime, int]] = {}
    for notice, captures in shown.items():
        revision = captures[-1][0]
        since = captures[-1][1]
        for earlier, at in reversed(captures):
            if earlier != revision:
                break
            since = at
        run[notice] = (revision, since, captures[0][1], len(captures))
    readings = _newest_readings(session, {value[0] for value in run.values()}, moment)
    found: dict[int, State] = {}
    for notice, (revision, since, first, count) in run.items():
        reading = readings.get(revision)
        if reading is None:
            continue
        reading_id, body_id, evidence = reading
        spoken_since = max(since, evidence) if evidence else since
        found[notice] = State(notice, revision, reading_id, body_id, first, spoken_since, count)
    return found


def _newest_readings(
    session: Session, revisions: set[int], moment: Moment
) -> dict[int, tuple[int, int, dt.datetime | None]]:
    if not revisions:
        return {}
    if moment.now:
        sql = """SELECT revision_id, id, body_id, evidence_at FROM reading
                  WHERE revision_id = ANY(:revisions) AND superseded_at IS NULL"""
    else:
        known = "" if moment.known_at is None else "AND recorded_at <= :known_at"
        # With an attachment captured too late, the reading made without it speaks.
        timely = "" if moment.as_of is None else "(evidence_at IS NULL OR evidence_at <= :as_of) DESC,"
        sql = f"""SELECT DISTINCT ON (revision_id) revision_id, id, body_id, evidence_at FROM reading
                   WHERE revision_id = ANY(:revisions) {known}
                   ORDER BY revision_id, {timely} recorded_at DESC, id DESC"""  # noqa: S608 -- pieces of ours
    bounds = {"as_of": moment.as_of, "known_at": moment.known_at}
    rows = session.execute(text(sql), {"revisions": list(revisions), **_used(sql, bounds)})
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _used(sql: str, bounds: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in bounds.items() if f":{name}" in sql}


def features_of(session: Session, found: Mapping[int, State], moment: Moment = NOW) -> dict[int, Features]:
    """Comparison forms of the effective readings, by notice; organisations that people merged compare as one."""
    by_reading = {state.reading_id: notice for notice, state in found.items()}
    rows = session.execute(text("SELECT id, link_keys FROM reading WHERE id = ANY(:ids)"), {"ids": list(by_reading)})
    merged = effective(session, moment.known_at).of_key
    return {by_reading[row[0]]: _merged(Features.from_json(row[1]), merged) for row in rows}


def _merged(features: Features, of_key: Mapping[str, str]) -> Features:
    if not of_key or not ({features.buyer, *features.suppliers} & of_key.keys()):
        return features
    return replace(
        features,
        buyer=of_key.get(features.buyer, features.buyer) if features.buyer is not None else None,
        suppliers=tuple(sorted({of_key.get(supplier, supplier) for supplier in features.suppliers})),
    )


def sheets(session: Session, found: Mapping[int, State], moment: Moment = NOW) -> dict[int, Sheet]:
    """Everything about the given notices, by notice id."""
    by_reading = {state.reading_id: state for state in found.values()}
    ids = list(by_reading)
    made: dict[int, Sheet] = {}
    by_revision: dict[int, Sheet] = {}
    counted: Effective = effective(session, moment.known_at)

    for row in session.execute(
        text("""
            SELECT r.id, n.portal_id, r.link_keys, r.type, r.title, r.published_on, r.award_on, r.signed_on, r.region_code,
                   r.contract_no, r.award_total_cny
              FROM reading r JOIN revision v ON v.id = r.revision_id JOIN notice n ON n.id = v.notice_id
             WHERE r.id = ANY(:ids)
        """),
        {"ids": ids},
    ):
        state = by_reading[row[0]]
        sheet = Sheet(state, row[1], Features.from_json(row[2]), *row[3:])
        made[row[0]] = by_revision[state.revision_id] = sheet
    for row in session.execute(
        text("""
            SELECT p.reading_id, p.role, p.organisation_id, p.name, p.lot, p.tier, p.unit_class,
                   coalesce(p.division_code, o.division_code), o.is_xpcc
              FROM party p JOIN organisation o ON o.id = p.organisation_id WHERE p.reading_id = ANY(:ids) ORDER BY p.id
        """),
        {"ids": ids},
    ):
        reading, role, organisation, name, *rest = row
        counts_as = counted.of(organisation, organisation_key(name) if counted else None)
        made[reading].parties.append(SheetParty(role, counts_as, name, *rest))
    for row in session.execute(
        text("""
            SELECT reading_id, lot, status, supplier, amount_cny FROM lot WHERE reading_id = ANY(:ids)
             ORDER BY reading_id, position
        """),
        {"ids": ids},
    ):
        made[row[0]].lots.append(SheetLot(*row[1:]))
    for row in session.execute(
        text("""
            SELECT reading_id, id, position, lot, name, brand_id, brand_raw, model_raw, product_line, product_class, units,
                   quantity_raw, unit, unit_price_cny, total_cny, supplier, status, area, area_rule, brand_start, brand_end
              FROM item WHERE reading_id = ANY(:ids) ORDER BY reading_id, position
        """),
        {"ids": ids},
    ):
        made[row[0]].items.append(SheetItem(*row[1:]))
    for row in session.execute(
        text("SELECT reading_id, field, before, after FROM field_change WHERE reading_id = ANY(:ids) ORDER BY id"),
        {"ids": ids},
    ):
        made[row[0]].changes.append(Change(*row[1:]))
    rows = session.execute(
        text("""
            SELECT reading_id, id, item_position, brand_id, role, best_role, score, lot, product_line, product_class, start, "end",
                   area, area_rule
              FROM mention WHERE reading_id = ANY(:ids) ORDER BY reading_id, position
        """),
        {"ids": ids},
    ).all()
    if counted:
        _rename(session, made.values(), counted)
    reviewed = decisions(
        session,
        {reading: sheet.state.revision_id for reading, sheet in made.items()},
        (Spot(row[1], row[0], row[3], row[10], row[11]) for row in rows),
        moment.known_at,
    )
    stands: dict[int, int] = {}
    for row in rows:
        reading, id_, position, brand, role, best, score, lot, line, class_, start, _, area, area_rule = row
        stands[id_] = start
        said = reviewed.get(id_)
        final = said.role if said is not None else role
        made[reading].mentions.append(
            SheetMention(
                id=id_,
                item_position=position,
                brand_id=brand,
                role=final,
                best_role=final if final != "unresolved" else (best or final),
                decided=final != "unresolved",
                reviewed=said is not None,
                score=score,
                lot=lot,
                product_line=line,
                product_class=class_,
                area=area,
                area_rule=area_rule,
            )
        )
    for sheet in made.values():
        sheet.mentions.extend(_shared(sheet, stands))
    return {sheet.state.notice_id: sheet for sheet in made.values()}


def _shared(sheet: Sheet, stands: Mapping[int, int]) -> list[SheetMention]:
    """The mentions again for every further line they stand for: a brand cell that spans rows, a brand stated once for several goods.

    ``stands`` gives the first code point of each mention. A mention lies in one line; the others point at its cell.
    """
    in_lines = sorted((stands[m.id], n) for n, m in enumerate(sheet.mentions) if m.item_position is not None)
    made: list[SheetMention] = []
    for item in sheet.items:
        if item.brand_start is None or item.brand_end is None:
            continue
        begin, end = bisect.bisect_left(in_lines, (item.brand_start,)), bisect.bisect_left(in_lines, (item.brand_end,))
        there = [sheet.mentions[n] for _, n in in_lines[begin:end]]
        if any(mention.item_position == item.position for mention in there):
            continue
        made.extend(
            replace(
                mention,
                item_position=item.position,
                lot=item.lot,
                product_line=None,
                product_class=None,
                area=item.area,
                area_rule=item.area_rule,
            )
            for mention in there
        )
    return made


def _rename(session: Session, made: Iterable[Sheet], counted: Effective) -> None:
    """Suppliers that people merged go by one name: an award and its contract under two names of one firm are one purchase."""
    laid = list(made)
    keys = {
        name_key
        for sheet in laid
        for joined in (
            *(p.name for p in sheet.parties if p.role == "supplier"),
            *(x.supplier for x in sheet.lots),
            *(x.supplier for x in sheet.items),
        )
        for name_key, _ in supplier_keys(joined)
    }
    moved = {
        name_key: target
        for name_key, filed in lookup_names(session, keys).items()
        if (target := counted.of(filed.id, name_key)) != filed.id and name_key not in counted.of_name
    }
    if not moved:
        return
    rows = session.execute(
        text("""
            SELECT DISTINCT ON (organisation_id) organisation_id, name FROM organisation_name
             WHERE organisation_id = ANY(:ids) AND superseded_at IS NULL ORDER BY organisation_id, id
        """),
        {"ids": sorted(set(moved.values()))},
    )
    names: dict[int, str] = {row[0]: row[1] for row in rows}

    def renamed(joined: str | None) -> str | None:
        members = supplier_keys(joined)
        if not any(name_key in moved for name_key, _ in members):
            return joined
        return "、".join(names.get(moved.get(name_key, 0), name) for name_key, name in members)

    for sheet in laid:
        sheet.parties = [
            replace(p, name=renamed(p.name) or p.name) if p.role == "supplier" else p for p in sheet.parties
        ]
        sheet.lots = [replace(x, supplier=renamed(x.supplier)) for x in sheet.lots]
        sheet.items = [replace(x, supplier=renamed(x.supplier)) for x in sheet.items]


def supplier_keys(joined: str | None) -> tuple[tuple[str, str], ...]:
    """(key, name) of each member of a winner written with 、, the lead first."""
    if not joined:
        return ()
    return tuple((organisation_key(name), name.strip()) for name in joined.split("、") if name.strip())
