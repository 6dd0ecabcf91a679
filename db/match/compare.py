"""Two readings side by side: the same announcement, the same procurement, or not, and why. Pure.

Evidence adds up; a contradiction forbids, whatever else agrees. Every reason is kept in words a person can read and overrule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from db.match.features import Features
from db.models.link import LinkVerdict

VERSION = "1"
"""Stored with every pair; raise it when a rule changes."""

ANNOUNCEMENT_THRESHOLD = 5.0
PROCESS_THRESHOLD = 3.0
REPUBLISHED_WITHIN = 7
"""Days within which a portal that publishes one statement under two ids has published it again."""
_FULL = 10.0
_NUMBERED = {"award", "contract", "candidate", "emall_order", "correction", "failed"}
_OPENERS = {"intention", "prequalification", "tender", "single_source", "import_review"}
"""Types that begin a procurement. A second one in another fiscal year begins another."""
_ENDERS = {"award", "contract", "candidate", "emall_order", "framework"}
_MAX_GAP_DAYS = 550


@dataclass(frozen=True, slots=True)
class Comparison:
    verdict: LinkVerdict | None
    """Null = nothing speaks for it."""
    score: float
    evidence: dict[str, Any]


def same_announcement(a: Features, b: Features) -> Comparison:
    """The same announcement at two addresses: copies on other portals, and re-publications on one."""
    weights: dict[str, float] = {}
    against: list[str] = []
    if a.type and b.type and a.type != b.type:
        against.append(f"type: {a.type} / {b.type}")
    if a.ordinal != b.ordinal:
        against.append(f"correction: {a.ordinal} / {b.ordinal}")
    _shared_contradictions(a, b, against)
    if a.lots and b.lots and a.lots != b.lots:
        against.append(f"lot: {','.join(a.lots)} / {','.join(b.lots)}")
    if a.suppliers and b.suppliers and not set(a.suppliers) & set(b.suppliers):
        against.append("supplier")
    if a.amounts and b.amounts and not set(a.amounts) & set(b.amounts):
        against.append(f"amount: {a.amounts[0]} / {b.amounts[0]}")
    _numbers(a, b, weights, against)
    if a.buyer and a.buyer == b.buyer:
        weights["buyer"] = 2.0
    if a.core and a.core == b.core:
        weights["title"] = 2.0
    elif a.core and b.core and (a.core in b.core or b.core in a.core):
        weights["title within title"] = 1.0
    if a.suppliers and a.suppliers == b.suppliers:
        weights["suppliers"] = 2.0
    if a.amounts and set(a.amounts) & set(b.amounts):
        weights["amount"] = 2.0
    if a.text == b.text:
        weights["whole text"] = 4.0
    elif a.sketch and b.sketch:
        alike = sum(x == y for x, y in zip(a.sketch, b.sketch, strict=True))
        if alike >= 6:
            weights[f"text, {alike} of 8"] = 2.0
    _days_apart(a, b, weights, against)
    if a.portal == b.portal and a.key != b.key and "whole text" not in weights:
        # One portal gives each announcement one id. Only the very same statement under two ids is a re-publication.
        identical = all(
            (a.number == b.number, a.contract == b.contract, a.core == b.core, a.lots == b.lots, a.amounts == b.amounts,
             a.suppliers == b.suppliers, a.buyer == b.buyer, _near(a, b))
        )  # fmt: skip
        if not identical or not (a.number or a.contract) or not a.amounts:
            against.append("two ids on one portal")
    identified = (
        bool({"project number", "contract number", "whole text"} & weights.keys())
        or {"title", "buyer"} <= weights.keys()
        or {"suppliers", "amount"} <= weights.keys()
        or ("title" in weights and any(name.startswith("text,") for name in weights))
    )
    return _verdict(weights, against, identified=identified, threshold=ANNOUNCEMENT_THRESHOLD)


def _near(a: Features, b: Features) -> bool:
    """Published within a week of each other: a portal that pushes a notice again does so within days."""
    if a.day is None or b.day is None:
        return a.day is b.day
    return abs((a.day - b.day).days) <= REPUBLISHED_WITHIN


def same_process(a: Features, b: Features) -> Comparison:
    """The same procurement: one project number, buyer and fiscal year, or a link the page itself states."""
    weights: dict[str, float] = {}
    against: list[str] = []
    _shared_contradictions(a, b, against, rounds=False)
    stated = b.key in a.related or a.key in b.related
    if stated:
        weights["the page names the other"] = 4.0
    if a.number and a.number == b.number:
        weights["project number"] = 3.0
    elif a.number and b.number and not stated:
        against.append(f"project number: {a.number} / {b.number}")
    if a.contract and a.contract == b.contract:
        weights["contract number"] = 3.0
    if a.buyer and a.buyer == b.buyer:
        weights["buyer"] = 1.0
    if a.core and a.core == b.core:
        weights["title"] = 1.0
    one_unnumbered = not (a.number and b.number)
    if one_unnumbered and {"title", "buyer"} <= weights.keys() and _complement(a, b):
        weights["title and buyer, stages that follow"] = 2.0
    _years_apart(a, b, against)
    identified = bool(
        {"project number", "contract number", "the page names the other", "title and buyer, stages that follow"}
        & weights.keys()
    )
    result = _verdict(weights, against, identified=identified, threshold=PROCESS_THRESHOLD)
    if result.verdict is LinkVerdict.SAME and a.round != b.round:
        evidence = {**result.evidence, "against": [f"round: {a.round} / {b.round}"]}
        return Comparison(LinkVerdict.SUCCESSOR, result.score, evidence)
    return result


def _verdict(weights: dict[str, float], against: list[str], *, identified: bool, threshold: float) -> Comparison:
    score = sum(weights.values())
    evidence: dict[str, Any] = {"for": weights, "against": against}
    likely = identified and score >= threshold
    if against:
        return Comparison(LinkVerdict.FORBIDDEN if likely else None, min(score / _FULL, 1.0), evidence)
    return Comparison(LinkVerdict.SAME if likely else None, min(score / _FULL, 1.0), evidence)


def _shared_contradictions(a: Features, b: Features, against: list[str], *, rounds: bool = True) -> None:
    if a.buyer and b.buyer and not _one_buyer(a.buyer, b.buyer):
        against.append(f"buyer: {a.buyer} / {b.buyer}")
    if rounds and a.round != b.round:
        against.append(f"round: {a.round} / {b.round}")
    if a.years and b.years and not set(a.years) & set(b.years) and not (a.number and a.number == b.number):
        against.append(f"year named: {','.join(a.years)} / {','.join(b.years)}")
    if a.core and b.core and a.phase != b.phase:
        against.append(f"phase: {a.phase} / {b.phase}")


_PLACE_BEFORE = re.compile(r"[省市州区县盟旗]$")


def _one_buyer(a: str, b: str) -> bool:
    """Equal, or the same name with and without the places before it: 云岭省明川市公安局 and 明川市公安局, but not 长丰县 and 丰县.

    A department of a bureau is another buyer.
    """
    if a == b:
        return True
    long, short = (a, b) if len(a) > len(b) else (b, a)
    return long.endswith(short) and _PLACE_BEFORE.search(long.removesuffix(short)) is not None


def _numbers(a: Features, b: Features, weights: dict[str, float], against: list[str]) -> None:
    if a.number and b.number:
        if a.number == b.number:
            weights["project number"] = 3.0
        else:
            against.append(f"project number: {a.number} / {b.number}")
    if a.contract and b.contract:
        if a.contract == b.contract:
            weights["contract number"] = 3.0
        else:
            against.append(f"contract number: {a.contract} / {b.contract}")


def _days_apart(a: Features, b: Features, weights: dict[str, float], against: list[str]) -> None:
    if a.day is None or b.day is None:
        return
    gap = abs((a.day - b.day).days)
    if gap <= 7:
        weights["days apart"] = 1.0
    elif gap > 60:
        against.append(f"days apart: {gap}")
    elif gap > 30:
        weights["days apart"] = -1.0


def _complement(a: Features, b: Features) -> bool:
    """Stages that follow each other: an opener and what closes it, or an award and its contract. Two of a kind are two procurements."""
    if a.type is None or b.type is None or a.type == b.type:
        return False
    return bool({a.type, b.type} & (_ENDERS | {"correction", "failed", "acceptance"}))


def _years_apart(a: Features, b: Features, against: list[str]) -> None:
    if a.day is None or b.day is None:
        return
    first, second = (a, b) if a.day <= b.day else (b, a)
    assert first.day is not None
    assert second.day is not None
    gap = (second.day - first.day).days
    if gap > _MAX_GAP_DAYS:
        against.append(f"days apart: {gap}")
    elif first.year != second.year:
        if second.type in _OPENERS:
            against.append(f"fiscal year: {first.year} / {second.year}, opened again")
        elif first.type == second.type and first.type in _ENDERS and gap > 180:
            against.append(f"fiscal year: {first.year} / {second.year}, closed again")
