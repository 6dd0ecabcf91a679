"""Meaning of table headers and labels, over all templates seen."""

from __future__ import annotations

import functools
import re

from nlp.items.model import Column
from nlp.money.plain import plain
from nlp.patterns import regex

_DROP = regex(r"\s+|[*※●▲★#]|(?:^[\d一二三四五六七八九十]{1,2}[、.])")
_BRACKETS = regex(r"[(\[【<][^()\[\]【】<>]*[)\]】>]")

_RULES: tuple[tuple[Column, str], ...] = (
    # several facts in one column: none of them can be told apart
    (Column.SPEC, r".*(?:单价.*数量|数量.*单价|型号.*单价|数量.*(?:规格|型号)|(?:规格|型号).*数量).*"),
    (Column.SEQUENCE, r"序号?|序列号?|行号|no\.?|排列序号|编号"),
    (Column.ITEM_NO, r"品目(?:编?号|序号)|标的(?:编号|序号)|(?:货物|产品|物资|设备)(?:编号|序号)|子目号|品号"),
    (Column.REASON, r".*(?:废标|流标|失败|终止|未中标|未成交|无效|淘汰|作废)(?:的)?(?:原因|理由|情形|情况|说明)?.*"),
    (
        Column.STATUS,
        r"是否(?:中标|成交|入围|候选|成交候选人?|中标候选人?|通过|为中标人).*|(?:中标|成交|评审|评标|评定)(?:结果|情况|状态|意见)|推荐意见|状态|结果|定标结果|备选",
    ),
    (Column.RANK, r".*(?:排名|名次|排序|排位|推荐次序|推荐顺序)|(?:推荐)?等级|中标候选人排序.*|推荐情况"),
    (Column.SCORE, r".*(?:得分|评分|总分|分数|综合分|评审分|技术分|商务分|价格分|评审价格?|评标价格?|评审报价).*"),
    (Column.IMPORTED, r".*(?:进口).*|国产/进口|是否国产"),
    (Column.UNIT_PRICE, r".*单价.*|单位价格|每台价格|价格\(?单价\)?"),
    (Column.BUDGET, r".*(?:预算|限价|控制价|估价|概算|估算|限额|市场价|原价|采购计划金额).*"),
    (Column.RATE, r".*(?:下浮|费率|优惠率|折扣|百分比|税率|让利|浮动率|比例|系数).*"),
    (
        Column.LOT_NAME,
        r"(?:标项|标段|分包|标包|采购包|合同包|包|包件|分标|包组|子包)(?:\(包\))?(?:名称?|内容|标题)|分包内容|标项内容|标的?项目名称|项目名",
    ),
    (
        Column.LOT,
        r"(?:合同|采购)?(?:包|分包|标段|标项|分标|包组|包件|标包|子包)(?:编?号|序号|号码|组)?|标段\(包\)(?:编?号)?|分包\(标段\)|包别|包号/标段|标号|标段/包号",
    ),
    (
        Column.CANDIDATE,
        r".*候选(?:供应商|人|单位|企业)?(?:名称|单位名称)?|第[一二三]名(?:单位)?(?:名称)?|推荐(?:供应商|单位)(?:名称)?|第[一二三四五](?:中标|成交)(?:排序)?(?:单位|供应商|人)(?:名称)?",
    ),
    (
        Column.WINNER,
        r"(?:拟|预|最终)?(?:中标|成交|中选|入围|定标|定点)(?:\(?/?(?:成交|中标|中选)\)?)?的?(?:供应商|供货商|服务商|承包商|人|单位|商|企业|公司|厂商|厂家|投标人|机构|方|者)(?:单位)?(?:/.*|名称?|全称|单位名称)?|中标\(成交\)供应商.*名称",
    ),
    (
        Column.SUPPLIER,
        r"(?:投标|响应|参与|报价|竞标|磋商|谈判|参加|供货|合同|签约|被授予)?(?:的)?(?:供应商|供货商|投标人|投标单位|投标方|服务商|承包商|承包人|供货单位|供货方|施工单位|服务单位|承包单位|商家|店铺|卖家|乙方|卖方|报价人|竞价人|响应人|竞买人|电商)(?:\(乙方\))?(?:名称?|全称|单位名称|单位)?|(?:单位|公司|企业|机构|厂商|厂家|商户|供方)(?:名称|全称)|乙方\(?供应商\)?(?:名称)?|供应商及.*|报价单位|参与单位|(?:投标|供货)商",
    ),
    (
        Column.AMOUNT,
        r"(?:总)?(?:拟|预)?(?:中标|成交|中选|合同|签约|结算|入围|采购|定标|订单)(?:\(?/?(?:成交|中标)\)?)?(?:总)?(?:金额|价格?|报价|价款|标价|总价|总额|费用|数额)(?:/.*|及.*|或.*)?|(?:中标|成交)(?:单位|供应商)?(?:报价|价)|中标\(成交\)(?:金额|价).*",
    ),
    (
        Column.BID,
        r"(?:最终|最后|首次|第[一二]次|二次|投标|磋商|谈判|响应|竞标|有效|竞价|总)?(?:总)?报价(?:金额|总价|值)?|投标(?:总)?(?:价|金额)(?:格)?|(?:最终|最后)(?:价格?|总价)|报价\(总价\)",
    ),
    (Column.BRAND_MODEL, r".*品牌.*(?:型号|规格).*|.*(?:型号|规格).*品牌.*|牌号|商标型号|品牌名称及型号"),
    (Column.BRAND, r".*品牌.*|商标|厂牌|牌子|brand"),
    (Column.QUANTITY, r".*数量.*|数目|台数|套数|件数|采购量|量|qty|个数"),
    (Column.UNIT, r"单位|计量单位|计价单位|数量单位|计量|单位名|采购单位\(计量\)"),
    (
        Column.MODEL,
        r".*型号.*|(?:货物|产品|设备|商品|主要)?规格(?:或|及|和|、|/)?.*|技术规格|具体规格|款型|款式型号|model",
    ),
    (
        Column.TOTAL,
        r"(?:货物|分项|项目|产品)?(?:总价|合价|金额|小计|合计|总金额|总额|价格|总计|价款|总价款|合计金额|合计价格?|金额合计|金额小计|分项总价|分项价格?|分项报价|价格合计|总计金额|小计金额)",
    ),
    (
        Column.NAME,
        (
            r"(?:主要)?(?:中标|成交|采购|货物|标的|产品|商品|设备|物资|物品|服务|工程|材料|仪器|系统|分项|耗材|器材|药品|品种|试剂|配件|部件|装备|图书|软件|硬件|项目|维保|主要)*(?:的)?(?:标的|货物|产品|商品|设备|物资|物品|服务|材料|仪器|品种|分项|子项|配件|部件|项目|内容|标的物|清单)*(?:的)?名称?(?:及.*|、.*|/.*)?"
            r"|品名|名称及规格|采购标的|主要标的|标的|货物|产品|商品|采购内容|内容|货物内容|服务内容|标的内容|采购项目(?:内容)?|商品信息|设备|物资|货物/服务|采购货物|供货内容|服务项目|项目内容|材料设备名称|商品标题|主要中标内容|中标内容|成交内容|采购需求|建设内容|系统/设备"
        ),
    ),
    (
        Column.CATEGORY,
        r"(?:采购)?品目(?:名称|分类|类别)?|(?:采购|商品|货物|标的|产品)?(?:类别|目录|分类|类型)(?:名称)?|采购目录.*|所属类别|类目",
    ),
    (Column.MAKER, r"(?:生产|制造)(?:厂家|厂商|商|企业|单位|厂|公司)(?:名称)?|厂家|厂商|制造商.*|产品制造商|原厂"),
    (Column.ORIGIN, r"(?:原?产地|产地|国别|原产国|生产地|产地/国别|制造国|产国).*"),
    (Column.SPEC, r".*(?:参数|配置|技术要求|技术指标|性能|指标|简要描述|描述|需求|要求|详细说明|规格描述|配置要求).*"),
    (
        Column.OTHER,
        r".*(?:地址|地点|代码|电话|联系|日期|时间|期限|期|备注|说明|范围|标准|资质|经理|证书|负责人|质量|注册|等级|姓名|职称|职务|承诺|售后|保修|质保|附件|链接|编码|方式|免税|交货|用途|区域|服务|企业规模|类型|性质|形式|联合体|使用部门|使用单位|需求部门|采购人|采购单位|资格|符合性|审查|小微|法定代表人|业绩|评委|专家|邮编|合同|授权|图片|原价|税额|扣除)",
    ),
)
_PATTERN = regex("|".join(f"(?P<c{number}>{pattern})" for number, (_, pattern) in enumerate(_RULES)), re.IGNORECASE)
_BY_GROUP = {f"c{number}": column for number, (column, _) in enumerate(_RULES)}
_EXACT: dict[str, Column] = {
    "": Column.OTHER, "序号": Column.SEQUENCE, "名称": Column.NAME, "品牌": Column.BRAND, "规格型号": Column.MODEL, "数量": Column.QUANTITY,
    "单价": Column.UNIT_PRICE, "总价": Column.TOTAL, "单位": Column.UNIT, "供应商名称": Column.SUPPLIER, "供应商地址": Column.OTHER,
    "备注": Column.OTHER, "货物名称": Column.NAME, "标的名称": Column.NAME, "采购标的": Column.NAME, "品目名称": Column.CATEGORY,
    "品目号": Column.ITEM_NO, "标项名称": Column.LOT_NAME, "服务范围": Column.OTHER, "服务要求": Column.OTHER, "服务时间": Column.OTHER,
    "服务标准": Column.OTHER, "评审总得分": Column.SCORE, "中标(成交)金额": Column.AMOUNT, "评审价格": Column.SCORE, "采购人": Column.OTHER,
    "采购单位": Column.OTHER, "姓名": Column.OTHER, "项目名称": Column.NAME, "公告时间": Column.OTHER, "行政区域": Column.OTHER,
    "中标金额": Column.AMOUNT, "成交金额": Column.AMOUNT, "编号": Column.SEQUENCE,
}  # fmt: skip
_HEADERISH = regex(
    "[a-z"
    + "".join(sorted({char for text in (*_EXACT, *(rule for _, rule in _RULES)) for char in text if char > "\u4dff"}))
    + "]",
    re.IGNORECASE,
)
"""Every header holds a letter or one of the characters the rules are written with."""
MAX_HEADER = 40
"""Headers are short; longer cells are values."""
GOODS = frozenset({Column.BRAND, Column.MODEL, Column.BRAND_MODEL, Column.QUANTITY, Column.UNIT_PRICE})
PARTY = frozenset({Column.WINNER, Column.SUPPLIER, Column.CANDIDATE})
_VALUE_LIKE = regex(r"[¥￥%]|\d{3,}|\d[.,]\d|有限公司|[。!！?？]|^\d+$")
_NAME_RANK = {
    "采购标的": 0, "标的名称": 1, "主要标的名称": 1, "货物名称": 2, "产品名称": 2, "商品名称": 2, "设备名称": 2, "物资名称": 2, "名称": 3, "项目名称": 9,
}  # fmt: skip


