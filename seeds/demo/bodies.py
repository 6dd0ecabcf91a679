"""The body of a constructed notice in the markup of three families. :func:`body_html` chooses by ``notice.body``.

Every family follows the national 2020 template's sections; what differs is what the families differ in: classes, the
heading of the result section, how lots and tables are laid out, how money is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import ClassVar

from seeds.demo.model import BEIJING, CONSTRUCTED, DemoItem, DemoLot, DemoNotice

_CONSULT = {"jzxtpgg", "jzxcs", "xjgg"}
_CORRECTED = {"award": "采购结果", "tender": "采购文件", "notice": "采购公告"}
_NUMERALS = "一二三四五六七八九十"


def body_html(notice: DemoNotice) -> str:
    """HTML of the body, as it stands inside the portal's content node."""
    family = {"ccgp": _Ccgp, "zcy": _Zcy, "gpcms": _Gpcms}[notice.body]
    return family(notice).render()


def money(value: Decimal | None, unit: str = "元") -> str:
    """``569800.00元``; 详见附件 when there is none."""
    return f"{value:.2f}{unit}" if value is not None else "详见附件"


class _Family:
    """Sections of the template in order; the families below say how each piece is marked up."""

    result_heading = "中标（成交）信息"

    def __init__(self, notice: DemoNotice) -> None:
        self.n = notice
        self.count = 0

    def render(self) -> str:
        documents = {
            "award": self.result,
            "tender": self.tender,
            "correction": self.correction,
            "failed": self.termination,
            "single_source": self.single_source,
            "contract": self.contract,
            "intention": self.intention,
            "other": self.other,
        }
        parts = documents[self.n.template]()
        return self.wrap("\n".join([*parts, self.p(CONSTRUCTED), *self.links()]))

    # ── pieces ───────────────────────────────────────────────────────────────────────────────────────────────────

    def wrap(self, inner: str) -> str:
        return inner

    def p(self, text: str) -> str:
        return f"<p>{escape(text)}</p>"

    def heading(self, text: str) -> str:
        self.count += 1
        return f"<p><strong>{_NUMERALS[self.count - 1]}、{escape(text)}</strong></p>"

    def value_heading(self, label: str, value: str, code: str) -> str:
        """A heading that holds its value: 一、项目编号：X."""
        self.count += 1
        return f"<p><strong>{_NUMERALS[self.count - 1]}、{label}：{self.value(value, code)}</strong></p>"

    def value(self, text: str, code: str) -> str:
        _ = code
        return escape(text)

    def field(self, label: str, text: str, code: str = "") -> str:
        return f"<p>{label}：{self.value(text, code)}</p>"

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]], classes: Sequence[str] = ()) -> str:
        _ = classes
        head = "".join(f"<td>{escape(h)}</td>" for h in header)
        body = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in rows)
        return f'<table border="1" cellspacing="0"><tbody><tr>{head}</tr>{body}</tbody></table>'

    # ── documents ────────────────────────────────────────────────────────────────────────────────────────────────

    def result(self) -> list[str]:
        n = self.n
        return [
            self.value_heading("项目编号", n.project_no or "无", "00004"),
            self.value_heading("项目名称", n.project_name, "00003"),
            self.heading(self.result_heading),
            *self.suppliers(),
            self.heading("主要标的信息"),
            *(self.goods() if any(lot.items for lot in n.lots) or not n.services else []),
            *self.works(),
            self.heading("评审专家（单一来源采购人员）名单："),
            f"<p>{self.value('、'.join(n.experts), '85005')}</p>",
            self.heading("代理服务收费标准及金额："),
            self.field("代理服务收费标准", "按采购文件约定", "AM01400039"),
            self.heading("公告期限"),
            self.p("自本公告发布之日起1个工作日。"),
            *self.remarks(),
            *self.contacts("凡对本次公告内容提出询问，请按以下方式联系。"),
        ]

    def tender(self) -> list[str]:
        n = self.n
        verb = "响应" if n.code in _CONSULT else "投标"
        parts = [
            self.p("项目概况"),
            self.p(f"{n.project_name}的潜在供应商应在云岭省政府采购网（演示）获取采购文件，并按时提交{verb}文件。"),
            self.heading("项目基本情况"),
            *self.number(),
            self.field("项目名称", n.project_name, "00003"),
            self.field("采购方式", n.method),
        ]
        if n.budget is not None:
            parts.append(self.budget(n.budget))
        if n.end_user:
            parts.append(self.field("使用单位", n.end_user))
        parts += [self.p("采购需求："), *self.demand(), *(self.p(text) for text in n.requirements)]
        parts += [
            self.p("本项目不接受联合体投标。"),
            self.heading("申请人的资格要求："),
            self.p("1.满足《中华人民共和国政府采购法》第二十二条规定；"),
            self.p("2.落实政府采购政策需满足的资格要求：支持中小企业、监狱企业和残疾人福利性单位；"),
            self.heading("获取采购文件" if n.code in _CONSULT else "获取招标文件"),
            self.p("时间、地点、方式见采购文件。售价：0元"),
            self.heading("响应文件提交" if n.code in _CONSULT else "提交投标文件截止时间、开标时间和地点"),
            self.p(self.opening()),
            self.heading("公告期限"),
            self.p("自本公告发布之日起5个工作日。"),
            *self.remarks(),
            *self.contacts("对本次招标提出询问，请按以下方式联系。"),
        ]
        return parts

    def correction(self) -> list[str]:
        n = self.n
        first = n.first_published or n.day
        return [
            self.heading("项目基本情况"),
            self.field("原公告的采购项目编号", n.project_no or "无", "00004"),
            self.field("原公告的采购项目名称", n.project_name, "00003"),
            self.field("首次公告日期", f"{first:%Y年%m月%d日}"),
            self.heading("更正信息："),
            self.p(f"更正事项：{_CORRECTED.get(n.corrects or '', '采购文件')}"),
            self.p("更正内容："),
            self.table(
                ("序号", "更正项", "更正前内容", "更正后内容"),
                [(str(k), c.item, c.before, c.after) for k, c in enumerate(n.changes, start=1)],
            ),
            self.field("更正日期", f"{n.day:%Y年%m月%d日}"),
            *self.remarks(),
            *self.contacts("凡对本次公告内容提出询问，请按以下方式联系。"),
        ]

    def termination(self) -> list[str]:
        n = self.n
        reason = n.reason or "有效供应商不足三家"
        return [
            self.heading("项目基本情况"),
            self.field("采购项目编号", n.project_no or "无", "00004"),
            self.field("采购项目名称", n.project_name, "00003"),
            self.heading("项目终止的原因"),
            self.p(reason),
            *(self.p(text) for text in n.requirements),
            *self.remarks(),
            *self.contacts("凡对本次公告内容提出询问，请按以下方式联系。"),
        ]

    def single_source(self) -> list[str]:
        n = self.n
        parts = [
            self.heading("项目信息"),
            self.field("采购人", n.buyer, "00014"),
            self.field("项目名称", n.project_name, "00003"),
            *self.number(),
            self.p("拟采购的货物或服务的说明："),
            *(self.p(text) for text in n.requirements),
        ]
        if n.budget is not None:
            parts.append(self.field("拟采购的货物或服务的预算金额", money(n.budget)))
        parts.append(self.heading("拟定供应商信息"))
        proposed = (
            [n.proposed_supplier] if n.proposed_supplier else [(x.supplier, x.address) for x in n.lots if x.supplier]
        )
        for name, address in proposed:
            parts += [self.field("名称", name), self.field("地址", address)]
        return [
            *parts,
            self.heading("公示期限"),
            self.p("五个工作日。"),
            *self.remarks(),
            *self.contacts("联系方式"),
        ]

    def contract(self) -> list[str]:
        n = self.n
        won = [lot for lot in n.lots if lot.supplier]
        return [
            self.value_heading("合同编号", n.contract_no or "无", "31001"),
            self.value_heading("合同名称", f"{n.project_name}合同", "31002"),
            self.value_heading("项目编号", n.project_no or "无", "00004"),
            self.value_heading("项目名称", n.project_name, "00003"),
            self.heading("合同主体"),
            self.field("采购人（甲方）", n.buyer, "00014"),
            self.field("地址", "明川市（虚构）", "00018"),
            *(
                line
                for lot in won
                for line in (self.field("供应商（乙方）", lot.supplier or ""), self.field("地址", lot.address))
            ),
            self.heading("合同主要信息"),
            *self.contract_goods(),
            self.field("合同金额（元）", money(n.total, "")),
            self.field("履约期限、地点等简要信息", "合同签订后三十日内，采购人指定地点"),
            self.field("采购方式", n.method),
            self.value_heading("合同签订日期", f"{(n.signed_on or n.day):%Y年%m月%d日}", "31003"),
            self.value_heading("合同公告日期", f"{n.day:%Y年%m月%d日}", "31004"),
            *self.remarks(),
        ]

    def contract_goods(self) -> list[str]:
        rows = [
            (i.name, i.brand or "/", i.model or "/", i.quantity, i.unit, _price(i))
            for lot in self.n.lots
            for i in lot.items
        ]
        return [
            self.table(
                ("主要标的名称", "品牌", "规格型号（或服务要求）", "主要标的数量", "单位", "主要标的单价（元）"), rows
            )
        ]

    def intention(self) -> list[str]:
        n = self.n
        budget = f"{n.budget / 10000:.6f}" if n.budget is not None else "/"
        month = (n.day.replace(day=1) + dt.timedelta(days=62)).strftime("%Y年%m月")
        return [
            self.p("为便于供应商及时了解政府采购信息，现将采购意向公开如下："),
            self.field("采购单位", n.buyer, "00014"),
            self.table(
                ("序号", "采购项目名称", "采购需求概况", "预算金额（万元）", "预计采购时间（填写到月）", "备注"),
                [("1", n.project_name, "".join(n.requirements) or "详见采购文件", budget, month, "无")],
                (
                    "",
                    "purchaseProjectName",
                    "purchaseRequirementDetail",
                    "budgetPrice",
                    "estimatedPurchaseTime",
                    "remark",
                ),
            ),
            self.p("本次公开的采购意向是本单位政府采购工作的初步安排，具体采购项目情况以相关采购公告和采购文件为准。"),
        ]

    def other(self) -> list[str]:
        n = self.n
        return [
            *self.number(),
            self.field("项目名称", n.project_name, "00003"),
            *(self.p(text) for text in n.requirements),
            *self.remarks(),
            *self.contacts("联系方式"),
        ]

    # ── parts of documents ───────────────────────────────────────────────────────────────────────────────────────

    def number(self) -> list[str]:
        return [self.field("项目编号", self.n.project_no, "00004")] if self.n.project_no else []

    def opening(self) -> str:
        moment = self.n.opening_at or self.n.local_time + dt.timedelta(days=21)
        return f"{moment.astimezone(BEIJING):%Y年%m月%d日 %H点%M分}（北京时间），云岭省公共资源交易中心（虚构）"

    def budget(self, value: Decimal) -> str:
        return self.field("预算金额", f"{value / 10000:.6f}万元（人民币）")

    def remarks(self) -> list[str]:
        texts = self.n.remarks or ("无",)
        return [self.heading("其他补充事宜"), *(self.p(text) for text in texts)]

    def contacts(self, heading: str) -> list[str]:
        n = self.n
        return [
            self.heading(heading),
            self.p("1.采购人信息"),
            self.field("名 称", n.buyer, "00014"),
            self.field("地址", "云岭省明川市（虚构）", "00018"),
            self.field("联系方式", n.phone, "00016"),
            *(
                (
                    self.p("2.采购代理机构信息"),
                    self.field("名 称", n.agency, "00009"),
                    self.field("地　址", "云岭省明川市（虚构）", "00013"),
                    self.field("联系方式", n.phone, "00011"),
                    self.p("3.项目联系方式"),
                )
                if n.agency
                else (self.p("2.项目联系方式"),)
            ),
            self.field("项目联系人", n.contact, "00015"),
            self.field("电　话", n.phone, "00016"),
        ]

    def suppliers(self) -> list[str]:
        parts = []
        for lot in self.n.lots:
            if len(self.n.lots) > 1:
                parts.append(self.p(f"包号：{lot.number} 包名称：{lot.name}"))
            if lot.supplier is None:
                parts.append(self.field("废标原因", lot.reason or "有效供应商不足三家"))
                continue
            parts += [
                self.field("供应商名称", lot.supplier),
                self.field("供应商地址", lot.address),
                self.field("中标（成交）金额", money(lot.amount, "（元）")),
            ]
        return parts

    def goods(self) -> list[str]:
        rows = [
            (lot.supplier, i.name, i.brand or "详见附件", i.model or "详见附件", f"{i.quantity}{i.unit}", _price(i))
            for lot in self.n.lots
            if lot.supplier
            for i in lot.items
        ]
        return [self.table(("供应商名称", "货物名称", "货物品牌", "货物型号", "货物数量", "货物单价(元)"), rows)]

    def works(self) -> list[str]:
        """Service lines."""
        if not self.n.services:
            return []
        supplier = next((lot.supplier for lot in self.n.lots if lot.supplier), None) or ""
        rows = [(supplier, name, scope, "详见采购文件", period, "合格") for name, scope, period in self.n.services]
        return [self.table(("供应商名称", "服务名称", "服务范围", "服务要求", "服务时间", "服务标准"), rows)]

    def demand(self) -> list[str]:
        rows = [(lot.number, i.name, f"{i.quantity}{i.unit}", i.requirement) for lot in self.n.lots for i in lot.items]
        return [self.table(("包号", "标的名称", "数量", "技术要求"), rows)] if rows else []

    def links(self) -> list[str]:
        """Attachments that the body itself links (forms 3 and 4)."""
        from seeds.demo.ccgp import inline_link  # noqa: PLC0415 - the page imports the body

        return [f"<p>{inline_link(self.n, a)}</p>" for a in self.n.attachments if a.form in {3, 4}]


