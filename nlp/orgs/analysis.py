"""The whole analysis of one organisation name: place, chain of organs, class, level, and why."""

from __future__ import annotations

import datetime as dt

from nlp.orgs.knowledge import Division, KnownOrg, OrgKnowledge, XpccDivision
from nlp.orgs.levels import DEPARTMENT_TAIL, level_of
from nlp.orgs.places import NOWHERE, Place, anywhere, at, leading
from nlp.orgs.refusals import MASKED_PLACE, refusal
from nlp.orgs.rules import COMPANY, Name, Verdict, decide
from nlp.orgs.spelling import Spelling, spell
from nlp.orgs.tokens import Token, branch_place, tokenise, with_inner_places
from nlp.patterns import regex
from nlp.text import key as text_key
from nlp.types import PUBLIC_SECURITY_TIERS, Level, Tier
from nlp.values import value


@value
class OrgAnalysis:
    """What one name says, in full. ``name`` is as given, ``canonical`` its mended spelling without brackets and 本级.

    ``place`` is what the name begins with, ``tokens`` the terms and places behind it, in order. ``division`` is the deepest place that is
    certain, ``division_code`` its code today. ``corps`` is true for the Xinjiang Production and Construction Corps, ``xpcc`` its division.
    """

    name: str
    canonical: str
    prefix: str
    place: Place
    tokens: tuple[Token, ...]
    inside: tuple[str, ...]
    division: Division | None
    division_code: str | None
    tier: Tier | None
    unit_class: str | None
    level: Level | None
    reason: str
    known_english: str | None = None

    @property
    def is_public_security(self) -> bool:
        return self.tier in PUBLIC_SECURITY_TIERS

    @property
    def corps(self) -> bool:
        return self.place.corps

    @property
    def xpcc(self) -> XpccDivision | None:
        return self.place.xpcc


_PREFIX = regex(
    r"中华人民共和国|中国人民武装警察部队?|中国共产党|中国共产主义青年团|共青团|中共(?!中央)|国家税务总局|武装?警察?(?:部队)?(?=[^特])|国家统计局|中国人民银行|中国农业发展银行|"
    r"中国民用航空(?!局)|民航(?=[^公局])|"
    r"中国(?:电信|移动通信|移动|联合网络通信|联通|铁塔|邮政|人民财产保险|人寿|农业银行|工商银行|建设银行)(?:集团|股份)*(?:有限(?:责任)?公司)?"
)
_PREFIX_FIRST = frozenset("中武国共民")
_BUREAU_END = regex(r"(?:公安局|公安厅|公安处|分局|支队|总队|大队)$")


def analyse(name: str, knowledge: OrgKnowledge, on: dt.date) -> OrgAnalysis:
    """Read ``name`` as it would have read on ``on``. Never raises on bad input; what is no organisation says so in ``reason``."""
    spelling = spell(name)
    if spelling.placeholder:
        return _refused(name, spelling, Tier.OTHER, "placeholder")
    if reason := refusal(name, spelling.text):
        return _refused(name, spelling, None, reason)
    text, bracketed = _brackets(spelling, knowledge, on.year)
    if known := _known(text, knowledge):
        return _from_known(name, text, spelling, known, knowledge)
    prefix, pos = "", 0
    if text[0] in _PREFIX_FIRST and (match := _PREFIX.match(text)):
        prefix, pos = match[0], match.end()
    masked = MASKED_PLACE.match(text, pos)
    company = bool(COMPANY.search(text))
    elsewhere = NOWHERE
    place = Place(pos, None, ())
    if masked:
        pos = masked.end()
    else:
        place = leading(text, pos, knowledge, on.year, company=company)
        if place.written:
            pos = place.end
            text = _once(text, place)
        else:
            place = Place(pos, None, ())
            elsewhere = anywhere(text, pos + 1, knowledge, on.year) if len(text) - pos > 5 else NOWHERE
    tokens = tokenise(text, pos, knowledge, elsewhere)
    division = place.division or elsewhere.division
    if division is not None and not place.corps:
        tokens, division = with_inner_places(text, tokens, division, knowledge, on.year)
    if company:
        division = branch_place(text, place, knowledge, on.year) or division
    if division is not None and bracketed:
        within = [found for found in bracketed if found.current.startswith(division.prefix)]
        division = within[0] if len({found.current for found in within}) == 1 else division
    verdict = decide(Name(text, prefix, place, tokens, company, knowledge.reforms, on))
    return OrgAnalysis(
        name=name,
        canonical=text,
        prefix=prefix,
        place=place,
        tokens=tokens,
        inside=spelling.inside,
        division=division,
        division_code=_code(verdict, division),
        tier=verdict.tier,
        unit_class=verdict.unit_class,
        level=level_of(verdict, text, place, tokens, masked[0] if masked else ""),
        reason=verdict.reason,
    )


def _refused(name: str, spelling: Spelling, tier: Tier | None, reason: str) -> OrgAnalysis:
    return OrgAnalysis(name, spelling.text, "", NOWHERE, (), spelling.inside, None, None, tier, None, None, reason)


def _brackets(spelling: Spelling, knowledge: OrgKnowledge, year: int) -> tuple[str, tuple[Division, ...]]:
    """The text with a bracketed department behind its bureau, and the places a bracket may name.

    公安局（警务保障处） is the department; 分局（头屯河区） tells the place; brackets that hold a whole other name say nothing.
    """
    text = spelling.text
    place: tuple[Division, ...] = ()
    for content in spelling.inside:
        if DEPARTMENT_TAIL.search(content) and _BUREAU_END.search(text) and content[0] not in "原现即暨":
            end, _ = at(content, 0, knowledge, "", year, full=True)
            if not end:
                return text + content, place
        elif found := knowledge.full.get(content):
            place = found
    return text, place


def _known(text: str, knowledge: OrgKnowledge) -> KnownOrg | None:
    found = knowledge.known.get(text)
    if found is None and not text.isalpha():
        found = knowledge.known.get(text_key(text))
    return found


def _from_known(name: str, text: str, spelling: Spelling, known: KnownOrg, knowledge: OrgKnowledge) -> OrgAnalysis:
    code = known.division_code
    division = knowledge.divisions.get(code) if code else None
    return OrgAnalysis(
        name, text, "", NOWHERE, (), spelling.inside, division, code, known.tier, known.unit_class, known.level, "known", known.name_en
    )  # fmt: skip


def _once(text: str, place: Place) -> str:
    """乌海市…支队乌海市…支队: the second naming is cut where the first place stands again in full."""
    first = place.written[0]
    if first.short or first.end - first.start < 3:
        return text
    again = text.find(text[first.start : first.end], place.end + 4)
    return text[:again] if again > 0 and len(text) - again >= 6 else text


def _code(verdict: Verdict, division: Division | None) -> str | None:
    """A title's place is kept although a title has no tier."""
    if division is None or (verdict.tier is None and verdict.reason != "title"):
        return None
    return division.current
