"""# Name of the brand’s own firm

**Definition.** The brand opens a company name: brand, a place in brackets, words of trade, 有限公司.
**Role.** `supplier_is_brand`.
**Example.** `供应商：奥林巴斯（北京）销售服务有限公司`.
**Exclusions.** Words of authorisation after the name (出具的授权书): the mention is then about the authorisation. A brand in the middle of another firm’s name.
"""

from __future__ import annotations

import re
from typing import Final

from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_FIRM: Final = re.compile(
    r"^(?:[（(][一-龥]{2,8}[)）])?(?![^，。；]{0,12}(?:授权|代理|经销|产品|设备|采购|供应商|维保|服务于))[一-龥（）()A-Za-z&·]{0,18}?(?:有限公司|有限责任公司|股份公司|株式会社|集团公司|总公司|分公司|代表处)"
    r"|^\s*(?:[A-Za-z]+[ ,.]+){0,4}(?:Inc\.|Co\.,? ?Ltd|GmbH|Corporation|LLC|S\.A\.)"
)
_START: Final = re.compile(r"(?:^|[：:，,。；;、（(\s¦与由向为是和及“\"]|中国|人[：:]?|商[：:]?|方[：:]?)$")
_AUTHORISE: Final = re.compile(r"授权|证明|承诺函|出具|认证|代理")


def decide(view: MentionView) -> Outcome:
    """Look at the words the mention opens."""
    tail = view.text[view.end : min(view.bounds[1], view.end + 40)]
    firm = _FIRM.match(tail)
    if firm is None:
        return NotApplicable("the mention does not open a company name")
    if not _START.search(view.before) or _AUTHORISE.search(tail[firm.end() :]):
        return NO_MATCH
    return Match(MentionRole.SUPPLIER_IS_BRAND, view.start, view.end + firm.end())
