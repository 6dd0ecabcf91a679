"""# Name of the brand’s own firm

**Definition.** The brand opens a company name: brand, a place in brackets, words of trade, 有限公司.
**Role.** `supplier_is_brand`.
**Example.** `供应商：奥林巴斯（北京）销售服务有限公司`.
**Exclusions.** Words of authorisation after the name (出具的授权书): the mention is then about the authorisation. A coined word between brand and trade (戴尔通达工贸有限公司): another firm’s name.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_TRADE: Final = (
    r"(?:[（(][一-龥]{2,8}[)）]|数字|数码|信息|技术|科技|电子|系统|股份|仪器|医疗|器械|诊断|产品|设备|投资|贸易|国际|销售|服务|网络|通信|通讯|软件|电气|电机|机电|工业|自动化|科学|生物|光学|办公|影像|企业"
    r"|管理|商贸|集团|控股|实业|电梯|空调|解决方案|计算机|存储|半导体|智能|安防|安全|直升机|航空|汽车|中国|打印|显示|工程|分析|测量|楼宇|能源|维修|培训|咨询|制造|云|大数据|数据|机械|动力|上海|北京|广州|苏州|深圳|学|仪表|无线|移动|图像|咨询)"
)
_FIRM: Final = regex(
    rf"^(?:{_TRADE}){{0,8}}(?:有限公司|有限责任公司|股份公司|株式会社|集团公司|总公司|分公司|代表处|办事处)"
    r"|^\s*(?:[A-Za-z]+[ ,.]+){0,4}(?:Inc\.|Co\.,? ?Ltd|GmbH|Corporation|LLC|S\.A\.)"
)
_START: Final = regex(
    r"(?:^|[：:，,。；;、（(\s¦与由向为是和及对“\"])(?:[一-龥]{2}(?:省|市)?)?$|中国$|人[：:]?$|商[：:]?$|方[：:]?$|单位[：:]?$"
)
_AUTHORISE: Final = regex(r"授权|证明|承诺函|出具|认证|代理")


def decide(view: MentionView) -> Outcome:
    """Look at the words the mention opens."""
    tail = view.text[view.end : min(view.bounds[1], view.end + 40)]
    firm = _FIRM.match(tail)
    if firm is None:
        return NotApplicable("the mention does not open a company name made of trade words only")
    if not _START.search(view.before) or _AUTHORISE.search(tail[firm.end() :]):
        return NO_MATCH
    return Match(MentionRole.SUPPLIER_IS_BRAND, view.start, view.end + firm.end())
