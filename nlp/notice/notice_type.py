"""Type, stage and method of a notice, from its title, the portal's own label, and its headings."""

from __future__ import annotations

import re

from nlp.notice.norm import even, squeeze
from nlp.patterns import regex
from nlp.types import NoticeType, Stage

_T = NoticeType

STAGE_OF: dict[NoticeType, Stage | None] = {
    _T.INTENTION: Stage.PLANNING,
    _T.PREQUALIFICATION: Stage.TENDER,
    _T.TENDER: Stage.TENDER,
    _T.CORRECTION: Stage.TENDER,
    _T.CANDIDATE: Stage.AWARD,
    _T.AWARD: Stage.AWARD,
    _T.FAILED: Stage.AWARD,
    _T.CONTRACT: Stage.CONTRACT,
    _T.ACCEPTANCE: Stage.IMPLEMENTATION,
    _T.SINGLE_SOURCE: Stage.PLANNING,
    _T.IMPORT_REVIEW: Stage.PLANNING,
    _T.FRAMEWORK: Stage.TENDER,
    _T.EMALL_ORDER: Stage.AWARD,
    _T.COMPLAINT: None,
    _T.OTHER: None,
}

# A title says its type at its end; where several words stand, the last one rules, and a longer phrase beats a shorter one inside it.
_TITLE_RULES: tuple[tuple[str, NoticeType], ...] = (
    (r"(?:中标|成交|采购|招标)?(?:结果)?(?:公[告示])?(?:的)?(?:更正|变更|澄清|修改|补遗|补充|延期|答疑|更改|勘误|修正)(?:及答疑|通知|说明|事项|文件|函|\d|[一二三四五六]|[(（].{1,8}[)）])*(?:公[告示]|公函|通知|说明|文件|函|$)?", _T.CORRECTION),
    (r"(?:暂停|中止|恢复)(?:采购|招标)?(?:活动)?公[告示]|顺延|延长.{0,8}时间", _T.CORRECTION),
    (r"(?:废标|流标|终止|失败)(?:结果)?(?:公[告示])?|采购活动异常|异常公告|取消(?:采购|招标|公告)|撤销公告|作废", _T.FAILED),
    (r"(?:中标|成交|中选|定标|评标|评审)?(?:候选人?|候选供应商|候选单位)(?:公[告示]|名单)?|(?:评标|评审)结果(?:公[告示])?|拟中标|预中标|拟成交|预成交|中标前公示|资格审查结果|入围候选", _T.CANDIDATE),
    (r"(?:中标|成交|中选|定标|采购结果|招标结果|开标结果|结果|出让结果|竞价结果|遴选结果|比选结果|询价结果|谈判结果|磋商结果|入围结果|中标人)(?:信息)?(?:[(（].{1,4}[)）])?(?:结果)?(?:公[告示]|通知书?|公布)?", _T.AWARD),
    (r"(?:采购|补充|政府采购|变更)?合同(?:的)?(?:公[告示]|备案|变更|签订|补充协议|信息|及验收)?(?=$|[(（\[【\-—_])|合同公[告示]|合同变更|合同签订公", _T.CONTRACT),
    (r"(?:履约)?验收(?:结果|报告|意见|情况|书)?(?:公[告示])?(?=$|[(（\[【\-—_])|履约验收|验收公[告示]|验收结果|验收报告", _T.ACCEPTANCE),
    (r"(?:采用|拟采用|关于|申请)?单一来源(?:采购)?(?:方式)?(?:采购)?(?:征求意见|论证|公示|公告|征询|审核前|的)*|直接采购(?:信息)?(?:公[告示])?|直接谈判公示|原厂采购公示", _T.SINGLE_SOURCE),
    (r"进口(?:产品|设备|货物|仪器)?(?:采购)?(?:专家)?(?:论证|公示|审核|意见|的公示|申请)+|进口产品公[告示]", _T.IMPORT_REVIEW),
    (r"(?:政府)?采购意向(?:公开|公[告示])?|意向公[告开示]|招标计划|采购计划(?:公[告示])?", _T.INTENTION),
    (r"(?:资格)?预审(?:申请)?(?:公[告示]|文件)?|资审公告|资格入围公告", _T.PREQUALIFICATION),
    (r"框架协议(?:采购)?(?:征集|入围|公[告示])*|协议供货(?:征集|入围)公[告示]|定点采购征集|入围征集公告|征集公告", _T.FRAMEWORK),
    (r"(?:协议供货|网上超市|网上商城|电子卖场|电商|网超|直购|定点采购|电子反拍|反向竞价|网上竞价|电子竞价|在线询价|网上询价)(?:采购|项目|直接订购|直购|询价|竞价|议价|比价|团购|电商|平台)*(?:成交|结果|订单|中标|验收)(?:结果|明细)?(?:公[告示])?|订单公[告示]|协议供货成交|商城订单|直接订购(?:成交|结果)?公[告示]", _T.EMALL_ORDER),
    (r"投诉(?:处理)?(?:决定|结果|公告)|处理决定书?|行政处罚|处罚决定|监督检查(?:处理)?(?:结果|决定)?|举报处理|质疑(?:答复|处理)|不良行为|违法.{0,6}公告", _T.COMPLAINT),
    (r"征求意见|意见征[询求集]|征询意见|需求公示|需求公告|需求征集|招标文件公示|采购文件公示|市场调研|需求调查|预公告|公开征集|考核结果|资产(?:处置|转让)|公开转让|公开招租|挂牌公告|资格审核公示|文件论证|征集意见|项目登记", _T.OTHER),
    (r"(?:公开|邀请|竞争性|国际|国内)?(?:招标|磋商|谈判|询价|比选|询比|竞价|竞谈|竞磋|议价|遴选|竞选|竞标|招投标|采购)(?:采购)?(?:项目)?(?:文件)?(?:公[告示]|邀请(?:公告|函|书)?|文件)|邀请招标|投标邀请|公开招标|竞争性(?:磋商|谈判)|询价采购|询价(?:通知书|函)|(?:重新|二次|再次)招标公告|竞买公告|比选公告|发包公告|资格后审|招标(?=$|[(（\[【])|谈判邀请", _T.TENDER),
)  # fmt: skip
_TITLE_FIRST = "不中举二作修候入公关再出勘协单原反发取变合商国在处失定履市废延开异征恢意成投招拟挂撤政文暂更框比流澄申电的监直磋竞答终结网考行补订议评询谈质资进违遴邀采重需项顺预验"
"""All that a rule can begin with: most places of a title are none."""
_TITLE_PATTERN = regex(
    f"(?=[{_TITLE_FIRST}])(?:"
    + "|".join(f"(?P<r{index}>{pattern})" for index, (pattern, _) in enumerate(_TITLE_RULES))
    + ")"
)
_TYPES = tuple(kind for _, kind in _TITLE_RULES)
_BRACKET_TAIL = regex(r"(?:[(（\[【][^()（）\[\]【】]{0,30}[)）\]】]|\d+|[-—_\s]|第.{1,3}[次包批]|.{0,2}次)*$")

