"""The whole analysis of one organisation name: place, chain of organs, class, and why.

The order of the rules is the table in ``docs/units.md``. Everything is decided by the terms in the name (``seeds/orgs/terms.csv``) and
where they stand; places are taken out first, so that 公安县 or 山海关区 say nothing about the organ.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from nlp.orgs.knowledge import Division, OrgKnowledge, Sign, Term, XpccDivision
from nlp.orgs.places import NOWHERE, Place, Written, anywhere, at, inside, leading
from nlp.orgs.spelling import Spelling, spell
from nlp.text import key as text_key
from nlp.types import PUBLIC_SECURITY_TIERS, Level, Tier


@dataclass(frozen=True, slots=True)
class Token:
    """One term in the name, or a piece between terms (``term`` null), or a place inside the name (``place`` set)."""

    start: int
    end: int
    text: str
    term: Term | None = None
    place: Written | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    tier: Tier | None
    unit_class: str | None
    reason: str
    level: Level | None = None
    name_en: str | None = None
    division_code: str | None = None


@dataclass(frozen=True, slots=True)
class OrgAnalysis:
    """What one name says, in full. ``name`` is as given, ``canonical`` its mended spelling without brackets and 本级.

    ``division`` is the deepest place that is certain; ``division_code`` its code today. ``tokens`` are the terms and places after the leading
    place, in order; ``organs`` the chain of organ names from the outermost inwards.
    """

    name: str
    canonical: str
    prefix: str
    place: Place
    tokens: tuple[Token, ...]
    inside: tuple[str, ...]
    division: Division | None
    division_code: str | None
    xpcc: XpccDivision | None
    corps: bool
    tier: Tier | None
    unit_class: str | None
    level: Level | None
    reason: str
    known_english: str | None = None

    @property
    def is_public_security(self) -> bool:
        return self.tier in PUBLIC_SECURITY_TIERS


_PREFIX = re.compile(
    r"中华人民共和国|中国人民武装警察部队?|中国共产党|中国共产主义青年团|共青团|中共(?!中央)|国家税务总局|武装?警察?(?:部队)?(?=[^特])|国家统计局|中国农业发展银行|"
    r"中国(?:电信|移动通信|移动|联合网络通信|联通|铁塔|邮政|人民财产保险|人寿|农业银行|工商银行|建设银行)(?:集团|股份)*(?:有限(?:责任)?公司)?"
)
_COMPANY = re.compile(r"公司|事务所|商行|经营部|合作社|门市部|厂$|集团$|株式会社|合伙\)?$")
_TITLE = re.compile(
    r"(?:项目|工程|采购|公告|公示|招标|更正|合同|购置|建设|改造|询价|磋商|谈判|成交|中标|服务采购|流标|废标)$"
)
_MASKED = re.compile(
    r"^(?:[*＊xX×✕某○〇●■□█▇?？.·…_\-—–\s]|XX+)+$|^某(?:些|个)?(?:部|单位|部队|机关|局|厅|公司|用户|客户|采购人|院|校|地|军|研究所|中心|医院)?(?:单位|部队|机关)?$|^[*＊]{2,}|[*＊]{3,}|^(?:保密|涉密|匿名|不公开|不详|无|/|\\|-|暂无)$|^采购单位$|^(?:军队|部队)?某(?:单位|部|部队|军区|基地)"
)
_MASKED_INSIDE = re.compile(r"^(?:[*＊xX×]|某)+(?=[省市县区州旗盟])")
_ONE_MASKED_PLACE = re.compile(r"^(?:[XxＸ×*＊]{1,4}|某)(?:省|市|县|区|州|地区)(?=.)")
_SEPARATORS = re.compile(r"[、;；\n]|(?<=[一-鿿)）])[,，/](?=[一-鿿])")
_ORG_END = re.compile(r"(?:局|厅|处|委|院|所|队|站|校|中心|公司|办|部|会|府|室|集团|馆|社|厂|行|店|园|大学|[)）])\s*$")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_PERSON_TITLE = re.compile(r"^[一-鿿]{1,3}(?:先生|女士|老师|同志|警官|主任|经理|科长|处长|局长|工)$")
_OTHER_SCRIPT = re.compile(r"[\u0600-\u06ff\u0f00-\u0fff\u1800-\u18af]")
_HAN = re.compile(r"[一-鿿]")
_AGENT = re.compile(r"代理|招标|咨询|造价|拍卖")
_PS_TOP = frozenset({"公安厅", "公安局", "公安处", "公安总局", "公安分局", "公安分处", "公安机关"})
_SQUADS = frozenset({"总队", "支队", "大队", "中队"})
_SHARED_WORDS = frozenset(
    {
        "治安",
        "交通管理",
        "交管",
        "交通秩序",
        "道路交通安全",
        "交通安全管理",
        "巡防",
        "海防",
        "禁毒",
        "户籍管理",
        "人口管理",
        "重案",
        "居民身份证",
        "遣返场所",
        "监所",
        "警用器材",
        "外国人管理",
        "出入境",
        "扫黑除恶",
        "生态环境保卫",
        "环境食品药品",
        "社区警务",
        "反恐怖",
        "反恐",
        "合成作战",
        "特勤",
        "防暴",
        "反诈",
    }
)
"""Police words other authorities use too: alone they say nothing; with 总队, 支队 and the like they do."""
_SHARED_EVEN_AS_SQUAD = frozenset(
    {"交通秩序", "道路交通安全", "巡防", "生态环境保卫", "外国人管理", "人口管理", "户籍管理"}
)
_AFFILIATES = frozenset(
    {
        "kindergarten",
        "canteen",
        "guesthouse",
        "sanatorium",
        "union",
        "hospital",
        "media",
        "association",
        "school",
        "culture",
    }
)
_STATION_CLASSES = frozenset({"police_station", "police_post"})


def analyse(name: str, knowledge: OrgKnowledge, on: dt.date) -> OrgAnalysis:
    """Read ``name`` as it would have read on ``on``. Never raises on bad input; what is no organisation says so in ``reason``."""
    spelling = spell(name)
    text = spelling.text
    if refused := _refused(spelling):
        return _empty(name, text, spelling, refused)
    known = knowledge.known.get(text) or (
        knowledge.known.get(text_key(text)) if not text.isalpha() or text.isascii() else None
    )
    if known:
        chosen = known[0]
        division = knowledge.divisions.get(chosen.division_code) if chosen.division_code else None
        return OrgAnalysis(
            name, text, "", NOWHERE, (), spelling.inside, division, chosen.division_code, None, False,
            chosen.tier, chosen.unit_class, chosen.level, "known", chosen.name_en,
        )  # fmt: skip
    prefix = ""
    pos = 0
    if text[0] in _PREFIX_FIRST and (match := _PREFIX.match(text)):
        prefix, pos = match[0], match.end()
    masked_place = _ONE_MASKED_PLACE.match(text, pos)
    company = bool(_COMPANY.search(text))
    place = NOWHERE if masked_place else leading(text, pos, knowledge, on.year, company=company)
    if place is NOWHERE:
        place = Place(pos, None, ())
    branch = _branch(text, place, knowledge, on.year) if company else None
    if not place.written and not masked_place:
        elsewhere = anywhere(text, pos + 1, knowledge, on.year) if len(text) - pos > 5 else NOWHERE
        tokens = _tokens(text, pos, place, knowledge, on.year, skip=elsewhere)
        division = elsewhere.division
    else:
        text = _written_twice(text, place)
        tokens = _tokens(text, max(place.end, masked_place.end() if masked_place else 0), place, knowledge, on.year)
        division = place.division
    tokens, division = _inner_places(text, tokens, division, place, knowledge, on.year)
    if branch is not None:
        division = branch
    verdict = _decide(text, prefix, place, tokens, spelling, knowledge, on, company=company)
    level = _level(verdict, text, place, tokens, spelling, masked_place[0] if masked_place else "")
    code = _code(verdict, division, place, company=company)
    return OrgAnalysis(
        name, text, prefix, place, tokens, spelling.inside, division, code, place.xpcc, place.corps,
        verdict.tier, verdict.unit_class, level, verdict.reason,
    )  # fmt: skip


_BRANCH = re.compile(r"公司([一-鿿]{2,12}?(?:市|县|区|州|旗)?)(?:分公司|支公司|分行|支行|营业部|分部|办事处)$")


def _branch(text: str, place: Place, knowledge: OrgKnowledge, year: int) -> Division | None:
    """The place of a company's branch, where it is a place for certain: …公司乌鲁木齐分公司."""
    match = _BRANCH.search(text)
    if match is None or match[1] == "公安" or place.end > match.start(1):
        return None
    within = place.division.prefix if place.division is not None and len(place.division.prefix) < 6 else ""
    for full in (True, False):
        end, found = at(text, match.start(1), knowledge, within, year, full=full)
        if end >= match.end(1) and len(found) == 1:
            return found[0]
    return None


