"""One dossier: who it is, its records, brands, lists, network. Counts follow the count ladder; nothing here is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db import listings, network
from db.clock import SHANGHAI, last_tick
from db.count import count
from db.count.ladder import ladder_json, newest_evidence
from db.decisions import find_name, names_of
from db.desk.sheet import NOW, Moment
from db.dossier import brands as of_brands
from db.dossier import gather
from db.dossier.gather import AwardRow, LineRow, MentionRow, NoticeRow, PartyRow, span
from db.dossier.records import (
    MENTION_ROLES,
    PARTY_ROLES,
    Partner,
    Record,
    bought_lines,
    by_status,
    client_classes,
    clients,
    records_of,
    role_of,
    rows_json,
    seen,
    status_on,
    summary,
    suppliers,
    wins,
)
from db.filters import PURCHASED, Filters, UnknownValue, resolve
from db.listings import Found, Lists
from db.merges import Effective, effective
from db.network import Brands
from db.world import World, world

KINDS = ("supplier", "buyer", "brand")
_PARTNERS = 200


def dossier(session: Session, kind: str, name: str, moment: Moment = NOW, limit: int = 200) -> dict[str, Any]:
    """The dossier of a ``supplier``, ``buyer`` or ``brand`` at ``moment``, as JSON-ready values.

    ``name`` is any name, alias or English name. ``limit`` bounds the records listed, not those counted. Raises
    :class:`db.filters.UnknownValue` with the nearest names.
    """
    if kind not in KINDS:
        raise UnknownValue("kind", kind, KINDS)
    if kind == "brand":
        (brand,) = resolve(session, Filters(brand=(name,))).brands or [""]
        with world(session, moment, [brand]) as there:
            return _BrandDossier(_Store.open(session, there), brand, limit).as_json()
    found = find_name(session, kind, name)
    counted = effective(session, moment.known_at)
    id_ = counted.of(found.organisation_id, found.key)
    with world(session, moment) as there:
        return _OrganisationDossier(_Store.open(session, there), kind, id_, counted, limit).as_json()


@dataclass(slots=True)
class _Store:
    """What every dossier asks for."""

    session: Session
    there: World
    lists: Lists
    brands: Brands
    organisations: dict[int, gather.Organisation] = field(default_factory=dict)
    _found: dict[int, list[Found]] = field(default_factory=dict)

    @classmethod
    def open(cls, session: Session, there: World) -> _Store:
        return cls(session, there, listings.load(session, there.moment.known_at), Brands(session))

    def know(self, ids: Iterable[int | None]) -> dict[int, str]:
        """Names shown of the organisations given, and of all met before."""
        missing = {id_ for id_ in ids if id_ is not None} - self.organisations.keys()
        if missing:
            self.organisations.update(gather.organisations(self.session, missing))
        return {id_: found.name for id_, found in self.organisations.items()}

    def listed(self, organisation: int | None) -> Sequence[Found]:
        """Listings of an organisation met before, by its key."""
        found = self.organisations.get(organisation) if organisation is not None else None
        if found is None:
            return ()
        if found.id not in self._found:
            self._found[found.id] = self.lists.of_keys([found.key])
        return self._found[found.id]

    def partners(self, found: Sequence[Partner]) -> dict[str, Any]:
        return {
            "total": len(found),
            "rows": [partner.as_json(self.listed(partner.id)) for partner in found[:_PARTNERS]],
        }

    def frame(self, kind: str, name: str, name_en: str | None) -> dict[str, Any]:
        moment = self.there.moment
        as_of, known_at = moment.as_of or newest_evidence(self.session), moment.known_at or last_tick(self.session)
        return {
            "kind": kind,
            "name": name,
            "name_en": name_en,
            "as_of": as_of.isoformat() if as_of else None,
            "known_at": known_at.isoformat() if known_at else None,
        }

    def ladder(self, **asked: tuple[str, ...]) -> dict[str, Any]:
        moment = self.there.moment
        filters = Filters(as_of=moment.as_of, known_at=moment.known_at, **asked)  # type: ignore[arg-type]
        return ladder_json(count(self.session, filters).ladder)


def _brand_roles(mentions: Iterable[MentionRow], brands: Brands) -> Callable[[Record], list[dict[str, Any]]]:
    """For one record: its brands, each with its strongest role and its owners on that day."""
    roles: dict[int, dict[str, set[str]]] = {}
    for mention in mentions:
        roles.setdefault(mention.announcement_id, {}).setdefault(mention.brand_id, set()).add(mention.shown_role)

    def of(record: Record) -> list[dict[str, Any]]:
        found = roles.get(record.notice.announcement_id, {})
        return [
            {
                "brand": brands.names.get(brand, brand),
                "role": min(named, key=MENTION_ROLES.index),
                "owners": brands.owners_at(brand, record.notice.award_day),
            }
            for brand, named in sorted(found.items(), key=lambda pair: brands.names.get(pair[0], pair[0]))
        ]

    return of


# ── suppliers and buyers ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _OrganisationDossier:
    store: _Store
    kind: str
    id: int
    counted: Effective
    limit: int

    def as_json(self) -> dict[str, Any]:
        store, session, there = self.store, self.store.session, self.store.there
        store.know([self.id])
        own = store.organisations[self.id]
        names = names_of(session, self.id, there.moment.known_at)
        stated = gather.parties(session, there, self.id, self.counted)
        notices = gather.notices(session, there, {party.notice_id for party in stated})
        won = gather.awards_won(session, there, self.id, (notice.process_id for notice in notices.values()))
        ids = {award.notice_id for award in won}
        mentioned, more = set[int](), False
        if self.kind == "supplier":
            mentioned, more = gather.named_in_text(session, there, [name for name, _ in names])
        notices |= gather.notices(session, there, (ids | mentioned) - notices.keys())
        by_party = [(p.notice_id, role_of(p, notices[p.notice_id])) for p in stated if p.notice_id in notices]
        roles = [*by_party, *((award.notice_id, "winner") for award in won)]
        named = {notices[id_].announcement_id for id_, _ in roles if id_ in notices}
        roles += [(id_, "mentioned") for id_ in mentioned if notices[id_].announcement_id not in named]
        records = records_of(roles, notices, PARTY_ROLES)
        lines, awards, mentions = self._goods(records, won, notices)
        missing = _notices_of(lines, awards) - notices.keys()
        notices |= gather.notices(session, there, missing)
        shown = store.know(
            [
                *(n.buyer_id for n in notices.values()),
                *(x.supplier_id for x in lines),
                *(m for a in awards for m in a.members),
            ]
        )
        on_lists = store.lists.of_keys(self._keys())
        on_lists = _merged(on_lists, store.lists.of_names([name for name, _ in names]))
        brand_rows = of_brands.by_role(mentions, lines, notices, store.brands)
        partners = (
            clients(records, won, notices, shown) if self.kind == "supplier" else suppliers(awards, notices, shown)
        )
        edges = network.seed_edges([name for name, _ in names])
        edges += network.notice_edges(
            session, there, self.counted.filed_as([self.id]), [award.id for award in won if len(award.members) > 1]
        )
        return {
            **store.frame(self.kind, own.name, own.name_en),
            "subject": self._subject(own, names, stated, notices),
            "seen": seen(records, PARTY_ROLES),
            "records": {
                **summary(records, PARTY_ROLES),
                "mentioned_truncated": more,
                "rows": rows_json(
                    records, self.limit, shown, store.listed, on_lists, _brand_roles(mentions, store.brands)
                ),
            },
            **(
                {
                    "wins": wins(won, notices),
                    "client_classes": client_classes(records, won, notices),
                    "clients": store.partners(partners),
                }
                if self.kind == "supplier"
                else {"awards": wins(awards, notices), "suppliers": store.partners(partners)}
            ),
            "ladder": store.ladder(**{self.kind: (own.name,)}),
            "brands": brand_rows,
            "used_without_observed_purchase": of_brands.used_only(brand_rows),
            "co_procurement": of_brands.co_procurement(lines, mentions, store.brands),
            "lists": self._lists(on_lists, own, records),
            "network": {
                "known_as": network.suppliers_known_as([name for name, _ in names]),
                "edges": [edge for edge in edges if not edge["claim"]],
                "claims": [edge for edge in edges if edge["claim"]],
                "chains": of_brands.chains(lines, notices, shown, store.brands),
            },
        }

    def _goods(
        self, records: Sequence[Record], won: Sequence[AwardRow], notices: Mapping[int, NoticeRow]
    ) -> tuple[list[LineRow], list[AwardRow], list[MentionRow]]:
        """Lines certainly bought from (by) the subject, the awards of its processes, and the mentions that concern it."""
        store = self.store
        session, there = store.session, store.there
        if self.kind == "supplier":
            mine = {award.id for award in won}
            of_lots = {(award.process_id, award.lot) for award in won}
            lines = [
                line
                for line in bought_lines(gather.lines_of(session, there, {award.process_id for award in won}))
                if line.award_id in mine or (line.award_id is None and line.supplier_id == self.id)
            ]
            acting = {r.notice.announcement_id for r in records if r.role != "mentioned"}
            held = [id_ for id_, notice in notices.items() if notice.announcement_id in acting]
            won_notices = {r.notice.announcement_id for r in records if "winner" in r.roles}
            mentions = [
                mention
                for mention in gather.mentions_in(session, there, held)
                if mention.supplier_id in {None, self.id}
                or (mention.process_id, mention.lot) in of_lots
                or (mention.announcement_id not in won_notices and mention.role not in PURCHASED)
            ]
            return lines, list(won), mentions
        buying = [r for r in records if r.roles & {"buyer", "end_user"}]
        processes = {r.notice.process_id for r in buying}
        kept = {r.notice.announcement_id for r in buying}
        held = [id_ for id_, notice in notices.items() if notice.announcement_id in kept]
        return (
            bought_lines(gather.lines_of(session, there, processes)),
            gather.awards_in(session, there, processes),
            gather.mentions_in(session, there, held),
        )

    def _keys(self) -> list[str]:
        """Keys of the organisation and of all that count as it."""
        found = gather.organisations(self.store.session, self.counted.filed_as([self.id]))
        return [one.key for one in found.values()]

    def _subject(
        self,
        own: gather.Organisation,
        names: Sequence[tuple[str, str]],
        stated: Sequence[PartyRow],
        notices: Mapping[int, NoticeRow],
    ) -> dict[str, Any]:
        """Names, class on the dates it was met, place, and what stands above and below."""
        session = self.store.session
        classes: dict[tuple[str | None, str | None, str | None], list[dt.date | None]] = {}
        for party in stated:
            if party.notice_id in notices:
                at = (party.tier, party.unit_class, party.level)
                classes.setdefault(at, []).append(notices[party.notice_id].day)
        codes = [own.division_code, *(party.division_code for party in stated)]
        places = gather.place_names(session, codes)
        below = gather.below(session, self._keys()) if self.kind == "buyer" else []
        return {
            "names": [{"name": name, "source": source} for name, source in names],
            "filed_under": len(self.counted.filed_as([self.id])),
            "classes": [
                {"tier": tier, "unit_class": class_, "level": level, "notices": len(days), **span(days)}
                for (tier, class_, level), days in sorted(classes.items(), key=lambda p: (-len(p[1]), str(p[0])))
            ],
            "division_code": own.division_code,
            "place": places.get(own.division_code or ""),
            "xpcc": own.is_xpcc,
            "above": gather.above(session, own.chain),
            "below": below,
        }

    def _lists(self, found: Sequence[Found], own: gather.Organisation, records: Sequence[Record]) -> dict[str, Any]:
        """List status over time: entries, records by status on their day; the organs above and the buyers apart."""
        listed = self.store.listed
        acting = [r for r in records if r.role != "mentioned"]
        out: dict[str, Any] = {
            "entries": [one.as_json() for one in found],
            "today": status_on(found, _today(self.store.there.moment)),
            "records": by_status((found, r.notice.award_day) for r in acting),
            "above": [one.as_json() for one in self.store.lists.above(own.chain)],
        }
        if self.kind == "supplier":
            out["buyers"] = by_status((listed(r.notice.buyer_id), r.notice.award_day) for r in acting)
        return out


# ── brands ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _BrandDossier:
    store: _Store
    brand: str
    limit: int

    def as_json(self) -> dict[str, Any]:
        store, session, there = self.store, self.store.session, self.store.there
        name = store.brands.names.get(self.brand, self.brand)
        mentions = gather.mentions_of(session, there, self.brand)
        notices = gather.notices(session, there, {m.notice_id for m in mentions})
        records = records_of(((m.notice_id, m.shown_role) for m in mentions), notices, MENTION_ROLES)
        bought_in = {m.process_id for m in mentions if m.decided and m.role in PURCHASED}
        everything = bought_lines(gather.lines_of(session, there, bought_in))
        lines = [line for line in everything if line.brand_id == self.brand]
        beside = gather.mentions_in(
            session, there, {m.notice_id for m in mentions if m.decided and m.role in PURCHASED}
        )
        won = {line.award_id for line in lines if line.award_id is not None}
        awards = [a for a in gather.awards_in(session, there, {line.process_id for line in lines}) if a.id in won]
        missing = _notices_of(lines, awards) - notices.keys()
        notices |= gather.notices(session, there, missing)
        shown = store.know(
            [
                *(n.buyer_id for n in notices.values()),
                *(x.supplier_id for x in lines),
                *(m for a in awards for m in a.members),
            ]
        )
        names = self._names()
        on_lists = store.lists.of_brand(names)
        classes: dict[str, list[LineRow]] = {}
        for line in lines:
            classes.setdefault(line.product_class or "unknown", []).append(line)
        buyers = clients(records, awards, notices, shown)
        edges = [*network.brand_edges(names), *network.authorisations(session, there, self.brand)]
        return {
            **store.frame("brand", name, name),
            "subject": {
                "brand_id": self.brand,
                "origin": store.brands.origins.get(self.brand),
                "names": [{"name": each, "source": "seed"} for each in names],
                "owners": [owner.as_json() for owner in store.brands.owners(self.brand)],
            },
            "seen": seen(records, MENTION_ROLES),
            "records": {
                **summary(records, MENTION_ROLES),
                "mentioned_truncated": False,
                "rows": rows_json(
                    records, self.limit, shown, store.listed, on_lists, _brand_roles(mentions, store.brands)
                ),
            },
            "awards": wins(awards, notices),
            "client_classes": client_classes(records, awards, notices),
            "clients": store.partners(buyers),
            "suppliers": store.partners(suppliers(awards, notices, shown)),
            "ladder": store.ladder(brand=(self.brand,)),
            "purchased": of_brands.purchased(lines),
            "product_classes": [
                {"product_class": class_, **of_brands.purchased(found)}
                for class_, found in sorted(classes.items(), key=lambda p: (-len(p[1]), p[0]))
            ],
            "by_owner": of_brands.by_owner(self.brand, mentions, notices, store.brands),
            "used_without_observed_purchase": self._used_only(mentions, notices, shown),
            "co_procurement": of_brands.co_procurement(everything, beside, store.brands, self.brand),
            "lists": {
                "entries": [one.as_json() for one in on_lists],
                "today": status_on(on_lists, _today(there.moment)),
                "records": by_status((on_lists, r.notice.award_day) for r in records),
                "above": [],
                "buyers": by_status((store.listed(r.notice.buyer_id), r.notice.award_day) for r in records),
            },
            "network": {
                "known_as": [],
                "edges": [edge for edge in edges if not edge["claim"]],
                "claims": [edge for edge in edges if edge["claim"]],
                "chains": of_brands.chains(lines, notices, shown, store.brands),
            },
        }

    def _names(self) -> list[str]:
        rows = self.store.session.execute(
            text("""
                SELECT name FROM (SELECT name, 0 AS rank FROM brand WHERE id = :id
                                  UNION ALL SELECT alias, 1 FROM brand_alias WHERE brand_id = :id) x
                 GROUP BY name ORDER BY min(rank), name
            """),
            {"id": self.brand},
        )
        return list(rows.scalars())

    def _used_only(
        self, mentions: Sequence[MentionRow], notices: Mapping[int, NoticeRow], names: Mapping[int, str]
    ) -> list[dict[str, Any]]:
        """Buyers that have the brand in use and that no notice shows buying it."""
        of_buyer: dict[int, list[MentionRow]] = {}
        for mention in mentions:
            notice = notices.get(mention.notice_id)
            if notice is not None and notice.buyer_id is not None and mention.decided:
                of_buyer.setdefault(notice.buyer_id, []).append(mention)
        rows = []
        for buyer, found in of_buyer.items():
            roles = {mention.role for mention in found}
            using = [m for m in found if m.role in {"installed", "maintained"}]
            if not using or roles & PURCHASED:
                continue
            rows.append(
                {
                    "buyer": names.get(buyer),
                    "buyer_tier": notices[using[0].notice_id].buyer_tier,
                    "roles": sorted({m.role for m in using}),
                    "records": len({m.announcement_id for m in using}),
                    **span(notices[m.notice_id].day for m in using),
                }
            )
        return sorted(rows, key=lambda row: (-row["records"], row["buyer"] or ""))


def _notices_of(lines: Iterable[LineRow], awards: Iterable[AwardRow]) -> set[int]:
    return {line.notice_id for line in lines} | {award.notice_id for award in awards}


def _merged(one: Sequence[Found], other: Sequence[Found]) -> list[Found]:
    best: dict[str, Found] = {}
    for found in (*one, *other):
        known = best.get(found.listing.id)
        if known is None or known.score < found.score:
            best[found.listing.id] = found
    return sorted(best.values(), key=lambda f: (f.listing.listed_on, f.listing.list.value, f.listing.id))


def _today(moment: Moment) -> dt.date:
    at = moment.as_of or dt.datetime.now(SHANGHAI)
    return at.astimezone(SHANGHAI).date()
