"""What became of each lot: winners, ranked candidates, failures, from tables, labels and sentences.

Losing bidders never become winners: only a column, label or sentence that says winner, or a plain supplier column inside a result
section, names one. Agency fees are not read at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nlp.items.labels import LEADING_WINNER, Label, sentences
from nlp.items.lotnames import LOT_MARK, MARK_COLON, lot_number, lot_of_cell, matched_number
from nlp.items.model import Column, Grid, Outcome, Section
from nlp.items.names import clean_name, is_organisation, is_placeholder, looks_like_firm, members_of
from nlp.items.outline import Outline
from nlp.items.sheets import Pair, Row, Sheet, is_total_row
from nlp.money import find_amounts, parse_money
from nlp.patterns import regex
from nlp.types import Cell, Issue, LotStatus, Money, NoticeType

_FAILED_WORD = regex(
    r"废标|流标|终止|作废|采购失败|不足\s?(?:三|3|两|2)\s?家|不足法定|无(?:有效)?(?:供应商|投标人)|未成交|未中标(?!供应商|人|单位)|失败|弃标"
)
_FAILED_SENTENCE = regex(
    r"[^。；;\n]{0,10}?(?P<lots>(?:第?\s?(?:[\dA-Z一二三四五六七八九十]{1,3})\s?[、,，和及至-]?\s?)*?)(?:采购)?(?:合同包|采购包|标段|标项|分标|包)[^。；;\n]{0,40}?(?:废标|流标|采购失败|终止|作废)"
)
_STATUS_WON = regex(r"^(?!.*(?:未|不|否|非)).*(?:中标|成交|入围|是|√|第一|通过|中选)|^是$")
_STATUS_LOST = regex(r"未|不(?!详)|否|淘汰|无效|候选|备选|落选|第[二三四五]")
_WON_SECTIONS = frozenset({Section.RESULT, Section.WINNERS, Section.CONTRACT, Section.ITEMS})
_LOST_SECTIONS = frozenset({Section.BIDDERS, Section.CANDIDATES})
_LABEL_KINDS = {
    Column.WINNER: "winner",
    Column.CANDIDATE: "candidate",
    Column.AMOUNT: "amount",
    Column.BID: "bid",
    Column.SUPPLIER: "supplier",
    Column.LOT: "lot",
}
_TOLD_AMOUNT = regex(
    r"[，,；;]\s?(?:中标|成交|中选|合同)(?:总)?(?:价|价格|金额|总价)\s?(?:为|是)\s?(?P<v>(?:人民币|[¥￥])?\s?[\d,.]+\s?(?:万|亿)?元|[^\s，。；\d]{2,24}元整?)"
)
"""The price said in the clause after the winner's name, without a colon: 成交单位：X公司，成交价为19.8万元."""
_FEE = regex(r"代理|服务费|保证金|收费|预算|限价|控制价")
_NO_NAME = regex(
    r"向|缴|支付|领取|签订|提供|负责|受理|联系|代理|招标|咨询(?:有限)?服务?$|^[须应请在于凭到与需可不未自从按及和]"
)
_FORM_HINT = regex(r"标|成\s?交|中选|供|乙|卖|承|商|价|额|候选|单\s?位|公司|第|合同|包|定点")
_LOT_LIST = regex(
    r"第?\s?((?:[\dA-Z]{1,2}|[一二三四五六七八九十]{1,3})(?:\s?[、,，和及]\s?第?(?:[\dA-Z]{1,2}|[一二三四五六七八九十]{1,3}))+)\s?(?:号)?(?:合同包|采购包|标段|标项|分标|包)"
)
_SELECTED = regex(r"拟中标|拟成交|预中标|预成交|拟定中标")