_PREFIX_FIRST = frozenset("中武国共")


def _empty(name: str, text: str, spelling: Spelling, verdict: Verdict) -> OrgAnalysis:
    return OrgAnalysis(
        name, text, "", NOWHERE, (), spelling.inside, None, None, None, False, verdict.tier, verdict.unit_class, None, verdict.reason
    )  # fmt: skip


def _refused(spelling: Spelling) -> Verdict | None:
    """What is no single organisation: empty, masked, a person, several parties, a placeholder."""
    text = spelling.text
    if spelling.placeholder:
        return Verdict(Tier.OTHER, None, "placeholder")
    if not text:
        return Verdict(None, None, "empty")
    if _MASKED.search(text) and not _ONE_MASKED_PLACE.match(text):
        return Verdict(None, None, "masked")
    if not _HAN.search(text):
        if _OTHER_SCRIPT.search(text):
            return Verdict(None, None, "other_script")
        if not any(char.isalpha() for char in text):
            return Verdict(None, None, "no_name")
        return Verdict(None, None, "latin")
    if _SEPARATORS.search(text) and not _TITLE.search(text) and len(split_parties(text)) > 1:
        return Verdict(None, None, "several")
    if _PERSON_TITLE.match(text):
        return Verdict(None, None, "person")
    return None


