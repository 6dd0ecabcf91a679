"""The rules that give an organisation its tier and unit class, in order: the first that answers decides.

Places are taken out before, so that 公安县 or 山海关区 say nothing here. What is left are terms (``seeds/orgs/terms.csv``) and where they stand:
a Chinese name says last what the organisation is, and before that to whom it belongs. ``docs/units.md`` prints :data:`RULES`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nlp.orgs.knowledge import Reform, Sign, Term
from nlp.orgs.places import Place
from nlp.orgs.refusals import TITLE, looks_like_a_person
from nlp.orgs.tokens import Token
from nlp.patterns import regex
from nlp.types import Level, Tier
from nlp.values import value


@value
class Verdict:
    """What a rule says. ``level`` is set only where the rule itself fixes it."""

    tier: Tier | None
    unit_class: str | None
    reason: str
    level: Level | None = None


@dataclass(slots=True)
class Name:
    """One name, cut up: what the rules look at. Positions index ``tokens``; -1 = none."""

    text: str
    prefix: str
    place: Place
    tokens: tuple[Token, ...]
    company: bool
    reforms: Mapping[str, Reform]
    on: dt.date
    terms: list[Term] = field(default_factory=list)
    signs: set[Sign] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    organ_at: int = -1
    police_at: int = -1
    head_at: int = -1
    fire_at: int = -1
    government_at: int = -1

    def __post_init__(self) -> None:
        for index, token in enumerate(self.tokens):
            term = token.term
            if term is None:
                continue
            self.terms.append(term)
            sign = term.sign
            self.signs.add(sign)
            self.kinds.add(term.kind)
            if sign is Sign.ORGAN:
                self.organ_at = self.police_at = index
            elif sign is Sign.UNIT or sign is Sign.SPECIAL:
                self.police_at = index
            elif sign is Sign.HEAD:
                self.head_at = index
            elif sign is Sign.FIRE:
                self.fire_at = index
            elif sign is Sign.GOVERNMENT:
                self.government_at = index

    def term_at(self, index: int) -> Term:
        term = self.tokens[index].term
        assert term is not None
        return term

    def of(self, sign: Sign) -> list[Term]:
        return [term for term in self.terms if term.sign is sign]

    @property
    def has_public_security_word(self) -> bool:
        return any(term.text == "公安" for term in self.terms)


COMPANY = regex(r"公司|事务所|商行|经营部|合作社|门市部|厂$|集团$|株式会社|合伙\)?$")
_AGENT = regex(r"代理|招标|咨询|造价|拍卖")
_AUTHORITY = regex(r"(?:局|厅|委员会|委|政府|办公室|办事处|办|总署|管委会)$")
_BUREAUS = frozenset({"公安厅", "公安局", "公安处", "公安总局", "公安分局", "公安分处", "公安机关"})
_SQUADS = frozenset({"总队", "支队", "大队", "中队"})
_SCHOOLS = frozenset({"学校", "学院"})
# Police words other authorities use too: alone they say nothing; with 总队, 支队 and the like they do.
_SHARED = frozenset(
    [
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
        "反恐怖",
        "反恐",
        "合成作战",
        "特勤",
        "防暴",
        "警卫",
        "内保",
        "科信",
        "网安",
        "网监",
        "国保",
        "政保",
        "行动技术",
        "监管中心",
        "监管场所",
        "监管支队",
        "监管大队",
        "监管总队",
        "监管医院",
        "警用装备",
        "食药环",
        "法庭科学",
        "反诈",
    ]
)
_SHARED_EVEN_AS_SQUAD = frozenset(
    [
        "交通秩序",
        "道路交通安全",
        "巡防",
        "生态环境保卫",
        "外国人管理",
        "人口管理",
        "户籍管理",
        "特勤",
        "法庭科学",
        "警用装备",
        "警用器材",
    ]
)
_PLACE_END = regex(r"[省市县区州旗盟镇乡]$|街道$|第[一二三四五六七八九十]$")
_AFFILIATES = frozenset(
    [
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
    ]
)
_SEATED_IN_BUREAUS = frozenset({"anti_smuggling_office", "narcotics_committee", "counter_terrorism_committee"})
_STATIONS = frozenset({"police_station", "police_post"})
_PLAIN = frozenset(
    ["public_security_bureau", "public_security_department", "sub_bureau", "police", "unit", "checkpoint", "office"]
)
_BESIDE_BUREAU = {
    "railway": "railway_police",
    "airport": "civil_aviation_police",
    "forest": "forest_police",
    "port": "waterway_police",
}
_UNITS_AFTER = frozenset({"分局", "公安分局", "支队", "大队", "派出所", "警察支队", "公安局"})


# ── the rules ────────────────────────────────────────────────────────────────────────────────────────────────────────


def company(name: Name) -> Verdict | None:
    """A company is `other`. A bureau's own company and a 保安服务总公司 are `affiliated`; a bureau behind a company's name goes on."""
    if not name.company:
        return None
    organ_at = name.organ_at
    text = name.text
    last_company = -1
    for match in COMPANY.finditer(text):
        last_company = match.end()
    if last_company < 0:
        return None  # the company stood in a second naming that was cut
    if organ_at >= 0 and name.tokens[organ_at].start >= last_company and name.tokens[organ_at].text != "公安部":
        return None
    if "保安服务总公司" in text or "保安总公司" in text:
        return Verdict(Tier.AFFILIATED, "security_company", "security_service_corporation", Level.UNIT)
    if organ_at >= 0 and name.tokens[organ_at].text in _BUREAUS and not _AGENT.search(text):
        before = text[name.place.end : name.tokens[organ_at].start]
        if "公司" not in before:
            kind = "security_company" if "保安" in text else "bureau_company"
            return Verdict(Tier.AFFILIATED, kind, "bureau_own_company", Level.UNIT)
    return Verdict(Tier.OTHER, "security_company" if "保安" in text[name.place.end :] else "company", "company")


def title(name: Name) -> Verdict | None:
    """A project's title is no organisation: no tier where it names a police unit, `other` where it does not."""
    if len(name.text) > 8 and TITLE.search(name.text):
        return Verdict(None if name.police_at >= 0 else Tier.OTHER, None, "title")
    return None


