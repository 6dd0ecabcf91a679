"""Linking a batch: only what the batch can reach is looked at, so a night costs what the night brought.

What the batch can reach: its notices, the groups they are in, and everything joined to those by pairs that are the same. Inside
that closure the grouping is computed anew by :mod:`db.match.groups`, which does not know who came first.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.clock import tick
from db.copying import copy_rows, next_ids
from db.desk.rows import Process
from db.desk.sheet import NOW, Moment, Sheet, State, features_of, sheets, states
from db.desk.write import clear, write
from db.match.compare import VERSION
from db.match.features import Features
from db.match.groups import Decisions, Groups, PairDecision, decide, group
from db.models.link import LinkLevel, LinkVerdict

BATCH = 2000


@dataclass(slots=True)
class Linked:
    """``notices`` were looked at because they changed, ``reached`` besides them, ``processes`` were laid out anew."""

    notices: int = 0
    reached: int = 0
    processes: int = 0


@dataclass(slots=True)
class Closure:
    """Everything a set of notices is joined to, and the pairs met on the way."""

    states: dict[int, State] = field(default_factory=dict)
    features: dict[int, Features] = field(default_factory=dict)
    candidates: set[tuple[int, int]] = field(default_factory=set)
    beside: dict[int, Features] = field(default_factory=dict)
    """Compared and not joined."""
    beside_states: dict[int, State] = field(default_factory=dict)


def link(session: Session, notices: Iterable[int] | None = None, *, batch: int = BATCH) -> Linked:
    """Link ``notices``, or everything ingest has queued, in the caller's transaction.

    Large queues: call with ``batch`` again and again, committing between, through :func:`link_some`.
    """
    total = Linked()
    if notices is not None:
        session.execute(
            text("INSERT INTO link_queue (notice_id) SELECT unnest(CAST(:ids AS bigint[])) ON CONFLICT DO NOTHING"),
            {"ids": sorted(set(notices))},
        )
    while True:
        done = link_some(session, batch)
        if done.notices == 0:
            if total.notices:
                refresh_statistics(session, total.notices)
            return total
        total.notices += done.notices
        total.reached += done.reached
        total.processes += done.processes


def link_some(session: Session, batch: int = BATCH) -> Linked:
    """Link up to ``batch`` queued notices. ``notices`` 0 = the queue is empty."""
    queued = session.execute(
        text("""
            DELETE FROM link_queue WHERE notice_id IN
                   (SELECT notice_id FROM link_queue ORDER BY notice_id LIMIT :batch FOR UPDATE SKIP LOCKED)
            RETURNING notice_id
        """),
        {"batch": batch},
    ).scalars()
    touched = sorted(queued)
    if not touched:
        return Linked()
    now = tick(session)
    former = _members(session, touched)
    # Groups the touched notices are in may fall apart: their other members are looked at again, too.
    fellows = _fellows(session, {process for _, process in former.values()})
    reached = closure(session, {*touched, *fellows})
    decisions = reviewed_pairs(session, reached.features)
    inside = {pair for pair in reached.candidates if pair[1] in reached.features}
    groups = group(reached.features, inside, decisions)
    moved, processes = _settle(session, reached, groups, set(touched), now)
    _keep_pairs(session, reached, groups, decisions, set(touched), now)
    # Only what changed is laid out anew; processes that were merely reached stay as they are.
    stale = {process for _, process in former.values()} | {old for old in moved.values() if old is not None}
    wanted = {
        id_: part
        for id_, part in processes.items()
        if id_ in stale or any(node in moved or node in former or node in touched for node in part)
    }
    clear(session, stale | set(wanted), touched)
    lay_processes(session, reached.states, wanted, now)
    return Linked(len(touched), len(reached.features.keys() - set(touched)), len(wanted))


_PLANNED = (
    "notice revision reading item mention party capture capture_reading attachment organisation organisation_name announcement "
    "announcement_member process process_member link_key fact_notice fact_mention fact_award fact_line"
)


def refresh_statistics(session: Session, changed: int) -> None:
    """Tell the planner about tables that grew by a tenth or more: until autovacuum gets there, it would plan as if they were empty."""
    known = session.execute(
        text("SELECT reltuples FROM pg_class WHERE oid = CAST('fact_notice' AS regclass)")
    ).scalar_one()
    if changed * 10 >= known:
        session.execute(text(f"ANALYZE {', '.join(_PLANNED.split())}"))


def relink(session: Session) -> int:
    """Queue every notice, for rules that have changed. Returns how many."""
    result = session.execute(text("INSERT INTO link_queue (notice_id) SELECT id FROM notice ON CONFLICT DO NOTHING"))
    return int(result.rowcount)  # type: ignore[attr-defined]


# ── what a batch reaches ─────────────────────────────────────────────────────────────────────────────────────────────


def closure(session: Session, start: Iterable[int], moment: Moment = NOW) -> Closure:
    """Everything joined to ``start`` by pairs that are the same at ``moment``."""
    found = Closure()
    frontier = states(session, start, moment)
    frontier_features = features_of(session, frontier, moment)
    decisions: Decisions = {}
    while frontier_features:
        found.states.update(frontier)
        found.features.update(frontier_features)
        for joined in frontier_features:
            found.beside.pop(joined, None)
            found.beside_states.pop(joined, None)
        met = _neighbours(session, frontier)
        strangers = {other for _, other in met if other not in found.states and other not in found.beside_states}
        known = states(session, strangers, moment)
        found.beside_states.update(known)
        found.beside.update(features_of(session, known, moment))
        decisions = reviewed_pairs(session, {**found.features, **found.beside}, moment)
        met |= _reviewed_same(decisions, {**found.features, **found.beside})
        following: set[int] = set()
        for a, b in sorted(met):
            one = found.features.get(a)
            other = found.features.get(b) or found.beside.get(b)
            if one is None or other is None:
                continue
            found.candidates.add((a, b))
            if b in found.features:
                continue
            if any(decide(level, one, other, decisions).verdict is LinkVerdict.SAME for level in LinkLevel):
                following.add(b)
        frontier = {notice: found.beside_states[notice] for notice in following}
        frontier_features = {notice: found.beside[notice] for notice in following}
    return found


def _neighbours(session: Session, frontier: Mapping[int, State]) -> set[tuple[int, int]]:
    """(notice of the frontier, any notice) with a key in common, whatever its state."""
    by_reading = {state.reading_id: notice for notice, state in frontier.items()}
    rows = session.execute(
        text("""
            SELECT DISTINCT mine.reading_id, v.notice_id
              FROM link_key mine
              JOIN link_key theirs ON theirs.key = mine.key AND theirs.reading_id <> mine.reading_id
              JOIN reading r ON r.id = theirs.reading_id
              JOIN revision v ON v.id = r.revision_id
             WHERE mine.reading_id = ANY(:readings)
        """),
        {"readings": list(by_reading)},
    )
    return {(by_reading[row[0]], row[1]) for row in rows if by_reading[row[0]] != row[1]}


def reviewed_pairs(
    session: Session, nodes: Mapping[int, Features], moment: Moment = NOW
) -> dict[tuple[str, str, str], bool]:
    """People's decisions about pairs with at least one end in ``nodes``, by notice key."""
    known = (
        "w.superseded_at IS NULL"
        if moment.known_at is None
        else "w.recorded_at <= :known_at AND (w.superseded_at IS NULL OR w.superseded_at > :known_at)"
    )
    bounds = {} if moment.known_at is None else {"known_at": moment.known_at}
    rows = session.execute(
        text(f"""
            SELECT w.kind, a.portal_id || '/' || a.identity, b.portal_id || '/' || b.identity, w.verdict
              FROM review w JOIN notice a ON a.id = w.notice_id JOIN notice b ON b.id = w.other_notice_id
             WHERE w.kind <> 'mention' AND {known} AND (w.notice_id = ANY(:nodes) OR w.other_notice_id = ANY(:nodes))
        """),  # noqa: S608 -- pieces of ours
        {"nodes": list(nodes), **bounds},
    )
    decided: dict[tuple[str, str, str], bool] = {}
    for kind, one, other, verdict in rows:
        low, high = sorted((one, other))
        decided[kind.removeprefix("same_"), low, high] = verdict == "same"
    return decided


