"""Duplicates on constructed notices with known truth: portals × edits × traps.

    python benchmarks/store_duplicates.py [--notices 6000]

Prints JSON: precision of merged pairs, residual duplicates (true pairs left apart), and the traps that were merged, by kind. Pure: no database.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.store_data import PORTALS, Generator  # noqa: E402
from db.match.features import Features, features, keys  # noqa: E402
from db.match.groups import group  # noqa: E402
from nlp.types import Lot, NoticeReading, NoticeType, Party, PartyRole  # noqa: E402

Edit = Callable[[NoticeReading, random.Random], NoticeReading]


def _titled(page: NoticeReading, title: str) -> NoticeReading:
    return replace(
        page, notice=replace(page.notice, title=title), text=page.text.replace(page.notice.title or "", title)
    )


def _later(page: NoticeReading, days: int) -> NoticeReading:
    day = page.notice.published_on
    return replace(page, notice=replace(page.notice, published_on=day + dt.timedelta(days=days) if day else None))


# What portals do to the same announcement.
SAME: dict[str, Edit] = {
    "copied": lambda p, _: p,
    "title with a place in brackets": lambda p, _: _titled(p, f"【明川市】{p.notice.title}"),
    "title begins with about": lambda p, _: _titled(p, f"关于{p.notice.title}"),
    "published days later": lambda p, c: _later(p, c.randrange(1, 7)),
    "table became an image": lambda p, _: replace(p, items=(), mentions=(), text=p.text[:200]),
    "number in brackets": lambda p, _: replace(p, notice=replace(p.notice, project_no=f"[{p.notice.project_no}]")),
    "no project number": lambda p, _: replace(p, notice=replace(p.notice, project_no=None)),
    "masked buyer": lambda p, _: replace(p, parties=tuple(_masked(x) for x in p.parties)),
    "no project name": lambda p, _: replace(p, notice=replace(p.notice, project_name=None)),
    "no amounts": lambda p, _: replace(p, lots=(), notice=replace(p.notice, award_total_cny=None)),
}


def _masked(party: Party) -> Party:
    return replace(party, name="***", name_raw="***", org=None) if party.role is PartyRole.BUYER else party


# What looks like the same announcement and is not.
TRAPS: dict[str, Edit] = {
    "other lot": lambda p, _: replace(p, lots=tuple(replace(x, lot="2", amount_cny=x.amount_cny) for x in p.lots) or (Lot("2"),)),
    "second round": lambda p, _: replace(_titled(p, f"{p.notice.title}（二次）"), notice=replace(p.notice, title=f"{p.notice.title}（二次）")),
    "next county, one template": lambda p, _: replace(p, parties=tuple(_neighbour(x) for x in p.parties), notice=replace(p.notice, project_no=None)),
    "next year's maintenance": lambda p, _: _later(replace(p, notice=replace(p.notice, project_no=None)), 365),
    "another number, one text": lambda p, _: replace(p, notice=replace(p.notice, project_no=f"{p.notice.project_no}9")),
    "correction of it": lambda p, _: replace(_titled(p, f"{p.notice.title}更正公告"), notice=replace(p.notice, title=f"{p.notice.title}更正公告", type=NoticeType.CORRECTION)),
    "another amount": lambda p, c: replace(
        p, lots=tuple(replace(x, amount_cny=(x.amount_cny or Decimal(0)) + c.randrange(1000, 9000)) for x in p.lots), notice=replace(p.notice, award_total_cny=Decimal(c.randrange(10**7, 10**8)))
    ),
    "another winner": lambda p, _: replace(
        p, parties=tuple(replace(x, name="明川另一科技有限公司") if x.role is PartyRole.SUPPLIER else x for x in p.parties), lots=tuple(replace(x, supplier="明川另一科技有限公司") for x in p.lots)
    ),
    "second phase": lambda p, _: replace(
        _titled(p, (p.notice.title or "").replace("采购项目", "二期采购项目")), notice=replace(p.notice, title=(p.notice.title or "").replace("采购项目", "二期采购项目"), project_name=f"{p.notice.project_name}二期", project_no=None)
    ),
}  # fmt: skip
HIDES = {
    "another number, one text": {"no project number"},
    "another amount": {"no amounts", "table became an image"},
    "another winner": {"no amounts"},
    "other lot": {"no amounts"},
    "next county, one template": {"masked buyer"},
}
"""Edits that take away the one thing that tells a trap from its model: nobody could tell those apart."""
NEED_AWARD = {"another amount", "another winner", "other lot"}


def _neighbour(party: Party) -> Party:
    return (
        replace(party, name=f"邻{party.name}", name_raw=f"邻{party.name}") if party.role is PartyRole.BUYER else party
    )


def cases(notices: int, seed: int = 7) -> Iterator[tuple[int, str, str, NoticeReading]]:
    """(true announcement, what was done, portal, reading)."""
    chance = random.Random(seed)
    number, made = 0, 0
    for process in Generator(seed).processes():
        for portal, page, _ in process:
            if made >= notices:
                return
            if portal != page.notice.portal or (page.notice.source_id or "").endswith("1"):
                continue
            number += 1
            yield number, "original", portal, page
            made += 1
            others = [p for p in PORTALS if p != portal]
            chance.shuffle(others)
            trap = chance.choice(sorted(TRAPS))
            edits = [name for name in sorted(SAME) if name not in HIDES.get(trap, ())]
            for edit, other in zip(chance.sample(edits, 2), others[:2], strict=True):
                yield number, edit, other, SAME[edit](page, chance)
                made += 1
            if trap in NEED_AWARD and page.notice.type is not NoticeType.AWARD:
                continue
            if trap == "correction of it" and any(p.notice.type is NoticeType.CORRECTION for _, p, _ in process):
                continue
            number += 1
            yield number, trap, others[2], TRAPS[trap](page, chance)
            made += 1


def measure(notices: int) -> dict[str, object]:
    nodes: dict[int, Features] = {}
    truth: dict[int, tuple[int, str]] = {}
    meeting: dict[str, list[int]] = defaultdict(list)
    for node, (announcement, done, portal, page) in enumerate(cases(notices)):
        value = features(page, portal, f"id:{node}")
        nodes[node], truth[node] = value, (announcement, done)
        for key in keys(value):
            meeting[key].append(node)
    pairs = {pair for block in meeting.values() for pair in itertools.combinations(sorted(block), 2)}
    groups = group(nodes, pairs, {})
    merged = right = 0
    wrong: dict[str, int] = defaultdict(int)
    for part in groups.announcements:
        for a, b in itertools.combinations(part, 2):
            merged += 1
            if truth[a][0] == truth[b][0]:
                right += 1
            else:
                wrong[" / ".join(sorted({truth[a][1], truth[b][1]}))] += 1
    of = {node: index for index, part in enumerate(groups.announcements) for node in part}
    true_pairs = apart = 0
    missed: dict[str, int] = defaultdict(int)
    by_truth: dict[int, list[int]] = defaultdict(list)
    for node, (announcement, _) in truth.items():
        by_truth[announcement].append(node)
    extra = duplicates = 0
    for members in by_truth.values():
        duplicates += len(members) - 1
        extra += len({of[m] for m in members}) - 1
        for a, b in itertools.combinations(members, 2):
            true_pairs += 1
            if of[a] != of[b]:
                apart += 1
                missed[" / ".join(sorted({truth[a][1], truth[b][1]}))] += 1
    return {
        "notices": len(nodes),
        "merged_pairs": merged,
        "merged_pairs_right": round(right / merged, 4) if merged else None,
        "residual_duplicates": round(extra / duplicates, 4) if duplicates else None,
        "true_pairs_apart": round(apart / true_pairs, 4) if true_pairs else None,
        "wrong": dict(sorted(wrong.items(), key=lambda item: -item[1])),
        "missed": dict(sorted(missed.items(), key=lambda item: -item[1])[:12]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=6000)
    print(json.dumps(measure(parser.parse_args().notices), ensure_ascii=False))


if __name__ == "__main__":
    main()
