"""# Authorisation and certificates

**Definition.** The brand’s maker authorises or certifies somebody: 原厂授权书, 授权经销商, 认证工程师, 代理证.
**Role.** `authorised`.
**Example.** `投标人须提供思科原厂授权书`.
**Exclusions.** Licences that are bought (软件授权20套, 授权许可, 授权点数).
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "3"

_RIGHT: Final = regex(
    r"^(?P<gap>[^，。；\n]{0,22}?)(?:授权书|授权函|授权证明|授权文件|原厂商?授权|厂商授权|厂家授权|制造商授权|授权(?:的)?(?:经销|代理|服务商|服务中心|维修|分销|供货|销售|证|合作|委托|渠道)|(?:认证|资质|资格)(?:的)?[^，。；]{0,6}工程师"
    r"|工程师(?:资格|认证|证书|资质)|认证证书|代理(?:商|证|权|资质|资格)|总代理|经销商|分销商|(?:金牌|银牌|钻石|白金|战略|核心)?合作伙伴|原厂(?:商)?(?:证明|承诺|盖章)|(?:服务|供货|质保|售后)承诺函|原厂[^，。；]{0,8}承诺|原厂[^，。；]{0,8}(?:质保函|承诺函|证明|保函|说明函)|独家代理|唯一代理|代理(?=[，。）)；]|$)|CCIE|CCNP|OCP|OCM|MCSE|RHCE|VCP)"
)
_FIRM: Final = regex(r"^[^，。；\n]{0,24}?(?:公司)(?:针对本项目)?(?:的)?(?:授权|认证|出具|盖章|委托|颁发)")
_COUNTED: Final = regex(r"^(?:的)?[一两二三四五\d]家(?:代理商?|经销商)")
"""Two agents came: they are counted, nobody's right is meant."""
_BOUGHT: Final = regex(r"(?:授权|许可|license|License)[^，。；]{0,6}\d+\s*(?:套|个|点|用户|年)")


def decide(view: MentionView) -> Outcome:
    """Look shortly right of the list, within the clause."""
    right = view.right
    found = _RIGHT.match(right) or _FIRM.match(right)
    if found is None:
        return NotApplicable("no word of authorisation after the mention")
    if _BOUGHT.search(right) or _COUNTED.match(right):
        return NO_MATCH
    return Match(MentionRole.AUTHORISED, view.start, max(view.group.end, view.end) + found.end())
