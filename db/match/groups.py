"""From pairs to groups: announcements (N1) and processes (N2). Pure, and blind to the order in which notices arrived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from db.match.compare import Comparison, same_announcement, same_process
from db.match.features import Features
from db.models.link import LinkLevel, LinkVerdict

_FAR = 10**6
Decisions = Mapping[tuple[str, str, str], bool]
"""What people decided: (level, lower notice key, higher notice key) -> same or not."""


@dataclass(frozen=True, slots=True)
class PairDecision:
    level: LinkLevel
    left: int
    right: int
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Groups:
    """Node ids by group; every node is in exactly one of each. ``pairs`` are the decisions worth keeping."""

    announcements: tuple[tuple[int, ...], ...]
    processes: tuple[tuple[int, ...], ...]
    pairs: tuple[PairDecision, ...]
    successors: tuple[tuple[int, int], ...]
    """(earlier round, later round)"""


def decide(level: LinkLevel, a: Features, b: Features, decisions: Decisions) -> Comparison:
    """The machine's comparison, unless a person has spoken."""
    low, high = sorted((a.key, b.key))
    spoken = decisions.get((level.value, low, high))
    if spoken is not None:
        verdict = LinkVerdict.SAME if spoken else LinkVerdict.FORBIDDEN
        return Comparison(
            verdict, 1.0, {"for": {"review": 10.0} if spoken else {}, "against": [] if spoken else ["review"]}
        )
    return same_announcement(a, b) if level is LinkLevel.ANNOUNCEMENT else same_process(a, b)


def group(nodes: Mapping[int, Features], candidates: Iterable[tuple[int, int]], decisions: Decisions) -> Groups:
    """Groups of ``nodes`` where only ``candidates`` (pairs that share a key) can be joined directly.

    Strong pairs are joined first, of equals the ones closest in time; a join that would bring a forbidden pair into one group is refused. Ties are broken by the
    notices' keys, so the outcome depends on the set of notices alone.
    """
    pairs: list[PairDecision] = []
    known: dict[tuple[LinkLevel, int, int], Comparison] = {}

    def compare(level: LinkLevel, a: int, b: int) -> Comparison:
        left, right = (a, b) if a < b else (b, a)
        found = known.get((level, left, right))
        if found is None:
            found = known[level, left, right] = decide(level, nodes[left], nodes[right], decisions)
        return found

    wanted = sorted({(min(pair), max(pair)) for pair in candidates})
    for level in LinkLevel:
        for left, right in wanted:
            comparison = compare(level, left, right)
            if comparison.verdict is not None:
                pairs.append(PairDecision(level, left, right, comparison))

    def strength(pair: PairDecision) -> tuple[float, int, tuple[str, str]]:
        left, right = nodes[pair.left], nodes[pair.right]
        apart = abs((left.day - right.day).days) if left.day and right.day else _FAR
        low, high = sorted((left.key, right.key))
        return -pair.comparison.score, apart, (low, high)

    def joined(level: LinkLevel, start: dict[int, frozenset[int]]) -> dict[int, frozenset[int]]:
        of = dict(start)
        same = [p for p in pairs if p.level is level and p.comparison.verdict is LinkVerdict.SAME]
        for pair in sorted(same, key=strength):
            one, other = of[pair.left], of[pair.right]
            if one is other:
                continue
            if any(_forbids(compare(level, a, b)) for a in one for b in other):
                continue
            both = one | other
            for node in both:
                of[node] = both
        return of

    single = {node: frozenset((node,)) for node in nodes}
    announcements = joined(LinkLevel.ANNOUNCEMENT, single)
    processes = joined(LinkLevel.PROCESS, announcements)
    return Groups(
        announcements=_parts(announcements),
        processes=_parts(processes),
        pairs=tuple(pairs),
        successors=tuple(
            (p.left, p.right) if nodes[p.left].round < nodes[p.right].round else (p.right, p.left)
            for p in pairs
            if p.level is LinkLevel.PROCESS and p.comparison.verdict is LinkVerdict.SUCCESSOR
        ),
    )


def _forbids(comparison: Comparison) -> bool:
    """A contradiction keeps two apart also where little speaks for them."""
    return bool(comparison.evidence["against"])


def _parts(of: Mapping[int, frozenset[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(sorted({tuple(sorted(part)) for part in of.values()}))