def split_parties(text: str) -> tuple[str, ...]:
    """The parties of a field: cut at 、 ； / and the like where an organisation's name ends before the mark."""
    parts: list[str] = []
    start = 0
    depth = 0
    for position, char in enumerate(text):
        if char in "(（【[":
            depth += 1
        elif char in ")）】]":
            depth = max(0, depth - 1)
        elif depth == 0 and char in "、;；,，/\n" and _ORG_END.search(text, start, position) and len(text) - position > 3:
            parts.append(text[start:position].strip())
            start = position + 1
    parts.append(text[start:].strip())
    return tuple(part for part in parts if len(part) > 2)


def _written_twice(text: str, place: Place) -> str:
    """乌海市…支队乌海市…支队: the second naming is cut where the first place stands again in full."""
    if not place.written:
        return text
    first = place.written[0]
    if first.short or first.end - first.start < 3:
        return text
    again = text.find(text[first.start : first.end], place.end + 4)
    return text[:again] if again > 0 and len(text) - again >= 6 else text


def _tokens(
    text: str, pos: int, place: Place, knowledge: OrgKnowledge, year: int, skip: Place = NOWHERE
) -> tuple[Token, ...]:
    """Terms and pieces from ``pos`` on; a place known to stand in the middle is one token."""
    spans: list[Token] = []
    holes = [(written.start, written.end, written) for written in skip.written]
    cursor = pos
    for start, end, written in holes:
        spans.extend(_terms(text, cursor, start, knowledge))
        spans.append(Token(start, end, text[start:end], None, written))
        cursor = end
    spans.extend(_terms(text, cursor, len(text), knowledge))
    return tuple(spans)


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


