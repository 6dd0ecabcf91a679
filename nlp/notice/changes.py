"""Corrections: the field named, before and after, as the page says it."""

from __future__ import annotations

from nlp.notice.labels import strip_numbering
from nlp.notice.norm import even, squeeze
from nlp.patterns import regex
from nlp.types import BlockKind, Document, FieldChange, Table

MAX_CHANGES = 200
_MAX_TEXT = 2000
_BEFORE = regex(r"(?:更正|变更|修改|澄清|调整)前(?:内容)?|原(?:公告|文件|招标文件)?内容|原公告信息|原内容|原为")
_AFTER = regex(r"(?:更正|变更|修改|澄清|调整)后(?:内容)?|现(?:更正|变更)?内容|更正内容|变更内容|修改内容")
_FIELD = regex(r"更正项|更正事项|变更项|变更事项|条款|更正内容|项目|名称|序号")
_MIN_FROM = 2
_SENTENCES = (
    # 原公告的X：A，更正为：B / 原X为A，现更正为B
    regex(
        r"原(?:公告|招标|采购|磋商|谈判|询价)?(?:公告|文件|结果公告)?(?:的|中的?|中)?\s*(?P<field>[^:,，。;\n]{2,40}?)\s*[:为]\s*(?P<before>[^。;\n]{1,300}?)\s*[,，;。]?\s*(?:现)?(?:更正|变更|修改|调整|更改|改|延期|延长|推迟)(?:为|至|到)\s*:?\s*(?P<after>[^。;\n]{1,300})"
    ),
    regex(
        r"(?P<field>[^:,，。;\n]{2,40}?)\s*(?:由|从)\s*(?:原来?的?)?\s*[\"“]?(?P<before>[^。;\n]{2,200}?)[\"”]?\s*(?:更正|变更|修改|调整|更改|改|延期|延长|推迟)(?:为|至|到)\s*:?\s*[\"“]?(?P<after>[^。;\n\"”]{2,200})"
    ),
)  # fmt: skip
_LABEL_BEFORE = regex(r"^(?P<field>.{0,20}?)(?:更正|变更|修改|调整)前(?:的?内容)?(?:为)?\s*:\s*(?P<value>.+)$")
_LABEL_AFTER = regex(r"^(?P<field>.{0,20}?)(?:更正|变更|修改|调整)后(?:的?内容)?(?:为)?\s*:\s*(?P<value>.+)$")


def read_changes(document: Document) -> tuple[FieldChange, ...]:
    """Rows of before/after tables, ``更正前：…更正后：…`` lines, and the fixed sentences; in reading order, each once."""
    found: list[FieldChange] = []
    for table in document.tables:
        found.extend(_table(table))
    if not found:
        found.extend(_lines(document))
    if not found:
        found.extend(_sentences(document))
    return tuple(dict.fromkeys(found))[:MAX_CHANGES]


def _cut(text: str) -> str | None:
    folded = " ".join(text.split())[:_MAX_TEXT]
    return folded or None


def _table(table: Table) -> list[FieldChange]:
    for index, row in enumerate(table.rows[:4]):
        heads = [squeeze(even(cell.text)) for cell in row]
        before = next((i for i, head in enumerate(heads) if len(head) <= 16 and _BEFORE.search(head)), None)
        after = next(
            (i for i, head in enumerate(heads) if i != before and len(head) <= 16 and _AFTER.search(head)), None
        )
        if before is None or after is None:
            continue
        label = next(
            (
                i
                for i, head in enumerate(heads)
                if i not in {before, after} and _FIELD.search(head) and "序号" not in head
            ),
            None,
        )
        changes = []
        for cells in table.rows[index + 1 :]:
            old, new = _cut(cells[before].text), _cut(cells[after].text)
            name = _cut(cells[label].text) if label is not None else None
            if (old or new) and old != new:
                changes.append(FieldChange(name or "", old, new))
        return changes
    return []


def _lines(document: Document) -> list[FieldChange]:
    """``更正前：A`` followed by ``更正后：B``, on one line or two; a flattened table's four headings followed by its cells."""
    lines = [document.text[block.start : block.end] for block in document.blocks if block.kind is not BlockKind.ROW]
    plain = [strip_numbering(even(line)) for line in lines]
    found: list[FieldChange] = []
    index = 0
    while index < len(lines):
        before = _LABEL_BEFORE.match(plain[index])
        if before is not None and index + 1 < len(lines):
            after = _LABEL_AFTER.match(plain[index + 1])
            if after is not None:
                found.append(
                    FieldChange(before.group("field"), _cut(before.group("value")), _cut(after.group("value")))
                )
                index += 2
                continue
        if squeeze(plain[index]) == "序号" and index + 4 < len(lines):
            heads = [squeeze(text) for text in plain[index + 1 : index + 4]]
            if _BEFORE.search(heads[1]) and _AFTER.search(heads[2]):
                index = _flattened(lines, plain, index + 4, found)
                continue
        index += 1
    return found


def _flattened(lines: list[str], plain: list[str], index: int, found: list[FieldChange]) -> int:
    number = 1
    while (
        index + 3 < len(lines) and squeeze(plain[index]) in {"", str(number)} and squeeze(lines[index]) == str(number)
    ):
        old, new = _cut(lines[index + 2]), _cut(lines[index + 3])
        if old != new:
            found.append(FieldChange(lines[index + 1], old, new))
        index += 4
        number += 1
    return index


def _sentences(document: Document) -> list[FieldChange]:
    text = even(document.text[:20_000])
    found: list[FieldChange] = []
    for pattern in _SENTENCES:
        for match in pattern.finditer(text):
            spans = [
                document.text[match.start(group) : match.end(group)].strip() for group in ("field", "before", "after")
            ]
            name, old, new = spans
            if len(old) >= _MIN_FROM and squeeze(old) != squeeze(new):
                found.append(FieldChange(strip_numbering(name), _cut(old), _cut(new)))
        if found:
            return found
    return found
