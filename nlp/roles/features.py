"""Features of one mention: short strings, present or absent. The brand itself is never one, so that the model reads the words around it."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from nlp.patterns import regex
from nlp.roles.cues import CUES_FINGERPRINT, GROUPS
from nlp.roles.view import MentionView

FEATURES_VERSION: Final = "6"

_QUANTITY: Final = regex(
    r"\d\s*(?:台|块|套|个|只|支|具|架|部|盒|张|片|条|批|辆|枚|瓶|箱|件|根|把|副|组|点|年)|[一二两三四五六七八九十]+(?:台|套|架|部|辆)"
)
_PRICE: Final = regex(r"[¥￥]|\d\s*万?元|金额|单价|总价")
_MODEL: Final = regex(r"^[\s（(]*[A-Za-z]*[-A-Za-z ]*\d[-A-Za-z0-9/]*")
_LATIN: Final = regex(r"^\s*[A-Za-z]")
_SPACE: Final = regex(r"\s+")
_DIGITS: Final = regex(r"\d+")
_TITLE_END: Final = regex(r"(?:公告|公示|通知|项目|采购|服务|结果)(?:[（(][^（）()]*[)）])?\s*$")
_HEADS: Final = (
    ("brand", regex(r"品牌|厂牌|商标")),
    ("maker", regex(r"制造商|厂家|厂商|生产")),
    ("model", regex(r"型号|规格")),
    ("name", regex(r"名称|产品|货物|商品|标的|设备|品名|内容|项目")),
    ("supplier", regex(r"供应商|中标人|成交人|投标人|单位名称|公司")),
    ("parameter", regex(r"参数|要求|指标|配置|描述|功能|性能")),
    ("remark", regex(r"备注|说明")),
    ("quantity", regex(r"数量|台数")),
    ("price", regex(r"单价|价格|金额|总价|小计|报价")),
    ("seen", regex(r"年限|购置|启用|状态|位置|机房|使用部门|维保|到期")),
    ("score", regex(r"得分|排名|名次|评审")),
)
_PLATFORMS: Final = (
    (
        "system",
        regex(
            r"windows|win\s?(?:7|8|10|11|xp)|视窗|android|安卓|\bios\b|鸿蒙|mac\s?os|red\s?hat|红帽|linux|unix",
            re.IGNORECASE,
        ),
    ),
    ("browser", regex(r"chrome|浏览器|\bie\s?\d|internet explorer|\bedge\b", re.IGNORECASE)),
    ("database", regex(r"sql\s?server|oracle|mysql|\bdb2\b|sybase|mongodb|数据库|weblogic|中间件", re.IGNORECASE)),
    ("virtual", regex(r"vmware|vsphere|esxi|hyper-?v|citrix|思杰|虚拟化|虚拟机|云平台", re.IGNORECASE)),
    ("office", regex(r"office|word|excel|outlook|powerpoint|acrobat|photoshop", re.IGNORECASE)),
    ("architecture", regex(r"cuda|x86|架构", re.IGNORECASE)),
)
"""Kinds of software others run on: a name followed by one of these is seldom what is bought."""
_PLATFORM_REACH: Final = 8
_NEAR: Final = 6
_AROUND: Final = 120
_FIRM: Final = regex(r"[一-龥（）()A-Za-z]{0,16}?(?:有限公司|有限责任公司|集团|株式会社)")
_HAN: Final = regex(r"[一-龥]")


def fingerprint() -> str:
    """Digest of everything the features are made of: this code's version, the cues, the column kinds."""
    kinds = [(name, pattern.pattern) for name, pattern in (*_HEADS, *_PLATFORMS)]
    return hashlib.sha256(repr((FEATURES_VERSION, CUES_FINGERPRINT, kinds)).encode()).hexdigest()[:16]


_PROBE: Final = (
    "西部数据中心机房扩容及希捷酷鹰监控硬盘采购",
    "供应商须具有原厂针对本项目的授权书并提供售后服务承诺函",
    "公安县公安局刑事侦查大队电子物证实验室建设项目更正公告",
    "拟以单一来源方式采购遗传分析仪配套试剂耗材一批",
    "现有网络设备维保服务到期后由乙方继续提供巡检",
)