def _inner_places(
    text: str, tokens: tuple[Token, ...], division: Division | None, place: Place, knowledge: OrgKnowledge, year: int
) -> tuple[tuple[Token, ...], Division | None]:
    """Places that begin right after an organ: 公安局|天山区|分局. The deepest becomes the division."""
    out = tokens
    base = division
    if base is None or (place.corps and place.xpcc is not None):
        return tokens, division
    for index, token in enumerate(tokens):
        if token.term is None and token.place is None and (bureau := _BUREAU_IN_PIECE.match(token.text)):
            # 环境保护局|甘井子: the authority has no term, its branch begins after 局.
            written = inside(text, token.start + bureau.end(), knowledge, base, year)
            if written is not None:
                cut = Token(token.start, written.start, text[token.start : written.start])
                there = Token(written.start, written.end, text[written.start : written.end], None, written)
                return (*tokens[:index], cut, there, *_terms(text, written.end, len(text), knowledge)), written.division
        if index == 0 or token.place is not None or (token.term is not None and token.term.sign is Sign.TRAP):
            continue
        start = token.start
        before = tokens[index - 1].term
        if before is None or before.sign not in _ORGANS_BEFORE_PLACES:
            continue
        written = inside(text, start, knowledge, base, year)
        if written is None:
            continue
        out = tuple(t for t in out if t.end <= written.start)
        out = (*out, Token(written.start, written.end, text[written.start : written.end], None, written))
        out = (*out, *_terms(text, written.end, len(text), knowledge))
        return out, written.division
    return tokens, division


_BUREAU_IN_PIECE = re.compile(r".*(?:局|厅|委员会|管理处|公司|总队|支队)(?=.)")
_ORGANS_BEFORE_PLACES = frozenset(
    {Sign.ORGAN, Sign.UNIT, Sign.SPECIAL, Sign.AGAINST, Sign.GOVERNMENT, Sign.FORM, Sign.FIRE, Sign.WORD}
)


def _decide(
    text: str,
    prefix: str,
    place: Place,
    tokens: tuple[Token, ...],
    spelling: Spelling,
    knowledge: OrgKnowledge,
    on: dt.date,
    *,
    company: bool,
) -> Verdict:
    terms = [token.term for token in tokens if token.term is not None]
    signs = {term.sign for term in terms}
    armed = "武" in prefix or any(term.kind in {"armed_police", "coast_guard"} for term in terms)
    organ_at = _last(tokens, Sign.ORGAN)
    police_at = max(organ_at, _last(tokens, Sign.UNIT), _last(tokens, Sign.SPECIAL))
    head_at = _last(tokens, Sign.HEAD)
    # 1. A company, and what is written as a title.
    if company and (found := _company(text, place, tokens, organ_at)):
        return found
    if _TITLE.search(text) and len(text) > 8 and not text.endswith("公安局采购"):
        return Verdict(None if police_at >= 0 else Tier.OTHER, None, "title")
    # 2. The armed police keep everything that bears their name; their fire forces follow the fire forces.
    if armed:
        if Sign.FIRE in signs and not any(t.kind == "forest_fire" for t in terms):
            return _fire("fire_police", knowledge, on)
        kind = "coast_guard" if any(t.kind == "coast_guard" for t in terms) else "armed_police"
        return Verdict(Tier.ARMED_POLICE, kind, "armed_police")
    # 3. The ministry and what it owns.
    if terms and terms[0].text == "公安部" and (not tokens or tokens[0].term is terms[0]):
        if Sign.FIRE in signs:
            return Verdict(Tier.MINISTRY, "ministry_institute", "ministry", Level.NATIONAL)
        return Verdict(Tier.MINISTRY, _ministry_kind(text), "ministry", Level.NATIONAL)
    # 4. Whatever stands last decides, unless it only belongs to what stands before.
    if police_at >= 0:
        if head_at > police_at:
            return _affiliate(tokens, head_at, police_at, organ_at, terms)
        if Sign.TRAP in signs and organ_at < 0 and _only_trap_before(tokens, police_at):
            return Verdict(Tier.OTHER, "other", "trap")
        return _police(tokens, organ_at, police_at, terms, signs, place, knowledge, on)
    against = [t for t in terms if t.sign is Sign.AGAINST]
    if Sign.FIRE in signs and head_at < 0:
        kinds = {t.kind for t in terms if t.sign is Sign.FIRE}
        kind = (
            "fire_rescue"
            if any(t.text == "消防救援" for t in terms)
            else "forest_fire"
            if "forest_fire" in kinds
            else "fire_police"
        )
        return _fire(kind, knowledge, on)
    if against:
        first = against[0]
        if first.kind in _OWN_HOUSES or head_at < 0 or first.sign is Sign.AGAINST:
            return Verdict(first.tier, first.kind, first.kind)
    words = [t for t in terms if t.sign is Sign.WORD]
    if any(t.kind == "drug_rehabilitation" for t in words) and head_at < 0:
        if any(t.text == "公安" for t in words):
            return Verdict(Tier.ORGAN, "drug_rehabilitation", "public_security_drug_rehabilitation", Level.UNIT)
        return Verdict(Tier.PRISON, "drug_rehabilitation", "justice_drug_rehabilitation")
    if head_at >= 0:
        term = tokens[head_at].term
        assert term is not None
        if term.text in {"学校", "学院"} and any(t.text == "公安" for t in words):
            return Verdict(Tier.ACADEMY, "police_academy", "academy")
        return Verdict(term.tier or Tier.OTHER, term.kind, term.kind)
    government = [t for t in terms if t.sign is Sign.GOVERNMENT]
    if any(t.text == "公安" for t in words):
        return _bare_word(tokens, words, terms)
    if government:
        return Verdict(Tier.OTHER, government[0].kind, government[0].kind)
    if words:
        return _word_alone(tokens, words, terms, place)
    if any(t.kind == "general_enforcement" for t in terms):
        return _enforcement(tokens)
    if Sign.TRAP in signs:
        trap = next(t for t in terms if t.sign is Sign.TRAP)
        return Verdict(Tier.OTHER, trap.kind, "trap")
    if spelling.inside and not tokens:
        return Verdict(Tier.OTHER, "government", "place_only")
    if not place.written and len(text) <= 4 and text[0] in _SURNAMES and not terms and 2 <= len(text) <= 3:
        return Verdict(None, None, "person")
    if tokens and tokens[0].text == "安全局":
        return Verdict(Tier.STATE_SECURITY, "state_security", "state_security")
    if Sign.DEPARTMENT in signs and signs <= {Sign.DEPARTMENT, Sign.FORM} and not place.written and len(text) <= 10:
        return Verdict(Tier.OTHER, "office", "department_alone")
    return Verdict(Tier.OTHER, "other", "no_rule")


