"""Which organ a name means: one key for all spellings of one organ, and the chain of organs above it.

乌市公安局, 乌鲁木齐市公安局（本级） and 新疆乌鲁木齐市公安局 share a key; 天山区公安分局 and 乌鲁木齐市公安局天山区分局 share another, whose chain holds
the first. The key is the place of today plus the organ's own words in one spelling; the bureau an organ belongs to is in the chain, not in the key.
"""

from __future__ import annotations

import datetime as dt

from nlp.orgs.analysis import OrgAnalysis, analyse
from nlp.orgs.knowledge import OrgKnowledge, Sign
from nlp.orgs.tokens import Token
from nlp.patterns import regex
from nlp.text import key as text_key
from nlp.types import Level, Tier
from nlp.values import value


@value
class Identity:
    """``key`` names the organ; ``name`` is its full Chinese name with abbreviations written out.

    ``certain`` is false where equal keys do not prove the same organ (a bare 市公安局, a masked name): such names are never merged.
    ``chain`` holds the keys of the organs above, nearest first; ``parent_key`` is its first entry.
    """

    key: str
    name: str
    certain: bool
    parent_key: str | None
    chain: tuple[str, ...]


SAME = {
    "交警": "交通警察",
    "公安交警": "交通警察",
    "公安交通警察": "交通警察",
    "刑侦": "刑事侦查",
    "经侦": "经济犯罪侦查",
    "网安": "网络安全保卫",
    "技侦": "技术侦察",
    "技术侦查": "技术侦察",
    "国保": "国内安全保卫",
    "政保": "政治安全保卫",
    "刑技": "刑事技术",
    "警保": "警务保障",
    "情指": "情报指挥",
    "车管所": "车辆管理所",
    "巡逻特警": "巡特警",
    "特种警察": "特警",
    "公安派出所": "派出所",
    "治安拘留所": "拘留所",
    "行政拘留所": "拘留所",
    "强制戒毒所": "强制隔离戒毒所",
    "监管支队": "监所管理支队",
    "监管大队": "监所管理大队",
    "边检站": "边防检查站",
    "边检总站": "边防检查总站",
    "出入境边防检查站": "边防检查站",
    "出入境边防检查总站": "边防检查总站",
    "刑科所": "刑事科学技术研究所",
    "反诈骗中心": "反诈中心",
    "高速交警": "高速公路交通警察",
    "高速公路交警": "高速公路交通警察",
}
"""Two spellings of one word. 刑警 and 刑侦 are not here: a bureau may have had both."""

_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_BUREAUS = frozenset({"公安厅", "公安局", "公安处", "公安总局", "公安分局", "公安机关", "公安"})
_ANY_PLACE = frozenset(
    [
        "自治区",
        "自治州",
        "自治县",
        "地区",
        "全区",
        "全省",
        "全市",
        "全县",
        "本省",
        "本市",
        "本区",
        "本县",
        "我省",
        "我市",
        "我区",
        "我县",
        "省级",
        "市级",
        "区级",
        "县级",
        "省直",
        "市直",
        "开发区",
        "高新区",
        "经开区",
        "新区",
        "林区",
        "景区",
    ]
)
"""Words for a place that name none: 自治区公安厅 is as many organs as there are autonomous regions."""
_NOISE = regex(r"[\s·.,，。'\"“”‘’*\-—_]+")
_LIMITED = ("有限责任公司", "有限公司")
_BRACKETS = str.maketrans({"（": "(", "）": ")", "【": "(", "】": ")", "[": "(", "]": ")", "〔": "(", "〕": ")"})


def key(name: str, knowledge: OrgKnowledge, on: dt.date) -> str:
    """Canonical key of the organ ``name`` means."""
    return identify(analyse(name, knowledge, on), knowledge).key


def company_key(name: str) -> str:
    """Key of a company: brackets and width unified, 有限责任公司 and 有限公司 the same; branches keep their own."""
    text = _NOISE.sub("", text_key(name).translate(_BRACKETS))
    text = text.removesuffix("(盖章)").removesuffix("(公章)")
    for long, short in (_LIMITED,):
        text = text.replace(long, short)
    return f"company:{text}"


def identify(analysis: OrgAnalysis, knowledge: OrgKnowledge) -> Identity:
    """Key, written-out name and chain of an analysed name."""
    if analysis.tier is None:
        return Identity(f"none:{analysis.reason}:{text_key(analysis.name)}", analysis.name, False, None, ())
    if analysis.reason == "known":
        return Identity(
            f"known:{text_key(_known_name(analysis, knowledge))}",
            _known_name(analysis, knowledge),
            True,
            None,
            _known_chain(analysis),
        )
    if analysis.reason in {"company", "bureau_own_company", "security_service_corporation"}:
        return Identity(company_key(analysis.name), analysis.canonical, True, None, ())
    where = _where(analysis)
    words = _words(analysis)
    name = _name(analysis)
    if where is None:
        return Identity(f"name:{''.join(words)}", name, _names_itself(analysis), None, ())
    own = f"{where}:{''.join(words)}"
    certain = bool(words) and analysis.tier is not None
    above = _chain(analysis, where, words) if analysis.is_public_security else []
    chain = tuple(dict.fromkeys(step for step in above if step != own))
    return Identity(own, name, certain, chain[0] if chain else None, chain)


def _known_name(analysis: OrgAnalysis, knowledge: OrgKnowledge) -> str:
    found = knowledge.known.get(analysis.canonical) or knowledge.known.get(text_key(analysis.canonical))
    return found.name if found else analysis.canonical


