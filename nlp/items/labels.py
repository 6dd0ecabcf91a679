"""Labels in running text: who won and for how much, in ``label：value`` form or one under the other."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from nlp.items.names import is_organisation
from nlp.patterns import regex
from nlp.types import Block, BlockKind, Document
from nlp.values import value

_AWARD = r"(?:中\s?标|成\s?交|中选|定标|入围)(?:\s?[（(/或]?\s?(?:成交|中标|中选)\s?[）)]?)?"
_WHO = r"(?:供\s?应\s?商|服务商|供货商|承包商|投标人|人|单\s?位|商家?|企业|公司|厂商|机构|方)"
_WINNER = rf"(?:拟|预|最终)?{_AWARD}(?:的)?\s?{_WHO}(?:单位|公司)?\s?(?:全?\s?名\s?称|全称|是|为)?"
_CANDIDATE = r"第?\s?[一二三四五1-5]?\s?(?:推荐)?(?:(?:中标|成交|中选)(?:[（(]成交[）)])?)?候选(?:供应商|人|单位)\s?[一二三四五1-5]?\s?(?:单位)?(?:名称)?|第[一二三四五]中标排序单位名称|第[一二三四五]名(?:单位)?(?:名称)?"
_SUPPLIER = r"供\s?应\s?商\s?(?:[（(]乙方[）)])?\s?(?:名\s?称|全称)?|乙\s?方\s?(?:[（(]供应商[）)])?\s?(?:名称)?|(?:卖|供|承揽|承包)\s?方(?:名称)?|承包(?:人|商|单位)(?:名称)?|供货(?:商|单位|方)(?:名称)?|施工单位|服务(?:商|单位)(?:名称)?|单位名称|投标(?:人|单位)(?:名称)?"
_PROPOSED = r"(?:单一来源|拟定?(?:的)?|唯一|拟邀请(?:的)?|拟采购)(?:的)?(?:唯一)?(?:供应商|供货商|单位)(?:名称)?"
_UNIT = r"(?:\s?[（(【][^（）()【】:：\n]{1,16}[）)】])?"
_AMOUNT = rf"(?:拟|预)?(?:{_AWARD}|合\s?同|签约|订单)(?:总|合计)?(?:成交|中标)?(?:金\s?额|价\s?格|价\s?款|报\s?价|标价|总?价|总额|款)(?:合计)?(?!的)"
_TOTAL = rf"总\s?(?:{_AWARD})\s?(?:金\s?额|价格?)|(?:中标|成交)总(?:金\s?额|价)"
_BID = r"(?:最终|最后|投标|磋商|谈判|竞标|响应|总|有效)?(?:总)?(?:报\s?价|投标价格?)|总\s?(?:价|金\s?额)|金\s?额(?!的)"
_FAILED = r"(?:废标|流标|终止|失败|未成交)(?:的)?(?:原因|理由|情形|说明)"
_LABEL = regex(
    rf"(?=[中乙供候入单卖合名响唯失定废总成承投报拟推施最有服未流磋竞第签终订谈金预]|\s?[一二三四五1-5]?\s?[推中成候])(?:(?P<total>{_TOTAL}){_UNIT}\s?[:：]|(?P<amount>{_AMOUNT}){_UNIT}\s?[:：]|(?P<proposed>{_PROPOSED})\s?[:：]"
    rf"|(?P<candidate>{_CANDIDATE})\s?[:：]|(?P<winner>{_WINNER})(?:\s?[（(][^（）()\n]{{1,12}}[）)])?\s?[:：]|(?P<failed>{_FAILED})\s?[:：]"
    rf"|(?<![购理标价])(?P<supplier>{_SUPPLIER})\s?[:：]|(?:^|(?<=[\s。；;、)）]))(?P<name>(?:单位)?名\s?称)\s?[:：]|(?<![理务证费位项])(?P<bid>{_BID}){_UNIT}\s?[:：])"
)
"""The characters in front are all that a label can begin with: most places of a text are none."""
_LABEL_LINE = regex(
    rf"(?=[（(\d\s一二三四五六七八九十中乙供候入单卖合响唯失定废总成承投报拟推施最有服未流磋竞第签终订谈金预])(?:(?:[（(]?\d{{1,2}}[）).、]|[一二三四五六七八九十]{{1,3}}、)\s?)?(?:(?P<total>{_TOTAL})|(?P<amount>{_AMOUNT})|(?P<proposed>{_PROPOSED})|(?P<candidate>{_CANDIDATE})|(?P<winner>{_WINNER})|(?P<failed>{_FAILED})|(?P<supplier>{_SUPPLIER})|(?P<bid>{_BID}){_UNIT})"
    rf"{_UNIT}\s?[:：|]*\s?"
)
_ORG_TAIL = r"(?:公司|集团|厂|中心|研究院|设计院|事务所|大学|学院|合作社|经营部|商行|商店|工作室|医院)"
_ORG = rf"[\u4e00-\u9fffA-Za-z（）()·&]{{3,40}}?{_ORG_TAIL}(?:[（(][^（）()\n]{{2,12}}[）)])?"
_SENTENCE = regex(
    rf"(?:^|[\n。；;，,：:\s“”])(?!确定|选定|由|推荐|评定|决定|经|现|同意|最终|故)(?P<a>{_ORG})(?:[（(][^（）()\n]{{0,30}}[）)])?\s?(?:被?(?:推荐|确定|评定|选定)?(?:为|作为)|是)(?:本(?:项目|包|标段|次采购)(?:的)?)?(?:排名)?(?P<rank>第[一二三四五1-5])?(?:名)?(?:的)?{_AWARD}(?P<cand>候选)?(?:人|供应商|单位|商)"
    rf"|(?:确定|选定|由|推荐|评定|决定)\s?(?P<b>{_ORG})\s?(?:为|作为|以.{{0,24}}?)?(?:本(?:项目|包|标段)(?:的)?)?(?P<rank2>第[一二三四五1-5])?(?:名)?{_AWARD}(?P<cand2>候选)?(?:人|供应商|单位|商)?"
    rf"|(?:{_WINNER})\s?(?P<c>{_ORG})"
    rf"|(?:^|[\n。；;：:])\s?(?P<d>{_ORG})[，,]\s?(?:总价|中标价|成交价|报价|金额|成交金额|中标金额)(?:为|是|[:：])?(?=\s?[¥￥\d人])"
)
_SENTENCE_AMOUNT = regex(
    rf"^(?:[^。\n]{{0,30}}?|[^。\n]{{31,70}}?，(?=(?:中标|成交|合同)总))\n?\s?(?:{_AMOUNT}|{_TOTAL}|总价|报价|投标报价|投标价|金额){_UNIT}\s?(?:为|是|[:：])?\s?(?P<v>(?:人民币|[¥￥])?\s?[\d,，.]+\s?(?:万|亿)?元?|[^\s，。；]{{2,24}}元整?(?:[（(][^（）()]{{1,30}}[）)])?)"
)
LEADING_WINNER = regex(rf"\s*(?:{_WINNER}|{_SUPPLIER})\s?[:：]\s?")
_TRIGGER = regex(
    rf"{_ORG_TAIL}[^\n]{{0,60}}?(?:中\s?标|成\s?交|中选|定标|入围|价|金额)|(?:中\s?标|成\s?交|中选|定标|入围)[^\n]{{2,60}}{_ORG_TAIL}"
)
_WON = regex(r"中\s?标|成\s?交|中选|定标|入围|价|金额")
"""Without one of these no sentence names a winner; found at once, where the trigger looks behind every name of a firm."""
_BY_PRICE = regex(r"\s?以(?P<v>(?:人民币|[¥￥])?\s?[\d,，.]+\s?(?:万|亿)?元)")
_NEXT = regex(
    r"(?<=[\d元整）)\s，,；;。/])(?!万元|亿元|元|大写|小写|人民币|其中)[\u4e00-\u9fff]{2,14}(?:[（(][^（）()]{1,8}[)）])?[:：]"
)
_NUMBERED_LINE = regex(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,2}[）)]|\d{1,2}、")
_UNIT_LINE = regex(r"[（(]\s?(?:人民币|单位[:：])?\s?[百千万亿]*元\s?[)）]")
_FIGURE = regex(r"[¥￥]?\s?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[¥￥]?\s?\d{4,}(?:\.\d+)?|\d+\.\d{2,6}")
_VALUE_END = regex(r"。|\s{2,}|\s[一二三四五六七八九十]{1,3}、")
_LINE_HINT = regex("[标成选围供乙卖承施服名合签订价额废流终失第位]")
"""Every label on a line of its own holds one of these."""
_HINT = regex(r"标|成\s?交|中选|供|乙|卖|承|施工|服务|名\s?称|合|签约|订单|价|额|废|流|终|失|第")
"""Every label holds one of these."""
_MAX_VALUE = 300


@value
class Label:
    """``kind``: winner, candidate, supplier, proposed, amount, total, bid, failed. ``value`` starts at ``start`` in the text."""

    kind: str
    label: str
    value: str
    at: int
    start: int
    end: int
    rank: int | None = None
    raw_sentence: bool = False


def labels(document: Document, taken: list[tuple[int, int]] | None = None) -> list[Label]:
    """All labels of lines outside tables, in order of position. ``taken`` are spans already read as tables."""
    text = document.text
    if (
        "标" not in text
        and "成交" not in text
        and "供应商" not in text
        and "乙方" not in text
        and "合同" not in text
        and "中选" not in text
    ):
        return []
    found: list[Label] = []
    blocks = document.blocks
    bid_label: str | None = None
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.ROW:
            continue
        line = text[block.start : block.end]
        if taken and any(start <= block.start and block.end <= end for start, end in taken):
            continue
        if len(line) <= 40:
            whole = _LABEL_LINE.fullmatch(line) if _LINE_HINT.search(line) is not None else None
            if whole is not None and whole.lastgroup is not None:
                follow = blocks[number + 1] if number + 1 < len(blocks) else None
                if follow is not None and follow.kind is not BlockKind.ROW:
                    value = text[follow.start : follow.end]
                    if whole["bid"] is not None or whole["amount"] is not None:
                        bid_label = f"{line} {value}" if _UNIT_LINE.fullmatch(value) else line
                    if len(value) <= _MAX_VALUE and not _LABEL_LINE.fullmatch(value) and value[-1:] not in ":：":
                        found.append(
                            Label(_kind(whole), line, value, block.start, follow.start, follow.end, _rank(line))
                        )
                        bid = _bid_below(document, number + 2, bid_label) if whole["candidate"] is not None else None
                        if bid is not None:
                            found.append(bid)
                continue
        if ":" not in line and "：" not in line:
            continue
        if _HINT.search(line) is None:
            continue
        in_line = list(_in_line(line, block.start, taken or []))
        if in_line and not in_line[-1].value and line.rstrip(" \u3000")[-1:] in ":：" and number + 1 < len(blocks):
            in_line[-1] = _from_next(in_line[-1], blocks[number + 1], text)
        found.extend(in_line)
    return found


def _from_next(label: Label, block: Block, text: str) -> Label:
    """A label that ends its line has its value on the next one."""
    value = text[block.start : block.end]
    if (
        block.kind is BlockKind.ROW
        or len(value) > _MAX_VALUE
        or _LABEL_LINE.fullmatch(value)
        or value[-1:] in ":："
        or _NUMBERED_LINE.match(value)
    ):
        return label
    return dataclasses.replace(label, value=value, start=block.start, end=block.end)


def _bid_below(document: Document, number: int, label: str | None) -> Label | None:
    """In a table of one cell a line whose header is broken over lines: the figure under a ranked name is its bid."""
    if label is None or number >= len(document.blocks):
        return None
    block = document.blocks[number]
    value = document.text[block.start : block.end]
    if block.kind is BlockKind.ROW or not _FIGURE.fullmatch(value):
        return None
    return Label("bid", label, value, block.start, block.start, block.end)


def _kind(match: re.Match[str]) -> str:
    return next(name for name, value in match.groupdict().items() if value is not None)


_RANKED = regex(r"第\s?([一二三四五1-5])|候选(?:供应商|人|单位)\s?([一二三四五1-5])")
_RANKS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5}


def _rank(label: str) -> int | None:
    match = _RANKED.search(label)
    if match is None:
        return None
    value = match[1] or match[2]
    return _RANKS.get(value) or int(value)


def _in_line(line: str, base: int, taken: list[tuple[int, int]]) -> Iterator[Label]:
    # a label ends with its colon: behind the last one there is none
    last = max(line.rfind("："), line.rfind(":")) + 1
    matches = [m for m in _LABEL.finditer(line, 0, last) if not any(s <= base + m.start() < e for s, e in taken)]
    for number, match in enumerate(matches):
        start = match.end()
        stop = matches[number + 1].start() if number + 1 < len(matches) else len(line)
        value = line[start : min(stop, start + _MAX_VALUE)]
        cut = _VALUE_END.search(value)
        if cut is not None and cut.start() > 0:
            value = value[: cut.start()]
        kind = _kind(match)
        following = _NEXT.search(value)
        if following is not None and not (
            kind in {"winner", "supplier"} and re.search("成员|牵头|联合体|主体", following[0])
        ):
            value = value[: following.start()]
        if kind in {"winner", "candidate", "supplier", "proposed", "name"}:
            value = _first_name(value)
        lead = len(value) - len(value.lstrip(" \u3000:："))
        tail = value.strip(" \u3000，,；;:：")
        yield Label(
            kind,
            match[0],
            tail,
            base + match.start(),
            base + start + lead,
            base + start + lead + len(tail),
            _rank(match[0]),
        )


def _first_name(value: str) -> str:
    """In flattened text the name ends at the first blank after which something else begins."""
    stripped = value.lstrip(" \u3000")
    pieces = stripped.split(" ")
    if len(pieces) > 1 and is_organisation(pieces[0]):
        keep = 1
        while keep < len(pieces) and (
            is_organisation(pieces[keep]) or re.match(r"[（(]?(?:联合体|成员|牵头|主体)", pieces[keep])
        ):
            keep += 1
        return value[: len(value) - len(stripped)] + " ".join(pieces[:keep])
    return value


def _sentence_matches(text: str, lines: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    for start, end in lines:
        if _WON.search(text, start, end) is not None and _TRIGGER.search(text, start, end) is not None:
            # from the line feed before it: the pattern wants to see where a line begins
            yield from _SENTENCE.finditer(text, max(start - 1, 0), end)


def sentences(
    text: str, lines: list[tuple[int, int]]
) -> Iterator[tuple[str, int, int, bool, int | None, str | None, int, bool]]:
    """Winners and ranked bidders named in sentences: name, its span, whether a candidate, rank, amount text, its start, and whether only
    a price beside the name says that it won.
    """
    for match in _sentence_matches(text, lines):
        group = next(name for name in "abcd" if match[name])
        name = match[group]
        rank_text = match["rank"] or match["rank2"]
        rank = _rank(rank_text) if rank_text else None
        candidate = bool(match["cand"] or match["cand2"])
        tail = text[match.end(group) : match.end(group) + 120]
        amount = _SENTENCE_AMOUNT.match(tail) or _BY_PRICE.match(tail)
        yield (
            name,
            match.start(group),
            match.end(group),
            candidate,
            rank,
            amount["v"] if amount else None,
            match.end(group) + (amount.start("v") if amount else 0),
            group == "d",
        )
