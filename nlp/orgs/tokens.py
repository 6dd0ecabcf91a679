"""A name cut into terms, places inside it and the pieces between."""

from __future__ import annotations

from nlp.orgs.knowledge import Division, OrgKnowledge, Sign, Term
from nlp.orgs.places import NOWHERE, Place, Written, at, inside
from nlp.patterns import regex
from nlp.values import value


@value
class Token:
    """One term in the name, or a piece between terms (``term`` null), or a place inside the name (``place`` set)."""

    start: int
    end: int
    text: str
    term: Term | None = None
    place: Written | None = None


_BRANCH = regex(r"公司([一-鿿]{2,12}?(?:市|县|区|州|旗)?)(?:分公司|支公司|分行|支行|营业部|分部|办事处)$")
_AFTER_COMPANY = regex(r"公司(?=[一-鿿]{2,})")
_BUREAU_IN_PIECE = regex(r".*(?:局|厅|委员会|管理处|公司|总队|支队)")
_BEFORE_PLACES = frozenset(
    {Sign.ORGAN, Sign.UNIT, Sign.SPECIAL, Sign.AGAINST, Sign.GOVERNMENT, Sign.FORM, Sign.FIRE, Sign.WORD}
)


def tokenise(text: str, pos: int, knowledge: OrgKnowledge, skip: Place = NOWHERE) -> tuple[Token, ...]:
    """Terms and pieces from ``pos`` on; a place known to stand in the middle is one token."""
    found: list[Token] = []
    for written in skip.written:
        found.extend(_terms(text, pos, written.start, knowledge))
        found.append(_place(text, written))
        pos = written.end
    found.extend(_terms(text, pos, len(text), knowledge))
    return tuple(found)


def _place(text: str, written: Written) -> Token:
    return Token(written.start, written.end, text[written.start : written.end], None, written)


def _terms(text: str, start: int, end: int, knowledge: OrgKnowledge) -> list[Token]:
    found: list[Token] = []
    cursor = 0
    part = text[start:end]
    for index, first, last in knowledge.matcher.find_matches_as_indexes(part):
        if first > cursor:
            found.append(Token(start + cursor, start + first, part[cursor:first]))
        found.append(Token(start + first, start + last, part[first:last], knowledge.terms[index]))
        cursor = last
    if cursor < len(part):
        found.append(Token(start + cursor, end, part[cursor:]))
    return found


def with_inner_places(
    text: str, tokens: tuple[Token, ...], base: Division, knowledge: OrgKnowledge, year: int
) -> tuple[tuple[Token, ...], Division]:
    """A place that begins right after an organ becomes a token and the division: 公安局|天山区|分局."""
    for index, token in enumerate(tokens):
        if token.place is not None:
            continue
        start = token.start
        if token.term is None and (bureau := _BUREAU_IN_PIECE.match(token.text)):
            # 环境保护局|甘井子: the authority has no term, its branch begins after 局.
            start += bureau.end()
        elif index == 0 or (before := tokens[index - 1].term) is None or before.sign not in _BEFORE_PLACES:
            continue
        written = inside(text, start, knowledge, base, year)
        if written is None or written.division is None:
            continue
        kept = [t for t in tokens if t.end <= written.start]
        if start > token.start:
            kept.append(Token(token.start, start, text[token.start : start]))
        return (*kept, _place(text, written), *_terms(text, written.end, len(text), knowledge)), written.division
    return tokens, base


def branch_place(text: str, place: Place, knowledge: OrgKnowledge, year: int) -> Division | None:
    """The place of a company's branch, where it is a place for certain: …公司乌鲁木齐分公司."""
    match = _BRANCH.search(text)
    if match is None and (inner := _AFTER_COMPANY.search(text)) is not None and inner.end() > place.end:
        # 国网…有限公司公安县供电公司: a place in full behind the parent company's name.
        within = place.division.prefix if place.division is not None and len(place.division.prefix) < 6 else ""
        _, found = at(text, inner.end(), knowledge, within, year, full=True)
        return found[0] if len(found) == 1 else None
    if match is None or match[1] == "公安" or place.end > match.start(1):
        return None
    within = place.division.prefix if place.division is not None and len(place.division.prefix) < 6 else ""
    # A branch is most often in the company's own province, but it may be anywhere.
    for here, full in ((within, True), (within, False), ("", True), ("", False)):
        end, found = at(text, match.start(1), knowledge, here, year, full=full)
        if end >= match.end(1) and len(found) == 1:
            return found[0]
    return None
