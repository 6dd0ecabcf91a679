# ruff: noqa: S608 -- SQL is put together from names and conditions of ours; every value is a parameter
"""A file that pins a count: asked again years later, the same number, byte for byte; asked at another time, why it differs.

The file holds the question with both times, the versions, the ladder, and for each rung what was counted, with the content digests and
versions behind it. It is canonical JSON: sorted keys, no free choice anywhere. ``parts`` holds a digest of each part of the file, ``digest``
is over everything else: a file changed by hand is noticed, and where.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.clock import last_tick
from db.count.ladder import RUNGS, count, newest_evidence, selected_sql
from db.desk.sheet import states
from db.filters import Filters, Resolved, resolve
from db.tombstones import tombstones
from db.world import World, world

FORMAT = 1
Manifest = dict[str, Any]


class ManifestError(ValueError):
    """Raised for a file that is no manifest, or one changed by hand."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


class ManifestEditedError(ManifestError):
    """Raised for a file changed since it was written. ``parts`` names the parts changed; empty where the file is too old to tell."""

    def __init__(self, path: Path, manifest: Manifest, parts: tuple[str, ...]) -> None:
        where = f": {', '.join(parts)}" if parts else ""
        super().__init__(
            f"{path}: changed since it was written (its digest does not fit){where}", "use the file as it was written"
        )
        self.manifest, self.parts = manifest, parts


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing counted differently: ``change`` is added, removed or changed, ``cause`` why (see :func:`diff`)."""

    rung: str
    id: str
    change: str
    cause: str
    detail: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"rung": self.rung, "id": self.id, "change": self.change, "cause": self.cause, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Verification:
    """``ok`` = the store gives the same answer; ``notes`` name what else has moved on (program, linking rules)."""

    ok: bool
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]
    purged: tuple[str, ...] = ()
    """Notices behind the manifest that were purged since: when, by whom, why."""


def make(session: Session, filters: Filters) -> Manifest:
    """The manifest of a count. Times not given are pinned to now: the newest evidence, the last tick of system time."""
    pinned = replace(
        filters, as_of=filters.as_of or newest_evidence(session), known_at=filters.known_at or last_tick(session)
    )
    return _make(session, pinned)


def _make(session: Session, pinned: Filters) -> Manifest:
    counted = count(session, pinned)
    asked = resolve(session, pinned)
    with world(session, pinned.moment, asked.brands, asked.regions) as there:
        rungs, processes = _contents(session, asked, there)
    manifest: Manifest = {
        "format": FORMAT,
        "query": pinned.as_json(),
        "as_of": pinned.as_of.isoformat() if pinned.as_of else None,
        "known_at": pinned.known_at.isoformat() if pinned.known_at else None,
        "versions": counted.versions,
        "ladder": counted.as_json()["ladder"],
        "coverage": {"undated": counted.coverage["undated"], "windows": _windows(session, pinned)},
        "rungs": rungs,
        "processes": processes,
    }
    manifest["parts"] = _parts(manifest)
    manifest["digest"] = digest(manifest)
    return manifest


def _parts(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: hashlib.sha256(dump({name: value}).encode()).hexdigest()
        for name, value in sorted(manifest.items())
        if name not in {"parts", "digest"}
    }


def dump(manifest: Manifest) -> str:
    """The canonical text of a manifest."""
    return json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def digest(manifest: Mapping[str, Any]) -> str:
    content = {name: value for name, value in manifest.items() if name != "digest"}
    return hashlib.sha256(dump(content).encode()).hexdigest()


def write(session: Session, filters: Filters, path: Path) -> Manifest:
    """Make the manifest and write it whole or not at all."""
    manifest = make(session, filters)
    part = path.with_name(f".{path.name}.part")
    part.write_text(dump(manifest), encoding="utf-8")
    part.replace(path)
    return manifest


def read(path: Path) -> Manifest:
    """A manifest from its file. Raises :class:`ManifestError`."""
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ManifestError(f"{path}: not a manifest ({error})", "give a file written by count --manifest") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or "query" not in manifest:
        raise ManifestError(f"{path}: not a manifest of format {FORMAT}", "give a file written by count --manifest")
    if manifest.get("digest") != digest(manifest):
        known = manifest.get("parts")
        found = _parts(manifest)
        known = known if isinstance(known, dict) else found
        changed = tuple(name for name in sorted(known.keys() | found.keys()) if known.get(name) != found.get(name))
        raise ManifestEditedError(path, manifest, changed)
    return manifest


def edits(session: Session, edited: ManifestEditedError) -> list[str]:
    """What a file changed by hand says and the store does not, place by place; nothing where the question itself was changed."""
    if {"query", "as_of", "known_at", "format"} & set(edited.parts):
        return []
    again = _make(session, Filters.from_json(edited.manifest["query"]))
    wanted = edited.parts or tuple(sorted(again.keys() - {"digest", "parts", "versions", "coverage"}))
    return [line for name in wanted for line in _unlike(name, edited.manifest.get(name), again.get(name))]


def _unlike(where: str, given: Any, stored: Any) -> Iterator[str]:
    if isinstance(given, dict) and isinstance(stored, dict):
        for name in sorted(given.keys() | stored.keys()):
            yield from _unlike(f"{where}.{name}", given.get(name), stored.get(name))
    elif given != stored:
        yield f"{where}: {_short(given)} in the file, {_short(stored)} in the store"


def _short(value: Any) -> str:
    shown = "nothing" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


_SHOWN = 80
"""Characters of a value that a message shows."""


def verify(session: Session, manifest: Manifest) -> Verification:
    """Ask again at the times pinned and compare everything counted."""
    again = _make(session, Filters.from_json(manifest["query"]))
    notes = tuple(
        f"{name} was {manifest['versions'].get(name)}, is {value}"
        for name, value in sorted(again["versions"].items())
        if manifest["versions"].get(name) != value
    )
    same = all(again[part] == manifest[part] for part in ("ladder", "rungs", "processes", "as_of", "known_at"))
    gone = tuple(purged_words(session, manifest).values())
    return Verification(same, () if same else tuple(explain(session, manifest, again)), notes, gone)


def rerun(session: Session, manifest: Manifest) -> Manifest:
    """The same question at the times of today."""
    return make(session, replace(Filters.from_json(manifest["query"]), as_of=None, known_at=None))


def explain(session: Session, old: Manifest, new: Manifest | None = None) -> list[Difference]:
    """Why ``new`` (by default: the same question asked now) differs from ``old``, with the store's help for what only one of them holds."""
    new = new or rerun(session, old)
    was, now = _all_members(old), _all_members(new)
    return diff(
        old,
        new,
        {**_states_then(session, old, now.keys() - was.keys()), **was},
        {**_states_then(session, new, was.keys() - now.keys()), **now},
        purged_words(session, old),
    )


