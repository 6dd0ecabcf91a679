"""The ladder for a person's eyes: rungs with bounds, what they are made of, what they rest on."""

from __future__ import annotations

from typing import Any

from cli.output import console, money, print_table, say

_NAMED = 4
"""So many portals are named; of more, their number."""


def bounds_words(bounds: dict[str, Any]) -> str:
    """One rung in one cell: 60, 60…64, 58…60…64 where the best guess is not the lower bound; ? = nobody knows."""
    if bounds["lower"] is None:
        return "—"
    words = ["?" if b is None else str(b) for b in (bounds["lower"], bounds["point"], bounds["upper"])]
    return "…".join(dict.fromkeys(words))


RUNG_WORDS = {
    "N0": "captures",
    "N1": "announcements",
    "N2": "processes",
    "N3": "awards (lot × supplier)",
    "N4": "item lines",
    "N5": "units",
    "buyers": "distinct buyers",
    "suppliers": "distinct suppliers",
}


def print_ladder(value: dict[str, Any]) -> None:
    """The ladder for a person: every rung with its bounds, then what the answer rests on."""
    rows = [
        (
            rung,
            RUNG_WORDS[rung],
            *("unknown" if b is None else b for b in (bounds["lower"], bounds["point"], bounds["upper"])),
        )
        if bounds["lower"] is not None
        else (rung, RUNG_WORDS[rung], "—", "—", "—")
        for rung, bounds in value["ladder"].items()
    ]
    print_table(("rung", "", "lower", "point", "upper"), rows)
    if value["groups"]:
        console().print()
        first = value["groups"][0]
        rungs = list(first["ladder"])
        print_table(
            ("value", *rungs),
            [
                (g.get("name") or g.get("value") or "(none)", *(bounds_words(g["ladder"][r]) for r in rungs))
                for g in value["groups"]
            ],
        )
    spread = distribution_line(value)
    if spread is not None:
        say(spread)
    say(coverage_line(value))


def coverage_line(value: dict[str, Any]) -> str:
    """One line on what the answer rests on: portals, crawl windows and what they miss, notices that could not be counted."""
    told = value["coverage"]
    sources = ", ".join(f"{portal} {n:,}" for portal, n in told["portals"].items())
    copies = sum(told["portals"].values())
    parts = [f"{copies:,} notices ({sources}), {told['with_lines']:,} with item lines" if copies else "no notices"]
    parts.append(_windows_words(told["windows"]))
    counted = (
        ("undated", "without the date asked for"),
        ("area_unknown", "of unknown area"),
        ("unlinked", "not linked yet"),
    )
    parts.extend(f"{told[name]:,} {words}" for name, words in (*counted, ("purged", "purged")) if told.get(name))
    if value["as_of"] is not None:
        parts.append(f"evidence up to {value['as_of'][:16].replace('T', ' ')} UTC")
    return "rests on: " + "; ".join(parts)


def _windows_words(windows: dict[str, Any]) -> str:
    portals = windows["portals"]
    if not portals:
        return "no crawl window covers these days (imported pages only)"
    verdicts = ", ".join(f"{n:,} {verdict}" for verdict, n in windows["verdicts"].items())
    words = (
        f"crawl windows of {', '.join(portals) if len(portals) <= _NAMED else f'{len(portals)} portals'}: {verdicts}"
    )
    short = [f"{portal} {told['missing']:,}" for portal, told in portals.items() if told["missing"]]
    gaps = [f"{portal} {told['days_without']:,}" for portal, told in portals.items() if told["days_without"]]
    if short:
        words += f"; listed but not captured: {', '.join(short)}"
    if gaps:
        words += f"; days never crawled: {', '.join(gaps)}"
    return words


def distribution_line(value: dict[str, Any]) -> str | None:
    """One line on what the units and amounts are made of, so that one bulk buy is seen; null where nothing was bought."""
    told = value["distribution"]
    if not told:
        return None
    parts = []
    if told["largest_line"] is not None:
        share = f" ({told['largest_share']:.0%} of the units)" if told["largest_share"] is not None else ""
        parts.append(f"median line {told['median_line']}, largest {told['largest_line']}{share}")
    if told["lines_without_quantity"]:
        parts.append(f"{told['lines_without_quantity']:,} lines without a quantity")
    if told["awards"]:
        total = f"{money(told['awards_cny'])} CNY over " if told["awards_cny"] is not None else "amounts stated by "
        parts.append(f"{total}{told['awards_stating_amount']:,} of {told['awards']:,} awards that state one")
    return "made of: " + "; ".join(parts) if parts else None
