"""The words that stand before a value, and what the value then is.

``LABELS`` maps a label without spaces and bracketed remarks to its kind and rank; a lower rank is the better witness when several labels give
the same kind. Kinds that start with ``_`` say nothing about the notice themselves: they end the value before them.
"""

from __future__ import annotations

from nlp.patterns import regex

Entry = tuple[str, int]

_BY_KIND: dict[str, tuple[str, ...]] = {
    "project_no": (
        ("项目编号 采购项目编号 原公告的采购项目编号 原公告采购项目编号 原采购项目编号 原项目编号 原公告项目编号 项目编码 政府采购项目编号 "
        "采购项目编码 本项目编号"),
        ("招标编号 采购编号 招标项目编号 项目招标编号 政府采购编号 项目号 采购项目号 招标项目编码 竞价编号 征集编号 询价编号 询价单编号 磋商编号 谈判编号 比选编号 "
        "招标公告编号 采购公告编号 询比编号 单一来源采购编号 项目登记号 采购项目标识 比价编号 竞价单号 竞价项目编号 竞价单编号"),
        ("招标文件编号 采购文件编号 磋商文件编号 谈判文件编号 询价文件编号 标书编号 委托代理编号 代理机构编号 代理编号 委托编号 标段编号 标段编码 交易编号 "
        "标段包编号 标包编号 招标代理编号 招标项目代码 项目受理编号 流水号 标的编号"),
        ("政府采购计划编号 采购计划编号 计划编号 采购计划备案号 采购计划号 备案编号 采购备案编号 公告编号 财政编号 项目代码 任务书编号 采购任务编号 采购申请编号 "
        "委托书编号 批复编号 采购计划文号 订单编号 订单号"),
        "编号",
    ),
    "project_name": (
        "项目名称 采购项目名称 原公告的采购项目名称 原公告采购项目名称 原采购项目名称 原项目名称 原公告项目名称 采购项目的名称 政府采购项目名称",
        "招标项目名称 工程名称 招标工程名称 工程项目名称 项目标段名称 竞价名称 竞价项目名称 招标项目 采购名称 询价项目名称 标的项目名称",
        "标段名称 标段包名称 标包名称 采购标的名称",
    ),
    "buyer": (
        "采购人 采购人名称 采购单位 采购单位名称 采购人信息名称 采购人单位名称 采购人全称 采购单位全称",
        ("招标人 招标人名称 招标单位 招标单位名称 采购方 采购方名称 甲方 甲方名称 发包人 发包单位 建设单位 项目单位 业主 业主单位 项目业主 项目业主单位 比选人 "
        "采购主体 询价人 询价单位 谈判人 购买主体 购买方 征集人 征集单位 招标采购单位 采购实施单位 项目采购人 申请单位 申购单位 采购申请单位 购货单位 购货方 订购单位 预算单位名称 委托单位 竞价单位 项目法人 建设单位名称 买方 需方 招标采购人"),
        "采购业主 项目主管单位 公告发布单位 招标人联系人及电话 采购人联系人及电话 招标人及联系电话 采购人及联系方式",
    ),
    "agency": (
        "采购代理机构 采购代理机构名称 采购代理机构全称 代理机构 代理机构名称 代理机构全称 采购代理机构信息名称 政府采购代理机构",
        ("招标代理机构 招标代理机构名称 招标代理 招标代理单位 招标代理单位名称 代理单位 集中采购机构 集中采购机构名称 集中招标机构名称 招标机构 招标机构名称 委托代理机构 "
        "招标代理人 采购代理 采购代理单位 代理公司 采购组织机构 采购代理人 采购机构 采购机构名称 比选代理机构 采购代理公司 代理采购机构 集中采购代理机构 社会代理机构 发包代理机构"),
        "招标代理机构联系人及电话 代理机构联系人及电话 采购代理机构联系人及电话 招标代理机构及联系电话 代理机构及联系方式",
    ),
    "end_user": (
        "使用单位 最终用户 用户单位 实际使用单位 使用单位名称 最终使用单位 最终用户名称 项目使用单位",
        "需求单位 使用人 使用方 需求部门 使用部门",
    ),
    "proposed_supplier": (
        ("拟定供应商 拟定供应商名称 拟定供应商信息名称 拟定唯一供应商 拟定唯一供应商名称 拟采购供应商 单一来源供应商 拟定的唯一供应商名称 拟定的唯一供应商 拟定单一来源供应商 "
        "拟定单一来源供应商名称 拟邀请供应商 唯一供应商 唯一供应商名称 拟定供货商 拟选供应商 拟成交供应商 拟定的供应商 供应商名称及地址 拟定供应商名称及地址"),
    ),
    "budget": (
        ("预算金额 预算总金额 采购预算 采购预算金额 项目预算 项目预算金额 预算 总预算 预算价 预算资金 采购项目预算 项目总预算 政府采购预算金额 采购预算总金额 "
        "拟采购的货物或服务的预算金额 预算控制金额 采购预算价 本项目预算 预算总额 预算金额及最高限价 采购预算及最高限价 采购总预算 竞价预算 本项目预算金额 项目采购预算"),
        "分包控制金额 标包预算 合同包预算 采购包预算 采购包预算金额 合同包预算金额 分包预算 标项预算 服务费用 项目金额 项目资金 采购金额",
    ),
    "ceiling": (
        "最高限价 最高投标限价 招标控制价 采购最高限价 投标最高限价 控制价 拦标价 采购控制价 最高控制价 项目最高限价 限价 总最高限价 最高报价限价 最高投标价 投标限价 总价最高限价",
    ),
    "award_total": ("总中标金额 总成交金额 中标总金额 成交总金额 总中标成交金额 总金额",),
    "method": ("采购方式 招标方式 项目采购方式 采购形式 采购方法 采购类型 选取方式", "采购类别"),
    "category": ("品目 采购品目 品目名称 采购品目名称 项目所属分类 所属品目",),
    "region": ("行政区域 所属地区 所属地域 项目所在地区 地区 所属区域 采购项目所属区域 项目所属地区 所属行政区域 区域",),
    "published": (
        ("发布时间 发布日期 公告时间 公告日期 信息时间 信息发布时间 信息发布日期 公告发布时间 公告发布日期 发表时间 发布于 公布时间 公布日期 挂网时间 更新时间 "
        "公告发布 公示发布时间 上网时间 本公告发布时间 公告发出日期 网上发布时间"),
        "公示日期 公示时间 公示期 公示开始时间 公示开始日期 公示起始时间 合同公告日期 更正公告日期 更正日期 变更日期 本次变更日期 终止日期 公告期",
        "日期",
    ),
    "first_notice": (
        "首次公告日期 首次公告时间 原公告日期 原公告发布日期 原公告时间 首次公告发布日期 首次发布日期 原公告发布时间",
        ("本项目招标公告日期 招标公告日期 采购公告日期 采购公告发布日期 招标公告发布日期 公告刊登日期 本项目采购公告日期 采购公告发布时间 招标公告发布时间 "
        "磋商公告日期 谈判公告日期 询价公告日期 资格预审公告日期 招标公告时间 采购公告时间 原采购公告日期 招标采购公告发布日期"),
    ),
    "opening": (
        ("开标时间 开标日期 响应文件开启时间 开启时间 投标文件开启时间 开标时间及地点 开标评标时间 开标时间地点 谈判时间 磋商时间 竞价开始时间 响应文件开启日期 "
        "开标时间和地点 询价时间 报价文件开启时间 选取时间 开标截止时间 投标截止及开标时间 投标截止时间及开标时间"),
    ),
    "award_date": (
        "中标日期 成交日期 定标日期 中标成交日期 定标时间 成交时间 中标时间 中标成交时间 确定成交日期 确认日期 中标通知书日期 开标定标日期",
        "评审日期 评标日期 评审时间 评标时间 评定日期",
    ),
    "signed": ("合同签订日期 签订日期 合同签订时间 签订时间 签署时间 签署日期 合同签署日期 合同签署时间 合同订立日期 签约日期",),
    "contract_no": ("合同编号 合同号 采购合同编号",),
    "contract_name": ("合同名称 采购合同名称",),
    "_time": ("时间 开启时间地点 时间及地点",),
    "title": ("公告标题 公告名称 标题",),
    "_name": ("名称 单位名称 全称 单位全称 机构名称 单位",),
    "_supplier_name": ("供应商名称 中标供应商名称 成交供应商名称 中标成交供应商名称 供应商 企业名称 供应商全称",),
    "_supplier": (
        ("中标人 中标单位 中标供应商 成交供应商 成交人 成交单位 中选人 中选供应商 中选单位 入围供应商 乙方 中标候选人 第一中标候选人 第二中标候选人 第三中标候选人 成交候选人 第一成交候选人 "
        "拟中标人 中标人名称 预中标人 预成交供应商 中标单位名称 成交单位名称 投标人 投标人名称 供货商 承包人 中标商 中标机构 成交商 中标公司 中标方 第一候选人 卖方 供方"),
    ),
    "_amount": (
        ("中标金额 成交金额 中标价 成交价 合同金额 中标成交金额 投标报价 报价 金额 单价 总价 合同总金额 中标价格 成交价格 保证金 投标保证金 售价 代理服务费 代理服务收费标准 "
        "代理服务收费金额 招标代理费 服务费 收费标准 收费金额 标书售价 文件售价 招标文件售价 采购文件售价 磋商文件售价"),
    ),
    "_stop": (
        ("项目联系方式 项目联系人 项目联系电话 项目负责人 联系人 联系电话 联系方式 联系地址 地址 电话 传真 邮编 邮箱 电子邮箱 电子邮件 邮政编码 网址 "
        "采购单位联系方式 采购单位地址 采购单位联系人 采购单位联系电话 采购人联系方式 采购人地址 采购人联系人 采购人联系电话 采购人电话 采购人信息 采购单位信息 "
        "代理机构联系方式 代理机构地址 代理机构联系人 代理机构联系电话 代理机构信息 采购代理机构信息 采购代理机构地址 采购代理机构联系方式 采购代理机构联系人 采购代理机构联系电话 "
        "招标人地址 招标人联系人 招标人联系电话 招标代理机构地址 招标代理机构联系人 招标代理机构联系电话 财政部门 监督部门 监管部门 监督管理部门 监督电话 投诉电话 受理部门 "
        "供应商地址 中标供应商地址 成交供应商地址 供应商联系地址 中标供应商联系地址 成交供应商联系地址 中标成交供应商地址 中标供应商联系方式 统一社会信用代码 信用代码 组织机构代码 "
        "地点 售价 方式 投标地点 开标地点 开启地点 递交地点 提交地点 获取方式 获取地点 获取时间 投标截止时间 截止时间 提交截止时间 递交截止时间 响应文件提交截止时间 "
        "投标文件递交截止时间 提交投标文件截止时间 投标截止日期 报名时间 合同履行期限 合同履约期限 履约期限 服务期限 服务期 工期 交货期 交货时间 交货地点 质保期 "
        "采购需求 采购内容 项目概况 采购数量 数量 规格型号 型号 品牌 资金来源 评标办法 评标方法 备注 附件 采购目录 采购组织形式 采购组织类型 招标范围 项目类型 项目类别 采购标的 "
        "专家名单 评审专家名单 评审专家 评标委员会成员 评标委员会成员名单 谈判小组成员名单 磋商小组成员名单 评审小组成员名单 评委名单 监标人 项目经理 "
        "更正内容 更正事项 更正原因 变更内容 变更事项 终止原因 废标原因 流标原因 废标理由 采购公告 采购文件 采购结果 公告期限 公示期限 "
        "询问联系方式 质疑联系人 质疑联系方式 质疑联系电话 联系部门 标的名称 货物名称 产品名称 服务名称 工程概况 建设地点 项目地点 联合体投标 "
        "阅读次数 访问次数 点击次数 浏览次数 浏览量 点击率 来源 信息来源 作者 责任编辑 编辑 打印 关闭 字体 采购单位及联系方式 标段 包号 标项 标项名称 行业 原文链接 "
        "采购人代表 主要标的 主要内容 品目号 品目号预算 允许进口 采购需求概况 预计采购时间 序号 预算 单价金额 采购标的名称及数量 需求概况 预计实施时间 是否专门面向中小企业采购 落实政府采购政策 主要成交标的 中标标的名称 成交标的名称 项目编号及名称 面积 规模 建设规模 结构类型")
        ,
    ),
}  # fmt: skip

