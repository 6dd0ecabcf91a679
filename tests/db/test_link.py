from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.link import link
from nlp.types import FieldChange, MentionRole, NoticeType
from tests.db.making import START, awarded, buyer, failed, line, reading, store, supplier

CITY = buyer("云岭省明川市公安局", "530100")
SHOP = "云岭恒信科技有限公司"


def award(id_: str = "1", **changes: object):
    values = {
        "id_": id_,
        "title": "云岭省明川市公安局监控硬盘采购项目中标公告",
        "day": "2022-01-05",
        "buyers": [CITY],
        "suppliers": [supplier(SHOP)],
        "lots": [awarded("1", SHOP, "12000.00")],
        "items": [line("seagate", "20", model="ST4000VX007", lot="1", total="12000")],
        "number": "YLZC-2022-0001",
        "name": "明川市公安局监控硬盘采购项目",
    }
    return reading(NoticeType.AWARD, **{**values, **changes})


def contract(id_: str = "9", **changes: object):
    values = {
        "id_": id_,
        "title": "明川市公安局监控硬盘采购项目合同公告",
        "day": "2022-02-01",
        "buyers": [CITY],
        "suppliers": [supplier(SHOP)],
        "items": [line("seagate", "20", model="ST4000VX007", total="12000")],
        "number": "YLZC-2022-0001",
        "contract": "HT-2022-77",
        "name": "明川市公安局监控硬盘采购项目",
    }
    return reading(NoticeType.CONTRACT, **{**values, **changes})


def shape(session: Session) -> tuple[int, int, int, list[tuple[object, ...]]]:
    """Announcements, processes, awards and final lines with brand and units."""
    counts = session.execute(
        text("""select count(distinct announcement_id), count(distinct process_id), (select count(*) from fact_award)
                  from fact_notice""")
    ).one()
    lines = session.execute(text("select brand_id, units::text from fact_line order by 1, 2")).all()
    return counts[0], counts[1], counts[2], [tuple(row) for row in lines]


def test_copies_on_three_portals_are_one_announcement(session: Session) -> None:
    store(
        session,
        [
            ("ccgp", award("1")),
            ("ccgp-yunling", award("zj-7")),
            ("ggzy", award("A9", title="【明川市】监控硬盘采购中标公告")),
        ],
    )
    link(session)
    assert shape(session) == (1, 1, 1, [("seagate", "20")])


def test_award_and_contract_are_two_announcements_of_one_process_counted_once(session: Session) -> None:
    store(session, [("ccgp", award()), ("ccgp", contract())])
    link(session)
    assert shape(session) == (2, 1, 1, [("seagate", "20")])


def test_a_contract_that_says_less_does_not_hide_the_brand(session: Session) -> None:
    store(session, [("ccgp", award()), ("ccgp", contract(items=[line(None, "1", "批", name="监控设备")]))])
    link(session)
    assert shape(session)[3] == [("seagate", "20")]


@pytest.mark.parametrize(
    "other",
    [
        {"lots": [awarded("2", SHOP, "12000.00")], "items": []},
        {"title": "明川市公安局监控硬盘采购项目（二次）中标公告"},
        {"buyers": [buyer("云岭省清河区公安局", "530102")]},
        {"suppliers": [supplier("明川百川商贸有限公司")], "lots": [awarded("1", "明川百川商贸有限公司", "12000.00")]},
        {"lots": [awarded("1", SHOP, "98000.00")]},
        {"day": "2022-09-05"},
        {"number": "YLZC-2022-0002"},
    ],
    ids=["lot", "round", "buyer", "winner", "amount", "months later", "number"],
)
def test_forbidden_merges(session: Session, other: dict[str, object]) -> None:
    store(session, [("ccgp", award("1")), ("ggzy", award("2", **other))])
    link(session)
    assert shape(session)[0] == 2


def test_annual_maintenance_of_two_years_stays_apart(session: Session) -> None:
    def yearly(id_: str, year: int):
        return reading(
            NoticeType.AWARD,
            id_=id_,
            title=f"明川市公安局{year}年度DNA实验室设备维保项目成交公告",
            day=f"{year}-03-01",
            buyers=[CITY],
            suppliers=[supplier(SHOP)],
            lots=[awarded(None, SHOP, "50000")],
            others=[("thermofisher", MentionRole.MAINTAINED)],
            name=f"{year}年度DNA实验室设备维保项目",
        )

    store(session, [("ccgp", yearly("1", 2021)), ("ccgp", yearly("2", 2022))])
    link(session)
    assert shape(session)[:2] == (2, 2)


