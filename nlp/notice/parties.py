"""Buyer, agency, end user and proposed supplier: whose names the page gives, cleaned of what stands around them."""

from __future__ import annotations

import re

from nlp.notice.labels import trailing_label
from nlp.notice.norm import Evened, even, missing, squeeze
from nlp.notice.pairs import Pair
from nlp.patterns import regex
from nlp.types import BlockKind, Document, PartyRole
from nlp.values import value

_HEAD = 2500
_NAME = r"[\u4e00-\u9fffA-Za-z0-9()·．\-—&.“”\"'\[\] ]"
_CUT = regex(
    r"[;。!?|¦\n]|[,，](?!.{0,3}Ltd)|(?<=\S)\s+(?=地\s?址|联\s?系|电\s?话|邮\s?编|传\s?真|名\s?称|项目|\d|\(?单位公章|\(?盖章|统一|法定)|(?:地址|联系人|联系电话|联系方式|电话)\s*:|"
    r"[一二三四五六七八九十]{1,3}、|\s\(?[一二三四五六七八九十\d]\)|具体由|&&&|(?<=[局院校处部会司])\s*\d{4}\s?年"
)
_REMARK = regex(
    r"\s*[(\[](?:公\s?章|盖\s?章|单位(?:公章|盖章)|签\s?章|甲方|乙方|采购人|采购单位|招标人|代理机构|以下简称.*|下称.*|简称.*|全称|牵头单位|签字.*|签名.*|章|盖单位章|单位名称|委托人|需方|买方)[)\]]?$"
)
_LEAD = regex(r"^(?:[:：,，.、;；\s\-_*]|名称\s*[:：]|为(?=[\u4e00-\u9fff]{3})|是(?=[\u4e00-\u9fff]{3}))+")
_HAN = regex(r"[\u4e00-\u9fff]")
_SENTENCE = regex(
    r"应当|应在|不得|不予|可以|须在|需在|已经|按照|根据|或者|提供的|以书面|不接受|详细|投标文件|招标文件|法定代表人|的规定|是指|之日起|提出|委托协议|对本|进行(?:公开|采购|招标)"
)
_PHONE_TAIL = regex(r"[\s,，、;；:：]*(?:1[3-9]\d{9}|0\d{2,3}[-—\s]?\d{7,8}|\d{7,8})(?:[-—\s\d]*)$")
_ORG_END = (
    "局", "厅", "院", "校", "学", "会", "部", "委", "中心", "处", "所", "队", "站", "馆", "司", "公司", "集团", "政府", "办公室", "办", "园", "厂", "社", "场", "室", "区", "库",
    "行", "局)", "署", "科", "组", "院)", "宫", "台", "团", "店", "城", "狱", "村", "党校", "乡", "镇", "总队", "支队", "大队", "联合社", "基地", "协会", "街道", "机关)", "本级",
    "事务部", "银行", "法院", "检察院", "幼儿园", "委员会", "合作社", "公安", "部队", "矿", "监管局", "集团)", "中学", "小学", "大学", "学院", "医院",
)  # fmt: skip
_WEAK = 4
"""From this rank on a label often stands before a person's name; only what ends like an organisation counts."""
_AGENT_WORDS = regex(
    r"招标|代理|咨询|造价|工程管理|项目管理|工程监理|拍卖|公共资源交易|政府采购中心|集中采购|采购服务中心|采购中心|交易中心|机电设备|招投标|国际招标|产权交易|采购有限|采购科技|技术服务有限公司"
)

_AGENT_OFFICE = regex(
    r"政府采购中心$|集中采购(?:机构|中心)$|公共资源交易|招标(?:代理|有限)|招标(?:投标)?中心$|代理有限公司$"
)

