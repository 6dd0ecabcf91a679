"""A dossier for a person's eyes: who, how often in which role, which brands, on which lists, through whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.output import console, print_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PARTNERS, _PAIRS, _EDGES, _RECORDS = 15, 15, 20, 15


def print_dossier(value: Mapping[str, Any]) -> None:
    out = console()
    english = value["name_en"] if value["name_en"] != value["name"] else None
    out.print(f"{value['kind']}: {value['name']}", style="bold")
    if english:
        out.print(english)
    out.print(f"evidence as of {value['as_of'] or 'never'}", style="dim")
    _print_subject(value)
    _print_records(value)
    _print_clients(value)
    _print_brands(value)
    _print_lists(value["lists"])
    _print_network(value["network"])
    _print_rows(value["records"]["rows"], value["records"]["total"])


def _title(words: str, shown: int | None = None, total: int | None = None) -> str:
    more = f" ({shown} of {total})" if shown is not None and total is not None and total > shown else ""
    return f"\n{words}{more}"


def _span(row: Mapping[str, Any]) -> str:
    first, last = row["first"], row["last"]
    return "" if first is None else first if first == last else f"{first} … {last}"


def _counts(found: Mapping[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in found.items())


def _owner(owner: Mapping[str, Any]) -> str:
    share = f" {owner['share']} %" if owner["share"] else ""
    return f"{owner['owner']}{share} ({owner['since'] or '…'} to {owner['until'] or 'today'})"


def _print_subject(value: Mapping[str, Any]) -> None:
    subject = value["subject"]
    facts: list[tuple[str, str]] = [("names", "、".join(name["name"] for name in subject["names"]))]
    if value["kind"] == "brand":
        facts.append(("origin", subject["origin"] or ""))
        facts.extend(
            (
                "owner",
                _owner(owner),
            )
            for owner in subject["owners"]
        )
    else:
        if subject["filed_under"] > 1:
            facts.append(("merged", f"{subject['filed_under']} organisations, by a person's decision"))
        facts.extend(
            (
                "class",
                f"{c['tier'] or 'not read'} · {c['unit_class'] or ''} · {c['level'] or ''} ({c['notices']} notices, {_span(c)})",
            )
            for c in subject["classes"][:4]
        )
        place = " ".join(
            filter(None, (subject["division_code"], subject["place"], "XPCC" if subject["xpcc"] else None))
        )
        facts.append(("place", place))
        facts.append(("above", " < ".join(organ["name"] for organ in subject["above"])))
        facts.append(("below", f"{len(subject['below'])} organs in the store" if subject["below"] else ""))
    facts.append(("seen", _span(value["seen"])))
    print_table(("", ""), [fact for fact in facts if fact[1]])


def _print_records(value: Mapping[str, Any]) -> None:
    records = value["records"]
    years = [(row["year"], row["records"], _counts(row["by_role"])) for row in records["by_year"]]
    if records["undated"]:
        years.append(("undated", records["undated"], ""))
    years.append(("all", records["total"], _counts(records["by_role"])))
    print_table(("year", "records", "by role"), years, title=_title("records (announcements)"))
    awards = value.get("wins") or value.get("awards")
    if awards and awards["awards"]:
        amount = f"; {awards['amount_cny']} CNY stated by {awards['stating_amount']}" if awards["amount_cny"] else ""
        joint = f", {awards['in_consortium']} in a consortium" if awards["in_consortium"] else ""
        console().print(
            f"awards (lot × winner, each once): {awards['awards']} in {awards['processes']} processes{joint}{amount}",
            markup=False,
        )


def _print_clients(value: Mapping[str, Any]) -> None:
    classes = value.get("client_classes")
    if classes and classes["classes"]:
        print_table(
            ("client tier", "kind", "public security", "records", "wins"),
            [
                (c["tier"], c["unit_class"], "yes" if c["public_security"] else "", c["records"], c["wins"])
                for c in classes["classes"]
            ],
            title=_title("client classes"),
        )
    for name in ("clients", "suppliers"):
        found = value.get(name)
        if not found or not found["rows"]:
            continue
        rows = found["rows"][:_PARTNERS]
        print_table(
            (name.removesuffix("s"), "records", "wins", "awards, CNY", "first … last", "on lists, by day"),
            [(p["name"], p["records"], p["wins"], p["amount_cny"], _span(p), _statuses(p["lists"])) for p in rows],
            title=_title(name, len(rows), found["total"]),
        )


def _statuses(lists: Mapping[str, Mapping[str, int]]) -> str:
    return "; ".join(f"{name}: {_counts(found)}" for name, found in lists.items())


def _print_brands(value: Mapping[str, Any]) -> None:
    if value["kind"] == "brand":
        bought = value["purchased"]
        console().print(
            f"\nbought for certain: {bought['lines']} lines, {bought['units']} pieces, {bought['awards']} awards; "
            f"{bought['lines_without_quantity']} lines without a quantity",
            markup=False,
        )
        if value["by_owner"]:
            print_table(
                ("owner on the day", "records", "purchase records", "first … last"),
                [(o["owner"], o["records"], o["purchase_records"], _span(o)) for o in value["by_owner"]],
                title=_title("owners"),
            )
        used = [
            (u["buyer"], ", ".join(u["roles"]), u["records"], _span(u)) for u in value["used_without_observed_purchase"]
        ]
    else:
        if value["brands"]:
            print_table(
                ("brand", "records", "roles", "bought lines", "pieces", "owners on the day"),
                [
                    (
                        b["brand"],
                        b["records"],
                        _counts(b["roles"]),
                        b["purchased"]["lines"],
                        b["purchased"]["units"],
                        ", ".join(o["owner"] for o in b["owners"]),
                    )
                    for b in value["brands"]
                ],
                title=_title("brands"),
            )
        used = [
            (u["brand"], _counts(u["roles"]), u["records"], _span(u)) for u in value["used_without_observed_purchase"]
        ]
    if used:
        print_table(
            ("buyer" if value["kind"] == "brand" else "brand", "roles", "records", "first … last"),
            used,
            title=_title("in use, no purchase observed"),
        )
    pairs = value["co_procurement"]
    if pairs:
        print_table(
            ("brand", "bought beside", "lots", "awards", "processes", "documents"),
            [(p["brand"], p["with"], p["lot"], p["award"], p["process"], p["document"]) for p in pairs[:_PAIRS]],
            title=_title("co-procurement: the same …", min(len(pairs), _PAIRS), len(pairs)),
        )


def _print_lists(lists: Mapping[str, Any]) -> None:
    if lists["entries"]:
        print_table(
            ("list", "entry", "from", "until", "citation", "matched by", "score"),
            [
                (
                    e["list"],
                    e["name_en"],
                    ("≤ " if e["date_basis"] == "first_seen" else "") + e["listed_on"],
                    e["removed_on"] or "",
                    e["citation"],
                    e["reason"],
                    e["score"],
                )
                for e in lists["entries"]
            ],
            title=_title("lists"),
        )
        console().print(f"records by status on their day: {_statuses(lists['records']) or 'none'}")
    if lists.get("buyers"):
        console().print(f"\nbuyers' status on the day of each record: {_statuses(lists['buyers'])}")
    if lists["above"]:
        names = ", ".join(f"{e['name_zh'] or e['name_en']} ({e['list']} from {e['listed_on']})" for e in lists["above"])
        console().print(f"listed organs above (not itself listed by that): {names}")


def _print_network(network: Mapping[str, Any]) -> None:
    for name, words in (("edges", "network"), ("claims", "claims (no purchase, no link)")):
        found = network[name]
        if found:
            rows = found[:_EDGES]
            print_table(
                ("from", "relation", "to", "brand", "years", "evidence"),
                [
                    (
                        e["source"],
                        e["type"].replace("_", " "),
                        e["target"],
                        e["brand"],
                        _years(e),
                        e["notice"] or e["evidence"],
                    )
                    for e in rows
                ],
                title=_title(words, len(rows), len(found)),
            )
    linked = [c for c in network["chains"] if c["links"]]
    if linked:
        print_table(
            ("brand", "owner → … → bureau", "awards", "first … last"),
            [(c["brand"], " → ".join(c["steps"]), c["awards"], _span(c)) for c in linked[:_EDGES]],
            title=_title("chains", min(len(linked), _EDGES), len(linked)),
        )


def _years(edge: Mapping[str, Any]) -> str:
    since, until = edge["since"], edge["until"]
    return "" if since is None and until is None else str(since) if since == until else f"{since or '…'}–{until or '…'}"


def _print_rows(rows: Sequence[Mapping[str, Any]], total: int) -> None:
    shown = rows[:_RECORDS]
    if shown:
        print_table(
            ("date", "role", "type", "notice", "buyer", "brands", "lists of the buyer"),
            [
                (
                    r["date"],
                    r["role"],
                    r["type"],
                    r["notice"],
                    r["buyer"],
                    ", ".join(f"{b['brand']} {b['role']}" for b in r["brands"][:4]),
                    ", ".join(f"{name} {status}" for name, status in r["buyer_lists"].items()),
                )
                for r in shown
            ],
            title=_title("newest records", len(shown), total),
        )