def armed_police(name: Name) -> Verdict | None:
    """武警 and 海警 keep whatever bears their name; 武警消防 follows the fire forces."""
    if "武" not in name.prefix and not name.kinds & {"armed_police", "coast_guard"}:
        return None
    if Sign.FIRE in name.signs and "forest_fire" not in name.kinds:
        return _fire(name, "fire_police")
    return Verdict(Tier.ARMED_POLICE, "coast_guard" if "coast_guard" in name.kinds else "armed_police", "armed_police")


def ministry(name: Name) -> Verdict | None:
    """公安部 at the beginning: the ministry, its bureaus and institutes."""
    if not name.tokens or name.tokens[0].text != "公安部":
        return None
    text = name.text
    kind = "ministry_bureau"
    if text.endswith(("大学", "学院")):
        kind = "police_university"
    elif text.endswith(("研究所", "鉴定中心", "研究中心", "检测中心", "检验中心", "评估中心", "评定中心", "警犬基地")):
        kind = "ministry_institute"
    return Verdict(Tier.MINISTRY, kind, "ministry", Level.NATIONAL)


def behind_the_police(name: Name) -> Verdict | None:
    """A kindergarten, canteen or hospital behind a bureau's name is `affiliated`; a village committee or a museum is not."""
    if name.police_at < 0 or name.head_at < name.police_at:
        return None
    head, police = name.term_at(name.head_at), name.term_at(name.police_at)
    if police.tier is Tier.ACADEMY:
        return Verdict(Tier.ACADEMY, police.kind, "academy", police.level)
    if head.tier is Tier.AFFILIATED:
        return Verdict(Tier.AFFILIATED, head.kind, head.kind, Level.UNIT)
    if head.text in _SCHOOLS and police.tier is Tier.SPECIALISED:
        return Verdict(Tier.SPECIALISED, police.kind, police.kind, Level.UNIT)
    if head.text in _SCHOOLS and police.kind in {"police_training", "police", "police_academy"}:
        return Verdict(Tier.ACADEMY, "police_academy", "academy")
    if (name.organ_at >= 0 or police.sign is Sign.SPECIAL) and head.kind in _AFFILIATES:
        return Verdict(Tier.AFFILIATED, head.kind, f"bureau_{head.kind}", Level.UNIT)
    if head.kind in {"hospital", "sanatorium"} and police.kind in {"custody_administration", "police"}:
        return Verdict(Tier.AFFILIATED, f"police_{head.kind}", f"police_{head.kind}", Level.UNIT)
    return Verdict(Tier.OTHER, head.kind, f"{head.kind}_named_after_police")


