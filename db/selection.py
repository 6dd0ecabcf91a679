# ruff: noqa: S608 -- SQL is put together from names and conditions of ours; every value is a parameter
"""From filters to SQL: which mentions and which final lines a question is about, and how sure each is.

Every row selected carries a level: 0 counts in the lower bound, 1 from the point on, 2 in the upper bound only (DESIGN section 3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from db.filters import DATE_FIELDS, Resolved
from db.world import World

LEVEL = """CASE WHEN {m}.decided AND {m}.role = ANY(:roles) THEN 0
                WHEN NOT {m}.decided AND {m}.best_role = ANY(:roles) THEN 1
                WHEN NOT {m}.decided THEN 2
                {alternative}
           END"""
_ALTERNATIVE = "WHEN {m}.role = 'alternative' AND {m}.in_award THEN 2"
_COUNTS_UNITS = frozenset({"awarded", "contracted"})


@dataclass(slots=True)
class Selection:
    """SQL conditions over one relation, and their parameters. Every value is a parameter."""

    where: list[str] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)

    def add(self, condition: str, **parameters: Any) -> None:
        self.where.append(condition)
        self.parameters.update(parameters)

    @property
    def sql(self) -> str:
        return " AND ".join(self.where) or "true"


def level(asked: Resolved, alias: str, *, by_class: bool = False) -> str:
    """The level of a row; null = it does not count. Where classes are asked for (or ``by_class`` told apart), one that another document
    states is a guess.
    """
    alternative = _ALTERNATIVE.format(m=alias) if asked.roles & _COUNTS_UNITS else ""
    plain = LEVEL.format(m=alias, alternative=alternative)
    if asked.product_classes is None and not by_class:
        return plain
    return f"CASE WHEN {alias}.class_from IS NULL THEN {plain} ELSE greatest({plain}, 1) END"


def counts(asked: Resolved, alias: str) -> str:
    """Whether a row has a level, told without working it out."""
    alternative = f" OR ({alias}.role = 'alternative' AND {alias}.in_award)" if asked.roles & _COUNTS_UNITS else ""
    return f"(NOT {alias}.decided OR {alias}.role = ANY(:roles){alternative})"


def of_mentions(
    asked: Resolved, world: World, alias: str = "m", *, dated: bool = True, unknown_area: bool = False
) -> Selection:
    """Conditions over ``fact_mention``: everything about notice, parties, dates and items.

    ``unknown_area``: those whose area is not known, in place of those in the areas asked.
    """
    chosen = Selection()
    filters = asked.filters
    _of_items(asked, world, alias, chosen, mentions=True, unknown_area=unknown_area)
    side = filters.party
    if asked.buyers is not None:
        chosen.add(f"{alias}.{side}_id = ANY(:buyers)", buyers=asked.buyers)
    if filters.unit_class:
        chosen.add(
            f"({alias}.{side}_tier = ANY(:unit_tiers) OR {alias}.{side}_class = ANY(:unit_kinds))",
            unit_tiers=asked.unit_tiers,
            unit_kinds=asked.unit_kinds,
        )
    if asked.tiers is not None:
        chosen.add(f"{alias}.{side}_tier = ANY(:tiers)", tiers=asked.tiers)
    if asked.regions is not None:
        chosen.add(f"{alias}.{side}_division LIKE ANY(:regions)", regions=asked.regions)
    if filters.xpcc != "include":
        chosen.add(f"{alias}.{side}_xpcc" if filters.xpcc == "only" else f"NOT {alias}.{side}_xpcc")
    if asked.types is not None:
        chosen.add(f"{alias}.type = ANY(:types)", types=asked.types)
    if dated:
        date = f"{alias}.{DATE_FIELDS[filters.date_field]}"
        if filters.since is not None:
            chosen.add(f"{date} >= :since", since=filters.since)
        if filters.until is not None:
            chosen.add(f"{date} <= :until", until=filters.until)
    return chosen


def of_lines(asked: Resolved, world: World, alias: str = "l") -> Selection:
    """Conditions over ``fact_line``: items only. Types, dates and buyers have chosen the processes and do not apply again."""
    chosen = Selection()
    _of_items(asked, world, alias, chosen, mentions=False)
    return chosen


def _of_items(
    asked: Resolved, world: World, alias: str, chosen: Selection, *, mentions: bool, unknown_area: bool = False
) -> None:
    filters = asked.filters
    chosen.parameters["roles"] = sorted(asked.roles)
    if not asked.by_item:
        chosen.add(f"{alias}.brand_id IS NOT NULL")
    if asked.brands is not None:
        # One brand by =, so that an index on brands gives its rows in order.
        one = len(asked.brands) == 1
        chosen.add(
            f"{alias}.brand_id = {':brands' if one else 'ANY(:brands)'}",
            brands=asked.brands[0] if one else asked.brands,
        )
    if asked.owners is not None:
        # The owner on the day of the notice: an award of 2015 is not the later buyer's.
        day = f"coalesce({alias}.{DATE_FIELDS[filters.date_field]}, {alias}.published_on, {alias}.first_seen_on)"
        if not mentions:
            day = f"(SELECT coalesce(n.published_on, n.first_seen_on) FROM {world.notice} n WHERE n.notice_id = {alias}.notice_id)"
        chosen.add(
            f"""EXISTS (SELECT FROM {world.owners} o WHERE o.brand_id = {alias}.brand_id AND o.owner_key = ANY(:owners)
                   AND (o.valid_from IS NULL OR o.valid_from <= {day}) AND (o.valid_to IS NULL OR {day} < o.valid_to))""",
            owners=asked.owners,
        )
    if asked.product_kinds is not None:
        chosen.add(f"{alias}.product_kind = ANY(:product_kinds)", product_kinds=asked.product_kinds)
    if asked.product_classes is not None:
        chosen.add(f"{alias}.product_class = ANY(:product_classes)", product_classes=asked.product_classes)
    if asked.product_lines is not None:
        chosen.add(f"{alias}.product_line = ANY(:product_lines)", product_lines=asked.product_lines)
    if unknown_area:
        chosen.add(f"{alias}.area IS NULL")
    elif asked.areas is not None:
        chosen.add(f"{alias}.area = ANY(:areas)", areas=asked.areas)
    if filters.reviewed_only:
        chosen.add(f"{alias}.reviewed")
    if asked.suppliers is not None:
        _of_suppliers(asked, world, alias, chosen, mentions=mentions)
    if asked.with_brands is not None:
        _with_brand(asked, world, alias, chosen, mentions=mentions)


def _of_suppliers(asked: Resolved, world: World, alias: str, chosen: Selection, *, mentions: bool) -> None:
    if not mentions:
        chosen.add(
            f"""({alias}.supplier_id = ANY(:suppliers) OR EXISTS (SELECT FROM {world.award} a
                   WHERE a.id = {alias}.award_id AND a.member_ids && CAST(:suppliers AS bigint[])))""",
            suppliers=asked.suppliers,
        )
        return
    # Processes in which the supplier plays any part come from indexes; which lines are its own is decided after that.
    # A consortium's members are parties of the same lot; where the lot is not told, parties of the notice.
    chosen.add(
        f"""{alias}.process_id = ANY (ARRAY(
               SELECT n.process_id FROM party p JOIN {world.notice} n ON n.reading_id = p.reading_id
                WHERE p.organisation_id = ANY(:suppliers) AND p.role = 'supplier'
               UNION SELECT a.process_id FROM {world.award} a WHERE a.supplier_id = ANY(:suppliers)
               UNION SELECT y.process_id FROM {world.mention} y WHERE y.supplier_id = ANY(:suppliers)))
            AND ({alias}.supplier_id = ANY(:suppliers) OR EXISTS (SELECT FROM party p
               WHERE p.reading_id = {alias}.reading_id AND p.role = 'supplier' AND p.organisation_id = ANY(:suppliers)
                 AND (p.lot = {alias}.lot OR {alias}.supplier_id IS NULL))
            OR EXISTS (SELECT FROM {world.award} a WHERE a.process_id = {alias}.process_id
                 AND a.member_ids && CAST(:suppliers AS bigint[]) AND a.lot IS NOT DISTINCT FROM {alias}.lot))""",
        suppliers=asked.suppliers,
    )


def _with_brand(asked: Resolved, world: World, alias: str, chosen: Selection, *, mentions: bool) -> None:
    """Another brand bought beside it: in the same lot, award, process or document."""
    within = asked.filters.within
    other = world.mention if mentions else world.line
    same = {
        "document": f"w.announcement_id = {alias}.announcement_id"
        if mentions
        else f"w.reading_id = {alias}.reading_id",
        "process": f"w.process_id = {alias}.process_id",
        "lot": f"w.process_id = {alias}.process_id AND w.lot IS NOT DISTINCT FROM {alias}.lot",
        "award": f"""w.process_id = {alias}.process_id AND w.lot IS NOT DISTINCT FROM {alias}.lot
                     AND w.supplier_id IS NOT DISTINCT FROM {alias}.supplier_id""",
    }[within]
    chosen.add(
        f"""EXISTS (SELECT FROM {other} w WHERE {same} AND w.brand_id = ANY(:with_brands)
               AND w.decided AND w.role = ANY(:roles))""",
        with_brands=asked.with_brands,
    )
