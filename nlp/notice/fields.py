"""The fields of a notice, chosen among witnesses: portal fields, values the markup names, labels of the body, phrases, the title."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from nlp.money import parse_money
from nlp.notice.dates import STATED_DATE, DateReading, parse_date
from nlp.notice.norm import Evened, even, missing, squeeze
from nlp.notice.notice_type import NO_TITLE, STAGE_OF, method_of, notice_type, type_of_title
from nlp.notice.pairs import Pair, read_pairs
from nlp.notice.parties import Named, clean_org, from_pairs, from_sentences, from_signature, from_title, same_name
from nlp.notice.project_no import clean_project_no
from nlp.patterns import regex
from nlp.types import BlockKind, Document, Issue, Notice, NoticeType, PartyRole
from nlp.values import value

if TYPE_CHECKING:
    import datetime as dt

    from nlp.notice.profile import PortalProfile
    from nlp.notice.source import Fact, Source

CODES: dict[str, str] = {
    "code-00004": "project_no",
    "code-00003": "project_name",
    "code-AM01400034": "budget",
    "code-00014": "buyer",
    "code-00009": "agency",
    "code-purchaseProjectName": "project_name",
    "code-budgetPrice": "budget",
    "noticePurchase-purchaserOrgName": "buyer",
    "noticeAgency-agencyName": "agency",
    "releaseDateSpan": "published",
}
_LIST_CODES = ("code-purchaseProjectName", "code-budgetPrice")
"""Columns of an intention: with several rows none of them speaks for the notice."""
_INTRO_NO = regex(
    r"(?:项目|招标|采购|标段|文件|询价|竞价)(?:项目)?(?:编号|代码|编码)\s*:?\s*(?P<no>[^\s,，。;)（(]{1,4}[^，。;\n]{2,60})"
)
_LONE_NO = regex(r"^\s*\(?\s*编\s*号\s*:\s*(?P<no>[^,，。;\n]{3,50}?)\)?\s*$", re.MULTILINE)
_INTRO_NAMES = (
    regex(
        r"(?:委托|委\s托)\s*[,，]?.{0,60}?(?:就|对|现对|现就|组织|拟就)\s*(?:其)?(?P<name>[^,，。;\n]{4,100}?)\s*(?:采购项目|项目)?\s*(?:\((?:采购)?(?:项目|招标)编号|进行|组织采购|采用|以|实施|[,，])"
    ),
    regex(r"本(?:招标|采购)?项目\s*(?P<name>[^,，。;\n]{4,90}?)\s*(?:\([^()]*\)\s*)?(?:已由|已经|经.{2,20}批准|业主)"),
)
_TITLE_LEAD = regex(r"^(?:[\[【][^\[\]【】]{1,12}[\]】]\s*)+")
_TITLE_AGENCY = regex(r"[\u4e00-\u9fff()]{4,40}?(?:公司|中心)关于")
_TITLE_TAIL = regex(
    r"(?:的)?[\-—_\s]*[\[【(]?(?:(?:公开|邀请|国内|国际)?招标|竞争性(?:磋商|谈判)|竞争性|磋商|谈判|询价|单一来源(?:采购)?|资格预审|比选|(?:采购)?(?:结果|更正|变更|终止|废标|流标|合同)|成交|中标(?:候选人)?|中选|"
    r"采购|招标|文件公开征询意见|文件(?:征求|征询)意见|采购需求(?:征求意见|公示)|意向)*(?:\(.{1,4}\))?(?:结果|成交|中标|更正|变更|终止|失败|候选人)*(?:的)?(?:公告|公示|通知书?|邀请(?:函|书)?)(?:[\[\]【】()（）].{0,20}|\d{0,8})?$"
)
_TITLE_NOISE = regex(
    r"首页|当前位置|您的位置|>|》|打印|关闭|字\s?号|字体|发布时间|信息时间|来源\s*:|阅读次数|访问次数|浏览|分享|公告概要|公告信息|收藏|上一篇|下一篇|目\s?录|金额$|\.{5,}"
)
_OPENING = regex(r"开标|开启")
_TITLE_SCAN = 14
_MIN_TITLE = 8
_RUN_IN_TITLE = regex(r"(?:^|\s)(?!\d)(?P<title>[^\s,，。;:]{8,80}?(?:公告|公示))")
_DATE_TAIL = 25
_LINE_DATE = regex(
    r"\s*(?:日\s*期\s*:?)?\s*(?:(?:19|20)\d\d\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*\d{1,2}\s*日?|[二][〇零○O一二三四五六七八九]{3}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日)\s*"
)


@dataclass(slots=True)
class Draft:
    """A notice without its items: the fields, the parties by name, what a person should know."""

    notice: Notice
    parties: list[Named] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    suppliers: list[str] = field(default_factory=list)
    """Winners that the portal's record names outside the body."""