@dataclass(slots=True)
class Found:
    """Everything the readers of outcomes gathered, before it is put together."""

    outcomes: list[Outcome] = field(default_factory=list)
    totals: list[tuple[Money, int, int]] = field(default_factory=list)
    bids: list[tuple[str, Money]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


class OutcomeReader:
    """Reads outcomes of one notice. ``kind`` is the notice's type; null means that only plain words for winners count."""

    def __init__(self, text: str, plan: Outline, kind: NoticeType | None, default_lot: str | None) -> None:
        self.text = text
        self.plan = plan
        self.kind = kind
        self.default_lot = default_lot
        self.found = Found()

    # ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def sheet(self, sheet: Sheet, grid: Grid) -> None:
        """Outcomes of a table that has a supplier column, a failure column or both."""
        who = next((c for c in (Column.WINNER, Column.SUPPLIER, Column.CANDIDATE) if sheet.has(c)), None)
        if who is None:
            if sheet.has(Column.REASON) and sheet.has(Column.LOT, Column.LOT_NAME, Column.SEQUENCE):
                self._failures(sheet, grid)
            return
        section = self.plan.section(grid.start)
        if sheet.transposed or (
            section in {Section.EXPERTS, Section.FEE, Section.CONTACT, Section.TENDER} and who is not Column.WINNER
        ):
            return
        heading = f"{self.plan.heading(grid.start)} {grid.caption or ''}"
        mode = self._mode(sheet, who, section, heading)
        if mode is None:
            return
        goods = sheet.has(Column.BRAND, Column.MODEL, Column.BRAND_MODEL, Column.QUANTITY) or (
            sheet.has(Column.NAME) and sheet.has(Column.UNIT_PRICE)
        )
        supplier_at = sheet.places[who]
        money_at = self._money_column(sheet, goods)
        order: dict[str | None, int] = {}
        for row in sheet.rows:
            if not is_total_row(row):
                self._row(sheet, grid, row, supplier_at, money_at, mode, goods, order)

    def _mode(self, sheet: Sheet, who: Column, section: Section | None, heading: str) -> str | None:
        if self.kind is NoticeType.CANDIDATE:
            return "candidate"
        if who is Column.CANDIDATE or section in _LOST_SECTIONS or "候选" in heading:
            return "winner" if who is Column.WINNER and section not in _LOST_SECTIONS else "candidate"
        if who is Column.WINNER:
            return "winner"
        if section is Section.PROPOSED:
            return "proposed"
        if section is Section.FAILED:
            return None
        if sheet.has(Column.STATUS) or sheet.has(Column.RANK):
            return "ranked"
        if section in _WON_SECTIONS or sheet.has(Column.AMOUNT):
            return "weak"
        if self.kind in {NoticeType.CONTRACT, NoticeType.ACCEPTANCE, NoticeType.EMALL_ORDER}:
            return "weak"
        return "candidate" if sheet.has(Column.BID, Column.SCORE) else None

    def _money_column(self, sheet: Sheet, goods: bool) -> int | None:
        for column in (Column.AMOUNT, Column.BID, Column.TOTAL):
            index = sheet.index(column)
            if index is not None:
                return index
        if not goods:
            # a column 金额 of a lot without goods; a unit price is kept so that its reason shows
            return sheet.index(Column.UNIT_PRICE)
        return None

    def _row(
        self,
        sheet: Sheet,
        grid: Grid,
        row: Row,
        supplier_at: int,
        money_at: int | None,
        mode: str,
        goods: bool,
        order: dict[str | None, int],
    ) -> None:
        several = _awards_in_one_row(sheet, row, supplier_at, money_at)
        if several is not None:
            for part in several:
                self._row(sheet, grid, part, supplier_at, money_at, mode, goods, order)
            return
        cell = row.cells[supplier_at]
        lot, lot_name = self._lot_of_row(sheet, row, grid)
        names = members_of(cell.text)
        money = (
            self._money(row.cells[money_at], sheet.headers[money_at], sheet.columns[money_at])
            if money_at is not None
            else None
        )
        if not names:
            reason = " ".join(c.text for c in row.cells)
            if _FAILED_WORD.search(reason) and mode != "candidate":
                self._add(Outcome(LotStatus.FAILED, row.cells[0].start, row.cells[-1].end, lot, lot_name))
            return
        if (
            len(names) == 1
            and not is_organisation(names[0])
            and not looks_like_firm(names[0])
            and mode == "weak"
            and len(names[0]) < 4
        ):
            return
        rank = None
        if mode == "ranked":
            status, rank = self._status_of(sheet, row, order, lot)
        elif mode == "candidate":
            status = LotStatus.CANDIDATE
            order[lot] = order.get(lot, 0) + 1
            rank = self._rank_of(sheet, row) or order[lot]
        else:
            status = LotStatus.AWARDED
        reason_at = sheet.index(Column.REASON)
        if (
            reason_at is not None
            and not is_placeholder(row.cells[reason_at].text)
            and status is LotStatus.AWARDED
            and mode != "winner"
        ):
            status = LotStatus.CANDIDATE
        for name in names:
            if money is not None and money.cny is not None and status is LotStatus.CANDIDATE:
                self.found.bids.append((name, money))
        self._add(
            Outcome(
                status,
                row.cells[0].start,
                max(c.end for c in row.cells),
                lot,
                lot_name,
                names,
                cell.text,
                cell.start,
                cell.end,
                money,
                sure=mode == "winner" and not goods,
                proposed=mode == "proposed",
                rank=rank,
                table=grid.start,
                notes=["items"] if goods else [],
            )
        )

    def _money(self, cell: Cell, header: str, column: Column | None) -> Money:
        money = parse_money(cell.text, header if column is not Column.UNIT_PRICE else None)
        if column is Column.UNIT_PRICE and money.cny is not None:
            return Money(None, cell.text, "unit_price")
        return money

    def _rank_of(self, sheet: Sheet, row: Row) -> int | None:
        index = sheet.index(Column.RANK)
        if index is None:
            index = sheet.index(Column.STATUS)
        if index is None:
            return None
        match = re.search(r"第?\s?([一二三四五六七八九十]|\d{1,2})", row.cells[index].text)
        if match is None:
            return None
        value = match[1]
        return int(value) if value.isdigit() else "一二三四五六七八九十".index(value) + 1

    def _status_of(
        self, sheet: Sheet, row: Row, order: dict[str | None, int], lot: str | None
    ) -> tuple[LotStatus, int | None]:
        """Winner or not where the table ranks its rows or says so in a column."""
        index = sheet.index(Column.STATUS)
        order[lot] = order.get(lot, 0) + 1
        rank = self._rank_of(sheet, row) or order[lot]
        if index is not None:
            value = row.cells[index].text.strip()
            if _STATUS_LOST.search(value):
                return LotStatus.CANDIDATE, rank
            if _STATUS_WON.search(value):
                return LotStatus.AWARDED, rank
        return (LotStatus.AWARDED if rank == 1 else LotStatus.CANDIDATE), rank

    def _lot_of_row(self, sheet: Sheet, row: Row, grid: Grid) -> tuple[str | None, str | None]:
        name_at, lot_at = sheet.index(Column.LOT_NAME), sheet.index(Column.LOT)
        name = " ".join(row.cells[name_at].text.split()) or None if name_at is not None else None
        if lot_at is not None:
            number = lot_of_cell(row.cells[lot_at].text)
            if number is not None:
                return number, name
        if row.lot is not None:
            return row.lot, name
        if name is not None:
            number = lot_of_cell(name)
            if number is not None:
                return number, name
        mark = self.plan.lot(grid.start)
        if mark is not None:
            return mark.lot, name or mark.name
        sequence = sheet.index(Column.SEQUENCE)
        if name_at is not None and sequence is not None and len(sheet.rows) > 1:
            # 政采云: the running number of a lot table is the lot's number
            return lot_of_cell(row.cells[sequence].text), name
        return self.default_lot, name

    def _failures(self, sheet: Sheet, grid: Grid) -> None:
        reason_at = sheet.index(Column.REASON)
        if reason_at is None or not (
            sheet.has(Column.LOT, Column.LOT_NAME, Column.SEQUENCE) or self.plan.section(grid.start) is Section.FAILED
        ):
            return
        for row in sheet.rows:
            reason = row.cells[reason_at].text
            if is_placeholder(reason) and not _FAILED_WORD.search(reason):
                continue
            lot, name = self._lot_of_row(sheet, row, grid)
            if lot is None:
                sequence = sheet.index(Column.SEQUENCE)
                lot = lot_of_cell(row.cells[sequence].text) if sequence is not None else None
            if lot is None and name is not None and is_placeholder(name):
                continue
            self._add(Outcome(LotStatus.FAILED, row.cells[0].start, max(c.end for c in row.cells), lot, name))

    def headerless(self, grid: Grid) -> None:
        """A result table without a header: a row that holds one firm and one amount; or only words of failure."""
        section = self.plan.section(grid.start)
        if section not in {Section.RESULT, Section.WINNERS}:
            return
        mark = self.plan.lot(grid.start)
        lot, lot_name = (mark.lot, mark.name) if mark is not None else (self.default_lot, None)
        for row in grid.rows:
            cells = [cell for cell in row if cell.text.strip() and cell.origin]
            firms = [cell for cell in cells if is_organisation(cell.text.strip()) and looks_like_firm(cell.text)]
            amounts = [parse_money(cell.text) for cell in cells if re.search(r"[¥￥元]", cell.text)]
            amounts = [money for money in amounts if money.cny is not None]
            if len(firms) == 1 and len(amounts) == 1:
                cell = firms[0]
                self._add(
                    Outcome(
                        LotStatus.AWARDED,
                        row[0].start,
                        row[-1].end,
                        lot,
                        lot_name,
                        members_of(cell.text),
                        cell.text,
                        cell.start,
                        cell.end,
                        amounts[0],
                        sure=False,
                    )
                )
            elif not firms and len(cells) == 1 and _FAILED_WORD.search(cells[0].text) and mark is not None:
                self._add(Outcome(LotStatus.FAILED, cells[0].start, cells[0].end, lot, lot_name))

    def form(self, grid: Grid, pairs: list[list[Pair]]) -> None:
        """Label and value cells: 中标人 ¦ X公司 ¦ 中标金额(万元) ¦ 221.5."""
        found: list[Label] = []
        rank: int | None = None
        for label, column, cell in self._form_pairs(grid, pairs):
            kind = _LABEL_KINDS.get(column)
            if kind is None:
                continue
            if kind == "amount" and re.match(r"总(?:中标|成交)", label):
                kind = "total"
            if kind == "candidate":
                rank = _rank_of_label(label) or rank
            found.append(
                Label(kind, label, cell.text, cell.start, cell.start, cell.end, rank if kind == "candidate" else None)
            )
        if found:
            self.labels(found, in_form=True)

    def _form_pairs(self, grid: Grid, pairs: list[list[Pair]]) -> list[Pair]:
        """Pairs of a form; ``第一中标候选人 ¦ 单位名称 ¦ X公司`` names the candidate through the cell before."""
        out: list[Pair] = []
        for row, found in zip(grid.rows, pairs, strict=True):
            if not any(column in _LABEL_KINDS for _, column, _ in found) or not any(
                _FORM_HINT.search(cell.text) for cell in row if len(cell.text) <= 40
            ):
                continue
            group = next(
                (" ".join(c.text.split()).replace(" ", "") for c in row if "候选" in c.text or "排序" in c.text), None
            )
            for label, column, cell in found:
                if column is Column.SUPPLIER and group is not None and "候选" in group:
                    cells = [c for c in row if "候选" in c.text]
                    out.append((" ".join(cells[-1].text.split()).replace(" ", ""), Column.CANDIDATE, cell))
                else:
                    out.append((label, column, cell))
        return out

    # ── labels and sentences ────────────────────────────────────────────────────────────────────────────────────────

    def labels(self, found: list[Label], *, in_form: bool = False) -> None:
        """Outcomes from labels in order: a name opens one, an amount closes it."""
        current: Outcome | None = None
        pending: tuple[Money, Label] | None = None
        form_lot: str | None = None
        for label in found:
            if label.kind == "lot":
                form_lot = lot_of_cell(label.value)
                current = None
                continue
            section = self.plan.section(label.at)
            if section in {Section.FEE, Section.EXPERTS} or (
                section is Section.CONTACT and label.kind in {"supplier", "bid", "amount"}
            ):
                continue
            mark = self.plan.lot(label.at)
            lot = form_lot if form_lot is not None else mark.lot if mark is not None else self.default_lot
            lot_name = mark.name if mark is not None else None
            if current is not None and current.lot != lot:
                current = None
            if pending is not None and self._lot_at(pending[1].at, form_lot) != lot:
                pending = None
            if label.kind == "total":
                money = parse_money(label.value, label.label)
                self.found.totals.append((money, label.start, label.end))
                continue
            if label.kind in {"amount", "bid"}:
                if label.kind == "bid" and (
                    current is None or (section in _LOST_SECTIONS and current.status is LotStatus.AWARDED)
                ):
                    continue
                money = parse_money(label.value, label.label)
                if money.cny is None and money.reason in {"empty", "not_money"} and not label.value.strip():
                    continue
                if current is not None and current.amount is None:
                    current.amount = money
                    current.end = max(current.end, label.end)
                elif (
                    current is not None
                    and current.amount is not None
                    and (money.cny is None or money.cny == current.amount.cny)
                ):
                    continue
                elif current is not None and current.amount is not None and current.amount.cny is None:
                    current.amount = money
                elif label.kind == "amount":
                    pending = (money, label)
                continue
            if label.kind == "failed":
                if lot is not None and not is_placeholder(label.value):
                    self._add(Outcome(LotStatus.FAILED, label.at, label.end, lot, lot_name))
                    current = None
                continue
            opened = self._named(label, section, lot, lot_name, in_form)
            if opened is None:
                continue
            if (
                current is not None
                and opened.status is current.status
                and opened.members == current.members
                and current.lot == opened.lot
            ):
                continue
            if pending is not None:
                opened.amount = pending[0]
                pending = None
            if opened.amount is None:
                told = _TOLD_AMOUNT.search(label.value)
                opened.amount = parse_money(told["v"]) if told is not None else None
            self._add(opened)
            current = opened
        if pending is not None:
            self.found.totals.append((pending[0], pending[1].start, pending[1].end))

    def _lot_at(self, position: int, form_lot: str | None) -> str | None:
        mark = self.plan.lot(position)
        return form_lot if form_lot is not None else mark.lot if mark is not None else self.default_lot

    def _named(
        self, label: Label, section: Section | None, lot: str | None, lot_name: str | None, in_form: bool
    ) -> Outcome | None:
        names = members_of(label.value)
        sure = label.kind in {"winner", "proposed"}
        if not names:
            if label.kind == "winner" and _FAILED_WORD.search(label.value) and lot is not None:
                return Outcome(LotStatus.FAILED, label.at, label.end, lot, lot_name)
            return None
        if not all(is_organisation(name) or (sure and looks_like_firm(name)) for name in names) and (
            not sure or len(names) > 1 or not (4 <= len(names[0]) <= 40) or re.search(r"[\d，,：:]", names[0])
        ):
            return None
        status = LotStatus.AWARDED
        proposed = label.kind == "proposed" or section is Section.PROPOSED
        if label.kind == "name" and section not in {Section.WINNERS, Section.PROPOSED}:
            return None
        if label.kind == "candidate" or (label.kind in {"supplier", "name"} and section in _LOST_SECTIONS):
            status = LotStatus.CANDIDATE
        elif label.kind in {"supplier", "name"} and not proposed:
            contract = self.kind in {NoticeType.CONTRACT, NoticeType.ACCEPTANCE, NoticeType.EMALL_ORDER}
            if not contract and section not in _WON_SECTIONS:
                return None
            if in_form and not contract and section is None:
                return None
        if label.kind == "winner" and (
            _SELECTED.match(label.label.replace(" ", "")) and (self.kind is NoticeType.CANDIDATE or "拟" in label.label)
        ):
            status = LotStatus.CANDIDATE
        if label.kind == "winner" and self.kind is NoticeType.CANDIDATE:
            status = LotStatus.CANDIDATE
        rank = label.rank
        if status is LotStatus.CANDIDATE and label.kind == "winner":
            rank = 1
        return Outcome(
            status,
            label.at,
            label.end,
            lot,
            lot_name,
            names,
            label.value,
            label.start,
            label.end,
            None,
            sure,
            proposed,
            rank,
        )

    def sentences(self, lines: list[tuple[int, int]]) -> None:
        """``确定X公司为中标供应商``, ``X公司为第一中标候选人，中标价为…``, ``X公司，总价355000.00元``."""
        known = {
            name for outcome in self.found.outcomes if outcome.status is LotStatus.AWARDED for name in outcome.members
        }
        named = {name for outcome in self.found.outcomes for name in outcome.members}
        read: dict[str, tuple[str, ...]] = {}
        for name, start, end, candidate, rank, amount_text, amount_at, by_price in sentences(self.text, lines):
            if name not in read:
                read[name] = members_of(name)
            names = read[name]
            if not names or not is_organisation(names[0]) or names[0] in known or _NO_NAME.search(names[0]):
                continue
            if by_price and names[0] in named:
                continue
            section = self.plan.section(start)
            if section in {Section.FEE, Section.EXPERTS, Section.CONTACT, Section.TENDER, Section.OTHER}:
                continue
            mark = self.plan.lot(start)
            lot, lot_name = (mark.lot, mark.name) if mark is not None else (self.default_lot, None)
            money = parse_money(amount_text) if amount_text else None
            is_candidate = candidate or self.kind is NoticeType.CANDIDATE or section in _LOST_SECTIONS
            self._add(
                Outcome(
                    LotStatus.CANDIDATE if is_candidate else LotStatus.AWARDED,
                    start,
                    max(end, amount_at + len(amount_text or "")),
                    lot,
                    lot_name,
                    names,
                    name,
                    start,
                    end,
                    money,
                    sure=not is_candidate,
                    rank=rank,
                )
            )

    def lot_segments(self, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """``第1包：X公司，10万元；第2包：流标``: each lot with its winner and amount behind it. Answers with the lines it read."""
        taken = []
        for start, end in lines:
            line = self.text[start:end]
            if ("包" not in line and "标" not in line) or MARK_COLON.search(line) is None:
                continue
            marks = [mark for mark in LOT_MARK.finditer(line) if line[mark.end() : mark.end() + 1] in {":", "："}]
            if not marks or self.plan.section(start) in {
                Section.FEE,
                Section.EXPERTS,
                Section.CONTACT,
                Section.TENDER,
                Section.BASIC,
            }:
                continue
            found = []
            for number, mark in enumerate(marks):
                stop = marks[number + 1].start() if number + 1 < len(marks) else len(line)
                outcome = self._segment(line, start, mark, stop)
                if outcome is not None:
                    found.append(outcome)
            if found and (any(outcome.members for outcome in found) or len(marks) > 1):
                for outcome in found:
                    self._add(outcome)
                taken.append((start, end))
        return taken

    def _segment(self, line: str, base: int, mark: re.Match[str], stop: int) -> Outcome | None:
        lot = matched_number(mark)
        at = mark.end() + 1
        label = LEADING_WINNER.match(line, at, stop)
        at = label.end() if label is not None else at
        segment = line[at:stop]
        if _FAILED_WORD.search(segment) and not looks_like_firm(segment.split("，", maxsplit=1)[0]):
            return Outcome(LotStatus.FAILED, base + mark.start(), base + stop, lot)
        head = re.split(r"[，,；;。]", segment, maxsplit=1)[0]
        names = members_of(head)
        if not names or not all(
            is_organisation(name) and looks_like_firm(name) and not _NO_NAME.search(name) for name in names
        ):
            return None
        amounts = find_amounts(segment)
        money = parse_money(segment[len(head) :].strip(" ，,；;。")) if amounts else None
        lost = self.kind is NoticeType.CANDIDATE or self.plan.section(base) in _LOST_SECTIONS
        name_at = base + at + max(segment.find(names[0]), 0)
        return Outcome(
            LotStatus.CANDIDATE if lost else LotStatus.AWARDED,
            base + mark.start(),
            base + stop,
            lot,
            None,
            names,
            head.strip(),
            name_at,
            name_at + len(names[0]),
            money,
            sure=label is not None or self.plan.section(base) is Section.WINNERS,
        )

    def listed(self, lines: list[tuple[int, int]]) -> None:
        """Firms listed one a line under a heading of winners, where nothing else names one (入围供应商名单)."""
        if any(outcome.members for outcome in self.found.outcomes):
            return
        for start, end in lines:
            if end - start > 60 or self.plan.section(start) not in {Section.WINNERS, Section.CANDIDATES}:
                continue
            line = self.text[start:end]
            names = members_of(line)
            if (
                len(names) != 1
                or not is_organisation(names[0])
                or not looks_like_firm(names[0])
                or _NO_NAME.search(names[0])
            ):
                continue
            lost = self.plan.section(start) is Section.CANDIDATES or self.kind is NoticeType.CANDIDATE
            mark = self.plan.lot(start)
            at = start + line.find(names[0])
            self._add(
                Outcome(
                    LotStatus.CANDIDATE if lost else LotStatus.AWARDED,
                    start,
                    end,
                    mark.lot if mark is not None else self.default_lot,
                    mark.name if mark is not None else None,
                    names,
                    line,
                    max(at, start),
                    max(at, start) + len(names[0]),
                    sure=False,
                )
            )

    def failures(self, document_lines: list[tuple[int, int]]) -> None:
        """Lots that failed, named in lines: under their heading, or in a sentence (第2包因…流标)."""
        text = self.text
        if not _FAILED_WORD.search(text):
            return
        won = {
            outcome.lot for outcome in self.found.outcomes if outcome.status is LotStatus.AWARDED and outcome.members
        }
        failed = {outcome.lot for outcome in self.found.outcomes if outcome.status is LotStatus.FAILED}
        for start, end in document_lines:
            line = text[start:end]
            match = _FAILED_WORD.search(line)
            if match is None:
                continue
            section = self.plan.section(start)
            if section in {Section.FEE, Section.EXPERTS, Section.CONTACT, Section.TENDER, Section.PERIOD}:
                continue
            named = LOT_MARK.search(line)
            numbers: list[str] = []
            if named is not None and _FAILED_SENTENCE.search(line) and named.start() < match.start():
                clause = max(line.rfind(mark, 0, match.start()) for mark in "；;。") + 1
                numbers = _lots_named(line[clause : match.end()])
            elif section in {Section.RESULT, Section.WINNERS, Section.FAILED, Section.ITEMS}:
                mark = self.plan.lot(start)
                if mark is not None and mark.lot is not None:
                    numbers = [mark.lot]
            for number in numbers:
                if number not in won and number not in failed:
                    failed.add(number)
                    mark = self.plan.lot(start)
                    self._add(
                        Outcome(
                            LotStatus.FAILED,
                            start,
                            end,
                            number,
                            mark.name if mark is not None and mark.lot == number else None,
                        )
                    )

    def _add(self, outcome: Outcome) -> None:
        self.found.outcomes.append(outcome)


def _lots_named(clause: str) -> list[str]:
    """All lots a clause names, also as a list before one word: 第1、2包, 标段一和标段二."""
    found = [matched_number(mark) for mark in LOT_MARK.finditer(clause)]
    for several in _LOT_LIST.finditer(clause):
        found.extend(lot_number(piece) for piece in re.split(r"[、,，和及]", several[1]))
    return list(dict.fromkeys(number for number in found if number is not None))


def _rank_of_label(label: str) -> int | None:
    match = re.search(r"第\s?([一二三四五1-5])", label)
    if match is None:
        return None
    return int(match[1]) if match[1].isdigit() else "一二三四五".index(match[1]) + 1


def _awards_in_one_row(sheet: Sheet, row: Row, supplier_at: int, money_at: int | None) -> list[Row] | None:
    """A row that stacks several awards (names and amounts on as many lines each) as so many rows; null for any other row."""
    if money_at is None:
        return None
    for separator in ("\n", "；", ";"):
        if separator not in row.cells[supplier_at].text:
            continue
        names = _lines_of(row.cells[supplier_at].text, separator)
        amounts = _lines_of(row.cells[money_at].text, separator)
        if len(names) < 2 or len(names) != len(amounts) or not all(is_organisation(clean_name(name)) for name in names):
            continue
        lot_at = sheet.index(Column.LOT)
        lots = _lines_of(row.cells[lot_at].text, separator) if lot_at is not None else []
        rows = []
        for number, name in enumerate(names):
            cells = list(row.cells)
            whole = cells[supplier_at]
            at = whole.start + whole.text.find(name)
            cells[supplier_at] = Cell(name, at, at + len(name))
            cells[money_at] = Cell(amounts[number], cells[money_at].start, cells[money_at].end)
            if lot_at is not None and len(lots) == len(names):
                cells[lot_at] = Cell(lots[number], cells[lot_at].start, cells[lot_at].end)
            rows.append(Row(tuple(cells), row.group, row.lot))
        return rows
    return None


def _lines_of(text: str, separator: str) -> list[str]:
    return [piece.strip() for piece in text.split(separator) if piece.strip()]
