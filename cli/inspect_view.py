"""A reading for a person's eyes: the facts, and the words that prove them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output import console, money, print_table

if TYPE_CHECKING:
    from rich.text import Text

    from nlp.types import Mention, NoticeReading


def highlighted(text: str, mentions: tuple[Mention, ...], around: int = 60) -> list[Text]:
    """One line a mention: the words around it, the span marked, its role behind it."""
    from rich.text import Text

    lines = []
    for mention in mentions:
        left = max(text.rfind("\n", 0, mention.start) + 1, mention.start - around)
        stop = text.find("\n", mention.end)
        right = min(len(text) if stop < 0 else stop, mention.end + around)
        line = Text(text[left : mention.start])
        line.append(text[mention.start : mention.end], style="bold reverse")
        line.append(text[mention.end : right])
        line.append(f"   → {mention.brand} · {mention.role.value} ({mention.score:.2f})", style="cyan")
        lines.append(line)
    return lines


def print_reading(reading: NoticeReading, name: str) -> None:
    from rich.text import Text

    notice = reading.notice
    out = console()
    out.print(Text.assemble((name, "bold"), f"  state: {reading.state.value}"))
    facts = [
        ("title", notice.title),
        ("type", notice.type and notice.type.value),
        ("published", notice.published_on),
        ("project no.", notice.project_no),
        ("region", notice.region_code),
        ("budget", money(notice.budget_cny) and f"{money(notice.budget_cny)} CNY"),
    ]
    print_table(("field", "value"), [(k, v) for k, v in facts if v])
    if reading.parties:
        rows = [
            (p.role.value, p.name, p.org and p.org.tier and p.org.tier.value, p.org and p.org.name_en)
            for p in reading.parties
        ]
        print_table(("role", "name", "tier", "English"), rows, title="parties")
    if reading.lots:
        print_table(
            ("lot", "status", "supplier", "CNY"),
            [(x.lot, x.status and x.status.value, x.supplier, money(x.amount_cny)) for x in reading.lots],
            title="lots",
        )
    if reading.items:
        rows_i = [
            (i.lot, i.name, i.brand or i.brand_raw, i.model_raw, i.quantity, i.unit, money(i.unit_price_cny))
            for i in reading.items
        ]
        print_table(("lot", "name", "brand", "model", "qty", "unit", "unit price"), rows_i, title="items")
    for line in highlighted(reading.text, reading.mentions):
        out.print(line)
    for issue in reading.issues:
        out.print(f"! {issue.code}: {issue.message}", style="yellow")
    out.print()