@value
class _Candidate:
    """``order`` sorts within a rank. ``label`` carries the unit of a money label."""

    rank: int
    order: int
    value: str
    label: str = ""
    unit: str | None = None
    rule: str = ""


class _Witnesses:
    """Everything that was said about each kind, best first."""

    def __init__(self, source: Source, pairs: list[Pair]) -> None:
        self.by_kind: dict[str, list[_Candidate]] = {}
        for order, fact in enumerate(source.facts):
            self.add_fact(order, fact)
        hinted = source.document.hinted
        lists = {code for code in _LIST_CODES if sum(span.code == code for span in hinted) > 1} if hinted else set()
        for order, span in enumerate(hinted):
            kind = CODES.get(span.code)
            if kind is not None and span.code not in lists:
                self.add(
                    kind,
                    _Candidate(-5, order, span.text, rule=f"code:{span.code}", unit="元" if kind == "budget" else None),
                )
        for order, pair in enumerate(pairs):
            if pair.kind == "_time" and _OPENING.search(pair.section) is not None:
                self.add("opening", _Candidate(1, order, pair.value, rule=f"label:{pair.label}"))
            if not pair.kind.startswith("_"):
                rank = 2 * pair.rank + (4 if pair.vertical else 0)
                self.add(
                    pair.kind, _Candidate(rank, order, pair.value, pair.label + pair.remark, rule=f"label:{pair.label}")
                )
        for candidates in self.by_kind.values():
            candidates.sort(key=lambda candidate: (candidate.rank, candidate.order))

    def add(self, kind: str, candidate: _Candidate) -> None:
        self.by_kind.setdefault(kind, []).append(candidate)

    def add_fact(self, order: int, fact: Fact) -> None:
        self.add(fact.kind, _Candidate(fact.rank, order, fact.value, unit=fact.unit, rule="portal"))

    def of(self, kind: str) -> list[_Candidate]:
        return self.by_kind.get(kind, [])

    def text(self, kind: str) -> str | None:
        """The best value that is no placeholder."""
        return next((" ".join(c.value.split()) for c in self.of(kind) if not missing(c.value)), None)


