"""Names of suppliers: cleaned, checked, consortia taken apart."""

from __future__ import annotations

import re
import string

from nlp.patterns import regex

_SUFFIX = (
    r"(?:公司|集团|厂|店|院|所|中心|社|部|行|大学|学院|学校|中学|小学|医院|事务所|工作室|商场|超市|商城|协会|学会|银行|支行|基地|农场|林场|农庄"
    r"|馆|站|队|总局|商会|合伙|[Ll]td\.?|LTD\.?|Inc\.?|GmbH|Corporation|Limited|LLC|联合体|京东|苏宁易购|个体工商户|经营户|合作联社|联社|园|研究会|基金会|报社|电视台|场|铺|坊|档|局|城)"
)
_BRACKETED = r"(?:\s?[（(【][^（）()【】]{1,24}[）)】])?"
ORGANISATION = regex(rf".{{2,}}{_SUFFIX}{_BRACKETED}", re.DOTALL)
_LOOKS_FIRM = regex(
    r"公司|集团|厂|中心|商行|经营部|研究院|事务所|大学|学院|[Ll]td|LTD|Inc|GmbH|合作社|工作室|医院|银行|商店|门市部|联合体|设计院"
)
_NOTE_WORDS = (
    r"联合体[^（）()]{0,12}|牵头(?:人|方|单位|企业)?|主(?:体|办)(?:方|单位)?|成员(?:单位|方|\d|[一二三])*|独立投标|小微企业|小型企业|中型企业|微型企业|中小企业|监狱企业"
    r"|排名第?[一二三\d]|第[一二三]名|中标|成交|盖章|公章|乙方|供应商|中标人|统一社会信用代码.*|.*代码[:：].*|非联合体|单独投标|原名.*|供货商|施工单位|设计单位|[主成]"
)
_NOTE = regex(rf"\s*[（(【\[]\s*(?:{_NOTE_WORDS})\s*[）)】\]]\s*")
_LEAD_LABEL = regex(
    r"^\s*(?:(?:[（(]?\d{1,2}[）).、．]|[①-⑩])\s*)?(?:(?:供应商|单位|公司)?(?:名\s?称|全称)\s*[:：]|联合体(?:牵头|主)?(?:人|方|单位|成员)?\d?\s*(?:名称)?\s*[:：]"
    r"|(?:牵头(?:人|方|单位)|成员(?:单位|方)?[\d一二三]?|主体|主办方|[主成](?:员|体)?|第[一二三四五]名|投标人|供应商)\s*[:：]|[:：]|为\s*|是\s*)\s*"
)
_ORDINAL = regex(r"^\s*(?:[（(]?\d{1,2}[）).、．]\s*|[①-⑩]\s*)")
_TRAIL = regex(
    r"(?:组成)?(?:的)?联合体$|(?:[\s。．;；,，、:：(（]|(?<!Ltd)(?<!LTD)(?<!Inc)(?<!Co)\.)+$|等\s?[\d一二三四五六七八九十]*\s?[家个](?:单位|公司|供应商)?$|(?<=公司)\s?[0-9A-Z]{15,18}$"
)
_TRAIL_LAST = frozenset(" 体。．;；,，、:：(（." + string.digits + string.ascii_uppercase)
"""The last characters of what is cut from the end of a name, beside 等五家公司."""
_BRACKETS = frozenset("（(【[")
_PARTNER = regex(r"[（(]\s*联合体(?:成员)?(?:单位|方)?\s*[:：]\s*([^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*)[)）]")
_AFTER_NOTE = regex(r"([（(](?:联合体)?(?:牵头|成员|主|成)[^（）()]{0,8}[)）])\s*(?=[^\s、；;，,和与及])")
_CUT = regex(
    r"(?=[\s;；,，。供中投成单公企注联通详办地法统组社电开合资项邮传])\s*(?:[;；,，。]?\s*(?:(?:供应商|中标人|投标人|中标单位|成交人|单位|公司|企业|注册|联系|通讯|详细|办公)?地\s?址|联\s?系\s?(?:人|电话|方式)|法定代表人|统一社会信用代码|组织机构代码|社会信用代码|电\s?话|开户"
    r"|(?:中标|成交|合同|投标)(?:总)?(?:金额|价|报价)|资质|注册号|项目经理|邮编|传真)\s*[:：]?)"
)
"""The characters in front are all that it can begin with: most names hold few of them."""
_SPLIT = regex(
    r"[、;；\n/／|]|(?<=公司)\s*[,，和与及+＋&]\s*|(?<=[）)])\s*[,，和与及]\s*|(?<=[院所厂部社行])[,，和与]\s*|(?<=公司)\s+(?=\S{4})"
)
_LAYOUT_SPACE = regex(r"(?<=[\u4e00-\u9fff（）()])\s+(?=[\u4e00-\u9fff（）()])")
_LEAD_PARTY = regex(r"[（(]主(?:体|办)?")
_NOT_A_NAME = regex(
    r"^(?:无|/|／|-+|—+|\\|暂无|没有|详见.*|见.*|空|null|undefined|none|N/?A|[*＊×xX]+|\d[\d.,，\s]*|.*(?:废标|流标|终止|不足三家|不足3家|弃标|失败).*|名称|地址|供应商(?:名称)?|以下.*|如下.*|同上|待定|\.+|…+)$",
    re.IGNORECASE,
)
_SENTENCE = regex(r"[。？！?!]|应当|可以|必须|不得|负责|提出|须(?!弥)|请于|请在|领取|报名|具有(?!限)|满足|符合|参加")