def purged_words(session: Session, manifest: Manifest) -> dict[str, str]:
    """Of the notices behind a manifest, those purged since: when, by whom, why."""
    return {found.notice: found.words for found in tombstones(session, sorted(_all_members(manifest)))}


def diff(
    old: Manifest,
    new: Manifest,
    was: Mapping[str, Any] | None = None,
    now: Mapping[str, Any] | None = None,
    gone: Mapping[str, str] | None = None,
) -> list[Difference]:
    """What is counted differently, each with one cause:

    ``new evidence`` (captured after the old as-of) · ``late capture`` (captured before, stored after) · ``correction`` (a correction
    or failure notice joined the process) · ``changed page`` · ``takedown`` (nothing shows it as a notice any more) · ``reader`` ·
    ``lexicon`` · ``model`` · ``review`` · ``link`` (grouped otherwise) · ``purged`` (taken out for legal reasons) · ``code`` (nothing
    stored explains it).

    ``was`` and ``now`` give the states of notices at either time, ``gone`` the words about purged ones; :func:`explain` looks up what
    the files do not hold.
    """
    was = _all_members(old) if was is None else was
    now = _all_members(new) if now is None else now
    found: list[Difference] = []
    for rung in RUNGS:
        before, after = old["rungs"].get(rung, {}), new["rungs"].get(rung, {})
        for id_ in sorted(before.keys() | after.keys()):
            if before.get(id_) == after.get(id_):
                continue
            change = "added" if id_ not in before else "removed" if id_ not in after else "changed"
            of_old, of_new = _members(old, before.get(id_)), _members(new, after.get(id_))
            names = sorted(of_old.keys() | of_new.keys())
            cause, detail = _cause(old, names, was, now, gone or {})
            if cause == "code" and (of_old.keys() != of_new.keys() or _grouped(before, id_) != _grouped(after, id_)):
                cause = "link"
            found.append(Difference(rung, id_, change, cause, detail))
    return found


def _grouped(entries: Mapping[str, Any], id_: str) -> Any:
    return entries[id_]["processes"] if id_ in entries else None


