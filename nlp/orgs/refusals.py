"""What is no single organisation: empty, masked, a person, several parties, another script, a placeholder."""

from __future__ import annotations

from nlp.patterns import regex

_NAMES = r"(?:部|单位|部队|机关|局|厅|公司|用户|客户|采购人|院|校|地|军|研究所|中心|医院)"
_MASKED = regex(
    r"^(?:[*＊xX×✕某○〇●■□█▇?？.·…_\-—–\s]|XX+)+$"
    rf"|^某(?:些|个)?{_NAMES}?(?:单位|部队|机关)?$"
    r"|^[*＊]{2,}(?!公安|交警|看守)|[*＊]{3,}(?!公安|市|县|区|省|交警|看守)"
    r"|^(?:保密|涉密|匿名|不公开|不详|无|/|\\|-|暂无|采购单位)$"
    r"|^(?:军队|部队)?某(?:单位|部|部队|军区|基地)"
)
MASKED_PLACE = regex(r"^(?:[XxＸ×*＊]{1,4}|某)(?:省|市|县|区|州|地区)(?=.)")
"""某市公安局: the place is masked, the organ is not."""
TITLE = regex(r"(?:项目|工程|采购|公告|公示|招标|更正|合同|购置|建设|改造|询价|磋商|谈判|成交|中标|流标|废标)$")
_SEPARATORS = regex(r"[、;；\n]|(?<=[一-鿿)）])[,，/](?=[一-鿿])")
_ENUMERATED = regex(r"(?<![\d.])\d{1,2}\s*[、.．)）]\s*(?=[一-鿿])")
_ORG_END = regex(r"(?:局|厅|处|委|院|所|队|站|校|中心|公司|办|部|会|府|室|集团|馆|社|厂|行|店|园|大学|[)）])\s*$")
_PERSON_TITLE = regex(r"^[一-鿿]{1,3}(?:先生|女士|老师|同志|警官|主任|经理|科长|处长|局长|工)$")
_PERSON_DOTTED = regex(r"^(?!.*(?:局|厅|处|院|公司|部|队|所|中心|学|会))[一-鿿]{1,8}(?:·[一-鿿]{1,8})+$")
_OTHER_SCRIPT = regex(r"[\u0600-\u06ff\u0f00-\u0fff\u1800-\u18af]")
_HAN = regex(r"[一-鿿]")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)


_DOUBLE_SURNAMES = frozenset(
    {
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "司徒",
        "皇甫",
        "夏侯",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "东方",
        "南宫",
        "端木",
        "轩辕",
        "宇文",
        "长孙",
    }
)


_MASKED_FIRST = frozenset("某保涉匿不无暂采军部")
"""What a masked name without marks begins with."""
_TITLED = 5
"""A person with a title has so many characters at most."""


def refusal(raw: str, text: str) -> str | None:
    """The reason why ``text`` (mended from ``raw``) is not one organisation, or null."""
    if len(text) > _TITLED and text[0] not in _MASKED_FIRST and "一" <= text[0] <= "鿿" and text.isalpha():
        return None  # a plain name, as most are: no mark masks, separates or joins anything in it
    if not text:
        return "masked" if raw.strip(" \t\r\n") and _MASKED.search(raw.strip()) else "empty"
    if _MASKED.search(text) and not MASKED_PLACE.match(text):
        return "masked"
    if not _HAN.search(text):
        if _OTHER_SCRIPT.search(text):
            return "other_script"
        return "latin" if any(char.isalpha() for char in text) else "no_name"
    if _SEPARATORS.search(text) and not TITLE.search(text) and len(split_parties(text)) > 1:
        return "several"
    if _PERSON_TITLE.match(text) or _PERSON_DOTTED.match(text):
        return "person"
    return None


def looks_like_a_person(text: str) -> bool:
    """Two or three characters that begin with a common surname (four with a double one); asked only where no term and no place is in the name."""
    return (2 <= len(text) <= 3 and text[0] in _SURNAMES) or (3 <= len(text) <= 4 and text[:2] in _DOUBLE_SURNAMES)


_CONTACT_PERSON = regex(r"(?<=[局厅处院所队司心室部])\s+([一-鿿]{2,3})\s*\Z")


def without_contact(text: str) -> str:
    """公安局 张三: the person behind an organisation's name is cut."""
    match = _CONTACT_PERSON.search(text)
    if match and looks_like_a_person(match[1]) and not _ORG_END.search(match[1]):
        return text[: match.start()]
    return text


def ends_like_an_org(text: str) -> bool:
    """Whether the last word is one organisations end in (局, 院, 公司 …)."""
    return bool(_ORG_END.search(text))


def split_parties(text: str) -> tuple[str, ...]:
    """The parties of a field: cut at 、 ； / and the like where an organisation's name ends before the mark."""
    text = _ENUMERATED.sub("\n", text)
    parts: list[str] = []
    start = 0
    depth = 0
    for position, char in enumerate(text):
        if char in "(（【[":
            depth += 1
        elif char in ")）】]":
            depth = max(0, depth - 1)
        elif (
            depth == 0 and char in "、;；,，/\n" and len(text) - position > 3 and _ORG_END.search(text, start, position)
        ):
            parts.append(text[start:position].strip())
            start = position + 1
    parts.append(text[start:].strip())
    return tuple(part for part in parts if len(part) > 2)
