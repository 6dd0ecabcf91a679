"""Why only one supplier, or an imported product: the reasons a single-source or import-review notice gives, as labelled spans."""

from __future__ import annotations

from nlp.patterns import regex
from nlp.types import TextSpan

MAX_SPANS = 200
_REASONS: tuple[tuple[str, str], ...] = (
    (
        "patent",
        r"专利(?:权|技术|产品|号|证书)?|专有技术|知识产权|著作权|软件著作|版权|源代码|专有(?:协议|接口)",
    ),
    (
        "sole_authorised_service",
        r"(?:唯一|独家|指定|总)(?:的)?(?:授权|代理|经销|售后|服务|维修|供应|合作|技术支持)(?:商|单位|机构|供应商|代理商|服务商)?|原厂(?:授权|服务|维保|维修)|唯一供应商|独家(?:生产|提供|拥有|销售|经营)|授权书|未授权(?:其他|第三方)",
    ),
    (
        "compatibility",
        r"兼容|一致性|配套(?:使用|要求|服务)?|原有(?:系统|设备|平台|采购项目)|无缝(?:对接|衔接)|系统(?:集成|对接)|继续(?:从原|由原|使用原)|添购|延续性|连续性|统一性|互联互通|与现有",
    ),
    (
        "outperforms_domestic",
        r"国产(?:设备|产品|仪器|同类|品牌|货物)?[^。;；\n]{0,40}?(?:无法|不能|难以|尚不|达不到|不及|落后|不足|差距|低于|未能|欠缺|不稳定|偏低|较低|较差)|(?:进口|国外)(?:设备|产品|仪器)?[^。;；\n]{0,30}?(?:优于|先进|领先|稳定|精度高|更高|成熟)|优于国(?:产|内)|国内[^。;；\n]{0,20}?(?:无法满足|不能满足|尚无法|达不到|不能替代|难以满足)",
    ),
    (
        "no_domestic_standard",
        r"国内(?:暂|尚|目前)?(?:无|没有|未有|不存在)(?:同类|相同|类似|生产|厂家|替代|此类|该类|能)|(?:无|没有|尚无|暂无)(?:同类)?国产(?:同类|替代|设备|产品|仪器)|国内(?:尚|暂)?(?:不能|无法|不)生产|无(?:国家|行业|国产)标准|国内(?:尚|暂)?(?:无|没有)(?:统一|相关|相应)?(?:的)?标准|在中国境内无法获取|中国境内无法(?:获取|生产)",
    ),
    (
        "certification",
        r"(?:资质|认证|许可证|准入|保密资质|检定证书|行业许可|注册证|入网许可)(?:要求|证书)?[^。;；\n]{0,20}?(?:唯一|仅有|只有|独家|指定)|(?:唯一|仅有|只有)[^。;；\n]{0,20}?(?:资质|认证|许可|注册证)|公安部(?:指定|认证|检测|推荐)|(?:国家|行业)(?:强制)?认证",
    ),
    (
        "prior_use",
        r"(?:前期|此前|之前|已经?|一期|上一?(?:年度|期)|历年|多年来|往年|目前)(?:已)?(?:采购|使用|建设|部署|采用|配备|承建|中标|购置|开发|运行)|原(?:承建|中标|供应|采购|开发|建设)(?:商|单位|方|公司|供应商)?|由[^。;；\n]{2,30}?(?:承建|开发|建设|研发)",
    ),
    (
        "unique_capability",
        r"唯一(?:性|的|能|一家|符合|满足|具备|可|生产|能够|选择)?|不可替代|无可替代|无法替代|只能(?:从|由|采购|向)|仅(?:此|有)?(?:一家|该公司|其)|独有|独特|特殊(?:要求|性|需求)|其他(?:公司|厂家|供应商|品牌|产品)[^。;；\n]{0,20}?(?:无法|不能|不具备|难以)|无(?:其他|其它)(?:供应商|厂家|产品|公司)",
    ),
)  # fmt: skip
_PATTERN = regex("|".join(f"(?P<{label}>{pattern})" for label, pattern in _REASONS))
_START = regex(
    r"(?:采用|拟采用)?单一来源(?:采购)?(?:方式)?(?:的)?(?:原因|理由)(?:及(?:相关)?说明)?|申请理由|(?:采购|申请|论证)?(?:进口|理由|原因)(?:产品)?(?:的)?(?:理由|原因|说明|依据)|论证意见|专家(?:组)?(?:论证)?意见|唯一性(?:说明|论证)|情况说明|理由如下"
)
_END = regex(
    r"\n\s*(?:[一二三四五六七八九十]{1,3}、)?\s*(?:拟定(?:的唯一)?供应商(?:信息|名称)|公示期限|公示期|其他补充事宜|联系方式|联系事项|采购人信息|预算金额)"
)
_STOP = "。；;，,：:\n"


def find_justifications(text: str) -> tuple[TextSpan, ...]:
    """Spans ``justification:<reason>``, each the clause that gives the reason; only where the notice argues its case."""
    spans: list[TextSpan] = []
    for start, end in _passages(text):
        for match in _PATTERN.finditer(text, start, end):
            label = f"justification:{match.lastgroup}"
            left, right = _clause(text, match.start(), match.end(), start, end)
            if spans and spans[-1].label == label and spans[-1].end >= left:
                continue
            spans.append(TextSpan(label, left, right))
            if len(spans) >= MAX_SPANS:
                return tuple(spans)
    return tuple(dict.fromkeys(spans))


def _passages(text: str) -> list[tuple[int, int]]:
    """The parts that argue; the whole text where no heading says so."""
    found: list[tuple[int, int]] = []
    for match in _START.finditer(text):
        if found and match.start() < found[-1][1]:
            continue
        stop = _END.search(text, match.end())
        found.append((match.end(), stop.start() if stop is not None else len(text)))
    return found or [(0, len(text))]


def _clause(text: str, start: int, end: int, floor: int, ceiling: int) -> tuple[int, int]:
    left = max(max(text.rfind(mark, floor, start) for mark in _STOP) + 1, floor)
    ends = [at for at in (text.find(mark, end, ceiling) for mark in _STOP) if at >= 0]
    right = min(ends) if ends else ceiling
    while left < right and text[left].isspace():
        left += 1
    while right > left and text[right - 1].isspace():
        right -= 1
    return left, right
