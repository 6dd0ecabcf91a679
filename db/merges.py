"""Which organisation a filed name counts as, once people have spoken.

Names are filed by what they say (:mod:`db.organisations`), and that filing is never changed. People's decisions stand beside it, dated in system
time; what they add up to at a moment is worked out anew from the decisions known then. So a decision can be withdrawn without a trace in the
facts, and a question about the past sees the organisations of the past.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.organisations import lookup_names


@dataclass(frozen=True, slots=True)
class Spoken:
    """One standing decision: ``kept`` and ``other`` are comparison forms of names."""

    id: int
    same: bool
    kept: str
    other: str


@dataclass(frozen=True, slots=True)
class Effective:
    """Organisations after people's decisions.

    ``of_organisation`` holds the organisations that count as another one, ``of_name`` the names (comparison forms) that count apart from the
    organisation they are filed under, ``of_key`` the keys of merged organisations. ``idle`` are decisions that others, recorded before
    or after, leave without effect.
    """

    of_organisation: Mapping[int, int] = field(default_factory=dict)
    of_name: Mapping[str, int] = field(default_factory=dict)
    of_key: Mapping[str, str] = field(default_factory=dict)
    idle: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.of_organisation or self.of_name)

    def of(self, organisation: int, name_key: str | None = None) -> int:
        """The organisation that ``organisation``, met under the name with that comparison form, counts as."""
        if name_key is not None and name_key in self.of_name:
            return self.of_name[name_key]
        return self.of_organisation.get(organisation, organisation)

    def filed_as(self, organisations: Iterable[int]) -> list[int]:
        """The organisations given and all those filed apart that count as one of them."""
        wanted = set(organisations)
        return sorted(wanted | {filed for filed, counted in self.of_organisation.items() if counted in wanted})


NOTHING = Effective()


def effective(session: Session, known_at: dt.datetime | None = None) -> Effective:
    """What people's decisions add up to: those standing now, or those that stood at ``known_at``."""
    spoken = decisions(session, known_at)
    if not spoken:
        return NOTHING
    keys = {key for decision in spoken for key in (decision.kept, decision.other)}
    filed = {key: found.id for key, found in lookup_names(session, keys).items()}
    rows = session.execute(
        text("SELECT key, id FROM organisation WHERE key = ANY(:keys)"), {"keys": [own_key(key) for key in keys]}
    )
    by_key: dict[str, int] = {row[0]: row[1] for row in rows}
    own = {key: by_key[own_key(key)] for key in keys if own_key(key) in by_key}
    of_organisation, of_name, idle = settle(spoken, filed, own)
    merged = {*of_organisation, *of_organisation.values()}
    names: dict[int, str] = {}
    if merged:
        rows = session.execute(text("SELECT id, key FROM organisation WHERE id = ANY(:ids)"), {"ids": sorted(merged)})
        names = {row[0]: row[1] for row in rows}
    of_key = {
        names[one].removeprefix("name:"): names[other].removeprefix("name:") for one, other in of_organisation.items()
    }
    return Effective(of_organisation, of_name, of_key, idle)


def effective_organisation(session: Session, ids: Iterable[int], known_at: dt.datetime | None = None) -> dict[int, int]:
    """The organisation each of ``ids`` counts as."""
    found = effective(session, known_at)
    return {id_: found.of(id_) for id_ in ids}


def own_key(name_key: str) -> str:
    """Key of the organisation that a name set apart by a person has for itself."""
    return f"name:{name_key}"


def decisions(session: Session, known_at: dt.datetime | None = None) -> tuple[Spoken, ...]:
    """Decisions that stand (stood at ``known_at``), in the order they were recorded."""
    standing = "superseded_at IS NULL"
    if known_at is not None:
        standing = "recorded_at <= :known_at AND (superseded_at IS NULL OR superseded_at > :known_at)"
    rows = session.execute(
        text(f"""
            SELECT id, verdict = 'same', kept_key, CASE WHEN kept_key = left_key THEN right_key ELSE left_key END
              FROM organisation_decision WHERE verdict <> 'withdrawn' AND {standing} ORDER BY recorded_at, id
        """),  # noqa: S608 -- pieces of ours
        {"known_at": known_at} if known_at is not None else {},
    )
    return tuple(Spoken(*row) for row in rows)


def settle(
    spoken: Sequence[Spoken], filed: Mapping[str, int], own: Mapping[str, int]
) -> tuple[dict[int, int], dict[str, int], frozenset[int]]:
    """Pure: from decisions to ``(of_organisation, of_name, idle)``.

    ``filed`` gives the organisation a name is filed under, ``own`` the one it gets when it is set apart. Names are set apart first; a merge that
    would bring two names together which a person keeps apart is left idle.
    """
    left: dict[str, int] = {}
    idle: set[int] = set()

    def node(key: str) -> int | None:
        return left.get(key, filed.get(key))

    for decision in spoken:
        if decision.same or node(decision.kept) is None or node(decision.kept) != node(decision.other):
            continue
        if decision.other in own:
            left[decision.other] = own[decision.other]
    above: dict[int, int] = {}

    def root(id_: int) -> int:
        while id_ in above:
            id_ = above[id_]
        return id_

    apart: list[tuple[int, int]] = []
    for decision in spoken:
        one, other = node(decision.kept), node(decision.other)
        if one is None or other is None:
            idle.add(decision.id)
        elif not decision.same:
            apart.append((one, other))
    for decision in spoken:
        one, other = node(decision.kept), node(decision.other)
        if not decision.same or one is None or other is None:
            continue
        first, second = root(one), root(other)
        if first == second:
            continue
        if any({root(a), root(b)} == {first, second} for a, b in apart):
            idle.add(decision.id)
            continue
        above[second] = first
    of_organisation = {id_: root(id_) for id_ in above}
    return of_organisation, {key: root(id_) for key, id_ in left.items()}, frozenset(idle)
