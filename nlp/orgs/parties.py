"""Fields that hold several parties, and organisations named inside a text: end users, and hints from a title."""

from __future__ import annotations

import datetime as dt

from nlp.classify.units import OPEN_REASONS
from nlp.orgs.analysis import analyse
from nlp.orgs.knowledge import OrgKnowledge, Sign
from nlp.orgs.reader import read_org, reading
from nlp.orgs.refusals import ends_like_an_org, split_parties
from nlp.patterns import regex
from nlp.types import OrgReading
from nlp.values import value


@value
class NamedOrg:
    """An organisation named in a text: ``text[start:end]``, and the rule that found it. ``hint`` is true where it may not be a party at all."""

    start: int
    end: int
    org: OrgReading
    rule: str
    hint: bool = False


def read_party(text: str, knowledge: OrgKnowledge, on: dt.date) -> tuple[OrgReading, ...]:
    """Read a field that may hold several parties. Always at least one reading; a single name gives exactly one."""
    parts = split_parties(text)
    if len(parts) < 2:
        parts = _by_spaces(text, knowledge, on)
    if len(parts) < 2:
        return (read_org(text, knowledge, on),)
    return tuple(read_org(part, knowledge, on) for part in parts)


def _by_spaces(text: str, knowledge: OrgKnowledge, on: dt.date) -> tuple[str, ...]:
    """Names with only a space between them, where each begins with a place written in full and ends like an organisation."""
    parts = tuple(text.split())
    if len(parts) < 2 or not all(ends_like_an_org(part) for part in parts):
        return ()
    for part in parts:
        written = analyse(part, knowledge, on).place.written
        if not written or written[0].short:
            return ()
    return parts


_STOP = r"[^。；;，,\n\r¦:：()（）、]"
_LABELLED = regex(
    r"(?:(?:项目|实际|最终|具体|设备)?使用(?:单位|人|方|部门)|最终用户|用户单位|实际用户|需求单位|需求部门|业主单位|受益单位)\s*(?:名称)?\s*(?:[:：]|为|是|¦)\s*(?P<org>"
    + _STOP
    + r"{3,60})"
)
_FOR = regex(
    r"(?:受|为|代|替|供|用于|交付|配发(?:给)?|移交(?:给)?|服务于|提供给)\s*(?P<org>[一-鿿()（）]{3,40}?(?:公安厅|公安局|公安处|分局|派出所|总队|支队|大队|看守所|拘留所|戒毒所|检查站|缉私局|警察学院|监狱|法院|检察院))"
    r"(?=的?(?:采购|购置|购买|代建|建设|委托|使用|配备|统一|代理|集中|提供|实施|装备|$|[，。；,;、\n¦ ]))"
)
_SQUADS = frozenset({"分局", "总队", "支队", "大队", "中队"})
_TITLE_NOISE = regex(r"^(?:关于|[\[【〔(（][^\]】〕)）]*[\]】〕)）])+")


def find_end_users(text: str, knowledge: OrgKnowledge, on: dt.date) -> tuple[NamedOrg, ...]:
    """Organisations the text names as the ones that will use the goods. Only such as read as an organ are returned."""
    found: dict[tuple[int, int], NamedOrg] = {}
    for pattern, rule in ((_LABELLED, "labelled"), (_FOR, "bought_for")):
        for match in pattern.finditer(text):
            start, end = match.span("org")
            start, end = _trim(text, start, end)
            if end - start < 3 or any(start < other_end and other_start < end for other_start, other_end in found):
                continue
            org = read_org(text[start:end], knowledge, on)
            if org.tier is None or (
                org.reason in OPEN_REASONS and (rule == "bought_for" or not ends_like_an_org(org.name))
            ):
                continue
            found[start, end] = NamedOrg(start, end, org, rule)
    return tuple(found[span] for span in sorted(found))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t　:：":
        start += 1
    while start < end and text[end - 1] in " \t　。，,;；":
        end -= 1
    return start, end


def find_title_orgs(title: str, knowledge: OrgKnowledge, on: dt.date) -> tuple[NamedOrg, ...]:
    """The organisation a title begins with, up to its last organ word: a hint, never a buyer."""
    offset = match.end() if (match := _TITLE_NOISE.match(title)) else 0
    analysis = analyse(title[offset:], knowledge, on)
    end = 0
    for token in analysis.tokens:
        if (
            token.term is not None and token.term.sign in {Sign.ORGAN, Sign.UNIT, Sign.SPECIAL, Sign.AGAINST, Sign.FIRE}
        ) or (
            token.term is not None
            and token.term.sign is Sign.FORM
            and end
            and (token.start == end or token.term.text in _SQUADS)
        ):
            end = token.end
        elif token.term is not None and token.term.sign is Sign.TRAP:
            break
    if not end:
        return ()
    name = analysis.canonical[:end]
    start = title.find(name)
    if start < 0:
        return ()
    org = reading(analyse(name, knowledge, on), knowledge)
    return (NamedOrg(start, start + len(name), org, "title", hint=True),)
