"""How far people agree who judged the same mentions without seeing each other's answer."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.review import Opinion, disputed, opinions
from nlp.types import MentionRole

_PURCHASED = frozenset({MentionRole.AWARDED.value, MentionRole.CONTRACTED.value})


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people: mentions both judged, how many alike, and Cohen's kappa; shares are null where there is nothing to share.

    ``purchased`` is the share alike on the one question a count asks: bought or not.
    """

    one: str
    other: str
    mentions: int
    alike: int
    kappa: float | None
    purchased: float | None

    @property
    def share(self) -> float | None:
        return round(self.alike / self.mentions, 4) if self.mentions else None

    def as_json(self) -> dict[str, Any]:
        return {
            "reviewers": [self.one, self.other],
            "mentions": self.mentions,
            "alike": self.alike,
            "share": self.share,
            "kappa": self.kappa,
            "purchased": self.purchased,
        }


@dataclass(frozen=True, slots=True)
class Dispute:
    """A mention on which the last words differ, and nobody has settled it."""

    notice: str
    brand: str
    start: int
    end: int
    quote: str
    roles: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "notice": self.notice,
            "brand": self.brand,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "roles": dict(self.roles),
        }


@dataclass(frozen=True, slots=True)
class Agreement:
    """``reviewers`` counts the mentions each person judged; ``confusion`` the roles two people gave, as they differ."""

    reviewers: dict[str, int]
    pairs: tuple[Pair, ...]
    confusion: dict[str, int]
    disputes: tuple[Dispute, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "reviewers": self.reviewers,
            "pairs": [pair.as_json() for pair in self.pairs],
            "confusion": self.confusion,
            "disputes": [one.as_json() for one in self.disputes],
        }


def agreement(session: Session) -> Agreement:
    """Over all reviews of mentions. Decisions made with another's in view (they settle or overrule) do not count as agreement."""
    said = opinions(session)
    independent = {
        subject: {one.reviewer: one.role for one in each if one.independent} for subject, each in said.items()
    }
    judged = Counter(reviewer for roles in independent.values() for reviewer in roles)
    pairs = []
    confusion: Counter[str] = Counter()
    for one, other in itertools.combinations(sorted(judged), 2):
        both = [(roles[one], roles[other]) for roles in independent.values() if one in roles and other in roles]
        if both:
            pairs.append(measure(one, other, both))
            confusion.update(" / ".join(sorted(answers)) for answers in both if answers[0] != answers[1])
    return Agreement(
        reviewers=dict(sorted(judged.items())),
        pairs=tuple(pairs),
        confusion=dict(sorted(confusion.items(), key=lambda pair: (-pair[1], pair[0]))),
        disputes=tuple(_disputes(session, [each for each in said.values() if disputed(each)])),
    )


def measure(one: str, other: str, answers: Sequence[tuple[str, str]]) -> Pair:
    """The figures of two people over their answers. Kappa is null where chance alone would agree always."""
    total = len(answers)
    alike = sum(a == b for a, b in answers)
    if not total:
        return Pair(one, other, 0, 0, None, None)
    left, right = Counter(a for a, _ in answers), Counter(b for _, b in answers)
    chance = sum(left[role] * right[role] for role in left) / total**2
    kappa = round((alike / total - chance) / (1 - chance), 4) if chance < 1 else None
    bought = sum((a in _PURCHASED) == (b in _PURCHASED) for a, b in answers)
    return Pair(one, other, total, alike, kappa, round(bought / total, 4))


def _disputes(session: Session, differing: Sequence[Sequence[Opinion]]) -> list[Dispute]:
    rows = session.execute(
        text("""
            SELECT v.id, n.portal_id || '/' || coalesce(n.source_id, n.identity)
              FROM revision v JOIN notice n ON n.id = v.notice_id WHERE v.id = ANY(:ids)
        """),
        {"ids": [each[0].revision_id for each in differing]},
    )
    names = {row[0]: row[1] for row in rows}
    made = []
    for each in differing:
        first = each[0]
        roles = {one.reviewer: one.role for one in each}
        made.append(
            Dispute(
                names[first.revision_id],
                first.brand_id,
                first.start,
                first.end,
                first.quote,
                tuple(sorted(roles.items())),
            )
        )
    return sorted(made, key=lambda one: (one.notice, one.start, one.brand))