LABELS: dict[str, Entry] = {
    label: (kind, rank)
    for kind, ranks in _BY_KIND.items()
    for rank, words in enumerate(ranks)
    for label in words.split()
}
MAX_LABEL = max(len(label) for label in LABELS)
LAST = frozenset(label[-1] for label in LABELS) | {":", ")", " "}
"""What the last character of a label can be: the quickest way to know that a text is none."""
ENDINGS = frozenset(label[-2:] for label in LABELS)
_LENGTHS: dict[str, tuple[int, ...]] = {
    ending: tuple(sorted({len(label) for label in LABELS if label.endswith(ending)}, reverse=True))
    for ending in ENDINGS
}
"""How long the labels of each ending are, the longest first."""
_GLUED_MIN = 4
_GLUED_SHORT = frozenset({"采购人", "招标人", "代理机构", "联系人", "项目号", "电话", "地址", "传真", "邮编"})

_CN = "一二三四五六七八九十"
_NUMBERING = regex(
    r"[\s*★▲●◆■□☆#]*(?:(?:[(\[]?(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-zA-Z①-⑳Ⅰ-Ⅻ])[)\]]?\s*[、.,,:)\s]\s*)|\((?:\d{1,2}|[一二三四五六七八九十]{1,3})\)\s*|[①-⑳]\s*|\d{1,2}(?:\.\d{1,2}){1,3}\s*)*"
)
_REMARK = regex(r"\([^()]{0,24}\)")