def read_fields(source: Source, profile: PortalProfile | None, portal: str | None, url: str | None) -> Draft:
    """The draft of a notice from its source. ``portal`` is the id as given, known or not."""
    document = source.document
    plain = Evened(document.text)
    pairs = read_pairs(document, plain)
    said = _Witnesses(source, pairs)
    issues: list[Issue] = list(source.issues)
    title = source.title or said.text("title") or title_of(document, plain)
    kind = notice_type(title, source.type_labels, document.text)
    if kind is None:
        issues.append(Issue("type_unknown", "neither title nor body says what kind of notice this is", "type"))
    number, number_raw = _project_no(said, plain, title)
    published = _published(said, document, plain)
    name = _project_name(said, plain, title)
    # A decision on a complaint begins with the office that decides, not with the buyer.
    parties, party_issues = _parties(said, pairs, document, plain, title if kind is not NoticeType.COMPLAINT else None)
    issues.extend(party_issues)
    budget = _money(said, "budget")
    ceiling = _money(said, "ceiling")
    total = _money(said, "award_total")
    method_raw = said.text("method")
    method = method_of(method_raw) or method_of(title) or method_of(" ".join(source.type_labels))
    if published is None:
        issues.append(Issue("published_missing", "no date of publication found", "published_on"))
    notice = Notice(
        portal=portal,
        source_id=source.source_id,
        url=url or source.url,
        page_url=source.page_url,
        title=title,
        type=kind,
        type_raw=source.type_labels[0] if source.type_labels else None,
        stage=STAGE_OF.get(kind) if kind is not None else None,
        published_on=published.on if published is not None else None,
        published_at=published.at if published is not None else None,
        published_raw=published.raw if published is not None else None,
        opening_on=_day(said, "opening"),
        award_on=_day(said, "award_date"),
        signed_on=_day(said, "signed"),
        first_notice_on=_day(said, "first_notice"),
        project_no=number,
        project_no_raw=number_raw,
        project_name=name,
        contract_no=_contract_no(said),
        method=method,
        method_raw=method_raw,
        region_code=source.region_code or (profile.region_code if profile is not None else None),
        region_raw=said.text("region"),
        category_raw=said.text("category"),
        budget_cny=budget[0],
        budget_raw=budget[1],
        ceiling_cny=ceiling[0],
        ceiling_raw=ceiling[1],
        award_total_cny=total[0],
        award_total_raw=total[1],
    )
    suppliers = [name for c in said.of("supplier") if (name := clean_org(c.value)) is not None]
    return Draft(notice, parties, issues, pairs, suppliers)


# ── title ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def title_of(document: Document, text: Evened) -> str | None:
    """The title among the first lines: one to three lines that together name a kind of notice, or the line above the date of publication."""
    lines: list[str] = []
    for block in document.blocks[:_TITLE_SCAN]:
        line = document.text[block.start : block.end]
        plain = text.part(block.start, block.end)
        if len(lines) == 1 and len(lines[0]) >= _MIN_TITLE and STATED_DATE.search(plain) is not None:
            return lines[0]
        if (
            block.kind is BlockKind.ROW
            or _TITLE_NOISE.search(plain) is not None
            or _LINE_DATE.fullmatch(plain) is not None
        ):
            if lines:
                break
            continue
        if len(line) < (2 if lines else 4):
            continue
        if _no_title(plain):
            if lines:
                break
            if ":" in plain and len(line) < 60:
                continue
            return _run_in_title(text)
        lines.append(line)
        joined = "".join(lines)
        if len(joined) > 6 and _ends_as_title(joined):
            return joined
        if len(lines) == 3:
            break
    return None


def _no_title(plain: str) -> bool:
    if len(plain) > 150 or "。" in plain or plain.startswith("一、"):
        return True
    if ":" in plain and "(" not in plain:
        return True
    return len(plain) > 60 and ("," in plain or "，" in plain)


def _run_in_title(plain: Evened) -> str | None:
    """The title of a page that was flattened to one line: words up to the first 公告, between blanks."""
    match = _RUN_IN_TITLE.search(plain.part(0, 600))
    if match is None:
        return None
    title = plain.text[match.start("title") : match.end("title")]
    return title if _ends_as_title(title) and NO_TITLE.search(title) is None else None


_TITLE_END = regex(r"公告|公示|通知|文件|公开|邀请|说明|合同|书$|函$|公布|意见")
_OUTCOME_END = regex(r"(?:结果|中标|成交)(?:[(（].{1,8}[)）])?$")
_MIN_OUTCOME = 12


def _ends_as_title(text: str) -> bool:
    """A title names its kind at its end; ``中标（成交）信息`` and other headings of sections do not."""
    squeezed = squeeze(even(text))
    if _TITLE_END.search(squeezed[-14:]) is None and (
        len(squeezed) < _MIN_OUTCOME or _OUTCOME_END.search(squeezed) is None
    ):
        return False
    return type_of_title(text) is not None


# ── numbers, names ───────────────────────────────────────────────────────────────────────────────────────────────────