def police_word_in_passing(name: Name) -> Verdict | None:
    """警察 in the middle of a name that has a trap in it (公共安全, 预警) and no bureau."""
    if name.police_at < 0 or name.organ_at >= 0 or Sign.TRAP not in name.signs:
        return None
    term = name.term_at(name.police_at)
    if term.kind == "police" and name.police_at < len(name.tokens) - 1:
        return Verdict(Tier.OTHER, "other", "trap")
    return None


def forensics_of_another_house(name: Name) -> Verdict | None:
    """A forensic centre behind a university, hospital or company is theirs, not a bureau's."""
    if name.organ_at >= 0 or name.police_at < 0 or not 0 <= name.head_at < name.police_at:
        return None
    head_term = name.term_at(name.head_at)
    if name.term_at(name.police_at).kind == "forensic_centre":
        return Verdict(Tier.OTHER, head_term.kind, head_term.kind)
    return None


def another_house(name: Name) -> Verdict | None:
    """法院, 检察院, 国家安全, 监狱, 城管 own what stands behind them (法院司法警察支队), unless 公安局 itself stands behind."""
    if name.police_at < 0 or Sign.AGAINST not in name.signs:
        return None
    houses = [i for i, token in enumerate(name.tokens) if token.term is not None and token.term.sign is Sign.AGAINST]
    if houses[-1] > name.police_at or name.organ_at < houses[0]:
        house = name.term_at(houses[-1])
        return Verdict(house.tier, house.kind, house.kind)
    return None


def fire_forces(name: Name) -> Verdict | None:
    """消防: public security until the hand-over of October 2018, `fire` since; a police station on 消防 Road is a police station."""
    if name.fire_at < 0 or (name.head_at >= 0 and name.police_at < 0):
        return None
    if name.police_at >= 0:
        behind_bureau = name.fire_at > name.organ_at >= 0 and name.fire_at >= name.police_at
        alone = name.organ_at < 0 and name.term_at(name.police_at).kind not in _STATIONS
        if not behind_bureau and not alone:
            return None
    if any(term.text == "消防救援" for term in name.terms):
        return _fire(name, "fire_rescue")
    return _fire(name, "forest_fire" if "forest_fire" in name.kinds else "fire_police")


def authority_behind_police(name: Name) -> Verdict | None:
    """Another authority written behind a police word stands for itself; 公安局禁毒办 is the bureau's."""
    if name.police_at < 0 or name.government_at <= name.police_at:
        return None
    later = name.term_at(name.government_at)
    if not _AUTHORITY.search(later.text) or (name.organ_at >= 0 and later.kind in _SEATED_IN_BUREAUS):
        return None
    return Verdict(Tier.OTHER, later.kind, later.kind)


def academy(name: Name) -> Verdict | None:
    """Police colleges and schools of provinces and cities."""
    if name.police_at < 0 or (term := name.term_at(name.police_at)).tier is not Tier.ACADEMY:
        return None
    return Verdict(Tier.ACADEMY, term.kind, "academy", term.level or name.place.level or Level.PROVINCE)


def police(name: Name) -> Verdict | None:
    """公安局 and the units known by name (交警, 看守所, 派出所): `specialised` by a term, a word beside the bureau or the Corps, else `organ`."""
    if name.police_at < 0:
        return None
    special = _special(name)
    kind = _kind(name)
    if special is not None:
        return Verdict(Tier.SPECIALISED, kind if kind not in _PLAIN else special, special)
    if name.place.corps or _of_the_corps(name):
        return Verdict(Tier.SPECIALISED, kind, "xpcc")
    return Verdict(Tier.ORGAN, kind, "organ" if name.organ_at >= 0 else name.term_at(name.police_at).kind)


def other_tier(name: Name) -> Verdict | None:
    """法院, 检察院, 国家安全, 监狱, 城管, 司法警官 schools: their own tiers."""
    against = name.of(Sign.AGAINST)
    return Verdict(against[0].tier, against[0].kind, against[0].kind) if against else None