def _cause(
    old: Manifest, names: Iterable[str], was: Mapping[str, Any], now: Mapping[str, Any], gone: Mapping[str, str]
) -> tuple[str, str | None]:
    """The first cause that holds for any of the notices, the strongest first."""
    listed = list(names)
    for name in listed:
        if name in gone and name in was and name not in now:
            return "purged", gone[name]
    come = [now[name] for name in listed if name in now and name not in was]
    for member in come:
        if member["type"] in {"correction", "failed"}:
            return "correction", member["notice"]
    for member in come:
        late = old["as_of"] is not None and member["first_captured_at"] <= old["as_of"]
        return ("late capture" if late else "new evidence"), member["notice"]
    both = [name for name in listed if name in was and name in now]
    for cause, part in (
        ("changed page", "digest"),
        ("review", "reviews"),
        ("lexicon", "lexicon"),
        ("model", "model"),
        ("reader", "reader"),
    ):
        for name in both:
            if was[name][part] != now[name][part]:
                return cause, name
    for name in listed:
        if name in was and name not in now:
            return "takedown", name
    for name in both:
        if was[name]["captures"] != now[name]["captures"]:
            return "new evidence", name
    return "code", None


def _states_then(session: Session, manifest: Manifest, names: Iterable[str]) -> dict[str, Any]:
    """The state of notices at a manifest's times, in the form its ``processes`` have."""
    wanted = list(names)
    rows = session.execute(
        text("SELECT id, portal_id || '/' || identity FROM notice WHERE portal_id || '/' || identity = ANY(:names)"),
        {"names": wanted},
    )
    by_id = {row[0]: row[1] for row in rows}
    filters = Filters.from_json(manifest["query"])
    found = states(session, by_id, filters.moment)
    of_reading = {state.reading_id: by_id[notice] for notice, state in found.items()}
    first = {by_id[notice]: state for notice, state in found.items()}
    known = filters.known_at
    reviewed = "w.superseded_at IS NULL"
    if known is not None:
        reviewed = "w.recorded_at <= :known_at AND (w.superseded_at IS NULL OR w.superseded_at > :known_at)"
    rows = session.execute(
        text(f"""
            SELECT r.id, r.type, v.content_digest, x.reader, x.lexicon, x.model,
                   (SELECT count(*) FROM review w WHERE w.revision_id = v.id AND {reviewed})
              FROM reading r JOIN revision v ON v.id = r.revision_id JOIN versions x ON x.id = r.versions_id WHERE r.id = ANY(:ids)
        """),
        {"ids": list(of_reading), **({} if known is None else {"known_at": known})},
    )
    return {
        of_reading[id_]: {
            "notice": of_reading[id_],
            "type": type_,
            "digest": content,
            "first_captured_at": first[of_reading[id_]].first_captured_at.isoformat(),
            "reader": reader,
            "lexicon": lexicon,
            "model": model,
            "reviews": reviews,
            "captures": first[of_reading[id_]].captures,
        }
        for id_, type_, content, reader, lexicon, model, reviews in rows
    }


def _members(manifest: Manifest, entry: Mapping[str, Any] | None) -> dict[str, Any]:
    if entry is None:
        return {}
    return {m["notice"]: m for ocid in entry["processes"] for m in manifest["processes"].get(ocid, ())}


def _all_members(manifest: Manifest) -> dict[str, Any]:
    return {m["notice"]: m for members in manifest["processes"].values() for m in members}


# ── what was counted ─────────────────────────────────────────────────────────────────────────────────────────────────

_RUNG_ROWS = """
    SELECT 'N1' AS rung, a.key AS id, min(s.lvl) AS lvl, NULL::numeric AS units, array_agg(DISTINCT p.ocid) AS ocids
      FROM sel s JOIN {announcement} a ON a.id = s.announcement_id JOIN {process} p ON p.id = s.process_id GROUP BY a.key
    UNION ALL
    SELECT 'N2', p.ocid, min(s.lvl), NULL, array_agg(DISTINCT p.ocid)
      FROM sel s JOIN {process} p ON p.id = s.process_id GROUP BY p.ocid
    UNION ALL
    SELECT 'buyers', o.key, min(s.lvl), NULL, array_agg(DISTINCT p.ocid)
      FROM sel s JOIN organisation o ON o.id = s.buyer JOIN {process} p ON p.id = s.process_id GROUP BY o.key
    UNION ALL
    SELECT 'suppliers', o.key, min(s.lvl), NULL, array_agg(DISTINCT p.ocid)
      FROM sel s JOIN organisation o ON o.id = s.supplier_id JOIN {process} p ON p.id = s.process_id GROUP BY o.key
"""
_LINE_ROWS = """
    UNION ALL
    SELECT 'N4', n.portal_id || '/' || n.identity || '#' || i.position, min(x.lvl), max(x.units), array_agg(DISTINCT p.ocid)
      FROM {source} x JOIN item i ON i.id = x.item_id JOIN reading r ON r.id = i.reading_id JOIN revision v ON v.id = r.revision_id
      JOIN notice n ON n.id = v.notice_id JOIN {process} p ON p.id = x.process_id {primary} GROUP BY 2
"""
_AWARD_ROWS = """
    UNION ALL
    SELECT 'N3', p.ocid || '|' || a.key || '|' || coalesce(a.amount_cny::text, ''), min(x.lvl), NULL, array_agg(DISTINCT p.ocid)
      FROM lines x JOIN {award} a ON a.id = x.award_id JOIN {process} p ON p.id = x.process_id GROUP BY 2
"""