_OWN_HOUSES = frozenset({"court", "procuratorate", "state_security", "prison", "urban_management", "justice_academy"})


def _last(tokens: tuple[Token, ...], sign: Sign) -> int:
    for index in range(len(tokens) - 1, -1, -1):
        term = tokens[index].term
        if term is not None and term.sign is sign:
            return index
    return -1


def _company(text: str, place: Place, tokens: tuple[Token, ...], organ_at: int) -> Verdict | None:
    """A company is ``other``, unless it is a bureau's own, or a bureau stands behind the company's name (铁路局集团有限公司公安局)."""
    last_company = max(match.end() for match in _COMPANY.finditer(text))
    if organ_at >= 0 and tokens[organ_at].start >= last_company and tokens[organ_at].text != "公安部":
        return None
    if "保安服务总公司" in text or "保安服务(集团)总公司" in text or "保安总公司" in text:
        return Verdict(Tier.AFFILIATED, "security_company", "security_service_corporation", Level.UNIT)
    if organ_at >= 0 and tokens[organ_at].text in _PS_TOP and not _AGENT.search(text):
        before = text[place.end : tokens[organ_at].start]
        if "公司" not in before:
            kind = "security_company" if "保安" in text else "bureau_company"
            return Verdict(Tier.AFFILIATED, kind, "bureau_own_company", Level.UNIT)
    return Verdict(Tier.OTHER, "security_company" if "保安" in text[place.end :] else "company", "company")


def _fire(kind: str, knowledge: OrgKnowledge, on: dt.date) -> Verdict:
    reform = knowledge.reforms.get(kind)
    if reform is not None and on < reform.day:
        return Verdict(reform.before, kind, f"before_{reform.day.isoformat()}", Level.UNIT)
    return Verdict(Tier.FIRE, "fire_rescue" if kind == "fire_police" else kind, "fire")


