# ruff: noqa: S608 -- SQL is put together from names and conditions of ours; every value is a parameter
"""The relations a question reads: the desk as it stands, or laid out anew for a moment of the past.

A process whose evidence and system times both lie before the moment is the same then as now and is taken from the desk. The others
are put together again from the ledger: the readings that spoke then, the groups known then (or, where evidence that came
later had a part in them, grouped anew without it). What that makes stands in temporary tables for the length of the transaction.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.copying import copy_rows
from db.desk.rows import Process
from db.desk.sheet import Moment, Sheet, sheets, states
from db.desk.write import TABLES, write
from db.link.run import closure, first_of, ocid_of, reviewed_pairs
from db.match.features import Features
from db.match.groups import group
from db.seeds_then import relation

_names = itertools.count(1)


@dataclass(frozen=True, slots=True)
class World:
    """Names of relations with the columns of ``fact_notice``, ``fact_mention``, ``fact_line``, ``fact_award``, ``process``, ``announcement``, ``brand``, ``brand_owner``."""

    notice: str = "fact_notice"
    mention: str = "fact_mention"
    line: str = "fact_line"
    award: str = "fact_award"
    process: str = "process"
    announcement: str = "announcement"
    brands: str = "brand"
    owners: str = "brand_owner"
    moment: Moment = field(default_factory=Moment)


@contextmanager
def world(
    session: Session, moment: Moment, brands: Sequence[str] | None = None, divisions: Sequence[str] | None = None
) -> Iterator[World]:
    """The world at ``moment``. What is put together again may be narrowed to processes that ever named one of ``brands``, and ever had a buyer
    or end user, or stood themselves, in one of ``divisions`` (patterns of LIKE) or nobody knows where.
    """
    if moment.now:
        yield World()
        return
    past = _Past(session, moment, f"_past{next(_names)}", brands, divisions)
    past.lay_out()
    try:
        yield past.world()
    finally:
        past.drop()


_STRADDLING = """SELECT notice_id FROM fact_notice WHERE first_captured_at < evidence_at
                    AND tstzrange(first_captured_at, evidence_at, '[)') @> CAST(:as_of AS timestamptz)"""
"""First captured by then, with evidence in its process that came later."""
_NAMES_BRAND = """AND EXISTS (SELECT FROM revision v JOIN reading r ON r.revision_id = v.id
                               JOIN mention m ON m.reading_id = r.id AND m.brand_id = ANY(:brands)
                              WHERE v.notice_id = am.notice_id)"""
_BESIDE_BRAND = """(notice_id IN (SELECT notice_id FROM named)
    OR EXISTS (SELECT FROM revision v JOIN reading r ON r.revision_id = v.id JOIN link_key mine ON mine.reading_id = r.id
                 JOIN link_key theirs ON theirs.key = mine.key
                 JOIN mention m ON m.reading_id = theirs.reading_id AND m.brand_id = ANY(:brands)
                WHERE v.notice_id = apart.notice_id))"""
# A copy may name the buyer that another leaves out; whoever names none may turn out to be anywhere.
_IN_PLACE = """process_id IN (
    SELECT o.process_id FROM (SELECT DISTINCT process_id FROM named) n JOIN process_member o USING (process_id)
      JOIN revision v ON v.notice_id = o.notice_id JOIN reading r ON r.revision_id = v.id
      LEFT JOIN LATERAL (SELECT coalesce(p.division_code, b.division_code) AS division
                           FROM party p JOIN organisation b ON b.id = p.organisation_id
                          WHERE p.reading_id = r.id AND p.role IN ('buyer', 'end_user')) w ON true
     WHERE r.region_code LIKE ANY(:divisions) OR w.division IS NULL OR w.division LIKE ANY(:divisions))"""


@dataclass(slots=True)
class _Past:
    session: Session
    moment: Moment
    suffix: str
    brands: Sequence[str] | None
    divisions: Sequence[str] | None
    new_process: Iterator[int] = field(default_factory=lambda: itertools.count(-1, -1))
    new_announcement: Iterator[int] = field(default_factory=lambda: itertools.count(-1, -1))
    regrouped: set[int] = field(default_factory=set)
    """Processes of now whose notices stood in other groups then."""
    made: list[str] = field(default_factory=list)
    """Temporary tables."""

    def world(self) -> World:
        bounds = []
        if self.moment.as_of is not None:
            bounds.append(f"evidence_at <= {_literal(self.moment.as_of)}")
        if self.moment.known_at is not None:
            bounds.append(f"changed_at <= {_literal(self.moment.known_at)}")
        if self.regrouped:
            bounds.append(f"process_id <> ALL ('{{{','.join(map(str, sorted(self.regrouped)))}}}'::bigint[])")

        def then(table: str, columns: str = "*", where: str = " AND ".join(bounds)) -> str:
            stands = f"SELECT {columns} FROM {table} WHERE {where}"
            temporary = f"{table}{self.suffix}"
            return f"({stands} UNION ALL SELECT * FROM {temporary})" if temporary in self.made else f"({stands})"

        return World(
            notice=then("fact_notice"),
            mention=then("fact_mention"),
            line=then("fact_line"),
            award=then("fact_award"),
            process=then("process", "id, ocid, project_no", "true"),
            announcement=then("announcement", "id, key", "true"),
            brands=relation(self.session, "brand", self.moment.known_at),
            owners=relation(self.session, "brand_owner", self.moment.known_at),
            moment=self.moment,
        )

    def lay_out(self) -> None:
        """What was otherwise then, in temporary tables: none where nothing was."""
        processes = self._put_together(self._start())
        if processes:
            for table in TABLES:
                self._make(table)
            write(self.session, processes, suffix=self.suffix, known_at=self.moment.known_at)

    def _make(self, table: str, columns: str = "") -> None:
        """A temporary twin of ``table``, with its columns or those given; at most one."""
        name = f"{table}{self.suffix}"
        if name in self.made:
            return
        like = "" if columns else f"AS SELECT * FROM {table} WHERE false"
        self.session.execute(text(f"CREATE TEMP TABLE {name} {columns} ON COMMIT DROP {like}"))
        self.made.append(name)

    def drop(self) -> None:
        """Temporary relations end with the transaction; a second question in it must not see the first one's."""
        if self.made and self.session.in_transaction():
            self.session.execute(text(f"DROP TABLE IF EXISTS {', '.join(self.made)}"))

    def _bounds(self) -> dict[str, dt.datetime | None]:
        return {"as_of": self.moment.as_of, "known_at": self.moment.known_at}

    def _start(self) -> list[int]:
        """Notices that were there at the moment and whose process is not the same now."""
        moment = self.moment
        changed = []
        if moment.as_of is not None:
            changed.append(_STRADDLING)
        if moment.known_at is not None:
            changed.append("SELECT notice_id FROM fact_notice WHERE changed_at > :known_at")
            changed.append("SELECT notice_id FROM process_member WHERE superseded_at > :known_at")
        brand = _NAMES_BRAND if self.brands is not None else ""
        place = f"WHERE {_IN_PLACE}" if self.divisions is not None else ""
        # Whose page said something else then may have been one with notices that it is apart from now: its own words settle nothing.
        narrowed = self.brands is not None or self.divisions is not None
        apart = f"UNION SELECT notice_id FROM apart WHERE {_BESIDE_BRAND if brand else 'true'}"
        rows = self.session.execute(
            text(f"""
                WITH named AS MATERIALIZED (
                    SELECT DISTINCT am.notice_id, am.process_id
                      FROM ({" UNION ".join(changed)}) c JOIN process_member am USING (notice_id) WHERE {self._then("am")} {brand}
                ), apart AS MATERIALIZED (
                    SELECT v.notice_id FROM ({_STRADDLING}) c JOIN revision v USING (notice_id) JOIN reading r ON r.revision_id = v.id
                     GROUP BY v.notice_id HAVING count(DISTINCT (r.revision_id, r.attachments_digest)) > 1
                )
                SELECT notice_id FROM named {place} {apart if narrowed and moment.as_of is not None else ""}
            """),
            {
                **({"brands": list(self.brands)} if self.brands is not None else {}),
                **({"divisions": list(self.divisions)} if self.divisions is not None else {}),
                **self._bounds(),
            },
        )
        return sorted(set(rows.scalars()))

    def _then(self, alias: str) -> str:
        """Condition: a membership held at the moment."""
        if self.moment.known_at is None:
            return f"{alias}.superseded_at IS NULL"
        return (
            f"{alias}.recorded_at <= :known_at AND ({alias}.superseded_at IS NULL OR {alias}.superseded_at > :known_at)"
        )

    def _members_then(self, column: str, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Notice -> (announcement, process) as known at the moment."""
        known = self._then("m")
        rows = self.session.execute(
            text(f"""
                SELECT a.notice_id, a.announcement_id, p.process_id
                  FROM (SELECT m.notice_id, m.announcement_id FROM announcement_member m WHERE {known}) a
                  JOIN (SELECT m.notice_id, m.process_id FROM process_member m WHERE {known}) p USING (notice_id)
                 WHERE {column} = ANY(:ids)
            """),
            {"ids": list(ids), **({"known_at": self.moment.known_at} if self.moment.known_at is not None else {})},
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def _put_together(self, start: Sequence[int]) -> list[Process]:
        if not start:
            return []
        session, moment = self.session, self.moment
        members = self._members_then("a.notice_id", start)
        members = self._members_then("p.process_id", {process for _, process in members.values()})
        then = states(session, members, moment)
        whole = states(session, members, Moment(None, moment.known_at)) if moment.as_of is not None else then
        unsettled = {
            process
            for notice, (_, process) in members.items()
            if notice in whole and (notice not in then or then[notice].reading_id != whole[notice].reading_id)
        }
        settled: dict[int, dict[int, list[int]]] = {}
        for notice, (announcement, process) in members.items():
            if process not in unsettled and notice in then:
                settled.setdefault(process, {}).setdefault(announcement, []).append(notice)
        laid = sheets(session, {n: then[n] for n in members if n in then and members[n][1] not in unsettled}, moment)
        made = [
            self._process(id_, {a: [laid[n] for n in sorted(copies)] for a, copies in parts.items()})
            for id_, parts in settled.items()
        ]
        made.extend(self._group_anew([n for n in members if members[n][1] in unsettled and n in then]))
        return made

    def _group_anew(self, start: Sequence[int]) -> list[Process]:
        """Groups without the evidence that came after the moment."""
        if not start:
            return []
        session, s = self.session, self.suffix
        reached = closure(session, start, self.moment)
        linked = set(self._members_then("a.notice_id", reached.features))
        nodes: dict[int, Features] = {n: f for n, f in reached.features.items() if n in linked}
        inside = {(a, b) for a, b in reached.candidates if a in nodes and b in nodes}
        groups = group(nodes, inside, reviewed_pairs(session, nodes, self.moment))
        # What is grouped anew must not be taken from the desk as well.
        self.regrouped |= set(
            session.execute(
                text("SELECT DISTINCT process_id FROM fact_notice WHERE notice_id = ANY(:ids)"), {"ids": list(nodes)}
            ).scalars()
        )
        self._make("process", "(id bigint, ocid text, project_no text)")
        self._make("announcement", "(id bigint, key text)")
        laid = sheets(session, {n: reached.states[n] for n in nodes}, self.moment)
        of_announcement = {n: i for i, part in enumerate(groups.announcements) for n in part}
        announcement_ids: dict[int, int] = {}
        announcements: list[tuple[int, str]] = []
        processes: list[tuple[int, str, str | None]] = []
        made = []
        for part in groups.processes:
            copies: dict[int, list[Sheet]] = {}
            for node in part:
                index = of_announcement[node]
                if index not in announcement_ids:
                    id_ = announcement_ids[index] = next(self.new_announcement)
                    key = nodes[first_of(groups.announcements[index], nodes)].key
                    announcements.append((id_, key))
                copies.setdefault(announcement_ids[index], []).append(laid[node])
            process = next(self.new_process)
            number = next((nodes[n].number for n in part if nodes[n].number), None)
            processes.append((process, ocid_of(part, nodes), number))
            made.append(self._process(process, copies))
        copy_rows(session, f"announcement{s}", ("id", "key"), announcements)
        copy_rows(session, f"process{s}", ("id", "ocid", "project_no"), processes)
        return made

    def _process(self, id_: int, copies: Mapping[int, list[Sheet]]) -> Process:
        return Process(id_, sorted(copies.items()), self.moment.known_at or dt.datetime.max.replace(tzinfo=dt.UTC))


def _literal(moment: dt.datetime) -> str:
    return f"TIMESTAMPTZ '{moment.astimezone(dt.UTC).isoformat()}'"