_INTRO = (
    # X受Y的委托 / X受Y委托
    regex(rf"(?:^|[\n。;,\s])(?P<agency>{_NAME}{{4,40}}?)\s*\(?(?:以下简称.{{2,12}}\))?(?:接受|受)\s*(?P<buyer>{_NAME}{{3,45}}?)\s*(?:\([^()]*?(?:以下|简称|采购人)[^()]*\))?\s*(?:的)?\s*委\s*托"),
    # 受Y的委托，X(代理机构)对…
    regex(rf"(?:^|[\n。;,\s])受\s*(?P<buyer>{_NAME}{{3,45}}?)\s*(?:的)?\s*委托\s*[,，]\s*(?P<agency>{_NAME}{{4,40}}?)(?:代理机构)?\s*(?:于|对|就|组织|现|以|在|负责|作为|采用|按)"),
    regex(rf"(?:招标人|项目业主|建设单位|采购人|发包人|业主)(?:单位)?\s*为\s*(?P<buyer>{_NAME}{{3,45}}?)\s*(?:\([^()]*\))?[,，。;]"),
    regex(rf"代理(?:机构|单位)\s*为\s*(?P<agency>{_NAME}{{4,45}}?)\s*[)）,，。;]"),
    regex(rf"[\n。;](?P<agency>{_NAME}{{4,40}}?(?:公司|中心))\s*受招标人的?委托"),
    # X采购中心对Y所需的…
    regex(rf"(?:^|[\n。;,])(?P<agency>{_NAME}{{2,30}}?(?:采购中心|交易中心|招标中心))\s*(?:于|对|就)[^。\n]{{0,20}}?(?<=[对就于日])(?P<buyer>{_NAME}{{3,30}}?(?:局|厅|院|委员会|学校|大学|中学|小学|中心|医院|政府|办公室|支队|总队|大队|处|所))(?:所需|需要)"),
    regex(rf"规定[,，]\s*(?P<buyer>{_NAME}{{3,40}}?(?:公司|局|委员会|政府|中心|学校|医院|院|处))\s*的\s"),
    regex(rf"(?:^|\n)(?P<buyer>{_NAME}{{3,40}}?)的{_NAME}{{2,60}}?(?:采购项目|项目)于.{{0,30}}?(?:结束|完成)"),
    regex(rf"(?:^|[\n。;,，日])(?P<buyer>{_NAME}{{3,30}}?(?:局|厅|院|委员会|学校|大学|中学|小学|中心|医院|政府|办公室|公司|支队|总队|大队|处|所))(?:就|对){_NAME}{{2,80}}?[,，、]?\s*(?:开设)?(?:项目)?进行(?:公开|邀请|竞争|询价|协议|国内|单一|自行|网上)"),
)  # fmt: skip
_INTRO_NEEDS: tuple[tuple[re.Pattern[str], ...], ...] = tuple(
    tuple(map(regex, needs))
    for needs in (
        ("受", "委", "托"), ("受", "委托"), ("为",), ("代理", "为"), ("受招标人",), ("中心", "需"), ("规定", "的"), ("的", "于"),
        ("进行(?:公开|邀请|竞争|询价|协议|国内|单一|自行|网上)",),
    )
)  # fmt: skip
"""Words without which the phrase of the same number is not there."""
_FACILITY = regex(r"(?:中心|医院|学校|中学|小学|学院|大学|幼儿园|博物馆|图书馆|研究所|研究院)$")
_WORKS = regex(r"工程|施工|装修|建设|改造|新建|设计|监理|EPC|总承包")
_TITLE_PAIR = regex(
    rf"^(?P<agency>{_NAME}{{4,40}}?(?:公司|中心))\s*关于\s*(?P<rest>.+?)(?:的)?(?:公开招标|竞争性|询价|单一来源|邀请|招标|采购|中标|成交|结果|更正|终止|废标|流标|合同|磋商|谈判)"
)
_ORG_IN_TITLE = regex(
    r"^(?:\[[^\[\]]{1,12}\]|【[^【】]{1,12}】|\([^()]{1,12}\)|关于|(?:为|替|给)(?=[\u4e00-\u9fff]{2,20}?(?:局|厅|院|校|所|队)(?:采购|购置|购买))|中标|成交|\d{4}年度?|\s)*"
    r"(?P<org>[\u4e00-\u9fff()·]{2,26}?(?:公安局|公安厅|分局|派出所|监狱|戒毒所|看守所|拘留所|支队|总队|大队|边检站|检察院|法院|管理局|委员会|人民政府|办事处|"
    r"幼儿园|大学|学院|中学|小学|医院|学校|中心|局|厅|集团有限公司|有限责任公司|有限公司|研究所|研究院|博物馆|图书馆)(?:[\u4e00-\u9fff]{1,10}?(?:分局|支队|大队|中队|总队|派出所|看守所|拘留所|警察局|本级|机关))?)"
)
_SIGN_DATE = regex(r"\s*(?:日\s*期\s*:?)?\s*(?:19|20)\d\d\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*\d{1,2}\s*日?\s*")