def test_a_rerun_is_a_process_of_its_own_that_knows_its_predecessor(session: Session) -> None:
    first = reading(
        NoticeType.TENDER, id_="1", title="明川市公安局监控硬盘采购项目招标公告", day="2022-01-05", buyers=[CITY], number="YLZC-2022-0001",
        name="监控硬盘采购项目",
    )  # fmt: skip
    again = reading(
        NoticeType.TENDER, id_="2", title="明川市公安局监控硬盘采购项目（二次）招标公告", day="2022-02-05", buyers=[CITY],
        number="YLZC-2022-0001", name="监控硬盘采购项目（二次）",
    )  # fmt: skip
    store(session, [("ccgp", first), ("ccgp", again)])
    link(session)
    assert shape(session)[:2] == (2, 2)
    assert session.execute(text("select round, predecessor_id is not null from process order by round")).all() == [
        (1, False),
        (2, True),
    ]


def test_a_contract_of_the_next_year_joins_its_award(session: Session) -> None:
    store(session, [("ccgp", award(day="2021-12-28")), ("ccgp", contract(day="2022-01-20"))])
    link(session)
    assert shape(session)[:3] == (2, 1, 1)
    assert session.execute(text("select fiscal_year from process")).scalar_one() == 2021


def test_a_number_used_again_next_year_is_another_process(session: Session) -> None:
    tender = {"number": "2021-0001", "buyers": [CITY], "name": "硬盘采购"}
    store(
        session,
        [
            ("ccgp", reading(NoticeType.TENDER, id_="1", title="硬盘采购招标公告", day="2021-03-01", **tender)),
            ("ccgp", reading(NoticeType.TENDER, id_="2", title="硬盘采购招标公告", day="2022-03-01", **tender)),
            ("ccgp", reading(NoticeType.AWARD, id_="3", title="硬盘采购中标公告", day="2022-04-01", **tender)),
        ],
    )
    link(session)
    grouped = session.execute(
        text(
            "select array_agg(n.source_id order by n.source_id) from fact_notice f join notice n on n.id = f.notice_id group by process_id order by 1"
        )
    ).scalars()
    assert list(grouped) == [["1"], ["2", "3"]]


def test_a_failed_lot_is_no_award(session: Session) -> None:
    made = award(
        lots=[awarded("1", SHOP, "12000"), failed("2")],
        items=[line("seagate", "20", lot="1"), line("wd", "30", lot="2")],
    )
    store(session, [("ccgp", made)])
    link(session)
    assert shape(session) == (1, 1, 1, [("seagate", "20")])


def test_cancelled_after_the_award(session: Session) -> None:
    gone = reading(
        NoticeType.FAILED, id_="5", title="明川市公安局监控硬盘采购项目终止公告", day="2022-01-20", buyers=[CITY], number="YLZC-2022-0001",
        name="明川市公安局监控硬盘采购项目",
    )  # fmt: skip
    store(session, [("ccgp", award()), ("ccgp", gone)])
    link(session)
    assert shape(session) == (2, 1, 0, [])


def corrected(*changes: FieldChange, **more: object):
    values = {
        "id_": "6", "title": "明川市公安局监控硬盘采购项目中标公告的更正公告", "day": "2022-01-12", "buyers": [CITY],
        "number": "YLZC-2022-0001", "name": "明川市公安局监控硬盘采购项目", "changes": changes,
    }  # fmt: skip
    return reading(NoticeType.CORRECTION, **{**values, **more})


def test_a_correction_of_the_quantity_takes_its_place(session: Session) -> None:
    store(session, [("ccgp", award()), ("ccgp", corrected(FieldChange("数量", "20块", "25块")))])
    link(session)
    assert shape(session)[3] == [("seagate", "25")]


def test_a_correction_that_restates_the_winner_replaces_lines_and_winner(session: Session) -> None:
    restated = corrected(
        suppliers=[supplier("明川百川商贸有限公司")],
        lots=[awarded("1", "明川百川商贸有限公司", "13000")],
        items=[line("wd", "20", lot="1")],
    )
    store(session, [("ccgp", award()), ("ccgp", restated)])
    link(session)
    assert shape(session) == (2, 1, 1, [("wd", "20")])
    assert session.execute(text("select supplier, amount_cny::text from fact_award")).one() == (
        "明川百川商贸有限公司",
        "13000",
    )


