"""The audit of a number: what a person said about a drawn sample, and what the number is with that."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from db.audit import COUNTED, MISSED, STRATA, Case, Frame

CONFIDENCE: Final = 0.95
REASONS: Final = ("role", "brand", "buyer", "date", "duplicate", "other")
"""Why something does not belong in the count: not bought; not this brand; not this kind of buyer or place; another time; counted twice."""
COLUMNS: Final = (
    "id", "notice", "url", "date", "buyer", "brand", "units", "title", "text", "belongs", "reason", "note",
)  # fmt: skip
_YES: Final = frozenset({"y", "yes", "1", "true"})
_NO: Final = frozenset({"n", "no", "0", "false"})
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class AuditError(ValueError):
    """Raised for a table of answers that cannot be used: says where, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a thing belongs in the count; if it was counted and does not, why."""

    belongs: bool
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """One stratum: how many of ``size`` belong in the count, from ``right`` of ``judged``. ``low`` to ``high`` is exact for a finite
    population; ``point`` is null where nothing was judged. ``wilson`` is the interval of the share.
    """

    size: int
    judged: int
    right: int
    point: float | None
    low: int
    high: int
    wilson: tuple[float, float] | None

    def as_json(self) -> dict[str, Any]:
        return {
            "size": self.size,
            "judged": self.judged,
            "belong": self.right,
            "point": None if self.point is None else round(self.point, 1),
            "low": self.low,
            "high": self.high,
            "wilson": None if self.wilson is None else [round(end, 4) for end in self.wilson],
        }


@dataclass(frozen=True, slots=True)
class Audit:
    """``stated`` is the count as saved (lower bound and upper); ``low``, ``point``, ``high`` what it is by the sample, all strata together."""

    rung: str
    stated: tuple[int, int]
    strata: Mapping[str, Estimate]
    point: float | None
    low: int
    high: int
    beyond: int
    reasons: Mapping[str, int]
    wrong: tuple[tuple[Case, Answer], ...]
    units: tuple[str, str] | None
    """Pieces on the counted lines judged, and on those of them that belong."""

    def as_json(self) -> dict[str, Any]:
        return {
            "rung": self.rung,
            "stated": {"lower": self.stated[0], "upper": self.stated[1]},
            "confidence": CONFIDENCE,
            "estimate": {
                "low": self.low,
                "point": None if self.point is None else round(self.point, 1),
                "high": self.high,
            },
            "strata": {name: one.as_json() for name, one in self.strata.items()},
            "not_sampled": self.beyond,
            "reasons": dict(self.reasons),
            "units": None if self.units is None else {"judged": self.units[0], "belong": self.units[1]},
            "wrong": [
                {
                    "id": case.id,
                    "notice": case.notice,
                    "url": case.url,
                    "brand": case.brand,
                    "role": case.role,
                    "what": "missed" if case.stratum == MISSED else "counted wrongly",
                    "reason": answer.reason,
                    "note": answer.note,
                    "text": case.text,
                }
                for case, answer in self.wrong
            ],
        }


def assess(frame: Frame, drawn: Sequence[Case], answers: Mapping[str, Answer], confidence: float = CONFIDENCE) -> Audit:
    """The count by the answers given; cases without one are as if not drawn.

    The interval of each stratum is exact (hypergeometric) at a level that makes their sum hold jointly at ``confidence``.
    """
    judged = [(case, answers[case.id]) for case in drawn if case.id in answers]
    open_strata = max(1, sum(frame.sizes[name] > 0 for name in STRATA))
    level = 1 - (1 - confidence) / open_strata
    strata: dict[str, Estimate] = {}
    for name in STRATA:
        said = [answer.belongs for case, answer in judged if case.stratum == name]
        size, n, k = frame.sizes[name], len(said), sum(said)
        low, high = finite_interval(size, n, k, level)
        point = size * k / n if n else 0.0 if not size else None
        strata[name] = Estimate(size, n, k, point, low, high, wilson(k, n, confidence))
    points = [one.point for one in strata.values()]
    wrong = tuple(
        (c, a) for c, a in judged if (c.stratum == COUNTED and not a.belongs) or (c.stratum == MISSED and a.belongs)
    )
    return Audit(
        rung=frame.rung,
        stated=(frame.sizes[COUNTED], frame.sizes[COUNTED] + len(frame.strata["undecided"])),
        strata=strata,
        point=None if None in points else sum(point for point in points if point is not None),
        low=sum(one.low for one in strata.values()),
        high=sum(one.high for one in strata.values()),
        beyond=frame.beyond,
        reasons=dict(sorted(Counter(a.reason or "other" for c, a in wrong if c.stratum == COUNTED).items())),
        wrong=wrong,
        units=_units([pair for pair in judged if pair[0].stratum == COUNTED]) if frame.rung == "N4" else None,
    )


def _units(judged: Sequence[tuple[Case, Answer]]) -> tuple[str, str]:
    from decimal import Decimal  # noqa: PLC0415

    stated = [(Decimal(case.units), answer.belongs) for case, answer in judged if case.units is not None]
    whole = sum((units for units, _ in stated), Decimal(0))
    right = sum((units for units, belongs in stated if belongs), Decimal(0))
    return f"{whole:f}", f"{right:f}"


# ── intervals ────────────────────────────────────────────────────────────────────────────────────────────────────────


def wilson(right: int, judged: int, confidence: float = CONFIDENCE) -> tuple[float, float] | None:
    """Wilson's interval of a share; null for nothing judged."""
    if not judged:
        return None
    z = _normal_quantile(1 - (1 - confidence) / 2)
    share = right / judged
    spread = z * math.sqrt(share * (1 - share) / judged + z * z / (4 * judged * judged))
    centre, scale = share + z * z / (2 * judged), 1 + z * z / judged
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def finite_interval(size: int, judged: int, right: int, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """How many of ``size`` are right, when ``right`` of ``judged`` drawn without return are: Clopper and Pearson's interval for a finite
    population. All judged: that number itself. None judged: 0 to ``size``.
    """
    tail = (1 - confidence) / 2
    low = _first(right, size - (judged - right), lambda total: _at_least(size, total, judged, right) > tail)
    high = _first(right, size - (judged - right), lambda total: _at_most(size, total, judged, right) <= tail)
    last = size - (judged - right)
    return low, last if high > last else max(high - 1, right)


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first number from ``low`` to ``high`` for which it holds, given that it then holds for all after it; ``high`` + 1 for none."""
    high += 1
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _at_least(size: int, total: int, judged: int, right: int) -> float:
    return sum(_chance(size, total, judged, k) for k in range(right, judged + 1))


def _at_most(size: int, total: int, judged: int, right: int) -> float:
    return sum(_chance(size, total, judged, k) for k in range(right + 1))


def _chance(size: int, total: int, judged: int, k: int) -> float:
    """Of ``judged`` drawn from ``size`` with ``total`` right ones, exactly ``k`` are right."""
    if k < max(0, judged - (size - total)) or k > min(total, judged):
        return 0.0
    return math.exp(_choose(total, k) + _choose(size - total, judged - k) - _choose(size, judged))


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _normal_quantile(share: float) -> float:
    from statistics import NormalDist  # noqa: PLC0415

    return NormalDist().inv_cdf(share)


# ── answers as a table ───────────────────────────────────────────────────────────────────────────────────────────────


def dump(drawn: Sequence[Case], answers: Mapping[str, Answer]) -> str:
    """CSV: what was drawn, in its order, with the answers so far. It does not say what the machine made of a case."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for case in drawn:
        said = answers.get(case.id)
        belongs = "" if said is None else "y" if said.belongs else "n"
        values = (
            case.id, case.notice, case.url, case.date, case.buyer, case.brand, case.units, case.title, case.text, belongs,
            said.reason if said else None, said.note if said else None,
        )  # fmt: skip
        cells = ["" if value is None else str(value) for value in values]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue()


def parse(content: str, drawn: Sequence[Case]) -> dict[str, Answer]:
    """Answers by id. Raises :class:`AuditError` for a row that was not drawn or an answer that is none; rows without an answer wait."""
    reader = csv.DictReader(io.StringIO(content.removeprefix("\ufeff")))
    if not {"id", "belongs"} <= set(reader.fieldnames or ()):
        raise AuditError("the table lacks the columns id and belongs", "start from the file that audit --export writes")
    known = {case.id for case in drawn}
    found: dict[str, Answer] = {}
    for row in reader:
        id_ = (row["id"] or "").removeprefix("'")
        word = (row["belongs"] or "").strip().casefold()
        if not word:
            continue
        if id_ not in known:
            raise AuditError(
                f"line {reader.line_num}: {id_!r} was not drawn",
                "use the same count, --sample, --seed and --rung as for --export",
            )
        if word not in _YES | _NO:
            raise AuditError(f"line {reader.line_num}: belongs is {word!r}", "write y or n, or leave it empty")
        reason = (row.get("reason") or "").strip().casefold() or None
        if reason is not None and reason not in REASONS:
            raise AuditError(f"line {reader.line_num}: reason {reason!r}", "one of " + ", ".join(REASONS))
        found[id_] = Answer(word in _YES, None if word in _YES else reason, (row.get("note") or "").strip() or None)
    return found