@value
class Named:
    """A name the page gives for a role. ``rule`` says how it was found; ``start`` is null for portal fields outside the text."""

    role: PartyRole
    name: str
    raw: str
    rule: str
    start: int | None = None
    end: int | None = None


def clean_org(raw: str) -> str | None:
    """The organisation's name without labels, addresses, telephone numbers, seals; null when the text names nobody."""
    text = even(raw)
    lead = _LEAD.match(text)
    offset = lead.end() if lead is not None else 0
    cut = _CUT.search(text, offset)
    end = cut.start() if cut is not None else len(text)
    value = raw[offset:end].strip()
    for _ in range(3):
        plain = even(value)
        remark = _REMARK.search(plain) if "(" in plain or "[" in plain else None
        shorter = value[: remark.start()] if remark is not None and remark.start() else value
        phone = _PHONE_TAIL.search(even(shorter)) if _may_end_phone(shorter) else None
        shorter = shorter[: phone.start()] if phone is not None and phone.start() else shorter
        shorter = shorter.strip(" \t,，、.:：;；-—_*")
        if shorter == value:
            break
        value = shorter
    value = _balance(value)
    if missing(value) or _HAN.search(value) is None or not 2 <= len(value) <= 70:
        return None
    if _SENTENCE.search(value) is not None or (_may_end_phone(value) and _PHONE_TAIL.fullmatch(value) is not None):
        return None
    return " ".join(value.split())


def _may_end_phone(value: str) -> bool:
    """Most names end in no figure; the pattern for numbers at the end is dear."""
    last = value[-1:]
    return last.isdecimal() or last.isspace() or last in {"-", "—", "－"}


def _balance(value: str) -> str:
    """A bracket that never opens ends the name; one that never closes is cut off, unless it holds most of the name."""
    depth = 0
    plain = even(value)
    if "(" not in plain and ")" not in plain:
        return value
    for index, char in enumerate(plain):
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth < 0:
                return value[:index].strip()
    if depth > 0:
        opener = plain.rfind("(")
        return value[:opener].strip() if opener > len(value) // 2 else value
    return value


def split_orgs(name: str) -> list[str]:
    """Several organisations in one field: each piece between separators must end like an organisation, else the field is one name."""
    if not any(mark in name for mark in "、,，;；/"):
        return [name]
    pieces = [piece.strip() for piece in re.split(r"[、,，;；/]", name) if piece.strip()]
    if len(pieces) > 1 and all(len(piece) >= 4 and even(piece).endswith(_ORG_END) for piece in pieces):
        return list(dict.fromkeys(pieces))
    return [name]


def from_pairs(pairs: list[Pair]) -> dict[PartyRole, Named]:
    """The best-ranked label of each role; a bare 名称 counts for the party its section is about."""
    best: dict[PartyRole, tuple[tuple[int, int], Named]] = {}
    for order, pair in enumerate(pairs):
        role, rank = _role(pair)
        if role is None:
            continue
        name = clean_org(pair.value)
        if name is None or (rank >= _WEAK and not even(name).endswith(_ORG_END)):
            continue
        known = best.get(role)
        key = (rank, order)
        if known is None or key < known[0]:
            start = pair.start + max(pair.value.find(name), 0)
            best[role] = (
                key,
                Named(role, name, pair.value, f"label:{pair.label}", start, min(start + len(name), pair.end)),
            )
    return {role: named for role, (_, named) in best.items()}


_ROLE_OF = {
    "buyer": PartyRole.BUYER,
    "agency": PartyRole.AGENCY,
    "end_user": PartyRole.END_USER,
    "proposed_supplier": PartyRole.PROPOSED_SUPPLIER,
}