def header_key(text: str) -> str:
    """A header without white space, marks and bracketed remarks."""
    whole = _DROP.sub("", plain(text)).strip(":：。、")
    short = _BRACKETS.sub("", whole)
    return short or whole


@functools.lru_cache(maxsize=4096)
def column_of(text: str) -> Column | None:
    """The meaning of a header cell; null where it is no header we know. (The same few hundred headers stand over all tables.)"""
    if len(text) > MAX_HEADER or _HEADERISH.search(text) is None:
        return None
    whole = _DROP.sub("", plain(text)).strip(":：。、")
    if len(whole) > MAX_HEADER or not whole:
        return None
    found = _EXACT.get(whole)
    if found is not None:
        return found
    if _VALUE_LIKE.search(whole):
        return None
    short = _BRACKETS.sub("", whole)
    found = _EXACT.get(short)
    if found is not None and short:
        return _by_bracket(whole, short, found)
    match = _PATTERN.fullmatch(whole)
    if match is None or (match.lastgroup in _LOOSE and short != whole):
        match = _PATTERN.fullmatch(short) or match
    if match is None or match.lastgroup is None:
        return None
    return _by_bracket(whole, short, _BY_GROUP[match.lastgroup])


def _by_bracket(whole: str, short: str, found: Column) -> Column:
    """品牌（型号）, 规格（品牌）: what stands in the brackets may say more."""
    if len(whole) > len(short) and found in {Column.BRAND, Column.MODEL}:
        inner = whole[len(short) :]
        if (found is Column.BRAND and re.search("型号|规格", inner)) or (found is Column.MODEL and "品牌" in inner):
            return Column.BRAND_MODEL
    return found


_LOOSE = frozenset(
    f"c{number}" for number, (column, _) in enumerate(_RULES) if column in {Column.OTHER, Column.SPEC, Column.NAME}
)


def name_rank(header: str) -> int:
    """Which of several name columns names the goods: the lower, the more specific."""
    return _NAME_RANK.get(header_key(header), 5)