def strip_numbering(text: str) -> str:
    """Text without the ``一、``, ``1.``, ``（三）`` in front of it."""
    if text and text[0] >= "\u4e00" and text[0] not in _CN:
        return text
    match = _NUMBERING.match(text)
    return text[match.end() :] if match is not None else text


def base_label(text: str) -> tuple[str, str]:
    """Label without spaces and remarks, and the remarks (``预算金额（元）`` gives ``预算金额`` and ``(元)``)."""
    compact = "".join(text.split())
    if "(" not in compact:
        return compact, ""
    remarks = "".join(_REMARK.findall(compact))
    return _REMARK.sub("", compact), remarks


def _no_ending(text: str) -> bool:
    """Whether a text that ends in two letters or figures, which no blank, remark or colon can hide, ends like no label."""
    tail = text[-2:]
    return tail not in ENDINGS and tail.isalnum()


def whole_label(text: str) -> tuple[str, Entry, str] | None:
    """The entry of a text that is nothing but a label: ``一、项目编号``, ``采 购 人：``, ``预算金额（元）``."""
    if not text or len(text) > 3 * MAX_LABEL or text[-1] not in LAST or _no_ending(text):
        return None
    base, remark = base_label(strip_numbering(text).rstrip(": "))
    if len(base) < 2 or len(base) > MAX_LABEL or base[-2:] not in ENDINGS:
        return None
    entry = LABELS.get(base)
    return (base, entry, remark) if entry is not None else None


