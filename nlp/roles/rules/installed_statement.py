"""# Already there

**Definition.** The words directly before the brand say that it is owned and in use: 现有, 在用, 原有, 利旧, 已部署.
**Role.** `installed`.
**Example.** `机房现有华为交换机与思科路由器各两台`.
**Exclusions.** Sentences about compatibility, maintenance or substitution: the brand is then named for that.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_LEFT: Final = regex(
    r"(?<![与和同跟入对到向及])(?:现有|在用|原有|利旧|已建|已部署|现用|目前(?:使用|采用|配备|运行)(?:的)?|现(?:使用|采用|配备|运行|部署|安装|装备)(?:的)?|已购置|已安装|已配备|已列装|既有|已建成|正在使用)(?:的|有|：|:)*[^，。；：:]{0,8}$"
)
_OTHER: Final = regex(
    r"报废|新购|兼容|整合|互操作|对接|纳管|接入|互联|互通|匹配|无缝|集成|联动|维保|维修|延保|续保|巡检|保养|校准|运维|维护|替代|替换|更换|淘汰|拆除|国产|信创|授权|相比|优于|适用|组网|级联|同品牌|一致|备份|支持|保修|统一管理|混插|协同|软件应|监控|取证"
)


def decide(view: MentionView) -> Outcome:
    """Look directly left of the list."""
    found = _LEFT.search(view.left)
    if found is None:
        return NotApplicable("no word of possession before the mention")
    if _OTHER.search(view.text, *view.sentence) or (view.title and not view.in_title and _OTHER.search(view.title)):
        return NO_MATCH
    return Match(MentionRole.INSTALLED, view.clause[0] + found.start(), view.end)
