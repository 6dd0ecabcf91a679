"""Public pages of the role rules, made from their docstrings."""

from __future__ import annotations

from pathlib import Path

from nlp.roles.rules import RULES, Rule


def page(rule: Rule) -> str:
    """One page: the docstring, then id, version and where the rule stands in the order."""
    place = [other.rule_id for other in RULES].index(rule.rule_id) + 1
    body = "\n\n".join(part.strip() for part in rule.page.strip().split("\n") if part.strip())
    return f"{body}\n\n**Rule.** `{rule.name}`, number {place} of {len(RULES)}; the first rule that matches decides.\n"


def index() -> str:
    """All rules in the order they are asked."""
    lines = [
        "# Rules for roles",
        "",
        "Asked in this order; the first match decides. What no rule decides goes to the model.",
        "",
    ]
    for rule in RULES:
        title = rule.page.strip().partition("\n")[0].removeprefix("# ")
        lines.append(f"1. [{title}]({rule.rule_id}.md)")
    return "\n".join(lines) + "\n"


def write(folder: Path) -> None:
    """Write all pages into ``docs/rules`` and remove pages of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        old.unlink()
    for rule in RULES:
        (folder / f"{rule.rule_id}.md").write_text(page(rule), encoding="utf-8")
    (folder / "index.md").write_text(index(), encoding="utf-8")