_LABELS: tuple[tuple[re.Pattern[str], NoticeType], ...] = tuple(
    (regex(pattern), kind)
    for pattern, kind in (
        (r"更正|变更|澄清|修改|答疑|补遗|中止|暂停", _T.CORRECTION),
        (r"废标|流标|终止|失败|异常", _T.FAILED),
        (r"候选", _T.CANDIDATE),
        (r"单一来源|直接采购|ONE_SOURCE", _T.SINGLE_SOURCE),
        (r"合同", _T.CONTRACT),
        (r"验收", _T.ACCEPTANCE),
        (r"意向|采购计划", _T.INTENTION),
        (r"进口.*(?:公示|论证)", _T.IMPORT_REVIEW),
        (r"中标|成交|结果|中选|定标", _T.AWARD),
        (r"意见|需求公示|预公告|其他|其它|挂牌|转让", _T.OTHER),
        (r"框架|征集|入围", _T.FRAMEWORK),
        (r"(?<!/)资格预审|(?<!/)资审", _T.PREQUALIFICATION),
        (r"投诉|处罚|监督检查", _T.COMPLAINT),
        (r"招标|磋商|谈判|询价|邀请|采购公告|采购公示|比选|询比|竞价|采购/资审|交易公告|采购信息", _T.TENDER),
    )
)