def _ministry_kind(text: str) -> str:
    if text.endswith(("大学", "学院")):
        return "police_university"
    if text.endswith(("研究所", "鉴定中心", "研究中心", "检测中心", "检验中心", "评估中心", "评定中心", "警犬基地")):
        return "ministry_institute"
    return "ministry_bureau"


def _affiliate(tokens: tuple[Token, ...], head_at: int, police_at: int, organ_at: int, terms: list[Term]) -> Verdict:
    """A kindergarten, canteen or hospital of a bureau is affiliated; a village committee or a museum that only shares the word is not."""
    head = tokens[head_at].term
    police = tokens[police_at].term
    assert head is not None
    assert police is not None
    if police.tier is Tier.ACADEMY:
        return Verdict(Tier.ACADEMY, police.kind, "academy", police.level)
    if head.tier is Tier.AFFILIATED:
        return Verdict(Tier.AFFILIATED, head.kind, head.kind, Level.UNIT)
    if head.kind == "school" and head.text in {"学校", "学院"}:
        if police.tier is Tier.SPECIALISED:
            return Verdict(Tier.SPECIALISED, police.kind, police.kind, Level.UNIT)
        if police.kind in {"police_training", "police", "police_academy"}:
            return Verdict(Tier.ACADEMY, "police_academy", "academy")
    if organ_at >= 0 and head.kind in _AFFILIATES:
        return Verdict(Tier.AFFILIATED, head.kind, f"bureau_{head.kind}", Level.UNIT)
    if head.kind == "hospital" and police.kind in {"custody_administration", "police"}:
        return Verdict(Tier.AFFILIATED, "police_hospital", "police_hospital", Level.UNIT)
    if police.text in {"警察博物馆"}:
        return Verdict(Tier.ORGAN, police.kind, police.kind, Level.UNIT)
    return Verdict(Tier.OTHER, head.kind, f"{head.kind}_named_after_police")


def _only_trap_before(tokens: tuple[Token, ...], police_at: int) -> bool:
    """电子警察 and 公安村 are swallowed by longer terms; here the trap stands apart and what is left is no organ."""
    term = tokens[police_at].term
    return term is not None and term.text in {"警察", "民警", "人民警察", "辅警"} and police_at < len(tokens) - 1


def _police(
    tokens: tuple[Token, ...],
    organ_at: int,
    police_at: int,
    terms: list[Term],
    signs: set[Sign],
    place: Place,
    knowledge: OrgKnowledge,
    on: dt.date,
) -> Verdict:
    last = tokens[police_at].term
    assert last is not None
    houses = [i for i, t in enumerate(tokens) if t.term is not None and t.term.sign is Sign.AGAINST]
    if houses:
        house = tokens[houses[-1]].term
        assert house is not None
        # 法院司法警察支队 and 国家安全局…: the house comes first and owns what follows, unless 公安 itself follows.
        if houses[-1] > police_at or organ_at < houses[0]:
            return Verdict(house.tier, house.kind, house.kind)
    fire_at = _last(tokens, Sign.FIRE)
    if fire_at > organ_at >= 0 and fire_at >= police_at:
        return _fire("fire_police", knowledge, on)
    if fire_at >= 0 and organ_at < 0:
        kinds = {t.kind for t in terms if t.sign is Sign.FIRE}
        if last.kind not in _STATION_CLASSES:
            return _fire("forest_fire" if "forest_fire" in kinds else "fire_police", knowledge, on)
    government_at = _last(tokens, Sign.GOVERNMENT)
    if government_at > police_at and (later := tokens[government_at].term) is not None and _AUTHORITY.search(later.text):
        # 公安局禁毒办 is the bureau's; an authority written behind the bureau otherwise stands for itself.
        if organ_at < 0 or later.kind not in _SEATED_IN_BUREAUS:
            return Verdict(Tier.OTHER, later.kind, later.kind)
    if last.tier is Tier.ACADEMY and organ_at < police_at:
        level = last.level or (
            place.level if place.level in {Level.PROVINCE, Level.PREFECTURE, Level.COUNTY} else Level.PROVINCE
        )
        if place.written and place.written[-1].short and not last.level:
            level = place.level or Level.PROVINCE
        return Verdict(Tier.ACADEMY, last.kind, "academy", level)
    special = _special(tokens, organ_at, place)
    kind = _kind(tokens, organ_at, police_at)
    if special is not None:
        return Verdict(Tier.SPECIALISED, kind if kind not in _PLAIN else special, special)
    if place.corps:
        return Verdict(Tier.SPECIALISED, kind, "xpcc")
    return Verdict(Tier.ORGAN, kind, "organ" if organ_at >= 0 else last.kind)