class _Ccgp(_Family):
    """The national template as the portal itself generates it: plain paragraphs and one table."""


class _Zcy(_Family):
    """政采云: values sit in elements with stable ``code-*`` classes."""

    def wrap(self, inner: str) -> str:
        return f'<style id="fixTableStyle" type="text/css">th,td {{border:1px solid #DDD;}}</style>\n{inner}'

    def value(self, text: str, code: str) -> str:
        if not code:
            return f"<span>{escape(text)}</span>"
        return (
            f'<span class="bookmark-item uuid-{1589000000000 + int(code[-5:], 36) % 10**9} code-{code} addWord '
            f'single-line-text-input-box-cls">{escape(text)}</span>'
        )

    def value_heading(self, label: str, value: str, code: str) -> str:
        self.count += 1
        return f"<p><strong>{_NUMERALS[self.count - 1]}、{label}：</strong>{self.value(value, code)}</p>"

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]], classes: Sequence[str] = ()) -> str:
        head = "".join(f'<td style="background-color: #fff;"><strong>{escape(h)}</strong></td>' for h in header)
        names = classes or [""] * len(header)
        body = "".join(
            "<tr>"
            + "".join(
                f'<td class="code-{k}" align="center">{escape(c)}</td>' if k else f"<td>{escape(c)}</td>"
                for k, c in zip(names, row, strict=True)
            )
            + "</tr>"
            for row in rows
        )
        return (
            '<div class="class-condition-filter-block"><table class="form-panel-input-cls" width="100%">'
            f'<thead><tr class="firstRow">{head}</tr></thead><tbody>{body}</tbody></table></div>'
        )

    def budget(self, value: Decimal) -> str:
        return self.field("预算金额（元）", f"{value:.2f}", "AM01400034")

    def suppliers(self) -> list[str]:
        won = [lot for lot in self.n.lots if lot.supplier]
        lost = [lot for lot in self.n.lots if not lot.supplier]
        parts = []
        if won:
            parts += [
                self.p("1.中标结果："),
                self.table(
                    ("序号", "供应商名称", "供应商地址", "中标（成交）金额"),
                    [
                        (lot.number, lot.supplier or "", lot.address, f"总价形式报价:{money(lot.amount, '(元)')}")
                        for lot in won
                    ],
                    ("sectionNo", "winningSupplierName", "winningSupplierAddr", "summaryPrice"),
                ),
            ]
        if lost:
            parts += [
                self.p("2.废标结果："),
                self.table(
                    ("序号", "标项名称", "废标理由", "其他事项"),
                    [(lot.number, lot.name, lot.reason or "有效供应商不足三家", "/") for lot in lost],
                ),
            ]
        return parts

    def goods(self) -> list[str]:
        rows = [
            (lot.number, lot.name, i.name, i.brand or "详见附件", i.model or "详见附件", i.quantity, i.unit, _price(i))
            for lot in self.n.lots
            if lot.supplier
            for i in lot.items
        ]
        header = ("序号", "标项名称", "标的名称", "品牌", "规格型号", "数量", "单位", "单价（元）")
        return [
            self.p("货物类主要标的信息："),
            '<p class="sub"><span class="bookmark-item uuid-1589437802153 code-AM014GoodsInfoTab addWord">'
            + self.table(header, rows)
            + "</span></p>",
        ]

    def demand(self) -> list[str]:
        parts = []
        for lot in self.n.lots:
            parts += [
                f"<p>标项{self.value(lot.number, 'AM014sectionNo')}</p>",
                self.field("标项名称", lot.name, "AM014bidItemName"),
                self.field("数量", lot.items[0].quantity if lot.items else "不限", "AM014bidItemCount"),
            ]
            if lot.budget is not None:
                parts.append(self.field("预算金额（元）", f"{lot.budget:.2f}", "AM014budgetPrice"))
            described = "；".join(f"{i.name}{i.quantity}{i.unit}，{i.requirement}" for i in lot.items)
            parts.append(self.field("简要规格描述", described or "详见采购文件", "AM014briefSpecificationDesc"))
        return parts