_BODY_RULES: tuple[tuple[re.Pattern[str], NoticeType], ...] = tuple(
    (regex(pattern, re.MULTILINE), kind)
    for pattern, kind in (
        (r"原公告的?采购项目|更正事项\s*:|更正内容\s*:|二、更正信息", _T.CORRECTION),
        (r"拟定(?:的?唯一)?供应商|采用单一来源采购方式的原因", _T.SINGLE_SOURCE),
        (
            r"第一(?:中标|成交|中选)?候选|(?:中标|成交)候选人(?:公示|排序|如下)|推荐中标候选|中标候选人情况|第一中标排序",
            _T.CANDIDATE,
        ),
        (r"项目终止的原因|(?:废标|流标)的?原因|终止原因\s*:", _T.FAILED),
        (r"合同签订日期|合同主要信息", _T.CONTRACT),
        (r"^\s*验收(?:日期|意见|小组)|验收组成员", _T.ACCEPTANCE),
        (
            r"(?:中标|成交|中选)(?:\(成交\))?(?:供应商|人|单位|结果|信息|金额|价)(?:名称)?\s*(?:\(.{1,4}\))?\s*[:¦]|(?:中标|成交)(?:\(成交\))?(?:信息|结果)|评标工作已经结束|三、采购结果",
            _T.AWARD,
        ),
        (r"预计采购时间", _T.INTENTION),
        (r"资格预审文件", _T.PREQUALIFICATION),
        (r"征求意见|意见征[询求]", _T.OTHER),
        (
            r"招标公告|投标邀请|招标文件|磋商文件|谈判文件|询价文件|比选文件|采购文件|响应文件|投标文件|竞价|投标人(?:资格|须知)|申请人的资格要求|供应商(?:资格|须)",
            _T.TENDER,
        ),
    )
)

_METHODS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (regex(pattern), name)
    for pattern, name in (
        (r"单一来源|直接采购|直接谈判", "single_source"),
        (r"磋商|竞磋", "consultation"),
        (r"谈判|竞谈", "negotiation"),
        (r"询价|询比|比价", "inquiry"),
        (r"框架协议", "framework"),
        (r"商城|超市|直购|竞价|协议供货|定点|电子卖场|反拍", "emall"),
        (r"邀请招标|邀请", "invited"),
        (r"公开招标|公开", "open"),
        (r"比选|遴选|自行采购|其他|其它|抽签|议价", "other"),
    )
)


def type_of_title(title: str) -> NoticeType | None:
    """What the title calls itself; null when it says nothing."""
    text = squeeze(even(title))
    best: tuple[int, int, NoticeType] | None = None
    for match in _TITLE_PATTERN.finditer(text):
        group = match.lastgroup
        assert group is not None
        kind = _TYPES[int(group[1:])]
        tail = _BRACKET_TAIL.match(text, match.end())
        at_end = tail is not None and tail.end() == len(text)
        rank = (1 if at_end else 0, match.end())
        if best is None or rank >= best[:2]:
            best = (*rank, kind)
    return best[2] if best is not None else None


def type_of_label(label: str) -> NoticeType | None:
    """The portal's own name of the type, normalised (PORTALS vocabulary)."""
    text = even(label)
    for pattern, kind in _LABELS:
        if pattern.search(text) is not None:
            return kind
    return None