def drug_rehabilitation(name: Name) -> Verdict | None:
    """戒毒 is justice (`prison`) unless 公安 is written."""
    if "drug_rehabilitation" not in name.kinds or name.head_at >= 0:
        return None
    if name.has_public_security_word:
        return Verdict(Tier.ORGAN, "drug_rehabilitation", "public_security_drug_rehabilitation", Level.UNIT)
    return Verdict(Tier.PRISON, "drug_rehabilitation", "justice_drug_rehabilitation")


def head(name: Name) -> Verdict | None:
    """Hospital, school, association, village committee: `other`; a school of 公安 is an academy."""
    if name.head_at < 0:
        return None
    term = name.term_at(name.head_at)
    if term.text in _SCHOOLS and name.has_public_security_word:
        return Verdict(Tier.ACADEMY, "police_academy", "academy")
    return Verdict(term.tier or Tier.OTHER, term.kind, term.kind)


def bare_word(name: Name) -> Verdict | None:
    """公安 without 局: 廊坊市公安交通…支队, 宜昌公安监管中心. In front of anything else it decides nothing."""
    if not name.has_public_security_word:
        return None
    others = [term for term in name.of(Sign.WORD) if term.text != "公安"]
    if others:
        return Verdict(Tier.ORGAN, others[-1].kind, "public_security_word", Level.UNIT)
    last = name.tokens[-1]
    if last.text == "公安":
        return Verdict(Tier.ORGAN, "public_security_bureau", "public_security_word")
    if last.term is not None and last.term.sign in {Sign.FORM, Sign.DEPARTMENT}:
        level = Level.SUB_BUREAU if last.text == "分局" else Level.UNIT
        return Verdict(Tier.ORGAN, "public_security_bureau", "public_security_word", level)
    return Verdict(Tier.OTHER, "other", "public_security_word_in_another_name")


def government(name: Name) -> Verdict | None:
    """Any other authority: `other`."""
    found = name.of(Sign.GOVERNMENT)
    return Verdict(Tier.OTHER, found[0].kind, found[0].kind) if found else None


def police_work(name: Name) -> Verdict | None:
    """Police work without 公安: enough where no other authority does it (网安, 经侦), or where it is a 支队 (治安支队)."""
    if Sign.WORD not in name.signs:
        return None
    squad = any(token.text[-2:] in _SQUADS for token in name.tokens)
    for index, token in enumerate(name.tokens):
        term = token.term
        if term is None or term.sign is not Sign.WORD:
            continue
        before = name.tokens[index - 1] if index else None
        if before is not None and before.term is None and before.place is None and not _PLACE_END.search(before.text):
            continue  # 市场|监管支队: the word belongs to what stands in front of it
        if term.text not in _SHARED or (squad and term.text not in _SHARED_EVEN_AS_SQUAD):
            tier = Tier.SPECIALISED if name.place.corps else Tier.ORGAN
            return Verdict(tier, term.kind, "police_work", Level.UNIT)
    return Verdict(Tier.OTHER, "other", "shared_word")


def law_enforcement(name: Name) -> Verdict | None:
    """综合行政执法局 right behind the place is the city's (`urban_management`); behind another word (交通, 文化市场) it is that authority's."""
    if "general_enforcement" not in name.kinds:
        return None
    first = next((t.term for t in name.tokens if not _is_zone(t)), None)
    if first is not None and first.kind == "general_enforcement":
        return Verdict(Tier.URBAN_MANAGEMENT, "urban_management", "general_enforcement")
    return Verdict(Tier.OTHER, "government", "other_enforcement")


def _is_zone(token: Token) -> bool:
    return (token.term is not None and token.term.kind == "zone") or (token.term is None and token.text.endswith("区"))


def misspelt(name: Name) -> Verdict | None:
    """安分局 right behind a district written in full is 公安分局 with a character lost."""
    tokens = name.tokens
    if name.place.written and not name.place.written[-1].short and [t.text for t in tokens[:2]] == ["安", "分局"]:
        return Verdict(Tier.ORGAN, "public_security_bureau", "misspelt", Level.SUB_BUREAU)
    return None


