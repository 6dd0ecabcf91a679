"""A constructed world for dossiers: bureaus of the invented province 云岭, invented suppliers, real brand names. Nothing of this happened."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.link import link
from db.listings import import_file
from nlp.types import MentionRole, NoticeReading, NoticeType, Party, PartyRole, Tier
from seeds import ROOT
from tests.db import world
from tests.db.making import awarded, buyer, line, reading, store, supplier

CITY, DISTRICT, COURT = "明川市公安局", "明川市公安局望溪区分局", "明川市中级人民法院"
COUNTY = "雁回县公安局"
SHOP, OTHER, LEAD = "云岭恒信科技有限公司", "云岭星河电子有限公司", "云岭联创集成有限公司"
LISTED_MAKER = "云岭天目智能有限公司"
LISTED_ON, REMOVED_ON = "2020-01-01", "2022-01-01"


def constructed_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAIGOU_DIVISIONS", str(ROOT / "demo" / "divisions.csv"))


def list_file() -> bytes:
    """A list of an invented publication: the city's bureau and a maker, two years each."""
    return json.dumps(
        {
            "results": [
                {"id": "city", "source": "Entity List (EL) - Bureau of Industry and Security", "name": "Mingchuan Municipal Public Security Bureau",
                 "alt_names": [CITY], "start_date": LISTED_ON, "end_date": REMOVED_ON, "federal_register_notice": "constructed 1"},
                {"id": "maker", "source": "Military End User (MEU) List - Bureau of Industry and Security", "name": "Yunling Tianmu",
                 "alt_names": [LISTED_MAKER], "start_date": LISTED_ON, "federal_register_notice": "constructed 2"},
                {"id": "left", "source": "Some List (XX) - Some Office", "name": "Left Out Ltd", "start_date": "2020-01-01"},
            ]
        },
        ensure_ascii=False,
    ).encode()  # fmt: skip


def fill(session: Session) -> None:
    world.seeds(session)
    session.execute(
        text("""INSERT INTO brand_owner (brand_id, owner_key, owner, valid_from, valid_to) VALUES
                ('integenx', 'integenx', 'IntegenX', NULL, '2018-03-01'),
                ('integenx', 'thermofisherscientific', 'Thermo Fisher Scientific', '2018-03-01', NULL)""")
    )
    store(session, [("ccgp", page) for page in pages()])
    link(session)
    import_file(session, "constructed.json", list_file())


def police(name: str = CITY, code: str = "990100", role: PartyRole = PartyRole.BUYER) -> Party:
    return buyer(name, code, role=role)


def named(role: PartyRole, name: str) -> Party:
    return Party(role, name, name, None)


def pages() -> list[NoticeReading]:
    return [*_three_stages(), *_two_lots(), *_others(), *_instruments(), *_helicopter()]


def _three_stages() -> list[NoticeReading]:
    """One project of the city bureau at three stages: SHOP is candidate, wins 40 Seagate for 40,000, signs. 2021."""
    about = {"buyers": [police()], "number": "YL-2021-0001", "name": "明川市公安局存储设备采购项目"}
    goods = [line("seagate", "40", lot="1", product_class="surveillance", total="40000")]
    return [
        reading(
            NoticeType.CANDIDATE, id_="101", title="明川市公安局存储设备采购项目中标候选人公示", day="2021-03-01",
            suppliers=[named(PartyRole.CANDIDATE, SHOP), named(PartyRole.CANDIDATE, OTHER)], items=goods, **about,
        ),
        reading(
            NoticeType.AWARD, id_="102", title="明川市公安局存储设备采购项目中标公告", day="2021-03-10", award_on="2021-03-08",
            suppliers=[supplier(SHOP)], lots=[awarded("1", SHOP, "40000")], items=goods, **about,
        ),
        reading(
            NoticeType.CONTRACT, id_="103", title="明川市公安局存储设备采购项目合同公告", day="2021-04-01", signed_on="2021-03-25",
            suppliers=[supplier(SHOP)], items=[line("seagate", "40", product_class="surveillance", total="40000")], contract="YLHT-001", **about,
        ),
    ]  # fmt: skip


