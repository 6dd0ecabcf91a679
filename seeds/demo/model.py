"""What a constructed notice says, without markup. Places, bureaus, suppliers and people are invented by the writer."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
CONSTRUCTED = "本页为构造的演示数据，单位、供应商和人名均为虚构，不是真实公告（constructed sample, not evidence）"
"""Stands on every page, in every body and in every attachment."""

Body = Literal["ccgp", "zcy", "gpcms"]
"""Whose markup the body has: the national 2020 template, 政采云 (``code-*`` classes), gpcms (``#noticeArea``)."""

LIST_CODES = {
    "gkzb": "公开招标公告",
    "yqzbgg": "邀请招标公告",
    "zgysgg": "资格预审公告",
    "jzxtpgg": "竞争性谈判公告",
    "jzxcs": "竞争性磋商公告",
    "xjgg": "询价公告",
    "dylygg": "单一来源公告",
    "gzgg": "更正公告",
    "fblbgg": "终止公告",
    "zbgg": "中标公告",
    "cjgg": "成交公告",
    "qtgg": "其他公告",
}
"""List code of the national portal → the label it prints. The code decides which template the body follows."""


Kind = Literal["award", "tender", "correction", "failed", "single_source", "contract", "intention", "other"]
"""Which template the body follows."""
KIND_OF_CODE: dict[str, Kind] = {
    "gkzb": "tender",
    "yqzbgg": "tender",
    "zgysgg": "tender",
    "jzxtpgg": "tender",
    "jzxcs": "tender",
    "xjgg": "tender",
    "dylygg": "single_source",
    "gzgg": "correction",
    "fblbgg": "failed",
    "zbgg": "award",
    "cjgg": "award",
    "qtgg": "other",
}


@dataclass(frozen=True, slots=True)
class DemoItem:
    """One line of goods. ``unit_price`` in yuan; None prints 详见附件."""

    name: str
    brand: str | None = None
    model: str | None = None
    quantity: str = "1"
    unit: str = "台"
    unit_price: Decimal | None = None
    requirement: str = "详见采购文件"


@dataclass(frozen=True, slots=True)
class DemoLot:
    """One lot. ``supplier`` and ``amount`` (yuan) when it was awarded, ``reason`` when it failed."""

    number: str
    name: str
    supplier: str | None = None
    address: str = "明川市示例路1号"
    amount: Decimal | None = None
    items: tuple[DemoItem, ...] = ()
    budget: Decimal | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DemoChange:
    """One row of a correction: what, before, after."""

    item: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DemoAttachment:
    """One file. ``form`` is the way the page links it (1–4, the four ways the national portal has)."""

    name: str
    data: bytes
    form: Literal[1, 2, 3, 4] = 1

    @property
    def key(self) -> str:
        """Stable identifier made from name and content: 32 hex digits, upper case."""
        return hashlib.sha256(self.name.encode() + self.data).hexdigest()[:32].upper()

    @property
    def suffix(self) -> str:
        return self.name.rsplit(".", 1)[-1].lower() if "." in self.name else "bin"


@dataclass(frozen=True, slots=True)
class DemoNotice:
    """One notice.

    ``source_id`` is the number in its address, ``published`` its aware time, ``code`` one of :data:`LIST_CODES`,
    ``side`` dfgg (local) or zygg (central), ``kind`` the template (by default the code's own). ``region`` is the word
    the portal prints. ``requirements`` are paragraphs of 采购需求, of the goods' description (sole source, intention)
    or of the reason (failed). ``services`` are (name, scope, period) lines of an award without goods.
    ``first_published`` is the date of the notice a correction corrects, ``corrects`` what kind that was, ``changes``
    the rows. ``reason`` is why the project ended. ``proposed_supplier`` is (name, address).
    """

    source_id: int
    code: str
    title: str
    published: dt.datetime
    buyer: str
    project_name: str
    project_no: str | None = None
    region: str = "云岭"
    side: Literal["dfgg", "zygg"] = "dfgg"
    body: Body = "ccgp"
    kind: Kind | None = None
    agency: str | None = "云岭省明正招标代理有限公司"
    end_user: str | None = None
    budget: Decimal | None = None
    method: str = "公开招标"
    lots: tuple[DemoLot, ...] = ()
    services: tuple[tuple[str, str, str], ...] = ()
    requirements: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    changes: tuple[DemoChange, ...] = ()
    corrects: str | None = None
    first_published: dt.date | None = None
    reason: str | None = None
    contract_no: str | None = None
    signed_on: dt.date | None = None
    opening_at: dt.datetime | None = None
    proposed_supplier: tuple[str, str] | None = None
    experts: tuple[str, ...] = ("示例专家甲", "示例专家乙", "示例专家丙")
    contact: str = "示例联系人"
    phone: str = "0999-1000000"
    attachments: tuple[DemoAttachment, ...] = ()
    district_code: str = "990100"

    def __post_init__(self) -> None:
        if self.code not in LIST_CODES:
            raise ValueError(f"unknown list code {self.code!r}")
        if self.published.tzinfo is None:
            raise ValueError(f"notice {self.source_id}: published needs a time zone")

    @property
    def template(self) -> Kind:
        return self.kind or KIND_OF_CODE[self.code]

    @property
    def local_time(self) -> dt.datetime:
        return self.published.astimezone(BEIJING)

    @property
    def day(self) -> dt.date:
        """Day of publication in Beijing."""
        return self.local_time.date()

    @property
    def label(self) -> str:
        return LIST_CODES[self.code]

    @property
    def ccgp_path(self) -> str:
        """Path of the detail page on www.ccgp.gov.cn."""
        return f"/cggg/{self.side}/{self.code}/{self.day:%Y%m}/t{self.day:%Y%m%d}_{self.source_id}.htm"

    @property
    def total(self) -> Decimal | None:
        """Sum of the awarded lots, yuan; None when a lot names no amount."""
        amounts = [lot.amount for lot in self.lots if lot.supplier]
        return sum((a for a in amounts if a is not None), Decimal()) if amounts and None not in amounts else None
