"""Whether a page tells of the notice a list announced: a home page, a soft 404 and a note on maintenance do not.

A portal may answer 200 with anything. The list has said what the notice is called; of the words that are its own (not 采购, 公告, 项目 …) a
fair part stands in the notice, in its title or in its text.
"""

from __future__ import annotations

import html
import re
import unicodedata

from nlp.page_state import text_of

ENOUGH = 0.4
"""Part of the title's own words that must be found. The name of a bureau alone, on a page about another notice, is less."""
_GRAM = 4
_SCAN = 2_000_000
_ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")
_TAG = re.compile(r"<[^<>]*>")
_MARKS = re.compile(r"[\W_]+")
_COMMON = re.compile(
    r"政府采购|采购|项目|公开|邀请|招标|投标|竞争性|磋商|谈判|询价|比选|单一来源|中标|成交|候选人?|结果|公告|公示|通知|更正|变更|澄清|终止|废标|流标|失败|合同|意向|"
    r"验收|履约|资格|预审|入围|征集|服务|设备|货物|工程|购置|关于|第?[一二三四五六七八九十\d]+(?:包|标段|次)|[的及与和之等]"
)


def tells_of(title: str, body: bytes, content_type: str | None = None) -> bool:
    """True where the title has no words of its own: then nothing can be said against the page."""
    own = [piece for piece in _COMMON.split(_squeezed(title)) if len(piece) > 1]
    grams = [piece[at : at + _GRAM] for piece in own for at in range(max(len(piece) - _GRAM + 1, 1))]
    if not grams:
        return True
    text = _squeezed(_plain(text_of(body, content_type)))
    return sum(gram in text for gram in grams) >= ENOUGH * len(grams)


def _plain(text: str) -> str:
    """JSON writes a character as a backslash, u and four digits; JSON inside JSON doubles the backslash."""
    unescaped = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text[:_SCAN])
    return html.unescape(_TAG.sub("", unescaped))


def _squeezed(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()