class _Gpcms(_Family):
    """gpcms: one ``#noticeArea``, ``h4`` heads, values in spans whose class names the field, a table per package.

    The look-alike 釆 in 釆购人信息 is the product's own.
    """

    result_heading = "采购结果"
    _classes: ClassVar[dict[str, str]] = {
        "00014": "noticePurchase-purchaserOrgName",
        "00018": "noticePurchase-purchaserOrgAddress",
        "00016": "noticePurchase-purchaserLinkTel",
        "00009": "noticeAgency-agencyName",
        "00013": "noticeAgency-agentAddress",
        "00011": "noticeAgency-agentLinkTel",
        "00015": "projectContact-managerName",
    }

    def wrap(self, inner: str) -> str:
        return (
            '<div class="protect" id="noticeArea">\n<meta http-equiv="content-type" content="text/html;charset=utf-8">\n'
            f"{inner}\n</div>"
        )

    def heading(self, text: str) -> str:
        self.count += 1
        return f"<h4><strong>{_NUMERALS[self.count - 1]}、{escape(text)}</strong></h4>"

    def value_heading(self, label: str, value: str, code: str) -> str:
        self.count += 1
        return f"<h4><strong>{_NUMERALS[self.count - 1]}、{label}：{self.value(value, code)}</strong></h4>"

    def value(self, text: str, code: str) -> str:
        name = self._classes.get(code)
        if name is None:
            return escape(text)
        return (
            f'<span class="u-content {name} _notice_content_{name} dynamic-form-editor" id="_notice_content_{name}">'
            f"{escape(text)}</span>"
        )

    def p(self, text: str) -> str:
        shown = text.replace("采购", "釆购") if text.endswith(("采购人信息", "采购代理机构信息")) else text
        return f"<h6>{escape(shown)}</h6>" if text[:2] in {"1.", "2.", "3."} else f"<p>{escape(shown)}</p>"

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]], classes: Sequence[str] = ()) -> str:
        _ = classes
        head = "".join(f"<th>{escape(h)}</th>" for h in header)
        body = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in rows)
        return (
            f'<div class="innercontent"><table width="100%" border="1" cellspacing="0"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )

    def budget(self, value: Decimal) -> str:
        return self.field("预算金额", f"{value:,.2f}元")

    def suppliers(self) -> list[str]:
        parts = []
        for lot in self.n.lots:
            parts.append(self.p(_package_name(lot) + ":"))
            if lot.supplier is None:
                parts.append(self.p(f"废标/流标原因：{lot.reason or '有效供应商不足三家'}"))
                continue
            parts.append(
                self.table(
                    ("供应商名称", "供应商地址", "中标（成交）金额"),
                    [(lot.supplier, lot.address, f"{lot.amount:,.2f}元" if lot.amount is not None else "详见附件")],
                )
            )
        return parts

    def goods(self) -> list[str]:
        parts = []
        for lot in self.n.lots:
            if lot.supplier is None:
                continue
            parts += [
                self.p(_package_name(lot) + ":"),
                self.p(f"货物类（{lot.supplier}）"),
                self.table(
                    ("品目号", "品目名称", "采购标的", "品牌", "规格型号", "数量（单位）", "单价(元)", "总价(元)"),
                    [
                        (
                            f"{lot.number}-{k}",
                            i.name,
                            i.name,
                            i.brand or "详见附件",
                            i.model or "详见附件",
                            f"{i.quantity}({i.unit})",
                            _price(i, thousands=True),
                            _line_total(i),
                        )
                        for k, i in enumerate(lot.items, start=1)
                    ],
                ),
            ]
        return parts

    def demand(self) -> list[str]:
        parts = []
        for lot in self.n.lots:
            parts.append(self.p(_package_name(lot) + ":"))
            if lot.budget is not None:
                parts.append(self.p(f"合同包预算金额：{lot.budget:,.2f}元"))
            parts.append(
                self.table(
                    ("品目号", "品目名称", "采购标的", "数量（单位）", "技术规格、参数及要求"),
                    [
                        (f"{lot.number}-{k}", i.name, i.name, f"{i.quantity}({i.unit})", i.requirement)
                        for k, i in enumerate(lot.items, start=1)
                    ],
                )
            )
        return parts


def _package_name(lot: DemoLot) -> str:
    return f"合同包{lot.number}({lot.name})"


def _price(item: DemoItem, *, thousands: bool = False) -> str:
    if item.unit_price is None:
        return "详见附件"
    return f"{item.unit_price:,.2f}" if thousands else f"{item.unit_price:.2f}"


def _line_total(item: DemoItem) -> str:
    if item.unit_price is None or not item.quantity.isdecimal():
        return "详见附件"
    return f"{item.unit_price * int(item.quantity):,.2f}"