def _known_chain(analysis: OrgAnalysis) -> tuple[str, ...]:
    if analysis.tier is Tier.MINISTRY:
        return () if analysis.unit_class == "public_security_ministry" else ("known:公安部",)
    if analysis.tier is Tier.ACADEMY and analysis.division_code and analysis.division_code.endswith("0000"):
        return (_bureau_of(analysis.division_code), "known:公安部")
    return ("known:公安部",) if analysis.tier is Tier.SPECIALISED else ()


def _where(analysis: OrgAnalysis) -> str | None:
    if analysis.corps:
        return f"xpcc{analysis.xpcc.number}" if analysis.xpcc is not None else "xpcc"
    return analysis.division.current if analysis.division is not None else None


def _names_itself(analysis: OrgAnalysis) -> bool:
    """Without a place, a name is one organ's only if something in it is its own: 长江航运公安局武汉分局, not 交警支队."""
    if analysis.place.ambiguous:
        return False
    return any(
        token.term is None and len(token.text) >= 2 and token.text not in _ANY_PLACE for token in analysis.tokens
    )


def _words(analysis: OrgAnalysis) -> list[str]:
    """The organ's own words: synonyms unified, the bureau above left out where a unit of police work follows."""
    tokens = [token for token in analysis.tokens if not (token.place is not None and token.place.division is not None)]
    written = [SAME.get(token.text, token.text) for token in tokens]
    places_inside = any(token.place is not None for token in analysis.tokens)
    return _join(
        tokens, written, places_inside=places_inside, ambiguous=analysis.canonical if analysis.place.ambiguous else ""
    )


def _join(tokens: list[Token], written: list[str], *, places_inside: bool, ambiguous: str) -> list[str]:
    # 公安局 X 分局 is X 公安分局.
    for index, word in enumerate(written):
        if word == "分局" and any(earlier in {"公安局", "公安厅"} for earlier in written[:index]):
            first = next(i for i, earlier in enumerate(written) if earlier in {"公安局", "公安厅"})
            middle = written[first + 1 : index]
            written = [*written[:first], *middle, "公安分局", *written[index + 1 :]]
            tokens = [*tokens[:first], *tokens[first + 1 : index], tokens[index], *tokens[index + 1 :]]
            break
    out: list[str] = []
    for index, word in enumerate(written):
        rest = tokens[index + 1 :]
        police_follows = any(
            t.term is not None and t.term.sign in {Sign.UNIT, Sign.WORD, Sign.SPECIAL, Sign.ORGAN} and t.text != "公安"
            for t in rest
        )
        if word in _BUREAUS and police_follows and (word != "公安分局" or places_inside or index == 0):
            continue
        if word == "公安" and rest:
            continue
        out.append(word)
    joined = ["".join(out)]
    return [ambiguous] if ambiguous else joined


def _name(analysis: OrgAnalysis) -> str:
    """The mended name with abbreviated places written out: 博州公安局 is 博尔塔拉蒙古自治州公安局."""
    text = analysis.canonical
    for written in reversed(analysis.place.written):
        division = written.division
        if division is None or written.corps or written.short or division.generic == "":
            continue
        here = text[written.start : written.end]
        if (
            here != division.name
            and not here.endswith(("新区", "园区", "示范区"))
            and division.name.startswith(here[:1])
        ):
            text = text[: written.start] + division.name + text[written.end :]
    return text


def _bureau_of(code: str) -> str:
    """Key of the general bureau of a place: 公安厅 of a province, 公安局 of the others and of the four municipalities."""
    if code.endswith("0000") and code[:2] not in _MUNICIPALITIES:
        return f"{code}:公安厅"
    return f"{code}:公安局"


def _above(code: str) -> list[str]:
    """The general bureaus above the bureau of ``code``, nearest first, up to the ministry."""
    out: list[str] = []
    if not code.endswith("00"):
        direct = code[2:4] == "90" or code[:2] in _MUNICIPALITIES
        if not direct:
            out.append(_bureau_of(code[:4] + "00"))
        out.append(_bureau_of(code[:2] + "0000"))
    elif not code.endswith("0000"):
        out.append(_bureau_of(code[:2] + "0000"))
    out.append("known:公安部")
    return out


def _chain(analysis: OrgAnalysis, where: str, words: list[str]) -> list[str]:
    own = "".join(words)
    out: list[str] = []
    if where.startswith("xpcc"):
        if own != "公安局":
            out.append(f"{where}:公安局")
        if where != "xpcc":
            out.append("xpcc:公安局")
        return [*out, "known:公安部"]
    special = analysis.tier is Tier.SPECIALISED
    texts = [token.text for token in analysis.tokens]
    bureau_named = any(text in {"公安局", "公安厅", "公安分局"} for text in texts)
    if special and not bureau_named:
        return ["known:公安部"]
    in_sub_bureau = any(text in {"分局", "公安分局"} for text in texts)
    if in_sub_bureau and analysis.level is not Level.SUB_BUREAU:
        sub = _sub_bureau_words(analysis)
        if sub is not None:
            out.append(f"{where}:{sub}")
    place_level = analysis.division.level if analysis.division is not None else None
    if in_sub_bureau and place_level is Level.COUNTY:
        return [*out, *_above(where)]
    if own not in {"公安局", "公安厅"}:
        out.append(_bureau_of(where))
    return [*out, *_above(where)]


def _sub_bureau_words(analysis: OrgAnalysis) -> str | None:
    tokens = [t for t in analysis.tokens if t.place is None]
    for index, token in enumerate(tokens):
        if token.text == "公安分局":
            return "".join(t.text for t in tokens[: index + 1] if t.text not in {"公安局", "公安厅"})
        if token.text == "分局":
            return "".join(t.text for t in tokens[:index] if t.text not in {"公安局", "公安厅"}) + "公安分局"
    return None
