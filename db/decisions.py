"""People's word on organisations: that two names are one, or are not; why two names are taken as they are.

A decision never overwrites: the one before it about the same two names is superseded. Repeating one changes nothing. The notices it concerns are
queued for linking, which brings it into answers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.clock import SHANGHAI, tick
from db.filters import UnknownValue
from db.keys import organisation_key, storable
from db.merges import Effective, Spoken, decisions, effective, own_key
from db.nearest import nearest_names
from db.organisations import lookup_names, read_name
from nlp.orgs.canonical import Answer, Decision, Named, compare, named
from seeds.orgs import load_org_knowledge

REASONS = {
    "credit_code": "their unified social credit codes",
    "not_one_organisation": "one of them names no single organisation",
    "same_key": "both read as the same organ of the same place",
    "same_words_without_place": "the same words, but nothing says of which place",
    "sub_bureau_and_bureau": "a sub-bureau and its bureau",
    "organ_and_the_one_above": "an organ and the one above it",
    "company_and_branch": "a company and its branch",
    "corps_and_local": "an organ of the Corps and the local one",
    "places_of_one_name": "two places of one name",
    "legal_form_differs": "companies whose names differ in the legal form or a place only: perhaps a former name",
    "same_characters_in_another_order": "companies of the same characters in another order",
    "other_company": "two companies",
    "place_unknown": "the place of one of them is not known",
    "other_place": "organs of two places",
    "other_organ": "two organs of one place",
}
FORBIDDEN = frozenset(
    {
        "credit_code",
        "sub_bureau_and_bureau",
        "organ_and_the_one_above",
        "company_and_branch",
        "corps_and_local",
        "places_of_one_name",
    }
)
"""Rules whose "different" is certain by the nature of the two names."""


class MergeRefused(ValueError):  # noqa: N818 -- reads as what it is
    """A merge that must not be. ``message`` says why, ``remedy`` what to do."""

    exit_code = 2

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


@dataclass(frozen=True, slots=True)
class FiledName:
    """A name the store holds: ``organisation_id`` is where it is filed by what it says."""

    key: str
    name: str
    organisation_id: int


@dataclass(frozen=True, slots=True)
class Decided:
    """``changed`` is false where the same had been decided before. ``notices`` were queued for linking."""

    id: int | None
    changed: bool
    kept: FiledName
    other: FiledName
    notices: int = 0


def find_name(session: Session, option: str, value: str) -> FiledName:
    """The name in the store that ``value`` is, or that reads as the same organisation; English names count, too.

    Raises :class:`db.filters.UnknownValue` with the nearest names, or with those an English name may mean.
    """
    value = storable(value).strip()
    name_key = organisation_key(value)
    found = lookup_names(session, [name_key]).get(name_key)
    if found is not None:
        where, given = "n.organisation_id = :id AND n.key = :key", {"id": found.id, "key": name_key}
    else:
        today = dt.datetime.now(SHANGHAI).date()
        read = read_name(value, load_org_knowledge(), today) if value else None
        where = "(o.key = :key OR lower(o.name_en) = :en)"
        given = {"key": read.key if read is not None else "", "en": value.casefold() or "-"}
    rows = session.execute(
        text(f"""
            SELECT DISTINCT ON (o.id) n.key, n.name, o.id FROM organisation_name n JOIN organisation o ON o.id = n.organisation_id
             WHERE n.superseded_at IS NULL AND {where} ORDER BY o.id, n.name = o.name DESC, n.id LIMIT 6
        """),  # noqa: S608 -- pieces of ours
        given,
    ).all()
    if len(rows) > 1:
        # One English name of several organs: the Chinese names tell them apart.
        raise UnknownValue(option, value, [row[1] for row in rows])
    if not rows:
        raise UnknownValue(option, value, nearest_names(session, value))
    return FiledName(*rows[0])


def decide(
    session: Session,
    name: str,
    other: str,
    *,
    same: bool,
    reviewer: str,
    note: str | None = None,
    despite_rules: bool = False,
) -> Decided:
    """Record that two names are (``same``) or are not one organisation.

    ``name`` keeps its organisation: on a merge it takes the other's in, on a split it stays where it is filed. Raises
    :class:`db.filters.UnknownValue` for names the store does not hold and :class:`MergeRefused` for a merge that the names forbid (unless
    ``despite_rules``) or that another decision stands against.
    """
    kept, gone = find_name(session, "name", name), find_name(session, "other", other)
    if kept.key == gone.key:
        raise MergeRefused(f"{name} and {other} are one name", "give two names")
    said = _compare(kept.name, gone.name)
    if same and said.answer is Answer.DIFFERENT and said.rule in FORBIDDEN and not despite_rules:
        raise MergeRefused(
            f"{kept.name} and {gone.name} must not be merged: {REASONS[said.rule]}",
            "give --force to merge them all the same",
        )
    standing = _standing(session, kept.key, gone.key)
    if standing is not None and standing.same == same:
        return Decided(standing.id, changed=False, kept=kept, other=gone)
    before = effective(session)
    if same:
        _refuse_contradiction(session, kept, gone, standing)
    elif before.of(kept.organisation_id, kept.key) == before.of(gone.organisation_id, gone.key):
        _make_own(session, gone)
    context = {"answer": said.answer.value, "rule": said.rule, "evidence": list(said.evidence)}
    id_ = _record(session, "same" if same else "different", kept, gone, reviewer, note, context)
    return Decided(id_, changed=True, kept=kept, other=gone, notices=_queue(session, (kept, gone), before))


def withdraw(session: Session, name: str, other: str, reviewer: str, note: str | None = None) -> Decided:
    """Take a decision back, on record: what the names say stands alone again. ``changed`` is false where there was none."""
    kept, gone = find_name(session, "name", name), find_name(session, "other", other)
    standing = _standing(session, kept.key, gone.key)
    if standing is None:
        return Decided(None, changed=False, kept=kept, other=gone)
    before = effective(session)
    id_ = _record(session, "withdrawn", kept, gone, reviewer, note, None)
    return Decided(id_, changed=True, kept=kept, other=gone, notices=_queue(session, (kept, gone), before))


def _record(
    session: Session,
    verdict: str,
    kept: FiledName,
    gone: FiledName,
    reviewer: str,
    note: str | None,
    context: dict[str, Any] | None,
) -> int:
    now = tick(session)
    left, right = sorted((kept, gone), key=lambda found: found.key)
    session.execute(
        text("""
            UPDATE organisation_decision SET superseded_at = :now
             WHERE left_key = :left AND right_key = :right AND superseded_at IS NULL
        """),
        {"now": now, "left": left.key, "right": right.key},
    )
    id_: int = session.execute(
        text("""
            INSERT INTO organisation_decision (verdict, left_key, right_key, kept_key, left_name, right_name, reviewer, note, context, recorded_at)
            VALUES (:verdict, :left, :right, :kept, :left_name, :right_name, :reviewer, :note, :context, :now) RETURNING id
        """),
        {
            "verdict": verdict, "left": left.key, "right": right.key, "kept": kept.key, "left_name": left.name, "right_name": right.name,
            "reviewer": reviewer, "note": note, "context": Jsonb(context) if context is not None else None, "now": now,
        },
    ).scalar_one()  # fmt: skip
    return id_


def history(session: Session) -> list[dict[str, Any]]:
    """All decisions ever recorded, newest first."""
    idle = effective(session).idle
    rows = session.execute(
        text("""
            SELECT id, verdict, CASE WHEN kept_key = left_key THEN left_name ELSE right_name END,
                   CASE WHEN kept_key = left_key THEN right_name ELSE left_name END, reviewer, note, context, recorded_at, superseded_at
              FROM organisation_decision ORDER BY recorded_at DESC, id DESC
        """)
    )
    return [
        {
            "verdict": row[1],
            "name": row[2],
            "other": row[3],
            "by": row[4],
            "note": row[5],
            "machine": row[6],
            "recorded_at": row[7].isoformat(),
            "superseded_at": row[8].isoformat() if row[8] else None,
            "in_effect": row[8] is None and row[1] != "withdrawn" and row[0] not in idle,
        }
        for row in rows
    ]


def explain(session: Session, name: str, other: str, on: dt.date | None = None) -> dict[str, Any]:
    """Whether two names are one organisation, and why: the rule or the person, the evidence, what forbids a merge.

    Names need not be in the store. ``same`` is null where neither the names nor a person decide.
    """
    day = on or dt.datetime.now(SHANGHAI).date()
    said = _compare(name, other, day)
    found = [_find(session, value) for value in (name, other)]
    counted = effective(session)
    spoken = None
    if found[0] is not None and found[1] is not None:
        spoken = _spoken(session, found[0], found[1])
    same = {Answer.SAME: True, Answer.DIFFERENT: False, Answer.UNDECIDED: None}[said.answer]
    decided_by = "rule" if same is not None else "nobody"
    one, two = found
    if one is not None and two is not None:
        together = counted.of(one.organisation_id, one.key) == counted.of(two.organisation_id, two.key)
        if spoken is not None or (together != bool(same) and any(_moved(counted, side) for side in (one, two))):
            # About these two names, or about others that join or part them.
            same, decided_by = together, "person"
    return {
        "same": same,
        "decided_by": decided_by,
        "reason": _reason(said, spoken, decided_by),
        "rule": {
            "answer": said.answer.value,
            "name": said.rule,
            "words": REASONS[said.rule],
            "evidence": list(said.evidence),
            "forbids_merge": said.answer is Answer.DIFFERENT and said.rule in FORBIDDEN,
        },
        "decision": spoken,
        "names": [_described(session, value, day, filed) for value, filed in zip((name, other), found, strict=True)],
    }


def _moved(counted: Effective, side: FiledName) -> bool:
    merged = counted.of_organisation
    return side.key in counted.of_name or side.organisation_id in merged or side.organisation_id in merged.values()


def _reason(said: Decision, spoken: dict[str, Any] | None, decided_by: str) -> str:
    if decided_by != "person":
        return REASONS[said.rule]
    if spoken is None:
        return "people's decisions about other names of theirs"
    return f"decided by {spoken['by']}" + (f": {spoken['note']}" if spoken["note"] else "")


def _described(session: Session, value: str, day: dt.date, filed: FiledName | None) -> dict[str, Any]:
    read = _named(value, day)
    analysis, identity = read.analysis, read.identity
    shown: dict[str, Any] = {
        "given": value,
        "key": identity.key,
        "certain": identity.certain,
        "tier": analysis.tier.value if analysis.tier is not None else None,
        "unit_class": analysis.unit_class,
        "division_code": analysis.division_code,
        "read_by": analysis.reason,
        "above": list(identity.chain),
        "in_store": filed is not None,
        "organisation": None,
        "names": [],
    }
    if filed is not None:
        counted = effective(session)
        id_ = counted.of(filed.organisation_id, filed.key)
        shown["organisation"] = session.execute(
            text("SELECT name FROM organisation WHERE id = :id"), {"id": id_}
        ).scalar_one()
        shown["names"] = [name for name, _ in names_of(session, id_)]
    return shown


def names_of(session: Session, organisation: int, known_at: dt.datetime | None = None) -> list[tuple[str, str]]:
    """(name, source) of everything that counts as ``organisation``: its own names first, in the order the store met them."""
    counted = effective(session, known_at)
    rows = session.execute(
        text("""
            SELECT key, name, source, organisation_id FROM organisation_name
             WHERE superseded_at IS NULL AND (organisation_id = ANY(:ids) OR key = ANY(:apart)) ORDER BY id
        """),
        {
            "ids": counted.filed_as([organisation]),
            "apart": [key for key, id_ in counted.of_name.items() if id_ == organisation],
        },
    )
    found = [(filed, name, source) for key, name, source, filed in rows if counted.of(filed, key) == organisation]
    return [(name, source) for filed, name, source in sorted(found, key=lambda one: one[0] != organisation)]


def _find(session: Session, value: str) -> FiledName | None:
    try:
        return find_name(session, "name", value)
    except UnknownValue:
        return None


def _named(value: str, day: dt.date) -> Named:
    return named(value, load_org_knowledge(), day)


def _compare(one: str, other: str, day: dt.date | None = None) -> Decision:
    on = day or dt.datetime.now(SHANGHAI).date()
    return compare(_named(one, on), _named(other, on))


def _standing(session: Session, one: str, other: str) -> Spoken | None:
    return next((d for d in decisions(session) if {d.kept, d.other} == {one, other}), None)


def _spoken(session: Session, one: FiledName, other: FiledName) -> dict[str, Any] | None:
    left, right = sorted((one.key, other.key))
    row = session.execute(
        text("""
            SELECT verdict, reviewer, note, recorded_at, id FROM organisation_decision
             WHERE left_key = :left AND right_key = :right AND superseded_at IS NULL AND verdict <> 'withdrawn'
        """),
        {"left": left, "right": right},
    ).one_or_none()
    if row is None:
        return None
    return {
        "verdict": row[0],
        "by": row[1],
        "note": row[2],
        "recorded_at": row[3].isoformat(),
        "in_effect": row[4] not in effective(session).idle,
    }


def _refuse_contradiction(session: Session, kept: FiledName, gone: FiledName, standing: Spoken | None) -> None:
    """A merge may not bring together what a person keeps apart."""
    counted = effective(session)
    groups = {counted.of(kept.organisation_id, kept.key), counted.of(gone.organisation_id, gone.key)}
    against = [d for d in decisions(session) if not d.same and (standing is None or d.id != standing.id)]
    filed = lookup_names(session, {key for d in against for key in (d.kept, d.other)})
    for decision in against:
        if decision.kept not in filed or decision.other not in filed:
            continue
        sides = {counted.of(filed[key].id, key) for key in (decision.kept, decision.other)}
        if len(groups) == 2 and sides == groups:
            row = session.execute(
                text("SELECT left_name, right_name, reviewer FROM organisation_decision WHERE id = :id"),
                {"id": decision.id},
            ).one()
            raise MergeRefused(
                f"{row[2]} decided that {row[0]} and {row[1]} are not one organisation, and this would join them",
                "withdraw that decision first: caigou org withdraw",
            )


def _make_own(session: Session, gone: FiledName) -> None:
    """An organisation for a name that is set apart from the one it is filed under."""
    read = read_name(gone.name, load_org_knowledge(), dt.datetime.now(SHANGHAI).date())
    session.execute(
        text("""
            INSERT INTO organisation (key, name, name_en, division_code, is_xpcc, chain, recorded_at)
            VALUES (:key, :name, :en, :division, :xpcc, :chain, clock_timestamp()) ON CONFLICT (key) DO NOTHING
        """),
        {
            "key": own_key(gone.key), "name": gone.name, "en": read.name_en, "division": read.division_code, "xpcc": read.is_xpcc,
            "chain": list(read.chain),
        },
    )  # fmt: skip


def _queue(session: Session, names: Iterable[FiledName], before: Effective) -> int:
    """Queue every notice whose parties or winners the decision may move."""
    after = effective(session)
    touched: set[int] = set()
    for found in names:
        for counted in (before, after):
            id_ = counted.of(found.organisation_id, found.key)
            touched |= {found.organisation_id, id_, *counted.filed_as([id_])}
    result = session.execute(
        text("""
            INSERT INTO link_queue (notice_id)
            SELECT DISTINCT v.notice_id FROM party p JOIN reading r ON r.id = p.reading_id JOIN revision v ON v.id = r.revision_id
             WHERE p.organisation_id = ANY(:ids)
            UNION SELECT m.notice_id FROM fact_mention m WHERE m.supplier_id = ANY(:ids)
            UNION SELECT a.notice_id FROM fact_award a WHERE a.member_ids && CAST(:ids AS bigint[])
            ON CONFLICT DO NOTHING
        """),
        {"ids": sorted(touched)},
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
