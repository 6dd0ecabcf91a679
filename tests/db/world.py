"""A constructed world: invented bureaus of an invented province, and the Corps; several portals, copies, corrections, failed lots,
alternatives, batches without a count, contracts after awards. Everything here is made up.

Shaped like the findings the project must be able to reproduce; each question over it has one exact answer (``test_world.py``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from nlp.types import FieldChange, MentionRole, NoticeReading, NoticeType, PartyRole, Tier
from tests.db.making import BRANDS, START, awarded, buyer, failed, line, reading, supplier

Page = tuple[str, NoticeReading, dt.datetime]

XINJIANG = [f"6540{n:02d}" for n in range(1, 30)]
SHOPS = [f"云岭第{n}科技有限公司" for n in range(1, 9)]
SURVEILLANCE = {"product_class": "surveillance", "product_line": "SkyHawk", "model": "ST4000VX013"}


def bureau(n: int) -> str:
    return f"清河第{n}县公安局"


def seeds(session: Session) -> None:
    """The brands, owners, lines and divisions the world's questions name."""
    session.execute(
        text("INSERT INTO brand (id, name, origin, domestic, areas) VALUES (:id, :name, :origin, :domestic, :areas)"),
        [
            {"id": id_, "name": name, "origin": "CN" if id_ in {"hikvision", "dahua"} else "JP" if id_ == "toshiba" else "US",
             "domestic": id_ in {"hikvision", "dahua"}, "areas": ["storage"] if id_ in {"seagate", "wd", "toshiba"} else ["surveillance"]}
            for id_, name in BRANDS.items()
        ],
    )  # fmt: skip
    session.execute(
        text("INSERT INTO brand_alias (brand_id, key, alias) VALUES (:b, :a, :a)"),
        [
            {"b": "seagate", "a": "希捷"},
            {"b": "wd", "a": "西部数据"},
            {"b": "wd", "a": "西数"},
            {"b": "hikvision", "a": "海康威视"},
        ],
    )
    session.execute(
        text("""INSERT INTO brand_owner (brand_id, owner_key, owner, valid_from, valid_to) VALUES
                ('thermofisher', 'smallcompany', 'Small Company', NULL, '2018-03-01'),
                ('thermofisher', 'thermofisherscientific', 'Thermo Fisher Scientific', '2018-03-01', NULL)""")
    )
    session.execute(
        text("""INSERT INTO product_line (brand_id, name, name_zh, parent, product_class) VALUES
                ('seagate', 'SkyHawk', '酷鹰', NULL, 'surveillance'), ('seagate', 'SkyHawk AI', NULL, 'SkyHawk', 'surveillance')""")
    )
    session.execute(
        text("""INSERT INTO division (code, name, level, valid_from) VALUES ('650000', '新疆维吾尔自治区', 'province', 1981),
                ('654000', '伊犁哈萨克自治州', 'prefecture', 1981), ('659002', '阿拉尔市', 'county', 2002),
                ('530000', '云南省', 'province', 1981)""")
    )


def pages() -> list[Page]:
    return sorted(_pages(), key=lambda p: (p[0], p[1].notice.source_id or ""))


def _pages() -> Iterator[Page]:
    yield from _plain_awards()
    yield from _copies()
    yield from _award_and_contract()
    yield from _corrections()
    yield from _failures()
    yield from _unknown_quantities()
    yield from _corps()
    yield from _beside_dahua()
    yield from _other_roles()
    yield from _undecided()
    yield from _owners()
    yield from _elsewhere_and_undated()
    yield from _noise()


def _award(
    portal: str,
    id_: str,
    n: int,
    day: str,
    items: list,
    *,
    lots: list | None = None,
    at: dt.datetime = START,
    **more: object,
) -> Page:
    shop = SHOPS[n % len(SHOPS)]
    values: dict = {
        "id_": id_, "title": f"{bureau(n)}{id_.split('-', maxsplit=1)[0]}号设备采购项目中标公告", "day": day,
        "buyers": [buyer(bureau(n), XINJIANG[n])], "suppliers": [supplier(shop)], "lots": lots or [awarded("1", shop, f"{1000 + n}00")],
        "items": items, "number": f"QHZC-{(day or '2022')[:4]}-{id_.split('-', maxsplit=1)[0]}", "name": f"{bureau(n)}{id_.split('-', maxsplit=1)[0]}号设备采购项目",
    }  # fmt: skip
    return portal, reading(NoticeType.AWARD, **{**values, **more}), at


def _plain_awards() -> Iterator[Page]:
    """Ten bureaus, ten awards, 4 Seagate surveillance drives each; bureau 1 twice more (two further awards of 2)."""
    for n in range(1, 11):
        yield _award(
            "ccgp-xinjiang", f"1{n:03d}", n, f"2022-01-{n + 1:02d}", [line("seagate", "4", lot="1", **SURVEILLANCE)]
        )
    for n in (21, 22):
        yield _award(
            "ccgp-xinjiang",
            f"1{n:03d}",
            1,
            f"2022-02-{n - 20:02d}",
            [line("seagate", "2", lot="1", product_class="desktop", imported=True)],
        )


