"""Constructed notices in any number, for crawls of the replica. Invented bureaus, suppliers and places."""

import datetime as dt
from decimal import Decimal

from seeds.demo import files
from seeds.demo.model import BEIJING, CONSTRUCTED, DemoAttachment, DemoChange, DemoItem, DemoLot, DemoNotice

CODES = ("gkzb", "zbgg", "cjgg", "gzgg", "fblbgg", "jzxcs", "dylygg", "xjgg")
BODIES = ("ccgp", "zcy", "gpcms")
BUREAUS = ("明川市公安局", "明川市公安局清河区分局", "云岭省公安厅", "岚屏县公安局", "明川市教育局")
FIRST_DAY = dt.date(2026, 5, 11)


def make(number: int, day: dt.date = FIRST_DAY, *, code: str | None = None, attachments: int = 0, **more) -> DemoNotice:
    """One notice; ``number`` decides what it says."""
    code = code or CODES[number % len(CODES)]
    item = DemoItem("监控级硬盘", "希捷", "ST8000VX010", str(number % 30 + 1), "块", Decimal(1500))
    values = {
        "source_id": 91_000_000 + number,
        "code": code,
        "side": "zygg" if number % 7 == 0 else "dfgg",
        "title": f"【构造】{BUREAUS[number % len(BUREAUS)]}存储设备项目{number}",
        "published": dt.datetime.combine(day, dt.time(8 + number % 12, number % 60), BEIJING),
        "buyer": BUREAUS[number % len(BUREAUS)],
        "project_name": f"存储设备项目{number}",
        "project_no": f"YL-2026-{number:05d}",
        "body": BODIES[number % len(BODIES)],
        "budget": Decimal(100000),
        "lots": (DemoLot("1", "存储设备", supplier="云岭示例科技有限公司", amount=Decimal(45000), items=(item,)),),
        "changes": (DemoChange("开标时间", "2026年5月20日", "2026年5月27日"),),
        "attachments": tuple(attachment(number, n) for n in range(attachments)),
        **more,
    }
    return DemoNotice(**values)


def attachment(number: int, n: int) -> DemoAttachment:
    """The n-th attachment of a notice; its form of link goes round the four there are."""
    text = f"附件{n + 1}，公告{number}"
    data = (files.docx, files.pdf, lambda lines: files.xlsx([[line] for line in lines]))[n % 3]([CONSTRUCTED, text])
    suffix = ("docx", "pdf", "xlsx")[n % 3]
    return DemoAttachment(f"{text}.{suffix}", data, form=n % 4 + 1)


def many(count: int, *, days: int = 1, start: dt.date = FIRST_DAY, every_attachment: int = 0) -> list[DemoNotice]:
    """``count`` notices over ``days`` days; with ``every_attachment`` N each N-th has four attachments."""
    return [
        make(n, start + dt.timedelta(n % days), attachments=4 if every_attachment and n % every_attachment == 0 else 0)
        for n in range(count)
    ]