def _role(pair: Pair) -> tuple[PartyRole | None, int]:
    if pair.kind in _ROLE_OF:
        return _ROLE_OF[pair.kind], 2 * pair.rank
    if pair.kind in {"_name", "_supplier_name"}:
        if pair.kind == "_supplier_name" and pair.context != "proposed_supplier":
            return None, 0
        role = _ROLE_OF.get(pair.context)
        return role, 0
    return None, 0


def from_sentences(plain: Evened) -> dict[PartyRole, Named]:
    """Names in the fixed phrases of older notices: ``X受Y的委托，就Z …``, ``招标人为X``."""
    head = plain.part(0, _HEAD)
    found: dict[PartyRole, Named] = {}
    for number, (pattern, needs) in enumerate(zip(_INTRO, _INTRO_NEEDS, strict=True)):
        match = pattern.search(head) if all(need.search(head) for need in needs) else None
        if match is None:
            continue
        groups = match.groupdict()
        for role, group in ((PartyRole.BUYER, "buyer"), (PartyRole.AGENCY, "agency")):
            if group not in groups or role in found:
                continue
            start, end = match.span(group)
            raw = plain.text[start:end]
            name = clean_org(raw)
            if name is None or len(name) < 4 or name in {"采购人", "招标人", "采购单位", "代理机构", "采购代理机构"}:
                continue
            if not even(name).endswith(_ORG_END):
                continue
            office = "agency" not in groups and _AGENT_OFFICE.search(name) is not None
            if office:
                # An office that buys for others is no buyer.
                role = PartyRole.AGENCY  # noqa: PLW2901 - what the name says beats what the phrase says
                if role in found:
                    continue
            found[role] = Named(
                role,
                name,
                raw,
                f"sentence:{number}",
                start + max(raw.find(name), 0),
                start + max(raw.find(name), 0) + len(name),
            )
    return found


def from_signature(document: Document, plain: Evened) -> dict[PartyRole, Named]:
    """Organisations that sign at the end, above the date: an agency by its trade, anyone else is the buyer."""
    blocks = [block for block in document.blocks if block.kind is not BlockKind.ROW]
    found: dict[PartyRole, Named] = {}
    text = document.text
    for index in range(len(blocks) - 1, max(len(blocks) - 30, 0), -1):
        if _SIGN_DATE.fullmatch(plain.part(blocks[index].start, blocks[index].end)) is None:
            continue
        for block in reversed(blocks[max(index - 3, 0) : index]):
            raw = text[block.start : block.end]
            name = clean_org(raw)
            if name is None or len(raw) > 45 or ":" in even(raw) or len(name) < 5 or not even(name).endswith(_ORG_END):
                break
            role = PartyRole.AGENCY if _AGENT_WORDS.search(name) is not None else PartyRole.BUYER
            found.setdefault(role, Named(role, name, raw, "signature", block.start, block.end))
        break
    return found


def from_title(title: str) -> dict[PartyRole, Named]:
    """The organisation a title begins with (``明川市公安局…采购``), and the agency of ``X公司关于Y的…公告``. The weakest witness."""
    found: dict[PartyRole, Named] = {}
    text = even(title)
    pair = _TITLE_PAIR.match(text)
    rest = text
    if pair is not None:
        name = clean_org(title[: pair.end("agency")])
        rest = pair.group("rest")
        if name is not None and _AGENT_WORDS.search(name) is not None:
            found[PartyRole.AGENCY] = Named(PartyRole.AGENCY, name, name, "title")
        else:
            rest = text
    match = _ORG_IN_TITLE.match(rest)
    if match is not None:
        name = match.group("org")
        following = rest[match.end("org") : match.end("org") + 1]
        works = _FACILITY.search(name) is not None and _WORKS.search(rest[match.end("org") :]) is not None
        if (
            len(name) >= 4
            and not works
            and following not in {"", "建", "楼", "大"}
            and _AGENT_WORDS.search(name) is None
        ):
            found[PartyRole.BUYER] = Named(PartyRole.BUYER, name, name, "title")
    return found


def same_name(left: str, right: str) -> bool:
    """Equality of names without spaces, width and kind of brackets."""
    return squeeze(even(left)) == squeeze(even(right))


def is_label(text: str) -> bool:
    """A value that is itself a label is a row of an empty form."""
    return trailing_label(even(text).rstrip(":")) is not None and len(squeeze(text)) <= 8