def trap(name: Name) -> Verdict | None:
    """Words that only look like public security: 电子警察, 公安村, 保安, 公共安全."""
    found = name.of(Sign.TRAP)
    return Verdict(Tier.OTHER, found[0].kind, "trap") if found else None


def person(name: Name) -> Verdict | None:
    """Two or three characters that begin with a surname, without term or place: a person, no tier."""
    if name.place.written or name.terms or not looks_like_a_person(name.text):
        return None
    return Verdict(None, None, "person")


def department_alone(name: Name) -> Verdict | None:
    """装备财务处, 办公室 alone: a department of an unknown house."""
    if Sign.DEPARTMENT not in name.signs or name.place.written or len(name.text) > 10:
        return None
    if name.signs <= {Sign.DEPARTMENT, Sign.FORM}:
        return Verdict(Tier.OTHER, "office", "department_alone")
    return None


def nothing(name: Name) -> Verdict:
    """No rule: `other`."""
    if name.tokens and name.tokens[0].text == "安全局":
        return Verdict(Tier.STATE_SECURITY, "state_security", "state_security")
    return Verdict(Tier.OTHER, "other", "no_rule")


RULES: tuple[Callable[[Name], Verdict | None], ...] = (
    company,
    title,
    armed_police,
    ministry,
    behind_the_police,
    police_word_in_passing,
    forensics_of_another_house,
    another_house,
    fire_forces,
    authority_behind_police,
    academy,
    police,
    other_tier,
    drug_rehabilitation,
    head,
    bare_word,
    government,
    police_work,
    law_enforcement,
    misspelt,
    trap,
    person,
    department_alone,
)


def decide(name: Name) -> Verdict:
    """The verdict of the first rule that answers."""
    for rule in RULES:
        verdict = rule(name)
        if verdict is not None:
            return verdict
    return nothing(name)


# ── what the rules share ─────────────────────────────────────────────────────────────────────────────────────────────


def _fire(name: Name, kind: str) -> Verdict:
    reform = name.reforms.get(kind)
    if reform is not None and name.on < reform.day:
        return Verdict(reform.before, kind, f"before_{reform.day.isoformat()}", Level.UNIT)
    return Verdict(Tier.FIRE, "fire_rescue" if kind == "fire_police" else kind, "fire")


def _special(name: Name) -> str | None:
    """Specialised by a term (缉私局), or by what stands beside 公安局 and 分局: 铁路, 机场, 森林."""
    for term in reversed(name.terms):
        if term.sign is Sign.SPECIAL:
            return term.kind
    organ_at = name.organ_at
    if organ_at < 0:
        return None
    for index, token in enumerate(name.tokens):
        if token.term is None or token.term.kind not in _BESIDE_BUREAU:
            continue
        after = name.tokens[index + 1].text if index + 1 < len(name.tokens) else ""
        if index < organ_at or after in _UNITS_AFTER:
            return _BESIDE_BUREAU[token.term.kind]
    before = name.prefix + name.text[name.place.end : name.tokens[organ_at].start]
    if before and ("民航" in before or "航空" in before):
        return "civil_aviation_police"
    if before and ("林业" in before or "国有林" in before or "园林" in before or "森工" in before):
        return "forest_police"
    return None


_REGIMENT = regex(r"(?:第?[0-9〇零一二三四五六七八九十百]{1,4}|兵)团(?:场)?$")


def _of_the_corps(name: Name) -> bool:
    """垦区 in Xinjiang or without a place, and the regiments (一四三团派出所), are the Corps', though it is not named."""
    if name.text.startswith(("师市", "师公安")):
        return True
    division = name.place.division
    if division is not None and not division.code.startswith("65"):
        return False
    return any(token.text == "垦区" or (token.term is None and _REGIMENT.search(token.text)) for token in name.tokens)


def _kind(name: Name) -> str:
    """The innermost term that names a kind of unit; a bureau otherwise."""
    kind = "public_security_bureau"
    for term in name.terms:
        if term.sign in {Sign.FORM, Sign.TRAP, Sign.GOVERNMENT, Sign.HEAD, Sign.FIRE} or term.text == "公安":
            continue
        if term.sign is Sign.DEPARTMENT and kind not in _PLAIN:
            continue
        if term.text == "公安分局" and kind != "public_security_bureau":
            continue
        kind = term.kind
    return kind