def _cut(text: str) -> list[str]:
    """Words of ``text``. The segmenter's dictionary takes a fifth of a second to load: a page that rules decide does not wait for it."""
    import rjieba  # noqa: PLC0415

    words: list[str] = rjieba.cut(text)
    return words


def dictionary_fingerprint() -> str:
    """Digest of how the segmenter cuts a fixed set of sentences: changes when its dictionary or algorithm does."""
    return hashlib.sha256(repr([_cut(sentence) for sentence in _PROBE]).encode()).hexdigest()[:16]


def _kinds(text: str) -> list[str]:
    return [name for name, pattern in _HEADS if pattern.search(text)]


def extract(view: MentionView) -> list[str]:
    """The features of one mention, without duplicates, in a fixed order."""
    out: dict[str, None] = {"bias": None}
    cues = view.layout.cues
    text = view.text
    kind = view.notice_type
    type_name = kind.value if kind is not None else "none"
    out[f"type={type_name}"] = None
    field = view.mention.field
    out[f"field={field.split('_')[0]}"] = None

    left_edge = min(view.group.start, view.start)
    right_edge = view.list_end
    sentence_start, sentence_end = view.sentence
    clause_start, clause_end = view.clause
    clause_end = max(clause_end, right_edge)
    nearest_left: tuple[int, str, str] | None = None
    nearest_right: tuple[int, str, str] | None = None
    for index in cues.within(sentence_start, sentence_end):
        group = GROUPS[cues.groups[index]]
        start, end = cues.starts[index], cues.ends[index]
        if end <= left_edge:
            distance = left_edge - end
            scope = "c" if start >= clause_start else "s"
            out[f"{scope}l:{group}"] = None
            if scope == "c" and distance <= _NEAR:
                out[f"nl:{group}"] = None
            if nearest_left is None or distance < nearest_left[0]:
                nearest_left = (distance, group, text[start:end])
        elif start >= right_edge:
            distance = start - right_edge
            scope = "c" if end <= clause_end else "s"
            out[f"{scope}r:{group}"] = None
            if scope == "c" and distance <= _NEAR:
                out[f"nr:{group}"] = None
            if nearest_right is None:
                nearest_right = (distance, group, text[start:end])
        else:
            out[f"in:{group}"] = None
    if nearest_left is not None:
        out[f"first_left={nearest_left[1]}"] = None
        out[f"word_left={nearest_left[2]}"] = None
    if nearest_right is not None:
        out[f"first_right={nearest_right[1]}"] = None
        out[f"word_right={nearest_right[2]}"] = None
    if nearest_left is not None and nearest_right is not None:
        out[f"pair={nearest_left[1]}>{nearest_right[1]}"] = None
    if nearest_left is None and nearest_right is None:
        out["no_cue"] = None
        out[f"no_cue&type={type_name}"] = None

    stage = view.stage
    out[f"stage={stage}"] = None
    if view.in_row:
        out[f"stage&row={stage}"] = None
    if view.label:
        out["label"] = None
        for name in _kinds(view.label):
            out[f"label_kind={name}"] = None
            out[f"stage&label={stage}&{name}"] = None
        for group in sorted(view.label_groups):
            out[f"label:{group}"] = None
    if view.in_row:
        out["row"] = None
        kinds = _kinds(view.header)
        for name in kinds or ["none"]:
            out[f"column={name}"] = None
            out[f"column={name}&type={type_name}"] = None
        for group in sorted(view.header_groups):
            out[f"column:{group}"] = None
        for name in _kinds(view.header_row):
            out[f"table={name}"] = None
        start = view.layout.lines[view.line_index].start
        end = view.layout.lines[view.line_index].end
        for group in sorted(cues.groups_within(start, end)):
            out[f"row:{group}"] = None
        head = view.layout.lines[view.line_index].header
        if head >= 0:
            for group in sorted(cues.groups_within(view.layout.lines[head].start, view.layout.lines[head].end)):
                out[f"head:{group}"] = None
        else:
            out["no_head"] = None
    lines = view.layout.lines
    line = lines[view.line_index]
    if not view.in_row:
        for group in sorted(cues.groups_within(max(line.start, sentence_start - _AROUND), sentence_start)):
            out[f"ll:{group}"] = None
        for group in sorted(cues.groups_within(sentence_end, min(line.end, sentence_end + _AROUND))):
            out[f"lr:{group}"] = None
    above = lines[max(0, view.line_index - 4)].start
    for group in sorted(cues.groups_within(max(above, line.start - 2 * _AROUND), line.start)):
        out[f"above:{group}"] = None
    below = lines[min(len(lines) - 1, view.line_index + 3)].end
    for group in sorted(cues.groups_within(line.end, min(below, line.end + _AROUND))):
        out[f"below:{group}"] = None
    if view.in_row and line.table == view.line_index:
        out["first_row"] = None
    firm = _FIRM.match(text, view.end, min(len(text), view.end + 24))
    if firm is not None:
        out["firm"] = None
        out[f"firm_prefix={bool(_HAN.match(text[view.start - 1 : view.start]))}"] = None
        out[f"firm_brackets={'（' in firm.group() or '(' in firm.group()}"] = None
    for group in sorted(view.heading_groups):
        out[f"heading:{group}"] = None
    if view.in_title:
        out["title"] = None
        if _TITLE_END.search(view.title):
            out["title_form"] = None
    else:
        for group in sorted(view.title_groups):
            out[f"title:{group}"] = None
    if view.lot_status is not None:
        out[f"lot={view.lot_status.value}"] = None
    if view.item is not None:
        out[f"item&type={type_name}"] = None
    if view.in_supplier:
        out["in_supplier"] = None

    _words(view, out, left_edge, right_edge)
    return list(out)