_HEAD_LINE = regex(
    r"(?:^|\s)(?![(\d一二三四五六七八九十])(?P<title>[^\s,，。;:]{4,90}?(?:公告|公示|询价通知书|邀请书|招标文件|采购文件|磋商文件|谈判文件|询价文件))(?![。,，;])"
)
NO_TITLE = regex(r"发布|刊登|媒[体介]|之日|日内|获取|提交|规定|按照|下载|购买")
_SHORT_HEADS = regex(
    r"(?:招标|采购|磋商|谈判|询价|比选|发包|成交|中标|结果|更正|变更|终止|废标|流标|合同|验收|竞价|遴选)公[告示]|中标候选人公示|投标邀请"
)


_BREADCRUMB = regex(r"[>»›]|当前位置|^首页")
"""The way to a page names the portal's sections, not the notice."""


def _type_of_head(head: str) -> NoticeType | None:
    """A line of the head that is itself a title."""
    for line in head[:1500].split("\n")[:25]:
        text = squeeze(line)
        if len(text) > 12 or ":" in text or _SHORT_HEADS.search(text) is None:
            continue
        if _BREADCRUMB.search(text) is None:
            return type_of_title(text)
    match = _HEAD_LINE.search(head, 0, 1500)
    if match is None or NO_TITLE.search(match.group("title")) is not None:
        return None
    return type_of_title(match.group("title"))


def type_of_body(text: str) -> NoticeType | None:
    """What the headings and labels of the body say, when title and label are silent."""
    head = even(text[:6000])
    by_head = _type_of_head(head)
    if by_head is not None:
        return by_head
    for pattern, kind in _BODY_RULES:
        if pattern.search(head) is not None:
            return kind
    return None


def notice_type(title: str | None, labels: tuple[str, ...], text: str) -> NoticeType | None:
    """Title first, then the portal's label, then the body; null when none of them says."""
    by_title = type_of_title(title) if title else None
    if by_title is not None:
        if by_title is _T.CANDIDATE and title and _decided(title, text):
            return _T.AWARD
        return _between(by_title, labels)
    for label in labels:
        by_label = type_of_label(label)
        if by_label is not None and by_label is not _T.OTHER:
            return by_label
    by_body = type_of_body(text)
    if by_body is not None:
        return by_body
    return _T.OTHER if any(type_of_label(label) is _T.OTHER for label in labels) else None


_REVIEW = regex(r"(?:评标|评审)结果")
_RANKED = regex(r"候选|预中标|预成交|拟中标|拟成交|推荐")
_WON = regex(r"(?:中标|成交|中选)(?:供应商|人|单位)(?:名称)?\s*[:：¦]|¦\s*(?:成交|中标)\s*(?:¦|$)", re.MULTILINE)


def _decided(title: str, text: str) -> bool:
    """A 评审结果公告 that names the winner, and no candidate, is an award."""
    return (
        _REVIEW.search(title) is not None
        and _RANKED.search(title) is None
        and _RANKED.search(text[:6000]) is None
        and _WON.search(text[:6000]) is not None
    )


def _between(by_title: NoticeType, labels: tuple[str, ...]) -> NoticeType:
    """A plain 采购公告 or 公示 in the title gives way to a portal label that is more exact."""
    if by_title is _T.TENDER:
        for label in labels:
            by_label = type_of_label(label)
            if by_label in {_T.SINGLE_SOURCE, _T.CORRECTION, _T.FAILED, _T.PREQUALIFICATION}:
                return by_label
    return by_title


def method_of(text: str | None) -> str | None:
    """Procurement method in OCDS-like words: open, invited, negotiation, consultation, inquiry, single_source, framework, emall, other."""
    if not text:
        return None
    for pattern, name in _METHODS:
        if pattern.search(text) is not None:
            return name
    return None