def is_placeholder(text: str) -> bool:
    """Whether a supplier cell or value says nothing: 无, /, 详见附件, 废标, a number."""
    value = text.strip(" \u3000:：。;；")
    return not value or _NOT_A_NAME.match(value) is not None


def is_organisation(text: str) -> bool:
    """Whether a text can be the name of a firm or institution."""
    return 4 <= len(text) <= 120 and ORGANISATION.fullmatch(text) is not None and _SENTENCE.search(text) is None


def looks_like_firm(text: str) -> bool:
    return 4 <= len(text) <= 160 and _LOOKS_FIRM.search(text) is not None and _SENTENCE.search(text) is None


def cut_value(text: str) -> str:
    """A label's value up to where the next fact begins."""
    match = _CUT.search(text, 2) if len(text) > 2 else None
    return text[: match.start()] if match else text


def clean_name(text: str) -> str:
    """One name without ordinals, labels, notes in brackets and closing marks. Brackets that belong to the name stay."""
    value = " ".join(text.split())
    before = None
    while before != value:
        before = value
        for lead in (_LEAD_LABEL, _ORDINAL):
            match = lead.match(value)
            if match is not None:
                value = value[match.end() :]
        if not _BRACKETS.isdisjoint(value):
            value = _NOTE.sub("", value)
        if value[-1:] in _TRAIL_LAST or "等" in value:
            value = _TRAIL.sub("", value)
        value = value.strip("\"'“”‘’「」 \u3000")
        if value and value[0] in "（(【" and value[-1:] in "）)】" and value.count(value[0]) == 1:
            value = value[1:-1]
    return value if " " not in value or value.isascii() else _inner_space(value)


def _inner_space(value: str) -> str:
    """White space between Chinese characters is layout; between Latin words it belongs to the name."""
    return _LAYOUT_SPACE.sub("", value)


def members_of(text: str) -> tuple[str, ...]:
    """The names in one supplier cell, lead first; empty where it names nobody."""
    value = cut_value(text.strip())
    if "（" in value or "(" in value:
        value = _AFTER_NOTE.sub(r"\1；", _PARTNER.sub(r"；\1", value))
    if is_placeholder(value):
        return ()
    pieces = [piece for piece in _SPLIT.split(value) if piece and piece.strip()]
    if len(pieces) > 1:
        lead = [p for p in pieces if "牵头" in p or _LEAD_PARTY.search(p)]
        pieces = lead[:1] + [p for p in pieces if not lead or p is not lead[0]]
        names = [clean_name(piece) for piece in pieces]
        good = [name for name in names if is_organisation(name)]
        if len(good) == len([n for n in names if n and not is_placeholder(n)]) and good:
            return tuple(dict.fromkeys(good))
        if good and all(len(n) <= 12 or n in good for n in names):
            # the rest is an address, a note or a person
            return tuple(dict.fromkeys(good))
    whole = clean_name(value)
    if is_placeholder(whole) or len(whole) > 120 or _SENTENCE.search(whole):
        return ()
    return (whole,)