def _two_lots() -> list[NoticeReading]:
    """The district's sub-bureau buys in 2022: lot 1 WD and Hikvision from SHOP, lot 2 Dahua from OTHER. Seagate only as a comparison."""
    return [
        reading(
            NoticeType.AWARD, id_="201", title="明川市公安局望溪区分局视频监控采购项目中标公告", day="2022-06-01", number="YL-2022-0002",
            name="明川市公安局望溪区分局视频监控采购项目", buyers=[police(DISTRICT, "990102")],
            suppliers=[supplier(SHOP, "1"), supplier(OTHER, "2")],
            lots=[awarded("1", SHOP, "10000"), awarded("2", OTHER, "20000")],
            items=[
                line("wd", "6", lot="1", product_class="surveillance"),
                line("hikvision", "12", "台", name="摄像机", lot="1", product_class="camera"),
                line("dahua", "3", "台", name="摄像机", lot="2", product_class="camera"),
            ],
            others=[("seagate", MentionRole.COMPARED)],
        ),
    ]  # fmt: skip


def _others() -> list[NoticeReading]:
    """The court buys from a consortium led by LEAD with SHOP (2019); a tender names SHOP in its text only; LEAD has OTHER as sub-supplier."""
    court = buyer(COURT, "990100", Tier.COURT, "court")
    return [
        reading(
            NoticeType.AWARD, id_="301", title="明川市中级人民法院机房设备采购项目中标公告", day="2019-05-01", number="YL-2019-0003",
            name="明川市中级人民法院机房设备采购项目", buyers=[court], suppliers=[supplier(LEAD), supplier(SHOP), named(PartyRole.SUB_SUPPLIER, OTHER)],
            lots=[awarded("1", f"{LEAD}、{SHOP}", "90000")], items=[line("toshiba", "9", lot="1", product_class="desktop")],
        ),
        reading(
            NoticeType.TENDER, id_="302", title="雁回县公安局运维服务招标公告", day="2023-02-01", number="YL-2023-0004", name="雁回县公安局运维服务",
            buyers=[police(COUNTY, "990221")], items=[], extra=f"现有系统由{SHOP}建设。", others=[("wd", MentionRole.INSTALLED)],
        ),
    ]  # fmt: skip


def _instruments() -> list[NoticeReading]:
    """An instrument of IntegenX in 2015 and another in 2020: the brand changed hands between."""
    return [
        reading(
            NoticeType.AWARD, id_=f"40{year}", title=f"明川市公安局{year}年快速检测仪采购项目中标公告", day=f"{year}-04-10", number=f"YL-{year}-0005",
            name=f"明川市公安局{year}年快速检测仪采购项目", buyers=[police()], suppliers=[supplier(LEAD)],
            lots=[awarded("1", LEAD, "900000")], items=[line("integenx", "1", "台", name="快速检测仪", lot="1", product_class="genetic_analyzer")],
            others=[("integenx", MentionRole.AUTHORISED)] if year == 2020 else [],
        )
        for year in (2015, 2020)
    ]  # fmt: skip


def _helicopter() -> list[NoticeReading]:
    """The county bureau has its Enstrom helicopter maintained; no notice shows it being bought."""
    return [
        reading(
            NoticeType.AWARD, id_="501", title="雁回县公安局警用直升机维保服务中标公告", day="2018-10-10", number="YL-2018-0006",
            name="雁回县公安局警用直升机维保服务", buyers=[police(COUNTY, "990221")], suppliers=[supplier(OTHER)],
            lots=[awarded("1", OTHER, "500000")], items=[line("enstrom", "1", "架", name="直升机维保", lot="1", product_class="helicopter")],
            role=MentionRole.MAINTAINED,
        ),
    ]  # fmt: skip
