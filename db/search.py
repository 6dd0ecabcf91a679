# ruff: noqa: S608 -- SQL is put together from names and conditions of ours; every value is a parameter
"""Full text over the notices as they stand: words, phrases, beginnings of model numbers, and substrings of titles and names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text as sql_text
from sqlalchemy.orm import Session

from db.expected import expected_rows
from db.filters import Filters, Resolved, resolve
from db.keys import storable
from db.selection import Selection, of_mentions
from db.tokens import TextQuery, query
from db.world import World, world
from nlp.text import normalise

_RANKED = 1_000
"""Up to this many hits are put in order of relevance; more are shown newest first."""
_WALKED = 5_000
"""From this many on, the newest notices are looked at one after the other: of a million every two-hundredth is a hit."""
_ESTIMATED = 20_000
"""From this many expected on, nothing is fetched to find out."""
_FEW = 20_000
"""Up to this many notices left by the filters, those are gathered before their texts are looked at."""
_SNIPPET = 40
_ITEM_FILTERS = (
    "brand",
    "owner",
    "origin",
    "product_kind",
    "product_class",
    "product_line",
    "area",
    "supplier",
    "with_brand",
)


Cursor = tuple[str, str, int]
"""Order, date and id of the hit a page ends with."""


@dataclass(frozen=True, slots=True)
class Hit:
    """``marks`` are spans of ``snippet`` (code points) that match. ``cursor`` continues after this hit."""

    notice: str
    url: str | None
    title: str | None
    type: str | None
    date: dt.date | None
    buyer: str | None
    snippet: str
    marks: tuple[tuple[int, int], ...]
    cursor: Cursor

    def as_json(self) -> dict[str, Any]:
        return {
            "notice": self.notice,
            "url": self.url,
            "title": self.title,
            "type": self.type,
            "date": self.date.isoformat() if self.date else None,
            "buyer": self.buyer,
            "snippet": self.snippet,
            "marks": [list(mark) for mark in self.marks],
        }


@dataclass(frozen=True, slots=True)
class Page:
    """``total`` counts notices; it is an estimate where ``exact`` is false. ``order``: relevance, date, or substring (of titles and names)."""

    hits: tuple[Hit, ...]
    total: int
    exact: bool
    order: str


def search(
    session: Session,
    text: str,
    filters: Filters = Filters(),  # noqa: B008 -- frozen
    limit: int = 20,
    after: Cursor | None = None,
) -> Page:
    """Notices that hold all words of ``text``. Words are joined by AND; ``"…"`` is a phrase; ``ST4000*`` a beginning.

    Item filters (brand, class …) ask for a mention in the notice; ``roles`` narrows them only where it is not the default. Copies
    of one announcement are one hit. Where no word is found, titles and organisation names are searched for the letters.
    Raises :class:`db.filters.UnknownValue`.
    """
    asked = resolve(session, filters)
    wanted = query(storable(text))
    if wanted.tsquery is None:
        return Page((), 0, exact=True, order="date")
    with world(session, filters.moment, asked.brands, asked.regions) as there:
        chosen = _conditions(asked, there)
        if after is not None and after[0] == "substring":
            return _substring(session, wanted, there, chosen, limit, after)
        page = _words(session, wanted, there, chosen, limit, after)
        if page.hits or after is not None:
            return page
        return _substring(session, wanted, there, chosen, limit, None)


def _conditions(asked: Resolved, there: World) -> Selection:
    """Filters over ``fact_notice`` alias f."""
    filters = asked.filters
    plain = replace(
        asked, brands=None, owners=None, product_kinds=None, product_classes=None, product_lines=None, areas=None, suppliers=None,
        with_brands=None, filters=replace(filters, reviewed_only=False),
    )  # fmt: skip
    chosen = of_mentions(plain, there, "f")
    chosen.where = [condition for condition in chosen.where if condition != "f.brand_id IS NOT NULL"]
    chosen.parameters.pop("roles", None)
    if any(getattr(filters, name) for name in _ITEM_FILTERS) or filters.reviewed_only:
        items = of_mentions(asked, there, "m", dated=False)
        roles = "" if filters.roles == Filters().roles else "AND m.role = ANY(:roles)"
        chosen.add(
            f"EXISTS (SELECT FROM {there.mention} m WHERE m.notice_id = f.notice_id {roles} AND {items.sql})",
            **items.parameters,
        )
    elif filters.roles != Filters().roles:
        chosen.add(
            f"EXISTS (SELECT FROM {there.mention} m WHERE m.notice_id = f.notice_id AND m.role = ANY(:roles))",
            roles=sorted(asked.roles),
        )
    return chosen


_SHOWN = """n.portal_id || '/' || coalesce(n.source_id, n.identity), n.url, f.title, f.type, f.published_on, o.name, b.text, f.notice_id"""
_FROM = """JOIN notice n ON n.id = f.notice_id JOIN body b ON b.id = f.body_id LEFT JOIN organisation o ON o.id = f.buyer_id"""


def _words(
    session: Session, wanted: TextQuery, there: World, chosen: Selection, limit: int, after: Cursor | None
) -> Page:
    total = expected_rows(session, "SELECT FROM body WHERE tokens @@ CAST(:q AS tsquery)", {"q": wanted.tsquery})
    holds = Selection(["b.tokens @@ CAST(:q AS tsquery)"], {"q": wanted.tsquery})
    if total <= _ESTIMATED:
        texts = _texts(session, wanted)
        if len(texts) <= _RANKED and (after is None or after[0] == "relevance"):
            return _by_relevance(session, wanted, texts, there, chosen, limit, after)
        total = max(total, len(texts))
        if len(texts) < _WALKED:
            holds = Selection(["f.body_id = ANY(:texts)"], {"texts": texts})
            total = len(texts)
    # Few texts hold the words: their notices are put in order. Many do: notices are looked at in their order until the page is full,
    # those the filters leave where these are few, else all.
    after = after if after is not None and after[0] == "date" else None
    source = f"{there.notice} f"
    if "q" not in holds.parameters:
        ids = _newest(session, source, [holds, chosen], limit, after)
    elif chosen.where and expected_rows(session, f"SELECT FROM {source} WHERE {chosen.sql}", chosen.parameters) < _FEW:
        ids = _newest_chosen(session, source, wanted, chosen, limit, after)
    else:
        ids = _newest(session, f"{source} JOIN body b ON b.id = f.body_id", [holds, chosen], limit, after)
    return Page(_hits(session, ids, there, wanted, "date"), max(total, len(ids)), exact=False, order="date")


def _newest(session: Session, source: str, chosen: Sequence[Selection], limit: int, after: Cursor | None) -> list[int]:
    """Notices of ``source`` (alias f) by date, newest first; those without a date come last."""
    where = " AND ".join(selection.sql for selection in chosen)
    parameters: dict[str, Any] = {name: value for one in chosen for name, value in one.parameters.items()}
    since = {True: "true", False: "true"}
    if after is not None:
        undated = after[1] == dt.date.min.isoformat()
        since = {
            True: "false" if undated else "(f.published_on, f.notice_id) < (CAST(:a1 AS date), :a2)",
            False: "f.notice_id < :a2" if undated else "true",
        }
        parameters |= {"a1": after[1], "a2": after[2]}
    ids: list[int] = []
    # Each half by its index.
    for dated, order in ((True, "f.published_on DESC, f.notice_id DESC"), (False, "f.notice_id DESC")):
        condition = since[dated]
        if len(ids) < limit and condition != "false":
            sql = f"""
                SELECT f.notice_id FROM {source}
                 WHERE f.published_on IS {"NOT NULL" if dated else "NULL"} AND f.is_primary AND {condition} AND {where}
                 ORDER BY {order} LIMIT :limit"""
            used = {name: value for name, value in parameters.items() if f":{name}" in sql}
            ids.extend(session.execute(sql_text(sql), {**used, "limit": limit - len(ids)}).scalars())
    return ids


def _newest_chosen(
    session: Session, source: str, wanted: TextQuery, chosen: Selection, limit: int, after: Cursor | None
) -> list[int]:
    """The same for filters that leave few notices: those first, and of these the newest texts that hold the words.

    Left to itself the server looks at the texts of all of them before it puts them in order.
    """
    since, parameters = "true", dict(chosen.parameters)
    if after is not None:
        undated = after[1] == dt.date.min.isoformat()
        since = (
            "f.published_on IS NULL AND f.notice_id < :a2"
            if undated
            else "(f.published_on IS NULL OR (f.published_on, f.notice_id) < (CAST(:a1 AS date), :a2))"
        )
        parameters |= {"a2": after[2]} if undated else {"a1": after[1], "a2": after[2]}
    found = session.execute(
        sql_text(f"""
            WITH chosen AS MATERIALIZED (
                SELECT f.notice_id, f.body_id, f.published_on FROM {source} WHERE f.is_primary AND {since} AND {chosen.sql}
            )
            SELECT c.notice_id
              FROM (SELECT * FROM chosen ORDER BY published_on DESC NULLS LAST, notice_id DESC) c
             CROSS JOIN LATERAL (SELECT FROM body b WHERE b.id = c.body_id AND b.tokens @@ CAST(:q AS tsquery) OFFSET 0) b
             ORDER BY c.published_on DESC NULLS LAST, c.notice_id DESC LIMIT :limit
        """),
        {**parameters, "q": wanted.tsquery, "limit": limit},
    )
    return list(found.scalars())


def _texts(session: Session, wanted: TextQuery) -> list[int]:
    """Texts that hold the words, at most :data:`_WALKED`."""
    found = session.execute(
        sql_text("SELECT id FROM body WHERE tokens @@ CAST(:q AS tsquery) LIMIT :most"),
        {"q": wanted.tsquery, "most": _WALKED},
    )
    return list(found.scalars())


def _by_relevance(
    session: Session,
    wanted: TextQuery,
    texts: list[int],
    there: World,
    chosen: Selection,
    limit: int,
    after: Cursor | None,
) -> Page:
    ranked = list(
        session.execute(
            sql_text(f"""
                SELECT f.notice_id FROM body b JOIN {there.notice} f ON f.body_id = b.id
                 WHERE b.id = ANY(:texts) AND f.is_primary AND {chosen.sql}
                 ORDER BY ts_rank_cd(b.tokens, CAST(:q AS tsquery), 1) DESC, f.published_on DESC NULLS LAST, f.notice_id DESC
            """),
            {**chosen.parameters, "q": wanted.tsquery, "texts": texts},
        ).scalars()
    )
    start = 0
    if after is not None:
        start = next((i + 1 for i, notice in enumerate(ranked) if notice == after[2]), len(ranked))
    shown = ranked[start : start + limit]
    return Page(_hits(session, shown, there, wanted, "relevance"), len(ranked), exact=True, order="relevance")


def _substring(
    session: Session, wanted: TextQuery, there: World, chosen: Selection, limit: int, after: Cursor | None
) -> Page:
    """What segmentation missed: the letters in titles, else in titles and in names of buyers and suppliers."""
    letters = {f"n{number}": f"%{_like(needle)}%" for number, needle in enumerate(wanted.needles)}
    pairs = {f"p{number}": needle for number, needle in enumerate(wanted.needles)}
    titled = _holding(
        session, " AND ".join(_letters("t.title", number) for number in range(len(pairs))), there, {**letters, **pairs}
    )
    if len(titled) == _WALKED:
        # Many titles hold the letters: they are looked at in their order until the page is full.
        where = " AND ".join(f"f.title ILIKE :{name}" for name in letters)
        ids = _newest(session, f"{there.notice} f", [Selection([where], dict(letters)), chosen], limit, after)
        if ids:
            return Page(_hits(session, ids, there, wanted, "substring"), _WALKED, exact=False, order="substring")
    # Each set by its own index of letters; a condition with OR would look at every notice.
    named = " INTERSECT ".join(
        f"""(SELECT t.notice_id FROM {there.notice} t WHERE {_letters("t.title", number)}
             UNION SELECT t.notice_id FROM organisation_name o JOIN party p ON p.organisation_id = o.organisation_id
                     JOIN {there.notice} t ON t.reading_id = p.reading_id WHERE {_letters("o.name", number)})"""
        for number in range(len(pairs))
    )
    for notices in (
        Selection(["f.notice_id = ANY(:notices)"], {"notices": titled}),
        Selection([f"f.notice_id IN ({named})"], {**letters, **pairs}),
    ):
        ids = _newest(session, f"{there.notice} f", [notices, chosen], limit, after)
        if ids:
            break
    return Page(_hits(session, ids, there, wanted, "substring"), len(ids), exact=len(ids) < limit, order="substring")


def _holding(session: Session, where: str, there: World, parameters: dict[str, Any]) -> list[int]:
    """Notices whose title holds the letters, at most :data:`_WALKED`."""
    found = session.execute(
        sql_text(f"SELECT t.notice_id FROM {there.notice} t WHERE {where} LIMIT :most"), {**parameters, "most": _WALKED}
    )
    return list(found.scalars())


def _letters(column: str, number: int) -> str:
    """Condition: the column holds the needle. The index knows pairs of letters; what holds all pairs is looked at."""
    return f"(letter_pairs({column}) @> letter_pairs(:p{number}) AND {column} ILIKE :n{number})"


def _hits(session: Session, ids: list[int], there: World, wanted: TextQuery, order: str) -> tuple[Hit, ...]:
    rows = {
        row[7]: row
        for row in session.execute(
            sql_text(f"SELECT {_SHOWN} FROM {there.notice} f {_FROM} WHERE f.notice_id = ANY(:ids)"), {"ids": ids}
        )
    }
    made = []
    for id_ in ids:
        notice, url, title, type_, date, buyer, body, _ = rows[id_]
        snippet, marks = snippet_of(body, wanted.needles)
        cursor = (order, (date or dt.date.min).isoformat(), id_)
        made.append(Hit(notice, url, title, type_, date, buyer, snippet, marks, cursor))
    return tuple(made)


def snippet_of(body: str, needles: tuple[str, ...]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The place in ``body`` where the needles first stand, and the spans of the snippet they take."""
    folded = normalise(body, casefold=True)
    places = [at for needle in needles if (at := folded.text.find(needle)) >= 0]
    first = min(places, default=0)
    start = max(first - _SNIPPET, 0)
    end = min(first + 3 * _SNIPPET, len(folded.text))
    begin, finish = folded.span(start, end)
    marks = []
    for needle in needles:
        at = folded.text.find(needle, start, end)
        while at >= 0:
            low, high = folded.span(at, at + len(needle))
            marks.append((low - begin, high - begin))
            at = folded.text.find(needle, at + len(needle), end)
    return body[begin:finish], tuple(sorted(marks))


def _like(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