def _words(view: MentionView, out: dict[str, None], left_edge: int, right_edge: int) -> None:
    text = view.text
    size = view.group.size
    out[f"list={min(size, 4)}"] = None
    for joiner in sorted(set(view.group.joiners)):
        out[
            f"join={'or' if joiner == '或' else 'slash' if joiner in '/／|｜' else 'list' if joiner in '、,，' else 'and'}"
        ] = None
    tail = text[max(view.group.end, view.end) : right_edge]
    if tail.endswith("等"):
        out["tail=etc"] = None
    if "或" in tail:
        out["join=or"] = None
    after = text[view.end : min(view.sentence[1], view.end + 30)]
    if _MODEL.match(after):
        out["model_after"] = None
    elif _LATIN.match(after):
        out["latin_after"] = None
    sentence = text[view.sentence[0] : view.sentence[1]]
    if _QUANTITY.search(sentence):
        out["quantity"] = None
    if _PRICE.search(sentence):
        out["price"] = None
    if text[view.start - 1 : view.start] in {"（", "("}:
        out["in_brackets"] = None
    if left_edge == view.bounds[0]:
        out["starts_line"] = None
    if not text[right_edge : view.bounds[1]].strip():
        out["ends_line"] = None
    low = view.sentence[0]
    left = [token for token in _cut(text[max(low, left_edge - 24) : left_edge]) if not _SPACE.fullmatch(token)]
    right = [
        token
        for token in _cut(text[right_edge : min(view.sentence[1], right_edge + 24)])
        if not _SPACE.fullmatch(token)
    ]
    left_words = [_DIGITS.sub("0", token) for token in left[-8:]]
    right_words = [_DIGITS.sub("0", token) for token in right[:8]]
    out[f"l1={left_words[-1] if left_words else '^'}"] = None
    out[f"r1={right_words[0] if right_words else '$'}"] = None
    out[f"l2={''.join(left_words[-2:]) if left_words else '^'}"] = None
    out[f"r2={''.join(right_words[:2]) if right_words else '$'}"] = None
    for token in left_words:
        out[f"lw={token}"] = None
    for token in right_words:
        out[f"rw={token}"] = None
    named = text[view.start : min(view.sentence[1], view.end + _PLATFORM_REACH)]
    for name, pattern in _PLATFORMS:
        if pattern.search(named):
            out[f"platform={name}"] = None
            out[f"platform={name}&stage={view.stage}"] = None
            out["platform"] = None
    own = _cut(text[view.end : min(view.sentence[1], view.end + 12)])
    own = [_DIGITS.sub("0", token) for token in own if not _SPACE.fullmatch(token)]
    out[f"own1={own[0] if own else '$'}"] = None