def _copies() -> Iterator[Page]:
    """Award 1001 again on two more portals: one announcement. (k = 3)"""
    for portal, day in (("ccgp", "2022-01-03"), ("ggzy", "2022-01-05")):
        page = _award(portal, "1001-copy", 1, day, [line("seagate", "4", lot="1", **SURVEILLANCE)])[1]
        yield portal, page, START


def _award_and_contract() -> Iterator[Page]:
    """Bureau 11: award of 10 WD, then the contract of the same 10: two announcements, one process, 10 units."""
    yield _award("ccgp-xinjiang", "1101", 11, "2021-12-20", [line("wd", "10", lot="1", product_class="enterprise")])
    yield (
        "ccgp-xinjiang",
        reading(
            NoticeType.CONTRACT, id_="1102", title=f"{bureau(11)}1101号设备采购项目合同公告", day="2022-01-15",
            buyers=[buyer(bureau(11), XINJIANG[11])], suppliers=[supplier(SHOPS[3])], number="QHZC-2021-1101", contract="QH-HT-0011",
            items=[line("wd", "10", product_class="enterprise")], name=f"{bureau(11)}1101号设备采购项目", signed_on="2022-01-10",
        ),
        START,
    )  # fmt: skip


def _corrections() -> Iterator[Page]:
    """Bureau 12: 8 Seagate, corrected to 6. Bureau 13: 5 Seagate, corrected to WD."""
    yield _award("ccgp-xinjiang", "1201", 12, "2022-03-01", [line("seagate", "8", lot="1", product_class="nas")])
    yield from _correction(12, "1201", "2022-03-05", FieldChange("数量", "8块", "6块"))
    yield _award("ccgp-xinjiang", "1301", 13, "2022-03-02", [line("seagate", "5", lot="1", product_class="nas")])
    yield from _correction(13, "1301", "2022-03-06", FieldChange("品牌", "希捷", "西部数据"))


def _correction(n: int, id_: str, day: str, *changes: FieldChange) -> Iterator[Page]:
    yield (
        "ccgp-xinjiang",
        reading(
            NoticeType.CORRECTION, id_=f"{id_}9", title=f"{bureau(n)}{id_}号设备采购项目中标公告更正公告", day=day,
            buyers=[buyer(bureau(n), XINJIANG[n])], number=f"QHZC-2022-{id_}", name=f"{bureau(n)}{id_}号设备采购项目", changes=changes,
        ),
        START + dt.timedelta(days=90),
    )  # fmt: skip


def _failures() -> Iterator[Page]:
    """Bureau 14: lot 1 awarded (3 Seagate), lot 2 failed (7 Seagate). Bureau 15: awarded (9 WD), then the whole project cancelled."""
    shop = SHOPS[14 % 8]
    yield _award(
        "ccgp-xinjiang", "1401", 14, "2022-03-10",
        [line("seagate", "3", lot="1", product_class="desktop"), line("seagate", "7", lot="2", product_class="desktop")],
        lots=[awarded("1", shop, "9000"), failed("2")],
        roles={1: MentionRole.REQUIRED},
    )  # fmt: skip
    yield _award("ccgp-xinjiang", "1501", 15, "2022-03-11", [line("wd", "9", lot="1", product_class="desktop")])
    yield (
        "ccgp-xinjiang",
        reading(
            NoticeType.FAILED, id_="15019", title=f"{bureau(15)}1501号设备采购项目终止公告", day="2022-04-11",
            buyers=[buyer(bureau(15), XINJIANG[15])], number="QHZC-2022-1501", name=f"{bureau(15)}1501号设备采购项目",
        ),
        START + dt.timedelta(days=110),
    )  # fmt: skip


def _unknown_quantities() -> Iterator[Page]:
    """Bureau 16: Toshiba, one batch without a count."""
    yield _award(
        "ccgp-xinjiang", "1601", 16, "2022-03-20", [line("toshiba", "1", "批", lot="1", product_class="desktop")]
    )


def _corps() -> Iterator[Page]:
    """The Corps: a division's bureau buys 5 WD; two prisons apart: 40 Seagate with 31 Dahua, and 30 of one of three brands."""
    police = buyer("第一师阿拉尔市公安局", "659002")
    yield _award(
        "ccgp-bingtuan",
        "1701",
        17,
        "2022-04-01",
        [line("wd", "5", lot="1", product_class="enterprise")],
        buyers=[police],
    )
    prison = buyer("第一师阿拉尔监狱", "659002", Tier.PRISON, "prison")
    yield _award(
        "ccgp-bingtuan", "1801", 18, "2021-10-10",
        [line("seagate", "40", lot="1", product_class="surveillance"), line("dahua", "31", "台", name="摄像机", lot="1", product_class="camera")],
        buyers=[prison],
    )  # fmt: skip
    other = buyer("第三师盖米里克监狱", "659003", Tier.PRISON, "prison")
    yield _award(
        "ccgp-bingtuan", "1901", 19, "2021-08-10", [line(None, "30", lot="1", model="ST8000DM004", product_class="surveillance")],
        buyers=[other], alternatives={0: ("seagate", "wd", "toshiba")},
    )  # fmt: skip


