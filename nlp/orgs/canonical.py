"""Are two names the same organisation? A decision with its evidence, and groups of names.

Only what is certain merges. What must never merge says why: an organ and the one above it, a sub-bureau and its bureau, the Corps and the
local organ of the same place, a city and a county of one name, a company and its branch. Everything between is left to a person.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum

from nlp.orgs.analysis import OrgAnalysis, analyse
from nlp.orgs.credit_code import valid_credit_code
from nlp.orgs.identity import Identity, company_key, identify
from nlp.orgs.knowledge import OrgKnowledge
from nlp.patterns import regex
from nlp.types import Level
from nlp.values import value


class Answer(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


@value
class Named:
    """A name read once: what :func:`compare` looks at. ``credit_code`` counts only where it is well formed."""

    analysis: OrgAnalysis
    identity: Identity
    credit_code: str | None = None


@value
class Decision:
    """``rule`` says what decided; ``evidence`` is what a person may want to see."""

    answer: Answer
    rule: str
    evidence: tuple[str, ...]


@value
class Group:
    """Names of one organisation. ``name`` is the fullest spelling, ``key`` its canonical key, ``names`` as given, in order of first appearance."""

    key: str
    name: str
    names: tuple[str, ...]
    rules: tuple[str, ...]


_BRANCH = regex(r"(?:分公司|支公司|分行|支行|营业部|办事处|分部|分厂|分店)$")
_FORMS = regex(r"(?:股份)?有限(?:责任)?公司|集团")


def named(name: str, knowledge: OrgKnowledge, on: dt.date, credit_code: str | None = None) -> Named:
    """Read ``name`` for comparison."""
    analysis = analyse(name, knowledge, on)
    code = credit_code.strip().upper() if credit_code and valid_credit_code(credit_code) else None
    return Named(analysis, identify(analysis, knowledge), code)


def compare(one: Named, other: Named) -> Decision:
    """Decide about two names. Symmetric."""
    a, b = one.identity, other.identity
    evidence = (f"{one.analysis.name} -> {a.key}", f"{other.analysis.name} -> {b.key}")
    if one.credit_code and other.credit_code:
        if one.credit_code == other.credit_code:
            return Decision(Answer.SAME, "credit_code", (*evidence, one.credit_code))
        return Decision(Answer.DIFFERENT, "credit_code", (*evidence, one.credit_code, other.credit_code))
    if one.analysis.tier is None or other.analysis.tier is None:
        return Decision(Answer.UNDECIDED, "not_one_organisation", evidence)
    if a.key == b.key:
        if a.certain and b.certain:
            return Decision(Answer.SAME, "same_key", evidence)
        return Decision(Answer.UNDECIDED, "same_words_without_place", evidence)
    if forbidden := _forbidden(one, other):
        return Decision(Answer.DIFFERENT, forbidden, evidence)
    if a.key.startswith("company:") and b.key.startswith("company:"):
        return _companies(a.key, b.key, evidence)
    if not a.certain or not b.certain:
        return Decision(Answer.UNDECIDED, "place_unknown", evidence)
    return Decision(Answer.DIFFERENT, "other_place" if _place(one) != _place(other) else "other_organ", evidence)


def _place(name: Named) -> str:
    return name.identity.key.partition(":")[0]


def _forbidden(one: Named, other: Named) -> str | None:
    a, b = one.identity, other.identity
    if a.key in b.chain or b.key in a.chain:
        levels = {one.analysis.level, other.analysis.level}
        return "sub_bureau_and_bureau" if Level.SUB_BUREAU in levels else "organ_and_the_one_above"
    if bool(_BRANCH.search(one.analysis.canonical)) != bool(_BRANCH.search(other.analysis.canonical)):
        return "company_and_branch"
    if (
        one.analysis.corps != other.analysis.corps
        and one.analysis.is_public_security
        and other.analysis.is_public_security
    ):
        return "corps_and_local"
    here, there = one.analysis.division, other.analysis.division
    if here is not None and there is not None and here.current != there.current and here.bare == there.bare:
        return "places_of_one_name"
    return None


def _companies(a: str, b: str, evidence: tuple[str, ...]) -> Decision:
    """Legal form or a place in brackets apart, the same words may be a former name: a person decides."""
    bare_a, bare_b = (_FORMS.sub("", key) for key in (a, b))
    if bare_a == bare_b:
        return Decision(Answer.UNDECIDED, "legal_form_differs", evidence)
    if sorted(bare_a.replace("(", "").replace(")", "")) == sorted(bare_b.replace("(", "").replace(")", "")):
        return Decision(Answer.UNDECIDED, "same_characters_in_another_order", evidence)
    return Decision(Answer.DIFFERENT, "other_company", evidence)


def group(
    names: Iterable[str],
    knowledge: OrgKnowledge,
    on: dt.date,
    *,
    decided: Mapping[frozenset[str], bool] | None = None,
    credit_codes: Mapping[str, str] | None = None,
) -> tuple[Group, ...]:
    """Groups of names that are one organisation. Deterministic; running it again over its own result changes nothing.

    ``decided``: people's decisions about pairs of names (true = the same), on top of the rules. ``credit_codes``: the code of a name where known.
    """
    decided = decided or {}
    codes = credit_codes or {}
    ordered = tuple(dict.fromkeys(names))
    read = {name: named(name, knowledge, on, codes.get(name)) for name in ordered}
    parent = {name: name for name in ordered}
    rules: dict[str, set[str]] = defaultdict(set)
    apart = {pair for pair, same in decided.items() if not same}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    members: dict[str, list[str]] = {name: [name] for name in ordered}

    def join(one: str, other: str, rule: str) -> None:
        first, second = root(one), root(other)
        if first == second or any(frozenset((x, y)) in apart for x in members[first] for y in members[second]):
            return
        parent[second] = first
        members[first].extend(members.pop(second))
        rules[first] |= rules.pop(second, set()) | {rule}

    for pair, same in sorted(decided.items(), key=lambda item: sorted(item[0])):
        if same and all(name in parent for name in pair) and len(pair) == 2:
            first, second = sorted(pair, key=ordered.index)
            join(first, second, "person")
    blocks: dict[str, list[str]] = defaultdict(list)
    for name in ordered:
        blocks[read[name].identity.key].append(name)
        if (code := read[name].credit_code) is not None:
            blocks[code].append(name)
    for block in blocks.values():
        for other in block[1:]:
            decision = compare(read[block[0]], read[other])
            if decision.answer is Answer.SAME:
                join(block[0], other, decision.rule)
    position = {name: index for index, name in enumerate(ordered)}
    groups = []
    for found in members.values():
        found.sort(key=position.__getitem__)
        head = root(found[0])
        fullest = max(found, key=lambda name: (len(read[name].identity.name), -position[name]))
        groups.append(
            Group(
                read[found[0]].identity.key,
                read[fullest].identity.name,
                tuple(found),
                tuple(sorted(rules.get(head, ()))),
            )
        )
    return tuple(sorted(groups, key=lambda item: position[item.names[0]]))


__all__ = ["Answer", "Decision", "Group", "Named", "company_key", "compare", "group", "named"]
