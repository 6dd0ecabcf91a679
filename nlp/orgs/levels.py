"""The level of an organisation: a bureau has its place's level, a sub-bureau, a station and a unit their own."""

from __future__ import annotations

from nlp.orgs.knowledge import Sign, Term
from nlp.orgs.places import Place
from nlp.orgs.rules import Verdict
from nlp.orgs.tokens import Token
from nlp.patterns import regex
from nlp.types import PUBLIC_SECURITY_TIERS, Level, Tier

DEPARTMENT_TAIL = regex(r"(?:处|科|室|部|队|中心|所|支部|办|基地|站)$")
_COUNTY_PLACE = regex(r"(?:县|自治旗|(?<!地)(?<!治)(?<!发)(?<!新)(?<!矿)(?<!园)(?<!景)区|(?<!八)旗)$")
_MASKED_PLACES = {
    "省": Level.PROVINCE,
    "市": Level.PREFECTURE,
    "州": Level.PREFECTURE,
    "区": Level.COUNTY,
    "县": Level.COUNTY,
}
_INNER_SIGNS = frozenset({Sign.UNIT, Sign.WORD, Sign.DEPARTMENT, Sign.SPECIAL, Sign.GOVERNMENT})


def level_of(verdict: Verdict, text: str, place: Place, tokens: tuple[Token, ...], masked: str) -> Level | None:
    """Level of the innermost organ. ``masked`` is a masked place (某市), whose last character tells the level."""
    if verdict.tier is None:
        return None
    if verdict.level is not None:
        return verdict.level
    if verdict.tier is Tier.AFFILIATED:
        return Level.UNIT
    outer = _MASKED_PLACES.get(masked[-1]) if masked else place.level
    if verdict.tier not in PUBLIC_SECURITY_TIERS:
        return outer
    inner: Level | None = None
    for token in tokens:
        if token.term is not None:
            inner = _step(inner, token.term)
        elif token.place is not None:
            # 喀什地区公安局喀什市公安局: the bureau of the inner place is meant.
            outer = token.place.level or outer
    last = tokens[-1] if tokens else None
    if (
        inner in {None, Level.SUB_BUREAU, Level.PROVINCE}
        and last is not None
        and last.term is None
        and last.place is None
    ):
        # 公安局综合某处: a department without a term of its own.
        inner = Level.UNIT if DEPARTMENT_TAIL.search(last.text) else inner
    if inner is not None:
        return inner
    if any(token.term is not None and token.term.kind == "railway_police" for token in tokens):
        return Level.PREFECTURE
    if outer is None:
        return _level_by_word(text)
    if outer is Level.PROVINCE and _bureau_inside_a_province(place, tokens):
        return Level.PREFECTURE
    return outer


def _step(inner: Level | None, term: Term) -> Level | None:
    """The level after one more term, read from left to right."""
    if term.sign is Sign.ORGAN or (term.sign is Sign.SPECIAL and term.level is None):
        return Level.PROVINCE if term.text.endswith("总站") else term.level
    if term.level in {Level.SUB_BUREAU, Level.STATION}:
        return term.level
    if term.text == "公安" or inner is Level.STATION:
        return inner
    if term.sign in _INNER_SIGNS or (term.sign is Sign.FORM and term.level is Level.UNIT):
        return Level.UNIT
    return inner


def _bureau_inside_a_province(place: Place, tokens: tuple[Token, ...]) -> bool:
    """海南省洋浦公安局, 天津经济技术开发区公安局: a 公安局 with a name of its own is one below the province."""
    if place.corps or place.division is None or not tokens or tokens[0].text == "公安局":
        return False
    return any(token.text == "公安局" for token in tokens) and not any(token.text == "公安厅" for token in tokens)


def _level_by_word(text: str) -> Level:
    """A bureau of a place no list holds: 公安厅 is a province's, 县公安局 a county's, 市公安局 most often a prefecture's."""
    if "公安厅" in text:
        return Level.PROVINCE
    place = text.partition("公安")[0]
    if place.endswith(("自治区", "省")):
        return Level.PROVINCE
    return Level.COUNTY if text.startswith(("县", "区", "旗")) or _COUNTY_PLACE.search(place) else Level.PREFECTURE