def _project_no(said: _Witnesses, document: Evened, title: str | None) -> tuple[str | None, str | None]:
    for candidate in said.of("project_no"):
        if missing(candidate.value):
            continue
        number = clean_project_no(candidate.value)
        if number is not None:
            return number, " ".join(candidate.value.split())[:200]
    for text, plain in ((title or "", even(title or "")), (document.text, document.part(0, 3000))):
        for pattern in (_INTRO_NO, _LONE_NO):
            match = pattern.search(plain)
            if match is not None:
                raw = text[match.start("no") : match.end("no")]
                number = clean_project_no(raw)
                if number is not None:
                    return number, raw
    return None, None


def _contract_no(said: _Witnesses) -> str | None:
    for candidate in said.of("contract_no"):
        if not missing(candidate.value):
            number = clean_project_no(candidate.value)
            if number is not None:
                return number
    return None


_LONG_NAME = 80
_NAME_OWN_END = regex(r"(?<=.{8})(?:采购项目|项目)")
_NAME_END = regex(
    r"[;。\n]|\s?[一二三四五六七八九十]{1,3}、|\((?:采购)?(?:项目|招标|文件)?编号|\((?:采购|招标)方式|\s*\d+\s*[.、]\s*(?=[\u4e00-\u9fff]{2,8}:)"
)


def _project_name(said: _Witnesses, document: Evened, title: str | None) -> str | None:
    for candidate in said.of("project_name"):
        name = clean_project_name(candidate.value)
        if name is not None:
            return name
    plain = document.part(0, 2000)
    for pattern in _INTRO_NAMES:
        match = pattern.search(plain)
        if match is not None:
            name = clean_project_name(document.text[match.start("name") : match.end("name")])
            if name is not None:
                return name
    return name_of_title(title) if title else None


def name_of_title(title: str) -> str | None:
    """The project a title is about: without the agency before 关于, the bracketed place before it, and the kind of notice behind it."""
    text = _TITLE_LEAD.sub("", title.strip())
    agency = _TITLE_AGENCY.match(even(text))
    if agency is not None:
        text = text[agency.end() :]
    end = _TITLE_TAIL.search(even(text))
    if end is None or end.start() < _MIN_TITLE - 2:
        return None
    name = text[: end.start()].rstrip("的-—_ :：")
    return name if len(name) >= _MIN_TITLE - 2 else None


def clean_project_name(value: str) -> str | None:
    """The name without the heading or bracket that follows it; null for placeholders."""
    end = _NAME_END.search(even(value))
    name = " ".join((value[: end.start()] if end is not None else value).split()).strip(" :：,，;；、")
    plain = even(name)
    if plain.count("(") > plain.count(")") and plain.rfind("(") > len(plain) * 2 // 3:
        name = name[: plain.rfind("(")].strip()
    name = name.rstrip(".。 ")
    if len(name) > _LONG_NAME:
        # A page flattened to one line: the name ends with its own last word.
        own = _NAME_OWN_END.search(name)
        name = name[: own.end()] if own is not None else name
    return None if missing(name) or len(name) < 2 or len(name) > 300 else name


# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _published(said: _Witnesses, document: Document, plain: Evened) -> DateReading | None:
    late: DateReading | None = None
    for candidate in said.of("published"):
        reading = parse_date(candidate.value)
        if reading is None or reading.on is None:
            continue
        if candidate.rule.startswith("label:") and candidate.rank >= 2:
            late = late or (reading if candidate.rank < 4 or reading.start <= 1 else None)
            continue
        return _with_time(reading, said)
    stated = STATED_DATE.search(plain.part(0, 4000))
    if stated is not None:
        reading = parse_date(stated.group("date"))
        if reading is not None and reading.on is not None:
            return reading
    return _signed_date(document) or late


def _with_time(reading: DateReading, said: _Witnesses) -> DateReading:
    """A day is completed by another witness that gives the hour of the same day."""
    if reading.at is not None:
        return reading
    for candidate in said.of("published"):
        other = parse_date(candidate.value)
        if other is not None and other.at is not None and other.on == reading.on:
            return other
    return reading