def _reviewed_same(decisions: Decisions, nodes: Mapping[int, Features]) -> set[tuple[int, int]]:
    """Pairs a person joined, whether or not they share a key."""
    of_key = {value.key: node for node, value in nodes.items()}
    return {
        pair
        for (_, low, high), same in decisions.items()
        if same and low in of_key and high in of_key
        for pair in ((of_key[low], of_key[high]), (of_key[high], of_key[low]))
    }


# ── what it changes ──────────────────────────────────────────────────────────────────────────────────────────────────


def _members(session: Session, notices: Iterable[int]) -> dict[int, tuple[int, int]]:
    """(announcement, process) of each notice that has one."""
    rows = session.execute(
        text("""
            SELECT a.notice_id, a.announcement_id, p.process_id
              FROM announcement_member a JOIN process_member p USING (notice_id)
             WHERE a.notice_id = ANY(:ids) AND a.superseded_at IS NULL AND p.superseded_at IS NULL
        """),
        {"ids": list(notices)},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _fellows(session: Session, processes: Iterable[int]) -> set[int]:
    rows = session.execute(
        text("SELECT notice_id FROM process_member WHERE process_id = ANY(:ids) AND superseded_at IS NULL"),
        {"ids": list(processes)},
    )
    return set(rows.scalars())


def first_of(part: Iterable[int], features: Mapping[int, Features]) -> int:
    """The earliest notice of a group; ties by key, so that names of groups depend on their members alone."""
    return min(part, key=lambda node: (features[node].date or "9999", features[node].key))


def ocid_of(part: Iterable[int], features: Mapping[int, Features]) -> str:
    first = features[first_of(part, features)]
    return f"ocds-caigou-{hashlib.sha256(first.key.encode()).hexdigest()[:16]}"


def _settle(
    session: Session, reached: Closure, groups: Groups, touched: set[int], now: dt.datetime
) -> tuple[dict[int, int | None], dict[int, tuple[int, ...]]]:
    """Bring memberships in line with the groups. Returns the former process of each notice that moved, and the processes by id."""
    features = reached.features
    announcements = {f"{features[first_of(part, features)].key}": part for part in groups.announcements}
    ids = _announcement_ids(session, announcements, now)
    in_announcement = {node: ids[key] for key, part in announcements.items() for node in part}
    processes = {ocid_of(part, features): part for part in groups.processes}
    process_ids = _process_ids(session, processes, features, now)
    in_process = {node: process_ids[ocid] for ocid, part in processes.items() for node in part}
    _successors(session, groups, in_process)
    known = _members(session, {*features, *touched})
    moved: dict[int, int | None] = {}
    for table, at, new in (("announcement", 0, in_announcement), ("process", 1, in_process)):
        gone = [node for node, old in known.items() if new.get(node) != old[at]]
        come = [node for node, to in new.items() if node not in known or known[node][at] != to]
        if gone:
            session.execute(
                text(
                    f"UPDATE {table}_member SET superseded_at = :now WHERE notice_id = ANY(:ids) AND superseded_at IS NULL"  # noqa: S608
                ),
                {"now": now, "ids": gone},
            )
        copy_rows(
            session,
            f"{table}_member",
            (f"{table}_id", "notice_id", "recorded_at"),
            [(new[n], n, now) for n in sorted(come)],
        )
        for node in {*gone, *come}:
            moved[node] = known[node][1] if node in known else None
    return moved, {process_ids[ocid]: part for ocid, part in processes.items()}


def _announcement_ids(session: Session, wanted: Mapping[str, Any], now: dt.datetime) -> dict[str, int]:
    rows = session.execute(text("SELECT key, id FROM announcement WHERE key = ANY(:keys)"), {"keys": list(wanted)})
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    missing = sorted(key for key in wanted if key not in found)
    ids = next_ids(session, "announcement", len(missing))
    copy_rows(
        session, "announcement", ("id", "key", "recorded_at"), [(i, k, now) for i, k in zip(ids, missing, strict=True)]
    )
    return {**found, **dict(zip(missing, ids, strict=True))}


def _process_ids(
    session: Session, wanted: Mapping[str, tuple[int, ...]], features: Mapping[int, Features], now: dt.datetime
) -> dict[str, int]:
    rows = session.execute(text("SELECT ocid, id FROM process WHERE ocid = ANY(:ocids)"), {"ocids": list(wanted)})
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    missing = sorted(ocid for ocid in wanted if ocid not in found)
    made = []
    for ocid, id_ in zip(missing, next_ids(session, "process", len(missing)), strict=True):
        part = wanted[ocid]
        first = features[first_of(part, features)]
        number = next((features[n].number for n in part if features[n].number), None)
        contract = next((features[n].contract for n in part if features[n].contract), None)
        made.append((id_, ocid, number or contract, first.year, max(features[n].round for n in part), now))
        found[ocid] = id_
    copy_rows(session, "process", ("id", "ocid", "project_no", "fiscal_year", "round", "recorded_at"), made)
    return found


def _successors(session: Session, groups: Groups, in_process: Mapping[int, int]) -> None:
    """Tell later rounds which process they re-run."""
    links = {
        (in_process[later], in_process[earlier])
        for earlier, later in groups.successors
        if earlier in in_process and later in in_process and in_process[earlier] != in_process[later]
    }
    if links:
        session.execute(
            text("""
                UPDATE process SET predecessor_id = w.earlier
                  FROM (SELECT later, max(earlier) AS earlier
                          FROM unnest(CAST(:later AS bigint[]), CAST(:earlier AS bigint[])) AS u (later, earlier) GROUP BY later) w
                 WHERE process.id = w.later AND process.predecessor_id IS DISTINCT FROM w.earlier
            """),
            {"later": [pair[0] for pair in sorted(links)], "earlier": [pair[1] for pair in sorted(links)]},
        )


def _keep_pairs(
    session: Session, reached: Closure, groups: Groups, decisions: Decisions, touched: set[int], now: dt.datetime
) -> None:
    """Store the decisions that involve the batch; one that has not changed is left standing."""
    features = {**reached.features, **reached.beside}
    all_states = {**reached.states, **reached.beside_states}
    wanted: dict[tuple[str, int, int], PairDecision] = {}
    beside = [
        PairDecision(level, a, b, decide(level, features[a], features[b], decisions))
        for a, b in sorted(reached.candidates)
        if b in reached.beside and a in touched
        for level in LinkLevel
    ]
    for pair in (*groups.pairs, *beside):
        if pair.comparison.verdict is None or not touched & {pair.left, pair.right}:
            continue
        left, right = all_states[pair.left].revision_id, all_states[pair.right].revision_id
        if left < right:
            wanted[pair.level.value, left, right] = pair
        elif left > right:
            # The evidence tells both sides in the order in which the pair is stored.
            turned = decide(pair.level, features[pair.right], features[pair.left], decisions)
            wanted[pair.level.value, right, left] = PairDecision(pair.level, pair.right, pair.left, turned)
    if not wanted:
        return
    rows = session.execute(
        text("""
            SELECT p.id, p.level, p.left_revision_id, p.right_revision_id, p.verdict, p.score, p.evidence
              FROM unnest(CAST(:levels AS text[]), CAST(:lefts AS bigint[]), CAST(:rights AS bigint[])) AS w (a, b, c)
              JOIN pair p ON p.level = w.a AND p.left_revision_id = w.b AND p.right_revision_id = w.c
             WHERE p.superseded_at IS NULL
        """),
        {"levels": [k[0] for k in wanted], "lefts": [k[1] for k in wanted], "rights": [k[2] for k in wanted]},
    )
    outdated = []
    for id_, level, left, right, verdict, score, evidence in rows:
        key = (level, left, right)
        comparison = wanted[key].comparison
        if (comparison.verdict, comparison.score, comparison.evidence) == (verdict, score, evidence):
            del wanted[key]
        else:
            outdated.append(id_)
    if outdated:
        session.execute(
            text("UPDATE pair SET superseded_at = :now WHERE id = ANY(:ids)"), {"now": now, "ids": outdated}
        )
    copy_rows(
        session,
        "pair",
        (
            "level",
            "left_revision_id",
            "right_revision_id",
            "verdict",
            "score",
            "evidence",
            "link_version",
            "recorded_at",
        ),
        [
            (*key, pair.comparison.verdict.value, pair.comparison.score, Jsonb(pair.comparison.evidence), VERSION, now)
            for key, pair in wanted.items()
            if pair.comparison.verdict is not None
        ],
    )


def lay_processes(
    session: Session, found: Mapping[int, State], processes: Mapping[int, Sequence[int]], now: dt.datetime
) -> None:
    """Lay out the given processes (ids with their notices)."""
    in_announcement = _members(session, {node for part in processes.values() for node in part})
    laid = sheets(session, {node: found[node] for part in processes.values() for node in part})
    made = []
    for id_, part in processes.items():
        copies: dict[int, list[Sheet]] = {}
        for node in part:
            copies.setdefault(in_announcement[node][0], []).append(laid[node])
        made.append(Process(id_, sorted(copies.items()), now))
    write(session, made)
