"""# Platform a program runs on

**Definition.** Software supports or runs on the brand’s operating system, browser or database: 支持Windows、Linux操作系统, 运行于….
**Role.** `environment`.
**Example.** `客户端支持Windows、麒麟等操作系统`.
**Exclusions.** Forensic tools (the systems are objects), the software that is itself bought.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "2"

_LEFT: Final = regex(
    r"(?:建议使用|请使用|须使用|需使用|推荐使用|支持|兼容|适应|适配|运行(?:于|在)?|安装(?:于|在)|部署(?:于|在)|基于|能在|可在|适用于)[^，。；]{0,10}$"
)
_RIGHT: Final = regex(
    r"^(?:[A-Za-z0-9. /]{0,24})(?:及以上|以上|或以上)?(?:版本)?(?:的)?(?:、[^，。；、]{1,16}){0,6}(?:等)?(?:多种|主流|各种|国产)?(?:的)?(?:客户机|来宾|服务器|手机|移动|桌面)?(?:操作系统|浏览器|系统版本|系统环境|系统下|系统上|环境下|平台下)"
)
_RUNS: Final = regex(
    r"(?:运行环境|运行平台|系统环境|软件环境|部署环境|操作系统(?:要求|支持|环境)|浏览器(?:要求|支持|兼容))(?:为|是|：|:|须为|应为|要求|支持)?[^，。；]{0,6}$"
)
_BROWSER: Final = regex(r"浏览器$|操作系统$")
_LABEL: Final = regex(r"操作系统|运行环境|系统环境|浏览器|软件环境|开发环境|系统要求|运行平台")
_FORENSIC: Final = regex(r"取证|提取|破解|解锁|恢复|仿真|解析|绕过|检材|镜像|本站|本网")
_BOUGHT: Final = regex(r"中标|成交|合同|采购|购买|授权\d|正版|预装|台式|笔记本|维保|\d+套")


def decide(view: MentionView) -> Outcome:
    """Ask for support before the list and the platform noun after it, or for a label that says so."""
    sentence = view.text[view.sentence[0] : view.sentence[1]]
    left, right = _LEFT.search(view.left), _RIGHT.match(view.right)
    if left is not None and _BROWSER.search(view.mention.surface) and not _FORENSIC.search(sentence):
        return Match(MentionRole.ENVIRONMENT, view.start, view.end)
    if _RUNS.search(view.left) and not _FORENSIC.search(sentence):
        return Match(MentionRole.ENVIRONMENT, view.start, view.end)
    by_label = bool(view.label and _LABEL.search(view.label) and not view.in_row)
    if not by_label and (left is None or right is None):
        return NotApplicable("no platform beside the mention")
    if _FORENSIC.search(sentence) or _BOUGHT.search(sentence):
        return NO_MATCH
    return Match(MentionRole.ENVIRONMENT, view.start, view.end)
