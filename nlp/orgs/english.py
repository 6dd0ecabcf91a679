"""English names by rule: places romanised, organs in the words of the published reports (Zongdui, Zhidui, Sub-bureau)."""

from __future__ import annotations

from nlp.orgs.analysis import OrgAnalysis
from nlp.orgs.knowledge import OrgKnowledge, Sign
from nlp.orgs.places import Written
from nlp.orgs.tokens import Token
from nlp.patterns import regex
from nlp.types import Tier

_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
_NUMERALS = "一二三四五六七八九十"
_ORDINAL = regex(r"第([一二三四五六七八九十])$")
_HAN_ONLY = regex(r"[一-鿿]+\Z")
_FORMS = {
    "局": "Bureau",
    "处": "Division",
    "科": "Section",
    "室": "Office",
    "部": "Department",
    "所": "Institute",
    "队": "Team",
    "站": "Station",
    "办": "Office",
}
_BARE_PLACES = {
    "市": "City",
    "县": "County",
    "区": "District",
    "省": "Province",
    "自治区": "Autonomous Region",
    "地区": "Prefecture",
    "州": "Prefecture",
    "自治州": "Autonomous Prefecture",
    "自治县": "Autonomous County",
    "自治旗": "Autonomous Banner",
    "盟": "League",
    "旗": "Banner",
}
_UNKNOWN_PLACE = regex(
    r"([一-鿿]{1,6}?)(自治区|自治州|自治县|自治旗|地区|省|市|县|(?<!发)(?<!新)(?<!园)(?<!景)(?<!开)(?<!校)(?<!社)(?<!小)区|旗|盟)"
)
_REGIMENT = regex(r"第?([0-9]{1,3}|[一二三四五六七八九十百〇零]{1,5})团(?:场)?$")
_STREETS = (("路", "Road"), ("街", "Street"), ("大道", "Avenue"), ("镇", "Town"), ("乡", "Township"), ("村", "Village"))
_NO_RULE = frozenset({"company", "no_rule", "title", "trap", "other"})


def english(analysis: OrgAnalysis, knowledge: OrgKnowledge) -> str | None:
    """The name in English, or null where some word has no rule."""
    if settled := knowledge.names_en.get(analysis.canonical):
        return settled
    if analysis.known_english is not None:
        return analysis.known_english
    if analysis.tier is None or analysis.reason in _NO_RULE or analysis.reason == "known":
        return None
    parts: list[str] = []
    if analysis.place.written:
        place = _places(analysis.canonical, analysis.place.written, knowledge)
        if place is None:
            return None
        parts.extend(place)
    body = _body(analysis, knowledge)
    if body is None:
        return None
    parts.extend(body)
    return " ".join(parts) or None


def _places(text: str, places: tuple[Written, ...], knowledge: OrgKnowledge) -> list[str] | None:
    """A place written short stays short (Jiangsu Yangzhou City); an abbreviation (博州) is written out."""
    out: list[str] = []
    for written in places:
        if written.corps:
            out = ["XPCC"]
            if written.xpcc is not None:
                out.append(written.xpcc.roman)
        elif written.division is None:
            # 鼓楼区 of some city: which one is open, its spelling is not.
            roman = _shared_name(text[written.start : written.end], knowledge)
            if roman is None:
                return None
            out.append(roman)
        elif english := knowledge.place_english.get(text[written.start : written.end]):
            out.append(english)
        else:
            out.append(written.division.bare if written.short else written.division.name_en)
    return out


def _shared_name(name: str, knowledge: OrgKnowledge) -> str | None:
    spellings = {division.name_en for division in knowledge.full.get(name, ())}
    return spellings.pop() if len(spellings) == 1 else None