_AUTHORITY = re.compile(r"(?:局|厅|委员会|委|政府|办公室|办事处|办|总署|管委会)$")
_SEATED_IN_BUREAUS = frozenset({"anti_smuggling_office", "narcotics_committee", "counter_terrorism_committee"})
_PLAIN = frozenset(
    {"public_security_bureau", "public_security_department", "sub_bureau", "police", "unit", "checkpoint", "office"}
)


def _special(tokens: tuple[Token, ...], organ_at: int, place: Place) -> str | None:
    """Specialised by a term (缉私局), or by what stands beside 公安局 and 分局: 铁路, 机场, 森林."""
    found: str | None = None
    for token in tokens:
        if token.term is not None and token.term.sign is Sign.SPECIAL:
            found = token.term.kind
    if found is not None:
        return found
    texts = [token.text for token in tokens]
    if organ_at >= 0:
        around = {
            "railway": "railway_police",
            "airport": "civil_aviation_police",
            "forest": "forest_police",
            "port": "waterway_police",
        }
        for index, token in enumerate(tokens):
            if token.term is None or token.term.kind not in around:
                continue
            after = texts[index + 1] if index + 1 < len(texts) else ""
            if index > organ_at and after in {"分局", "公安分局", "支队", "大队", "派出所", "警察支队", "公安局"}:
                return around[token.term.kind]
            if index < organ_at:
                return around[token.term.kind]
        before = "".join(texts[:organ_at])
        if "民航" in before or "航空" in before:
            return "civil_aviation_police"
        if "林业" in before or "国有林" in before or "园林" in before or "森工" in before:
            return "forest_police"
    return None


def _kind(tokens: tuple[Token, ...], organ_at: int, police_at: int) -> str:
    """The innermost term that names a kind of unit; a bureau otherwise."""
    kind = "public_security_bureau"
    for token in tokens:
        term = token.term
        if term is None or term.sign in {Sign.FORM, Sign.TRAP, Sign.GOVERNMENT, Sign.HEAD, Sign.FIRE}:
            continue
        if term.text == "公安":
            continue
        if term.sign is Sign.DEPARTMENT and kind not in _PLAIN and kind != "police":
            continue
        if term.text in {"公安分局", "分局"} and kind != "public_security_bureau":
            continue
        kind = term.kind
    return kind


def _bare_word(tokens: tuple[Token, ...], words: list[Term], terms: list[Term]) -> Verdict:
    """公安 without 局: 廊坊市公安交通…支队, 宜昌公安监管中心."""
    others = [t for t in words if t.text != "公安"]
    last = tokens[-1]
    if others:
        return Verdict(Tier.ORGAN, others[-1].kind, "public_security_word", Level.UNIT)
    if last.text == "公安" or (last.term is not None and last.term.sign in {Sign.FORM, Sign.DEPARTMENT}):
        return Verdict(
            Tier.ORGAN, "public_security_bureau", "public_security_word", None if last.text == "公安" else Level.UNIT
        )
    return Verdict(Tier.OTHER, "other", "public_security_word_in_another_name")


def _word_alone(tokens: tuple[Token, ...], words: list[Term], terms: list[Term], place: Place) -> Verdict:
    """Police work without 公安: enough where no other authority does it, or where it is a 支队."""
    squad = any(token.text in _SQUADS for token in tokens)
    for term in words:
        if term.text not in _SHARED_WORDS or (squad and term.text not in _SHARED_EVEN_AS_SQUAD):
            return Verdict(Tier.SPECIALISED if place.corps else Tier.ORGAN, term.kind, "police_work", Level.UNIT)
    return Verdict(Tier.OTHER, "other", "shared_word")