def _contents(session: Session, asked: Resolved, there: World) -> tuple[dict[str, Any], dict[str, Any]]:
    sql, parameters = selected_sql(asked, there)
    names = {"announcement": there.announcement, "process": there.process, "award": there.award}
    wanted = _RUNG_ROWS.format(**names)
    if asked.purchased:
        wanted += _AWARD_ROWS.format(**names) + _LINE_ROWS.format(source="lines", primary="", **names)
    else:
        wanted += _LINE_ROWS.format(source="sel", primary="WHERE x.is_primary", **names)
    rungs: dict[str, Any] = {rung: {} for rung in RUNGS if rung not in {"N0", "N5"}}
    for rung, id_, lvl, units, ocids in session.execute(text(sql + wanted), parameters):
        entry: dict[str, Any] = {"level": lvl, "processes": sorted(ocids)}
        if rung == "N4":
            entry["units"] = _plain(units)
        rungs[rung][id_] = entry
    ocids = sorted(rungs["N2"])
    return rungs, _processes(session, there, ocids)


def _processes(session: Session, there: World, ocids: Iterable[str]) -> dict[str, Any]:
    """Every notice of the processes counted, with what its reading rests on."""
    known = there.moment.known_at
    reviewed = "w.superseded_at IS NULL"
    if known is not None:
        reviewed = "w.recorded_at <= :known_at AND (w.superseded_at IS NULL OR w.superseded_at > :known_at)"
    rows = session.execute(
        text(f"""
            SELECT p.ocid, n.portal_id || '/' || n.identity, f.type, v.content_digest, f.first_captured_at, x.reader, x.lexicon, x.model,
                   (SELECT count(*) FROM review w WHERE w.revision_id = f.revision_id AND {reviewed}),
                   (SELECT count(DISTINCT c.id) FROM capture_reading cr JOIN capture c ON c.id = cr.capture_id
                     WHERE cr.notice_id = f.notice_id AND cr.recorded_at <= coalesce(CAST(:known_at AS timestamptz), 'infinity')
                       AND coalesce(cr.superseded_at, 'infinity') > coalesce(CAST(:known_at AS timestamptz), '-infinity')
                       AND (CAST(:known_at AS timestamptz) IS NOT NULL OR cr.superseded_at IS NULL)
                       AND c.captured_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity'))
              FROM {there.process} p
              JOIN {there.notice} f ON f.process_id = p.id
              JOIN notice n ON n.id = f.notice_id
              JOIN revision v ON v.id = f.revision_id
              JOIN reading r ON r.id = f.reading_id
              JOIN versions x ON x.id = r.versions_id
             WHERE p.ocid = ANY(:ocids) ORDER BY 1, 2
        """),
        {"ocids": list(ocids), "known_at": known, "as_of": there.moment.as_of},
    )
    found: dict[str, Any] = {}
    for ocid, notice, type_, content, first, reader, lexicon, model, reviews, captures in rows:
        found.setdefault(ocid, []).append(
            {
                "notice": notice,
                "type": type_,
                "digest": content,
                "first_captured_at": first.isoformat(),
                "reader": reader,
                "lexicon": lexicon,
                "model": model,
                "reviews": reviews,
                "captures": captures,
            }
        )
    return found


def _windows(session: Session, pinned: Filters) -> list[dict[str, Any]]:
    """Verdicts of the crawl windows that touch the days asked, as they were known."""
    rows = session.execute(
        text("""
            SELECT DISTINCT ON (portal_id, channel, since, until) portal_id, channel, since, until, verdict, listed, captured
              FROM crawl_window
             WHERE ended_at <= coalesce(CAST(:known_at AS timestamptz), 'infinity')
               AND until >= coalesce(CAST(:since AS date), '-infinity') AND since <= coalesce(CAST(:until AS date), 'infinity')
             ORDER BY portal_id, channel, since, until, ended_at DESC, id DESC
        """),
        {"since": pinned.since, "until": pinned.until, "known_at": pinned.known_at},
    )
    return [
        {
            "portal": row[0],
            "channel": row[1],
            "since": row[2].isoformat(),
            "until": row[3].isoformat(),
            "verdict": row[4],
            "listed": row[5],
            "captured": row[6],
        }
        for row in rows
    ]


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