def test_a_corrected_brand_is_found_among_the_aliases(session: Session) -> None:
    session.execute(
        text(
            "insert into brand (id, name, origin) values ('seagate', 'Seagate', 'US'), ('wd', 'Western Digital', 'US')"
        )
    )
    session.execute(
        text(
            "insert into brand_alias (brand_id, key, alias) values ('seagate', '希捷', '希捷'), ('wd', '西部数据', '西部数据')"
        )
    )
    store(session, [("ccgp", award()), ("ccgp", corrected(FieldChange("品牌", "希捷", "西部数据")))])
    link(session)
    assert shape(session)[3] == [("wd", "20")]


def test_a_pair_of_awards_of_one_project_counts_both_once(session: Session) -> None:
    first = award("1", lots=[awarded(None, SHOP, "1500000")], items=[line("thermofisher", "3", "盒")])
    second = award("2", lots=[awarded(None, SHOP, "1232480")], items=[line("thermofisher", "4", "盒")])
    store(session, [("ccgp", first), ("ccgp", second), ("ggzy", second)])
    link(session)
    assert shape(session) == (2, 1, 2, [("thermofisher", "3"), ("thermofisher", "4")])


def test_a_consortium_is_one_award_with_its_members(session: Session) -> None:
    both = f"{SHOP}、明川百川商贸有限公司"
    store(
        session,
        [("ccgp", award(lots=[awarded("1", both, "12000")], suppliers=[supplier(n) for n in both.split("、")]))],
    )
    link(session)
    assert session.execute(text("select cardinality(member_ids) from fact_award")).scalar_one() == 2


def test_linking_again_changes_nothing_and_pairs_are_explained(session: Session) -> None:
    from db.link import relink

    store(session, [("ccgp", award("1")), ("ggzy", award("2")), ("ccgp", contract())])
    link(session)
    before = shape(session)
    members = session.execute(text("select count(*) from announcement_member")).scalar_one()
    pairs = session.execute(text("select count(*) from pair")).scalar_one()
    relink(session)
    link(session)
    assert shape(session) == before
    assert session.execute(text("select count(*) from announcement_member")).scalar_one() == members
    assert session.execute(text("select count(*) from pair")).scalar_one() == pairs
    evidence = session.execute(
        text("select evidence from pair where level = 'announcement' and verdict = 'same'")
    ).scalar_one()
    assert evidence["for"]["project number"] == 3.0


def test_a_person_may_part_and_join(session: Session) -> None:
    store(
        session,
        [("ccgp", award("1")), ("ggzy", award("2")), ("plap", award("3", number="OTHER-2022-9", name="另一个项目"))],
    )
    link(session)
    assert shape(session)[0] == 2
    ids = dict(session.execute(text("select source_id, id from notice")).all())
    for one, other, verdict in (("1", "2", "different"), ("1", "3", "same")):
        low, high = sorted((ids[one], ids[other]))
        session.execute(
            text("""insert into review (kind, notice_id, other_notice_id, verdict, reviewer, recorded_at)
                    values ('same_announcement', :a, :b, :v, 'analyst', clock_timestamp())"""),
            {"a": low, "b": high, "v": verdict},
        )
    link(session, list(ids.values()))
    grouped = session.execute(
        text(
            "select array_agg(n.source_id order by n.source_id) from fact_notice f join notice n on n.id = f.notice_id group by announcement_id order by 1"
        )
    ).scalars()
    assert list(grouped) == [["1", "3"], ["2"]]


def test_a_page_that_turns_out_to_be_no_notice_leaves(session: Session) -> None:
    from dataclasses import replace

    from nlp.types import PageState
    from tests.db.making import V2

    store(session, [("ccgp", award())])
    link(session)
    store(session, [("ccgp", replace(award(), state=PageState.ERROR_PAGE, versions=V2))])
    link(session)
    assert shape(session) == (0, 0, 0, [])
    assert (
        session.execute(text("select count(*) from announcement_member where superseded_at is null")).scalar_one() == 0
    )


def test_order_does_not_matter(session: Session) -> None:
    pages = [
        ("ccgp", award("1"), START),
        ("ggzy", award("2"), START + dt.timedelta(hours=1)),
        ("ccgp", contract(), START),
        ("ccgp", corrected(FieldChange("数量", "20块", "25块")), START),
    ]
    for page in reversed(pages):
        store(session, [page])
        link(session)
    assert shape(session) == (3, 1, 1, [("seagate", "20")])
