"""One stored notice for a person's eyes: facts, highlighted evidence, archive records, what it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.output import console, money, print_table

if TYPE_CHECKING:
    from pathlib import Path

    from rich.text import Text

_AROUND = 60


def print_notice(shown: dict[str, Any], archive: Path) -> None:
    from rich.text import Text

    out = console()
    reading = shown["reading"]
    title = reading["notice"]["title"] if reading else None
    out.print(Text.assemble((shown["notice"], "bold"), f"  {title or ''}"))
    out.print(shown["url"] or "no address known", style="dim")
    if reading is None:
        out.print("not read yet, or not known at the time asked", style="yellow")
    else:
        _print_facts(reading)
        _print_evidence(reading)
    print_table(
        ("captured", "state", "sha256", "archive record"),
        [
            (
                _when(c),
                c["state"],
                c["sha256"][:16] + "…",
                f"{archive / c['warc_file']} @ {c['warc_offset']:,}+{c['warc_length']:,}",
            )
            for c in shown["captures"]
        ],
        title="\narchive",
    )
    for name, words in (("announcement", "the same announcement on"), ("process", "one procurement with")):
        group = shown[name]
        others = [m for m in group["members"] if m["notice"] != shown["notice"]] if group else []
        if others:
            print_table(
                ("published", "type", "notice", "title"),
                [(m["published_on"], m["type"], m["notice"], m["title"]) for m in others],
                title=f"\n{words}",
            )


def _when(capture: dict[str, Any]) -> str:
    return str(capture["captured_at"])[:19] + (" (import)" if capture["captured_at_is_import"] else "")


def _print_facts(reading: dict[str, Any]) -> None:
    notice = reading["notice"]
    names = (
        "type",
        "published_on",
        "award_on",
        "signed_on",
        "project_no",
        "contract_no",
        "project_name",
        "method",
        "region_code",
        "budget_cny",
        "award_total_cny",
    )
    print_table(
        ("field", "value"),
        [
            (n.replace("_", " "), money(notice[n]) if n.endswith("_cny") else notice[n])
            for n in names
            if notice[n] is not None
        ],
    )
    print_table(
        ("role", "name", "tier", "kind", "division", "English"),
        [
            (p["role"], p["name"], p["tier"], p["unit_class"], p["division_code"], p["name_en"])
            for p in reading["parties"]
        ],
        title="\nparties",
    )
    if reading["lots"]:
        lot_rows = [(x["lot"], x["status"], x["supplier"], money(x["amount_cny"])) for x in reading["lots"]]
        print_table(("lot", "status", "supplier", "CNY"), lot_rows, title="\nlots")
    if reading["items"]:
        item_rows = [
            (
                i["lot"],
                i["name"],
                i["brand"] or i["brand_raw"],
                i["model_raw"],
                i["product_class"],
                i["quantity"],
                i["unit"],
                money(i["unit_price_cny"]),
            )
            for i in reading["items"]
        ]
        print_table(("lot", "item", "brand", "model", "class", "qty", "unit", "unit price"), item_rows, title="\nitems")
    if reading["attachments"]:
        file_rows = [
            (a["name"], "archived" if a["sha256"] else "not archived", a["url"]) for a in reading["attachments"]
        ]
        print_table(("attachment", "", "address"), file_rows, title="\nattachments")


def _print_evidence(reading: dict[str, Any]) -> None:
    out = console()
    if reading["mentions"]:
        out.print("\nevidence", style="italic")
    for mention in reading["mentions"]:
        out.print(evidence_line(reading["text"], mention))
    for issue in reading["issues"]:
        out.print(f"! {issue['code']}: {issue['message']}", style="yellow")


def evidence_line(text: str, mention: dict[str, Any]) -> Text:
    """The words around a mention on its own line, the span in reverse, the role behind."""
    from rich.text import Text

    start, end = mention["start"], mention["end"]
    left = max(text.rfind("\n", 0, start) + 1, start - _AROUND)
    stop = text.find("\n", end)
    right = min(len(text) if stop < 0 else stop, end + _AROUND)
    role = mention["reviewed_role"] or mention["role"]
    line = Text("  " + text[left:start])
    line.append(text[start:end], style="bold reverse")
    line.append(text[end:right])
    line.append(f"  → {mention['brand']}: {role} ({mention['score']:.2f}, {mention['rule']})", style="cyan")
    return line
