"""# Object of a forensic tool

**Definition.** A tool reads, unlocks, recovers or recognises devices of the brand: 支持苹果、三星手机数据提取.
**Role.** `target`.
**Example.** `支持对小米、苹果手机进行锁屏密码破解`.
**Exclusions.** The brand of the tool itself (采购Cellebrite手机取证设备): no word of support or object before it.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_FORENSIC: Final = regex(
    r"取证|提取|破解|解锁|解密|绕过|镜像获取|数据恢复|视频恢复|密码获取|免密|嫌疑人|涉案|暗点码|物证|检材|勘查|逆向|仿真取证|聊天记录"
)
_LEFT: Final = regex(
    r"(?:支持|可对|能对|能够对|针对|可以对|对|破解|提取|解锁|解析|识别|恢复|涉案|扣押|查获|缴获|覆盖|兼容|读取|绕过)(?:主流|各类|常见|多种|国内外|品牌|的|加密|损坏|：|:|等|包括|市面上|进行|市场|如|了|一部|\d+部|机型|（|\()*\s*$"
)
_COLON: Final = regex(r"(?:取证|提取|破解|解锁|恢复|解析)[^。；]{0,12}支持[^。；]{0,8}$")


def decide(view: MentionView) -> Outcome:
    """Ask for a forensic word in the sentence, then for support left of the list."""
    sentence = view.text[view.sentence[0] : view.sentence[1]]
    topic = _FORENSIC.search(sentence)
    if topic is None:
        return NotApplicable("no forensic word in the sentence")
    found = _LEFT.search(view.left) or _COLON.search(view.sentence_left)
    if found is None:
        return NO_MATCH
    return Match(MentionRole.TARGET, view.start, view.sentence[0] + topic.end())