def _body(analysis: OrgAnalysis, knowledge: OrgKnowledge) -> list[str] | None:
    out: list[str] = []
    tokens = analysis.tokens
    if analysis.prefix and analysis.prefix != "中华人民共和国":
        return None
    public = analysis.is_public_security or analysis.tier in {
        Tier.COURT,
        Tier.PROCURATORATE,
        Tier.PRISON,
        Tier.STATE_SECURITY,
    }
    for index, token in enumerate(tokens):
        term = token.term
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.place is not None:
            division = token.place.division
            if division is None:
                return None
            out.append(division.bare if token.place.short else division.name_en)
        elif term is None:
            own_name = public and analysis.tier is not Tier.MINISTRY
            piece = _piece(token, after, knowledge, public=own_name, first=index == 0)
            if piece is None:
                return None
            out.extend(piece)
        elif term.text == "公安部" and index == 0 and after is not None:
            out.append("MPS")
        elif term.text == "分局" and out and out[-1].endswith("Public Security"):
            out.append("Sub-bureau")
        elif term.sign in {Sign.TRAP, Sign.GOVERNMENT} and not public:
            return None
        else:
            out.append(term.english)
    return out


def _piece(
    token: Token, after: Token | None, knowledge: OrgKnowledge, *, public: bool, first: bool
) -> list[str] | None:
    text = token.text
    if text in {"和", "与", "及", "暨"}:
        return ["and"]
    if text == "原":
        return ["Former"]
    if text in _FORMS:
        return [_FORMS[text]]
    if first and (text in {"师市", "本市", "本县", "本区"} or text.startswith("某")):
        return None
    if text in _BARE_PLACES and first:
        return [_BARE_PLACES[text]]
    if match := _REGIMENT.fullmatch(text):
        return [_ordinal(match[1]) + " Regiment"]
    if not public or not _HAN_ONLY.match(text) or len(text) > 8:
        return None
    if len(text) == 1 and text in _NUMERALS and after is not None and after.text in {"大队", "中队", "支队", "总队"}:
        return [_ORDINALS[_NUMERALS.index(text)]]
    if len(text) > 2 and (match := _ORDINAL.search(text)) and public:
        roman = _roman(text[: match.start()], knowledge)
        return [roman, _ORDINALS[_NUMERALS.index(match[1])]] if roman else None
    if match := _ORDINAL.fullmatch(text):
        return [_ORDINALS[_NUMERALS.index(match[1])]]
    tail: list[str] = []
    if after is None and len(text) > 1 and text[-1] in _FORMS:
        tail, text = [_FORMS[text[-1]]], text[:-1]
    for ending, word in _STREETS:
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return [_roman(text[: -len(ending)], knowledge), word, *tail]
    if after is None and not first:
        return None  # a truncated name or words that are no name: 公安局办公设备
    roman = _unknown_places(text, knowledge) or _roman(text, knowledge)
    return [roman, *tail] if roman else None


def _unknown_places(text: str, knowledge: OrgKnowledge) -> str | None:
    """Places that no list of divisions holds, by their endings: 明川市望溪区 is Mingchuan City Wangxi District; 礼县 keeps its 县."""
    out, at = [], 0
    while at < len(text):
        match = _UNKNOWN_PLACE.match(text, at)
        if match is None:
            return None
        name = match[1] if len(match[1]) > 1 else match[0]
        roman = _roman(name, knowledge)
        if not roman:
            return None
        out += [roman, _BARE_PLACES[match[2]]]
        at = match.end()
    return " ".join(out)


def _ordinal(number: str) -> str:
    """143, 一四三 and 一百四十三 are 143rd."""
    if not number.isdecimal():
        number = _from_chinese(number)
    suffix = "th" if number[-2:] in {"11", "12", "13"} else {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")
    return number + suffix


def _from_chinese(number: str) -> str:
    digits = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
    if not any(char in "十百" for char in number):
        return "".join(str(digits[char]) for char in number)
    total = pending = 0
    for char in number:
        if char in "十百":
            total += (pending or 1) * (10 if char == "十" else 100)
            pending = 0
        else:
            pending = digits[char]
    return str(total + pending)


def _roman(text: str, knowledge: OrgKnowledge) -> str:
    for length in range(len(text), 1, -1):
        if special := knowledge.romanised.get(text[:length]):
            rest = _roman(text[length:], knowledge) if length < len(text) else ""
            return f"{special} {rest}".rstrip()
    out = ""
    for char in text:
        syllable = knowledge.pinyin.get(char)
        if syllable is None:
            return ""
        out += ("'" if out and syllable[0] in "aeo" else "") + syllable
    return out[:1].upper() + out[1:]