def _beside_dahua() -> Iterator[Page]:
    """Bureau 2: WD (6) and Hikvision in one lot. Bureau 3: WD (2) in lot 1, Hikvision in lot 2 from another winner."""
    yield _award(
        "ccgp-xinjiang", "2001", 2, "2022-04-05",
        [line("wd", "6", lot="1", product_class="surveillance"), line("hikvision", "12", "台", name="摄像机", lot="1", product_class="camera")],
    )  # fmt: skip
    yield _award(
        "ccgp-xinjiang", "2101", 3, "2022-04-06",
        [line("wd", "2", lot="1", product_class="surveillance"), line("hikvision", "3", "台", name="摄像机", lot="2", product_class="camera")],
        lots=[awarded("1", SHOPS[0], "2000"), awarded("2", SHOPS[1], "3000")],
        suppliers=[supplier(SHOPS[0], "1"), supplier(SHOPS[1], "2")],
    )  # fmt: skip


def _other_roles() -> Iterator[Page]:
    """Bureau 4: a tender that wants Seagate. Bureau 5: an award that keeps WD drives in service. Bureau 6: Seagate only as comparison."""
    yield (
        "ccgp-xinjiang",
        reading(
            NoticeType.TENDER, id_="2201", title=f"{bureau(4)}存储扩容项目招标公告", day="2022-02-20", buyers=[buyer(bureau(4), XINJIANG[4])],
            number="QHZC-2022-2201", items=[line("seagate", "16", product_class="nas")],
        ),
        START,
    )  # fmt: skip
    yield _award(
        "ccgp-xinjiang",
        "2301",
        5,
        "2022-02-21",
        [line("wd", "11", lot="1", product_class="nas")],
        role=MentionRole.MAINTAINED,
    )
    yield _award("ccgp-xinjiang", "2401", 6, "2022-02-22", [], others=[("seagate", MentionRole.COMPARED)])


def _undecided() -> Iterator[Page]:
    """Bureau 20: 7 Seagate, role not decided, best guess awarded. Bureau 21: 9 Seagate, not decided, best guess candidate."""
    for id_, n, quantity, guess in (("2501", 20, "7", MentionRole.AWARDED), ("2601", 21, "9", MentionRole.CANDIDATE)):
        yield _award(
            "ccgp-xinjiang", id_, n, "2022-05-01", [line("seagate", quantity, lot="1", product_class="desktop")],
            role=MentionRole.UNRESOLVED, best=guess, score=0.4,
        )  # fmt: skip


def _owners() -> Iterator[Page]:
    """Bureau 7 buys an instrument in 2015, bureau 8 in 2020: the brand had another owner in between."""
    for id_, n, day in (("2701", 7, "2015-04-10"), ("2801", 8, "2020-04-10")):
        yield _award(
            "ccgp-xinjiang",
            id_,
            n,
            day,
            [line("thermofisher", "1", "台", name="检测仪", lot="1", product_class="genetic_analyzer")],
        )


def _elsewhere_and_undated() -> Iterator[Page]:
    """Another province (13 Seagate), a company buying for a bureau (14 Seagate), and an award without any date (15 Seagate)."""
    yield _award(
        "ccgp",
        "2901",
        25,
        "2022-01-20",
        [line("seagate", "13", lot="1", product_class="desktop")],
        buyers=[buyer("明川市公安局", "530100")],
    )
    company = buyer("清河城市投资有限公司", "654001", Tier.OTHER, "company")
    user = buyer(bureau(9), XINJIANG[9], role=PartyRole.END_USER)
    yield _award(
        "ccgp-xinjiang",
        "3001",
        26,
        "2022-01-21",
        [line("seagate", "14", lot="1", product_class="desktop")],
        buyers=[company, user],
    )
    yield _award(
        "ccgp-xinjiang",
        "3101",
        10,
        None,
        [line("seagate", "15", lot="1", product_class="desktop")],
    )


def _noise() -> Iterator[Page]:
    """Two hundred notices of schools and hospitals that name no brand of ours, on two portals each: one hundred announcements."""
    for n in range(100):
        for portal in ("ccgp", "ggzy"):
            yield (
                portal,
                reading(
                    NoticeType.AWARD, id_=f"n{n}", title=f"清河县第{n}中学课桌椅采购项目中标公告", day=f"2022-03-{n % 28 + 1:02d}",
                    buyers=[buyer(f"清河县第{n}中学", "654002", Tier.OTHER, "school")], suppliers=[supplier(SHOPS[n % 8])],
                    lots=[awarded("1", SHOPS[n % 8], f"{n + 1}000")], items=[line(None, "50", "套", name="课桌椅", lot="1")],
                    number=f"QHXX-2022-{n:04d}", name=f"清河县第{n}中学课桌椅采购项目",
                ),
                START,
            )  # fmt: skip