def _enforcement(tokens: tuple[Token, ...]) -> Verdict:
    """综合行政执法局 right after the place is the city's law enforcement; behind another word (交通, 文化市场) it is that authority's."""
    if tokens and tokens[0].term is not None and tokens[0].term.kind == "general_enforcement":
        return Verdict(Tier.URBAN_MANAGEMENT, "urban_management", "general_enforcement")
    return Verdict(Tier.OTHER, "government", "other_enforcement")


def _level(
    verdict: Verdict, text: str, place: Place, tokens: tuple[Token, ...], spelling: Spelling, masked: str
) -> Level | None:
    """Level of the innermost organ: a department is ``unit``, a sub-bureau ``sub_bureau``, a bureau has its place's level."""
    if verdict.tier is None:
        return None
    if verdict.level is not None:
        return verdict.level
    if verdict.tier is Tier.AFFILIATED:
        return Level.UNIT
    level = _place_level(place, masked)
    if verdict.tier not in PUBLIC_SECURITY_TIERS:
        return level
    inner: Level | None = None
    tail_is_unit = False
    for token in tokens:
        term = token.term
        if term is None:
            continue
        if term.sign is Sign.ORGAN or (term.sign is Sign.SPECIAL and term.level is None):
            inner = term.level
            tail_is_unit = False
            if term.text == "公安厅" and not place.written:
                level = Level.PROVINCE
            if term.text.endswith("总站"):
                inner = Level.PROVINCE
        elif term.level is Level.SUB_BUREAU:
            inner, tail_is_unit = Level.SUB_BUREAU, False
        elif term.level is Level.STATION:
            inner, tail_is_unit = Level.STATION, True
        elif term.sign in {Sign.UNIT, Sign.WORD, Sign.DEPARTMENT, Sign.SPECIAL} or (
            term.sign is Sign.FORM and term.level is Level.UNIT
        ):
            if term.text == "公安":
                continue
            if inner is not Level.STATION:
                inner = Level.UNIT
    del tail_is_unit
    rest = tokens[-1] if tokens else None
    if (
        inner in {None, Level.SUB_BUREAU}
        and rest is not None
        and rest.term is None
        and rest.place is None
        and _DEPARTMENT_TAIL.search(rest.text)
    ):
        inner = Level.UNIT
    if inner in {None, Level.SUB_BUREAU} and any(_DEPARTMENT_TAIL.search(content) for content in spelling.inside):
        inner = Level.UNIT
    if inner is not None:
        return inner
    kinds = {token.term.kind for token in tokens if token.term is not None}
    if "railway_police" in kinds:
        return Level.PREFECTURE
    if level is None:
        return _level_by_word(text)
    return level


_DEPARTMENT_TAIL = re.compile(r"(?:处|科|室|部|队|中心|所|支部|办|基地|站)$")


def _level_by_word(text: str) -> Level | None:
    if "厅" in text:
        return Level.PROVINCE
    if text.startswith(("县", "区", "旗")):
        return Level.COUNTY
    return Level.PREFECTURE


def _place_level(place: Place, masked: str) -> Level | None:
    if masked:
        last = masked[-1]
        return {
            "省": Level.PROVINCE,
            "市": Level.PREFECTURE,
            "州": Level.PREFECTURE,
            "区": Level.COUNTY,
            "县": Level.COUNTY,
        }.get(last)
    return place.level


def _code(verdict: Verdict, division: Division | None, place: Place, *, company: bool) -> str | None:
    if verdict.division_code is not None:
        return verdict.division_code
    if division is None or verdict.tier is None:
        return division.current if division is not None and verdict.reason == "title" else None
    if verdict.unit_class in _NO_PLACE:
        return None
    return division.current


_NO_PLACE: frozenset[str] = frozenset()


def with_reason(analysis: OrgAnalysis, reason: str) -> OrgAnalysis:
    """The same analysis under another reason."""
    return replace(analysis, reason=reason)