def trailing_label(text: str) -> tuple[str, Entry, str, int] | None:
    """The longest label that ``text`` (what stands before a colon) ends with: name, entry, remark, and where it starts in ``text``.

    A label glued to the value before it (``…0807项目联系方式``) counts only when it is long enough to be no part of a name.
    """
    if not text or text[-1] not in LAST or _no_ending(text):
        return None
    window = text[-3 * MAX_LABEL :]
    offset = len(text) - len(window)
    base, remark = base_label(window)
    for length in _LENGTHS.get(base[-2:], ()):
        if length > len(base):
            continue
        label = base[-length:]
        entry = LABELS.get(label)
        if entry is None:
            continue
        start = len(window) - length if window.endswith(label) else _start_of(window, label)
        if start is None:
            return None
        later = window.rstrip(" :").rfind(" ", start)
        if later > start + 1 and length > _GLUED_MIN:
            # The label may begin behind a blank: 设备采购 项目编号 is not 采购项目编号.
            rest = base_label(window[later:])[0]
            if _GLUED_MIN <= len(rest) < length and rest in LABELS:
                label, entry, start = rest, LABELS[rest], later + 1
        before = window[:start].rstrip()
        if not before or before[-1] in ' ,，;。.、:)(]】[【!"”“*★#>' or before[-1].isdigit() or start != len(before):
            return label, entry, remark, start + offset
        if length >= _GLUED_MIN or label in _GLUED_SHORT:
            return label, entry, remark, start + offset
        return None
    return None


def _start_of(window: str, label: str) -> int | None:
    """Where the characters of ``label`` begin in ``window`` when read from the end, skipping blanks and remarks."""
    at = len(window) - 1
    depth = 0
    for wanted in reversed(label):
        while at >= 0:
            char = window[at]
            if char == ")":
                depth += 1
            elif char == "(" and depth:
                depth -= 1
            elif not depth and not char.isspace():
                break
            at -= 1
        if at < 0 or window[at] != wanted:
            return None
        at -= 1
    return at + 1