def _signed_date(document: Document) -> DateReading | None:
    """The date that stands alone at the end of a notice."""
    for block in reversed(document.blocks[-_DATE_TAIL:]):
        line = document.text[block.start : block.end]
        if len(line) <= 30 and _LINE_DATE.fullmatch(even(line)) is not None:
            reading = parse_date(line)
            if reading is not None and reading.on is not None:
                return reading
    return None


def _day(said: _Witnesses, kind: str) -> dt.date | None:
    for candidate in said.of(kind):
        reading = parse_date(candidate.value)
        if reading is not None and reading.on is not None:
            return reading.on
    return None


# ── money ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _money(said: _Witnesses, kind: str) -> tuple[Decimal | None, str | None]:
    """Amount and raw text of the best witness that gives one. Zero is what portals print for "not stated"."""
    raw: str | None = None
    for candidate in said.of(kind):
        if missing(candidate.value):
            continue
        value = candidate.value
        unit_of_label = candidate.label
        money = parse_money(value, unit_of_label or None, candidate.unit)
        raw = raw or " ".join(value.split())[:200]
        if money.cny is not None and money.cny > 0:
            return money.cny, " ".join(value.split())[:200]
    return None, raw


# ── parties ──────────────────────────────────────────────────────────────────────────────────────────────────────────


_KIND_OF_ROLE = (
    (PartyRole.BUYER, "buyer"),
    (PartyRole.AGENCY, "agency"),
    (PartyRole.END_USER, "end_user"),
    (PartyRole.PROPOSED_SUPPLIER, "proposed_supplier"),
)


def _parties(
    said: _Witnesses, pairs: list[Pair], document: Document, plain: Evened, title: str | None
) -> tuple[list[Named], list[Issue]]:
    chosen: dict[PartyRole, Named] = {}
    issues: list[Issue] = []
    labelled = from_pairs(pairs)
    for role, kind in _KIND_OF_ROLE:
        named = _coded(said, kind, role, document) or labelled.get(role) or _portal(said, kind, role)
        if named is not None:
            chosen[role] = named
    if not {PartyRole.BUYER, PartyRole.AGENCY} <= chosen.keys():
        # Phrases and signatures cost more to look for, and are only needed where no label speaks.
        for found in (from_sentences(plain), from_signature(document, plain)):
            for role, named in found.items():
                chosen.setdefault(role, named)
    if PartyRole.BUYER not in chosen and title:
        guess = from_title(title)
        if PartyRole.BUYER in guess:
            chosen[PartyRole.BUYER] = guess[PartyRole.BUYER]
            issues.append(Issue("buyer_from_title", "the buyer is only named in the title", "parties"))
        if PartyRole.AGENCY not in chosen and PartyRole.AGENCY in guess:
            chosen[PartyRole.AGENCY] = guess[PartyRole.AGENCY]
    buyer, agency = chosen.get(PartyRole.BUYER), chosen.get(PartyRole.AGENCY)
    if buyer is not None and agency is not None and same_name(buyer.name, agency.name):
        del chosen[PartyRole.AGENCY]
    if PartyRole.BUYER not in chosen:
        issues.append(Issue("buyer_missing", "no buyer found", "parties"))
    return list(chosen.values()), issues


def _coded(said: _Witnesses, kind: str, role: PartyRole, document: Document) -> Named | None:
    for candidate in said.of(kind):
        if not candidate.rule.startswith("code:"):
            continue
        name = clean_org(candidate.value)
        if name is not None:
            start = document.text.find(candidate.value)
            return Named(
                role,
                name,
                candidate.value,
                candidate.rule,
                start if start >= 0 else None,
                start + len(name) if start >= 0 else None,
            )
    return None


def _portal(said: _Witnesses, kind: str, role: PartyRole) -> Named | None:
    for candidate in said.of(kind):
        if candidate.rule == "portal":
            name = clean_org(candidate.value)
            if name is not None:
                return Named(role, name, candidate.value, "portal")
    return None


def is_award(kind: NoticeType | None) -> bool:
    """Types whose record may name winners."""
    return kind in {NoticeType.AWARD, NoticeType.EMALL_ORDER, NoticeType.CONTRACT, NoticeType.FRAMEWORK}
