"""The spelling of a name before it is read: width, spaces, brackets, contacts, known misspellings."""

from __future__ import annotations

import re

from nlp.orgs.refusals import without_contact
from nlp.patterns import regex
from nlp.text import normalise
from nlp.values import value

MAXIMUM = 400
"""Longest text read as a name, in characters; what is longer is a paragraph, and only its beginning is looked at."""

_CHINESE_ONLY = regex(r"[一-鿿]+\Z")
_SPACE_BESIDE_CHINESE = regex(r"(?<=[一-鿿()（）])\s+|\s+(?=[一-鿿()（）])")
_INITIALS = regex(
    r"(?<![A-Za-z])([SXQ]?)\s?G\s?A\s?([JTB])(?![A-Za-z\s])|(?<![A-Za-z])([SXQ]?)\s?G\s?A\s?([JTB])\s*\Z", re.IGNORECASE
)
_LETTERED = regex(
    r"(?<![A-Za-z])GA(局|厅|分局)|[GＧ]\s*安\s*(局|厅|处|分局)|公\s*A\s*(局|厅)|公an(局|厅)", re.IGNORECASE
)
_REPEATED = regex(r"(?:公安){2,}(?=[局厅处分])|公(?=公安[局厅处分])|公安(?=安局)")
_CONTACT = regex(
    r"\s*[,，;；:：。、]?\s*(?:联系人|联系方式|联系电话|联系地址|项目联系|电\s*话|手\s*机|传\s*真|地\s*址|邮\s*编|邮箱|统一社会信用代码|信用代码|纳税人识别号)\s*[:：]?.*\Z|"
    r"\s*(?:\d{3,4}[-—\s]?)?\d{7,8}\s*\Z|\s*1[3-9]\d{9}\s*\Z",
    re.DOTALL,
)
_LABEL = regex(
    r"\A\s*(?:采购人|采购单位|招标人|建设单位|使用单位|业主|单位|甲\s*方|需方|买方|委托人|发包人|名\s*称)(?:单位|名称)?\s*(?:[(（][^)）]{0,12}[)）])?\s*[:：]\s*"
)
_NUMBERED = regex(r"\A(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、．)]\s*(?=[一-鿿])")
_JOINED = regex(r"(?<=[局厅处院])[-_·—]+(?=[一-鿿])")
_BRACKETS = regex(r"[(\[【〔<《]([^()\[\]【】〔〕<>《》]*)[)\]】〕>》]")
_EDGE = " \t\r\n\u3000,，;；:：。.、'\"“”‘’·-_/|*"
_SAME_LEVEL = regex(
    r"本级|机关|本部|盖章|公章|单位公章|签章|局机关|厅机关|新|原|全称|简称|以下简称.*|甲方|采购人|集采机构|\d+"
)
_LETTER_NAMES = {"J": "公安局", "T": "公安厅", "B": "公安部"}


@value
class Spelling:
    """``text`` is the name without brackets; ``inside`` what stood in them, markers such as 本级 left out."""

    text: str
    inside: tuple[str, ...] = ()
    placeholder: bool = False
    """Nothing but a marker was written: （盖章）."""


_INITIAL_PLACES = {"S": "市", "X": "县", "Q": "区", "": ""}


def _initials(match: re.Match[str]) -> str:
    """GAJ, SGAJ: the initials of 公安局, 市公安局."""
    place = (match[1] or match[3] or "").upper()
    return _INITIAL_PLACES[place] + _LETTER_NAMES[(match[2] or match[4]).upper()]


def _lettered(match: re.Match[str]) -> str:
    return "公安" + (match[1] or match[2] or match[3] or match[4])


def spell(name: str) -> Spelling:
    """Mend the spelling of a name. Pure Chinese names, the common case, pass through at once."""
    if _CHINESE_ONLY.match(name) and len(name) <= MAXIMUM:
        text = _doubled(_REPEATED.sub("", name) if "公公安" in name or "安安局" in name or "公安公安" in name else name)
        return Spelling(text.removesuffix("本级") or text)
    text = normalise(name[:MAXIMUM]).text.strip()
    text = text.replace("（", "(").replace("）", ")")
    text = _LABEL.sub("", text, count=1) if ":" in text or "：" in text else text
    text = _NUMBERED.sub("", text, count=1)
    text = _CONTACT.sub("", text)
    text = _SPACE_BESIDE_CHINESE.sub("", without_contact(text))
    text = _JOINED.sub("", text)
    if "GA" in text.upper().replace(" ", "") and "公司" not in text:
        text = _INITIALS.sub(_initials, text)
    text = _LETTERED.sub(_lettered, text)
    text = _REPEATED.sub("", text)
    inside: list[str] = []
    had_brackets = False
    while match := _BRACKETS.search(text):
        had_brackets = True
        content = match[1].strip(_EDGE)
        if content and not _SAME_LEVEL.fullmatch(content):
            inside.append(content)
        text = text[: match.start()] + text[match.end() :]
    cut = min((at for at in (text.find("("), text.find(")")) if at >= 0), default=-1)
    if cut >= 0:
        # An unclosed bracket: what follows it is as good as inside.
        content = text[cut + 1 :].strip(_EDGE + "()")
        if content and not _SAME_LEVEL.fullmatch(content):
            inside.append(content)
        text = text[:cut]
    text = text.strip(_EDGE)
    if not text and inside:
        text, *inside = inside
    text = _doubled(text)
    text = text.removesuffix("本级").rstrip(_EDGE) or text
    return Spelling(text, tuple(inside), placeholder=not text and had_brackets)


def _doubled(text: str) -> str:
    """A name written twice in a row is written once; 公安局机关 is 公安局."""
    if text.endswith(("局机关", "厅机关", "局本部", "厅本部")):
        text = text[:-2]
    half, odd = divmod(len(text), 2)
    return text[:half] if not odd and half >= 4 and text[:half] == text[half:] else text
