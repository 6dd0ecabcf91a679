"""Reading of money texts.

The unit comes, in this order, from the value itself, the header or label, the default of the portal. Nothing is guessed: a rate, a
unit price, a range, a masked or foreign amount is null with its reason.
"""

from __future__ import annotations

import re
from decimal import Decimal

from nlp.money.numerals import NUMERAL_CLASS, parse_decimal
from nlp.money.plain import plain
from nlp.patterns import regex
from nlp.text import normalise
from nlp.types import Money
from nlp.values import value

_UNIT_FACTORS = {
    "元": 1, "圆": 1, "圓": 1, "块钱": 1, "百元": 100, "千元": 1000, "仟元": 1000, "万元": 10**4, "萬元": 10**4, "万圆": 10**4,
    "十万元": 10**5, "百万元": 10**6, "佰万元": 10**6, "千万元": 10**7, "仟万元": 10**7, "亿元": 10**8, "億元": 10**8,
    "万": 10**4, "亿": 10**8, "百万": 10**6, "千万": 10**7, "十万": 10**5,
}  # fmt: skip
_SCALES = {"百": 100, "千": 1000, "仟": 1000, "十": 10, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

_NUMBER = r"(?:\d{1,3}(?: \d{3})+(?:\.\d+)?(?!\d)|\d+(?:,\s?\d{3})+(?!\d)(?:\.\d+)?|\d+(?!,\d{1,2}(?!\d))(?:\.\d+)?(?:[eE]\d{1,2}(?!\d))?)"
_SCALE = r"(?:[百千仟十]?[万萬]|[百千仟]?[亿億]|[百千仟])"
_YUAN = r"(?:元|圆|圓|块钱)"
# The characters in front are all that an amount can begin with: most places of a text are none.
# 12.8万元, 96 (万元), 1亿2000万元, 9万8千元, ¥1,980,000, 人民币1 980 000元
_ARABIC = regex(
    rf"(?=[人RC¥￥\-\d])(?:(?P<sign>(?:(?:人民币|RMB|CNY)\s*[:：]?\s*[¥￥]?|[¥￥])\s*[:：]?\s*)|(?<![\d.A-Za-z_/-])(?<!\d,))(?P<minus>-)?"
    rf"(?P<number>{_NUMBER})\s*"
    rf"(?:(?P<scaled>{_SCALE})(?P<chain>(?:{_NUMBER}{_SCALE})*(?:\d+(?:\.\d+)?(?={_YUAN}))?)\s*(?P<yuan1>{_YUAN})?"
    rf"|[(\[【<《]\s*(?P<bracket>[百千仟]?[万萬亿億]?{_YUAN})\s*[)\]】>》]|(?P<yuan2>{_YUAN}|CNY|RMB))?"
)
_CHINESE = regex(
    rf"(?=[负{NUMERAL_CLASS}])(?P<minus>负)?(?<![几数第{NUMERAL_CLASS}])(?P<numeral>[{NUMERAL_CLASS}]+(?:点[{NUMERAL_CLASS}]+)?)\s*(?P<yuan>{_YUAN})"
    rf"(?:(?P<jiao>[{NUMERAL_CLASS}])角)?(?:零?(?P<fen>[{NUMERAL_CLASS}])分)?"
)
_CHAIN_PART = regex(rf"({_NUMBER})({_SCALE})?")
_ENUMERATED = regex(r"^[(\[]?\d{1,2}[)\]]?、(?=[^\d]|\d+(?:\.\d+)?\s*[万亿元])")
"""1、34.5万元: the first figure counts the line."""
_PLAIN = regex(r"\d{1,12}(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_PREFIX_UNIT = regex(r"单位\s*[:：]?\s*[(\[]?\s*(?:人民币)?\s*([百千]?[万亿]?元)")
_HEADER_UNIT = regex(r"([百千仟]?[万萬亿億]元|[百千仟]元|元|圆)|[(\[][¥￥:/]*([百千仟]?[万萬亿億]|百万|千万)[)\]]")
_HEADER_SIGN = regex(r"[¥￥]")
"""Yuan where the header names no unit: 金额（￥万元） is in 万元 all the same."""
_FOREIGN = regex(
    r"(?=[美欧英日港澳加韩卢瑞台新法UEGJHACKS$€£])(?:美元|美金|欧元|英镑|日元|日圆|港元|港币|澳元|加元|韩元|卢布|瑞士法郎|瑞郎|台币|澳门元|新加坡元|新元(?=\s*[\d.])|法郎"
    r"|\b(?:USD|US\$|EUR|GBP|JPY|HKD|HK\$|AUD|CAD|CHF|KRW|SGD)\b|(?:USD|EUR|GBP|JPY|HKD|CHF)(?=\d)|(?<=\d)(?:USD|EUR|GBP|JPY|HKD|CHF)|[$€£])",
    re.IGNORECASE,
)
_RATE_SIGN = regex(
    r"[%‰]|百分之|(?:\d|[一二三四五六七八九])\s*折|折扣|费率|利率|税率|下浮|上浮|优惠率|下调|让利|比例|浮动率|降幅|系数"
)
_RATE_HEADER = regex(r"率|折扣|下浮|上浮|优惠|[%‰]|比例|百分|系数")
_PER = regex(
    r"\s*(?:人民币)?[)\]]?\s*(?:[/／每]\s*(?:[(\[]?\s*)?[\u4e00-\u9fffA-Za-z²³㎡㎥]|[(\[]\s*(?:[/／]|每)|一?(?:平方米|平米)(?!以))"
)
_PER_PERIOD = regex(r"\s*(?:人民币)?[)\]]?\s*[/每]\s*(?:年|月|日|天|季度?|学期)")
_PERIOD_WORD = regex(r"每(?:年|月|日|天|季度?|学期)|首年|次年|年均|第[一二三四五1-5]年|年度?服务费")
_TOTAL_WORD = regex(
    r"共\s*$|总金?额|总价|总计|合计|总报价|总标的|共计|总投资|合同价|总造价|小写|大写|投标总|总中标|总成交"
)
_MONEY_WORD = regex(
    r"总|合计|金额|价|小计|费用|经费|预算|资金|报价|投资|费|款|小写|大写|限额|标的额|单位|成交|中标|计|包|标段|标项|元"
)
_SIDE_WORD = regex(
    r"不含税|未税|税额|税金|税费|除税|保证金|代理|服务费|招标费|中介|专家费|评审费|文件售价|标书费|定金|预付|首付|尾款"
)
_CEILING_WORD = regex(r"预算|限价|控制价|估价|概算|基准|上限|为基数")
_PART_WORD = regex(r"其中|自筹|暂列|包含|含(?!税)")
_BEFORE_WORD = regex(r"更正前|变更前|原(?:中标|成交|合同|预算)?(?:金额|价|为|公告)|修改前")
_AFTER_WORD = regex(
    r"更正后|变更后|现(?:更正|变更|修改)?(?:为|改为)|更正为|变更为|修改后|调整为|改为|(?:最终|最后|末次|二次)报价"
)
_RANGE = regex(r"\s*(?:[万亿]?元?)\s*(?:-|~|～|至|到|以上至)\s*(?:人民币)?\s*[¥￥]?\s*(?=[\d])")
_PLACEHOLDER = regex(
    r"详见|见附件|见公告|见正文|见原文|见报价|见合同|附件|未公布|不公开|保密|/|／|-+|—+|\\|无|暂无|空|待定|另行|null|undefined|none|n/?a|同上|\.+|…+|待填写|略",
    re.IGNORECASE,
)
_AFTER_NOTE = regex(
    r"[(\[]?(?:含税价?|不含税价?|人民币|整|小写|大写|税前|税后|优惠后|折后价?|暂定|最终报价|总价|固定总价|包干价?)[)\]]?"
)
_FACTOR = regex(r"[×xX*]\s*$")
_SPELLED = regex(
    rf"(?:人民币|大写|\(|\)|:|\s|[¥￥]|金额|总价|报价|合计|中标价|成交价)*(?P<numeral>[{NUMERAL_CLASS}]{{2,24}})\s*整?\)?"
)
_BANKING = regex("[壹贰叁肆伍陆柒捌玖拾佰仟萬]")
_MASKED = regex(r"[*＊×xX□■█?？]{2,}")
_CLAUSE_BREAK = regex(r"[,，;；。!\n¦|]")
_NOT_MONEY_HEADER = regex(
    r"得分|评分|分数|排名|排序|序号|名次|数量|编号|代码|工期|日期|时间|电话|联系方式|手机|账号|账户|帐号|信用代码|证号|传真|邮箱"
)
_UNIT_PRICE_HEADER = regex(r"单价|单位价格|每[\u4e00-\u9fff](?:价|元)")
_NOT_MONEY_LABEL = regex(r"编号|文号|代码|电话|日期|时间|账号|得分|排名|数量|邮编|传真|工期|号$")
_LETTERS = regex(r"[A-Za-z]")


@value
class Amount:
    """One amount inside a longer text. ``label`` is the clause before it."""

    value: Decimal
    start: int
    end: int
    has_unit: bool
    yuan_named: bool
    label: str
    chinese: bool = False
    per: bool = False
    foreign: bool = False


def header_unit(header: str | None) -> int | None:
    """Factor of the money unit a header, label or caption names (``中标金额(万元)`` → 10000); null where it names none."""
    if not header:
        return None
    text = plain(header)
    if _FOREIGN.search(text):
        return None
    match = _HEADER_UNIT.search("".join(text.split()).replace("单元", ""))
    if match is None:
        return 1 if _HEADER_SIGN.search(text) is not None else None
    return _UNIT_FACTORS.get(match[1] or match[2], 1)


def find_amounts(text: str) -> tuple[Amount, ...]:
    """Every amount that carries a money unit or sign of its own, in order, with offsets into ``text``."""
    normal = normalise(text)
    return tuple(
        amount
        if normal.offsets is None
        else Amount(
            amount.value,
            *normal.span(amount.start, amount.end),
            amount.has_unit,
            amount.yuan_named,
            amount.label,
            amount.chinese,
            amount.per,
            amount.foreign,
        )
        for amount in _scan(normal.text)
        if amount.has_unit and not amount.foreign
    )


def parse_money(text: str, header: str | None = None, default_unit: str | None = None) -> Money:
    """The amount a cell or phrase states, in CNY.

    ``header`` is the column header or label; ``default_unit`` (``元``, ``万元``) the portal's own unit where neither names one. Reasons
    for null: ``empty``, ``placeholder``, ``masked``, ``zero``, ``rate``, ``unit_price``, ``per_period``, ``foreign``, ``range``, ``multiple``,
    ``not_money``.
    """
    stripped = text.strip()
    if not stripped:
        return Money(None, text, "empty")
    head = plain(header) if header else ""
    if _PLAIN.fullmatch(stripped):
        return _bare(Decimal(stripped.replace(",", "")), text, head, default_unit)
    normal = _ENUMERATED.sub("", plain(stripped))
    body = " ".join(normal.replace("、", ",").split()) if "\n" not in normal else normal
    return _read(body, text, head, default_unit)


def _read(body: str, raw: str, head: str, default_unit: str | None) -> Money:
    amounts = _scan(body)
    if not amounts:
        spelled = _spelled(body)
        if spelled is not None:
            return _final(spelled, raw, "value", bool(_UNIT_PRICE_HEADER.search(head)))
        return Money(None, raw, _no_amount_reason(body, head))
    if any(_RANGE.match(body, amount.end) for amount in amounts):
        return Money(None, raw, "range")
    named = [amount for amount in amounts if amount.has_unit]
    domestic = [amount for amount in named if not amount.foreign]
    if not domestic:
        if _FOREIGN.search(body) or any(amount.foreign for amount in named):
            return Money(None, raw, "foreign")
        return _unnamed(amounts, body, raw, head, default_unit)
    if (
        _MASKED.search(body)
        and len(domestic) == 1
        and _MASKED.search(body[max(0, domestic[0].start - 3) : domestic[0].start])
    ):
        return Money(None, raw, "masked")
    return _choose(domestic, body, raw, head)


def _spelled(body: str) -> Decimal | None:
    """An amount in banking figures, or one that ends in 万 or 亿, whose 元 was left out."""
    match = _SPELLED.fullmatch(body)
    if match is None:
        return None
    numeral = match["numeral"]
    if not _BANKING.search(numeral) and numeral[-1] not in "万亿":
        return None
    value = parse_decimal(numeral)
    return value if value is not None and value >= 100 else None


def _choose(amounts: list[Amount], body: str, raw: str, head: str) -> Money:
    unit_price_column = bool(_UNIT_PRICE_HEADER.search(head))
    rated = _RATE_SIGN.search(body) is not None
    if rated and not unit_price_column:
        stated = [a for a in amounts if _MONEY_WORD.search(a.label) and not _CEILING_WORD.search(a.label)]
        first_is_amount = amounts[0].label.strip(" :(") == "" and _RATE_SIGN.search(body, amounts[0].end)
        if not stated and not first_is_amount:
            return Money(None, raw, "rate")
        amounts = stated or amounts[:1]
    if not unit_price_column:
        whole = [a for a in amounts if not a.per and not ("单价" in a.label and not _TOTAL_WORD.search(a.label))]
        if not whole:
            return Money(None, raw, "per_period" if _PER_PERIOD.match(body, amounts[0].end) else "unit_price")
        if len(_values(whole)) > 1 or not _TOTAL_WORD.search(body):
            periodic = [a for a in whole if _PERIOD_WORD.search(a.label)]
            if len(periodic) == len(whole):
                return Money(None, raw, "per_period" if len(_values(whole)) == 1 else "multiple")
        amounts = whole
    if len(_values(amounts)) > 1:
        amounts = [a for a in amounts if not _FACTOR.search(a.label)] or amounts
        amounts = _narrow(amounts)
    values = _values(amounts)
    if len(values) > 1:
        return Money(None, raw, "multiple")
    return _final(amounts[0].value, raw, "value", unit_price_column)


def _values(amounts: list[Amount]) -> set[Decimal]:
    return {amount.value for amount in amounts}


def _narrow(amounts: list[Amount]) -> list[Amount]:
    """Of several different amounts the one the words single out; all of them where they do not."""
    after = [a for a in amounts if _AFTER_WORD.search(a.label)]
    if after:
        return after
    rest = [a for a in amounts if not _BEFORE_WORD.search(a.label)] or amounts
    part_from = next((i for i, a in enumerate(rest) if i and _PART_WORD.search(a.label)), None)
    if part_from is not None:
        rest = rest[:part_from]
    rest = [a for a in rest if not _SIDE_WORD.search(a.label)] or rest
    if len(_values(rest)) > 1:
        rest = [a for a in rest if not _CEILING_WORD.search(a.label)] or rest
    if len(_values(rest)) > 1:
        rest = [a for a in rest if _TOTAL_WORD.search(a.label)] or rest
    spelled = [a for a in rest if a.chinese]
    # where figures and words of one amount disagree, the words prevail (Order 87 of the Ministry of Finance, article 59)
    if len(_values(rest)) > 1 and len(spelled) == 1 and len(rest) == 2:
        rest = spelled
    return rest


def _unnamed(amounts: list[Amount], body: str, raw: str, head: str, default_unit: str | None) -> Money:
    """Numbers without a unit of their own: an amount only where nothing but a label stands beside the one number."""
    if len(amounts) != 1:
        return Money(None, raw, "rate" if _RATE_SIGN.search(body) else "not_money")
    amount = amounts[0]
    before, after = body[: amount.start].strip(), body[amount.end :].strip(" )]。.,;")
    if after.startswith(("%", "‰", "折")) or _RATE_SIGN.search(before):
        return Money(None, raw, "rate")
    prefix = _PREFIX_UNIT.search(before)
    if prefix is not None and not after:
        return _final(amount.value * _UNIT_FACTORS[prefix[1]], raw, "value", False)
    label = before.rstrip(" :(-")
    if after and not _AFTER_NOTE.fullmatch(after):
        return Money(None, raw, "not_money")
    if label and (_NOT_MONEY_LABEL.search(label) or _LETTERS.search(label) or not _MONEY_WORD.search(label)):
        return Money(None, raw, "not_money")
    unit = header_unit(label)
    if "单价" in label and not _UNIT_PRICE_HEADER.search(head):
        return Money(None, raw, "unit_price")
    if unit is not None:
        return _final(amount.value * unit, raw, "label", False)
    return _bare(amount.value, raw, head, default_unit)


def _bare(number: Decimal, raw: str, head: str, default_unit: str | None) -> Money:
    """A number alone: header and default decide what it means."""
    unit = header_unit(head)
    if head:
        if _FOREIGN.search(head):
            return Money(None, raw, "foreign")
        if unit is None and _RATE_HEADER.search(head):
            return Money(None, raw, "rate")
        if unit is None and _NOT_MONEY_HEADER.search(head):
            return Money(None, raw, "not_money")
    unit_price_column = bool(_UNIT_PRICE_HEADER.search(head))
    if unit is not None:
        return _final(number * unit, raw, "header", unit_price_column)
    if default_unit is not None:
        return _final(number * _UNIT_FACTORS[default_unit], raw, "portal_default", unit_price_column)
    return _final(number, raw, None, unit_price_column)


def _final(value: Decimal, raw: str, source: str | None, unit_price_column: bool) -> Money:
    if value == 0:
        return Money(None, raw, "zero")
    # one yuan (or a cent) is typed where the amount stands elsewhere; as a unit price it is a price
    if value < 0 or (value <= 1 and not unit_price_column):
        return Money(None, raw, "placeholder")
    return Money(value, raw, None, source)


def _no_amount_reason(body: str, head: str) -> str:
    if _RATE_SIGN.search(body):
        return "rate"
    if _MASKED.search(body):
        return "masked"
    if _FOREIGN.search(body):
        return "foreign"
    tail = body.rsplit(":", 1)[-1].strip(" :.。()")
    if not tail or _PLACEHOLDER.fullmatch(tail) or re.search(r"详见|见附件|见公告|附件", body):
        return "placeholder"
    if _RATE_HEADER.search(head) and not header_unit(head):
        return "rate"
    return "not_money"


def _scan(text: str) -> list[Amount]:
    found: list[Amount] = []
    last_end = 0
    for match in _ARABIC.finditer(text):
        amount = _arabic(match, text, last_end)
        if amount is not None:
            found.append(amount)
            last_end = amount.end
    if any(yuan in text for yuan in "元圆圓"):
        found.extend(_chinese_amounts(text, found))
        found.sort(key=lambda amount: amount.start)
    return found


def _arabic(match: re.Match[str], text: str, last_end: int) -> Amount | None:
    number = _decimal(match["number"])
    scaled, bracket = match["scaled"], match["bracket"]
    yuan = match["yuan1"] or match["yuan2"] or bracket
    end = match.end()
    if scaled:
        if not yuan and _counted_by(text, end):
            return None
        number *= _scale(scaled)
        for part, scale in _CHAIN_PART.findall(match["chain"] or ""):
            number += _decimal(part) * (_scale(scale) if scale else 1)
    elif bracket:
        number *= _UNIT_FACTORS.get(bracket, 1)
    sign = match["sign"]
    has_unit = bool(scaled or yuan or sign)
    start = match.start()
    foreign = _is_foreign(text, start, match.start("number"), end)
    if foreign:
        has_unit = True
    return Amount(
        -number if match["minus"] else number,
        start,
        end,
        has_unit,
        bool(yuan),
        _label(text, start, last_end),
        per=bool(yuan) and bool(_PER.match(text, end)),
        foreign=foreign,
    )


def _decimal(figures: str) -> Decimal:
    return Decimal("".join(figures.replace(",", "").split()))


def _scale(text: str) -> int:
    factor = 1
    for char in text:
        factor *= _SCALES[char]
    return factor


def _counted_by(text: str, end: int) -> bool:
    """Whether a thing is counted in 万 (人, 千瓦 …): 273.248万 is money only where nothing else is counted."""
    rest = text[end:].lstrip()
    return (
        bool(rest)
        and ("\u4e00" <= rest[0] <= "\u9fff" or rest[0].isalnum())
        and not rest.startswith(("人民币", "整", "左右", "含税"))
    )


def _is_foreign(text: str, start: int, number_start: int, end: int) -> bool:
    before = text[max(0, start - 8) : number_start]
    for match in _FOREIGN.finditer(before):
        if not re.search(r"[\d,;。]|人民币", before[match.end() :]):
            return True
    after = text[end : end + 8].lstrip(" (")
    found = _FOREIGN.match(after)
    return found is not None


def _label(text: str, start: int, last_end: int) -> str:
    """The words before an amount, back to the clause break or the amount before it."""
    floor = max(last_end, start - 40)
    window = text[floor:start]
    cut = 0
    for match in _CLAUSE_BREAK.finditer(window.rstrip(" ,;，；")):
        cut = match.end()
    return window[cut:]


def _chinese_amounts(text: str, taken: list[Amount]) -> list[Amount]:
    spans = [(amount.start, amount.end) for amount in taken]
    found = []
    for match in _CHINESE.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in spans):
            continue
        value = parse_decimal(match["numeral"])
        if value is None:
            continue
        for group, factor in (("jiao", Decimal("0.1")), ("fen", Decimal("0.01"))):
            if match[group]:
                part = parse_decimal(match[group])
                value += (part or 0) * factor
        last_end = max((end for _, end in spans if end <= match.start()), default=0)
        found.append(
            Amount(
                -value if match["minus"] else value,
                match.start(),
                match.end(),
                has_unit=True,
                yuan_named=True,
                label=_label(text, match.start(), last_end),
                chinese=True,
                per=bool(_PER.match(text, match.end())),
                foreign=_is_foreign(text, match.start(), match.start(), match.end()),
            )
        )
    return found
