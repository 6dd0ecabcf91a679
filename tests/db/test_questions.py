from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import db.search
from db.bought import bought
from db.count import count
from db.filters import Filters, UnknownValue, split_values
from db.link import link
from db.models.review import ReviewKind
from db.review import review_mention, review_pair
from db.search import search
from db.show import show
from nlp.types import FieldChange, MentionRole, NoticeType, Tier
from tests.db import world
from tests.db.making import SHANGHAI, START, V2, awarded, buyer, line, reading, store, supplier

SHOP = "云岭恒信科技有限公司"
CITY = buyer("清河第一县公安局", "654001")


def award(id_: str = "1", **changes: object):
    values = {
        "id_": id_, "title": "清河第一县公安局监控硬盘采购项目中标公告", "day": "2022-01-05", "buyers": [CITY], "suppliers": [supplier(SHOP)],
        "lots": [awarded("1", SHOP, "12000.00")],
        "items": [line("seagate", "20", model="ST4000VX007", lot="1", total="12000", product_class="surveillance", product_line="SkyHawk AI")],
        "number": "QHZC-2022-0001", "name": "清河第一县公安局监控硬盘采购项目",
    }  # fmt: skip
    return reading(NoticeType.AWARD, **{**values, **changes})


def correction(day: str = "2022-01-12"):
    return reading(
        NoticeType.CORRECTION, id_="2", title="清河第一县公安局监控硬盘采购项目更正公告", day=day, buyers=[CITY], number="QHZC-2022-0001",
        name="清河第一县公安局监控硬盘采购项目", changes=[FieldChange("数量", "20块", "25块")],
    )  # fmt: skip


@pytest.fixture
def seeded(session: Session) -> Session:
    world.seeds(session)
    return session


def units(session: Session, **moment: dt.datetime) -> object:
    return count(session, Filters(brand=("seagate",), **moment)).ladder["N5"].lower


# ── bought ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_quotes_the_words_that_say_so(seeded: Session) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    (row,) = [r.as_json() for r in bought(seeded, Filters(brand=("希捷",)))]
    evidence = row.pop("evidence")
    body = seeded.execute(text("select text from body")).scalar_one()
    assert body[evidence["start"] : evidence["end"]] == "Seagate"
    assert "Seagate" in evidence["quote"]
    assert "\n" not in evidence["quote"]
    assert {k: row[k] for k in ("notice", "buyer", "brand", "item", "quantity", "unit", "role", "supplier", "amount_cny", "date", "region")} == {
        "notice": "ccgp/1", "buyer": "清河第一县公安局", "brand": "Seagate", "item": "硬盘", "quantity": "20", "unit": "块", "role": "awarded",
        "supplier": SHOP, "amount_cny": "12000", "date": "2022-01-05", "region": "654001",
    }  # fmt: skip
    assert row["reviewed"] is False
    assert row["certain"] is True


def test_pages_by_key_tell_every_row_once(seeded: Session) -> None:
    store(seeded, world.pages())
    link(seeded)
    filters = Filters(brand=("seagate", "wd"))
    everything = [r.cursor for r in bought(seeded, filters)]
    paged, after = [], None
    while page := bought(seeded, filters, limit=4, after=after):
        paged.extend(r.cursor for r in page)
        after = page.rows[-1].cursor
        assert page.next in {after, None}
    assert paged == everything
    assert len(everything) == len(set(everything)) > 15


def test_rows_and_ladder_agree(seeded: Session) -> None:
    store(seeded, world.pages())
    link(seeded)
    for brand in ("seagate", "wd", "toshiba", "hikvision", "dahua"):
        filters = Filters(brand=(brand,))
        assert len([r for r in bought(seeded, filters) if r.certain]) == count(seeded, filters).ladder["N4"].lower


def test_bought_by_buyer(seeded: Session) -> None:
    store(seeded, world.pages())
    link(seeded)
    rows = bought(seeded, Filters(brand=("seagate",), region=("65",)), "buyer").groups
    assert rows is not None
    first = next(r for r in rows if r["buyer"] == world.bureau(1))
    assert first["N1"] == {"lower": 3, "point": 3, "upper": 3}
    assert first["N5"] == {"lower": 8, "point": 8, "upper": 8}


# ── groups and coverage ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "by",
    [
        "brand",
        "buyer",
        "month",
        "year",
        "region",
        "product_class",
        "type",
        "supplier",
        "origin",
        "portal",
        "tier",
        "role",
        "area",
    ],
)
def test_parts_add_up_to_the_whole(seeded: Session, by: str) -> None:
    store(seeded, world.pages())
    link(seeded)
    whole = count(seeded, Filters(roles=("purchased",), brand=("seagate", "wd")), by)
    assert whole.groups
    for rung in ("N4", "N5"):
        parts = [g["ladder"][rung]["lower"] for g in whole.groups]
        assert sum(parts) == whole.ladder[rung].lower, rung


def test_what_has_no_date_is_told(seeded: Session) -> None:
    store(seeded, world.pages())
    link(seeded)
    asked = Filters(brand=("seagate",), buyer=(world.bureau(10),), since=dt.date(2022, 1, 1))
    told = count(seeded, asked)
    assert told.coverage["undated"] == 1
    assert told.coverage["portals"] == {"ccgp-xinjiang": 1}
    assert told.distribution["largest_line"] == 4


def test_a_copy_that_masks_the_buyer_is_no_other_buyer(seeded: Session) -> None:
    masked = award("9", buyers=[buyer("***", None, Tier.OTHER)])
    store(seeded, [("ggzy", masked), ("ccgp", award())])
    link(seeded)
    told = count(seeded, Filters(brand=("seagate",), region=("65",))).ladder
    assert (told["N0"].lower, told["N1"].lower, told["buyers"].lower) == (2, 1, 1)


def test_the_corps_part_is_shown_apart(seeded: Session) -> None:
    store(seeded, world.pages())
    link(seeded)
    told = count(seeded, Filters(brand=("wd",), region=("65",), unit_class=("public_security",)))
    assert told.coverage["xpcc"]["N5"] == {"lower": 5, "point": 5, "upper": 5}


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def review(session: Session, role: str) -> None:
    mention = session.execute(
        text(
            "select m.id from mention m join reading r on r.id = m.reading_id where r.superseded_at is null order by m.id limit 1"
        )
    ).scalar_one()
    review_mention(session, mention, MentionRole(role), "analyst")
    link(session)


def test_a_review_decides_survives_reading_again_and_reopens_on_change(seeded: Session) -> None:
    guess = {"role": MentionRole.UNRESOLVED, "best": MentionRole.AWARDED, "score": 0.3}
    store(seeded, [("ccgp", award(**guess))])
    link(seeded)
    n5 = count(seeded, Filters(brand=("seagate",))).ladder["N5"]
    assert (n5.lower, n5.point, n5.upper) == (0, 20, 20)
    review(seeded, "awarded")
    assert units(seeded) == 20
    assert count(seeded, Filters(brand=("seagate",), reviewed_only=True)).ladder["N1"].lower == 1
    store(seeded, [("ccgp", award(**guess, versions=V2))])
    link(seeded)
    assert units(seeded) == 20
    store(seeded, [("ccgp", award(**guess, extra="附件更新"), START + dt.timedelta(days=1))])
    link(seeded)
    assert units(seeded) == 0


def test_the_last_word_counts_and_the_first_is_kept(seeded: Session) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    review(seeded, "incidental")
    then = seeded.execute(text("select tick from ledger")).scalar_one()
    review(seeded, "awarded")
    assert (units(seeded), units(seeded, known_at=then)) == (20, 0)
    assert seeded.execute(text("select count(*) from review")).scalar_one() == 2
    with pytest.raises(UnknownValue):
        review_mention(seeded, 10**9, MentionRole.AWARDED, "analyst")


def test_a_person_may_join_what_the_machine_kept_apart(seeded: Session) -> None:
    other = award("2", number="QHZC-2022-0009", name="另一批硬盘采购", title="另一批硬盘采购中标公告")
    store(seeded, [("ccgp", award()), ("ccgp", other)])
    link(seeded)
    assert count(seeded, Filters(brand=("seagate",))).ladder["N2"].lower == 2
    pair = {"same": True, "kind": ReviewKind.SAME_PROCESS, "reviewer": "analyst"}
    review_pair(seeded, "ccgp/1", "ccgp/2", **pair)
    link(seeded)
    assert count(seeded, Filters(brand=("seagate",))).ladder["N2"].lower == 1
    with pytest.raises(ValueError, match="two notices"):
        review_pair(seeded, "ccgp/1", "ccgp/1", **pair)


def test_a_review_may_refuse(seeded: Session) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    review(seeded, "incidental")
    assert count(seeded, Filters(brand=("seagate",))).ladder["N1"].upper == 0


# ── two axes of time ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_as_of_is_evidence_time(seeded: Session) -> None:
    late = START + dt.timedelta(days=30)
    store(seeded, [("ccgp", award())])
    link(seeded)
    store(seeded, [("ccgp", correction(), late)])
    link(seeded)
    assert units(seeded) == 25
    assert units(seeded, as_of=late - dt.timedelta(seconds=1)) == 20
    assert units(seeded, as_of=late) == 25
    assert units(seeded, as_of=START - dt.timedelta(seconds=1)) == 0


def test_as_of_shows_the_page_of_that_day(seeded: Session) -> None:
    late = START + dt.timedelta(days=30)
    changed = award(items=[line("wd", "20", lot="1")])
    store(seeded, [("ccgp", changed, late), ("ccgp", award(), START)])
    link(seeded)
    assert (units(seeded), units(seeded, as_of=START)) == (0, 20)


def test_known_at_is_system_time(seeded: Session) -> None:
    store(seeded, [("ccgp", award())])
    link(seeded)
    then = seeded.execute(text("select tick from ledger")).scalar_one()
    store(seeded, [("ccgp", award(items=[line("seagate", "22", lot="1")], versions=V2))])
    store(seeded, [("ccgp", correction(), START)])
    link(seeded)
    assert (units(seeded), units(seeded, known_at=then)) == (25, 20)
    assert units(seeded, known_at=then, as_of=START) == 20


def test_the_past_does_not_join_what_came_later(seeded: Session) -> None:
    """Two notices that only a third one joins are two processes until the third was captured."""
    late = START + dt.timedelta(days=30)
    first = award("1")
    second = reading(
        NoticeType.CONTRACT, id_="2", title="关于磁盘的合同公告", day="2022-02-01", buyers=[CITY], suppliers=[supplier(SHOP)],
        items=[line("seagate", "20")], contract="HT-2022-0100",
    )  # fmt: skip
    bridge = reading(
        NoticeType.CONTRACT, id_="3", title="清河第一县公安局监控硬盘采购项目合同公告", day="2022-02-02", buyers=[CITY], suppliers=[supplier(SHOP)],
        number="QHZC-2022-0001", contract="HT-2022-0100",
    )  # fmt: skip
    store(seeded, [("ccgp", first), ("ccgp", second)])
    store(seeded, [("ccgp", bridge, late)])
    link(seeded)
    asked = Filters(brand=("seagate",))
    assert count(seeded, asked).ladder["N2"].lower == 1
    assert count(seeded, asked).ladder["N5"].lower == 20
    past = count(seeded, replace(asked, as_of=START))
    assert past.ladder["N2"].lower == 2
    assert past.ladder["N5"].lower == 40


def test_a_day_is_its_last_moment_in_shanghai() -> None:
    from db.filters import parse_moment

    assert parse_moment("2022-05-12", "as_of") == dt.datetime(2022, 5, 12, 23, 59, 59, 999999, SHANGHAI)
    with pytest.raises(UnknownValue):
        parse_moment("yesterday", "as_of")


# ── search and show ──────────────────────────────────────────────────────────────────────────────────────────────────


def found(session: Session, words: str, **filters: object) -> list[str]:
    return [hit.notice for hit in search(session, words, Filters(**filters)).hits]


@pytest.fixture
def library(seeded: Session) -> Session:
    store(
        seeded,
        [
            ("ccgp", award("1")),
            ("ggzy", award("1")),
            (
                "ccgp",
                award(
                    "2",
                    number="QHZC-2022-0002",
                    items=[line("wd", "3", lot="1", model="WD40PURX")],
                    extra="西部数据硬盘",
                ),
            ),
            (
                "ccgp",
                award(
                    "3",
                    number="QHZC-2022-0003",
                    items=[],
                    title="清河县国家西部数据灾备基地建设中标公告",
                    name="灾备基地建设",
                    extra="西部的数据",
                ),
            ),
        ],
    )
    link(seeded)
    return seeded


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("硬盘", {"ccgp/1", "ccgp/2"}),
        ("ST4000VX007", {"ccgp/1"}),
        ("st4000", {"ccgp/1"}),
        ("WD40*", {"ccgp/2"}),
        ("西部数据", {"ccgp/2", "ccgp/3"}),
        ('"西部数据硬盘"', {"ccgp/2"}),
        ("西部数据 灾备", {"ccgp/3"}),
        ("部数", {"ccgp/3"}),
        ("从未出现的词语", set()),
        ("' OR 1=1 --", set()),
        ("!!! & | <-> :*", set()),
        ("", set()),
    ],
)
def test_words_phrases_beginnings_and_substrings(library: Session, words: str, expected: set[str]) -> None:
    assert set(found(library, words)) == expected


def test_search_takes_filters_and_marks_its_hits(library: Session) -> None:
    assert found(library, "硬盘", brand=("wd",)) == ["ccgp/2"]
    assert found(library, "硬盘", until=dt.date(2021, 1, 1)) == []
    (hit,) = search(library, "ＳＴ４０００ｖｘ", Filters()).hits
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["ST4000VX"]


def test_search_pages_by_key(library: Session) -> None:
    first = search(library, "公告", limit=2)
    rest = search(library, "公告", limit=2, after=first.hits[-1].cursor)
    names = [h.notice for h in (*first.hits, *rest.hits)]
    assert sorted(names) == ["ccgp/1", "ccgp/2", "ccgp/3"]
    assert first.total == 3


@pytest.mark.parametrize("words", ["公告", "硬盘", "西部数据", "部数", "恒信科技", "河县国", "从未出现的词语"])
def test_many_hits_are_walked_to_the_same_pages(library: Session, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Hits that are fetched and sorted, and hits met while walking back in time, make the same pages."""

    def pages() -> list[str]:
        names: list[str] = []
        after = None
        while hits := search(library, words, limit=1, after=after).hits:
            names.extend(hit.notice for hit in hits)
            after = hits[-1].cursor
        return names

    monkeypatch.setattr("db.search._RANKED", -1)
    fetched = pages()
    monkeypatch.setattr("db.search._WALKED", 1)
    assert pages() == fetched
    monkeypatch.setattr("db.search._ESTIMATED", -1)
    assert pages() == fetched
    assert len(set(fetched)) == len(fetched) == len(found(library, words))


@pytest.mark.parametrize(
    "filters",
    [{"brand": ("seagate", "wd")}, {"brand": ("wd",)}, {"unit_class": ("public_security",)}, {"types": ("award",)}],
)
def test_few_notices_left_by_filters_make_the_same_pages(
    seeded: Session, monkeypatch: pytest.MonkeyPatch, filters: dict[str, tuple[str, ...]]
) -> None:
    """Gathered before their texts are looked at, or met while walking back in time; with and without a date."""
    days = ["2022-01-05", None, "2022-03-01", None, "2022-03-01", "2021-12-01"]
    store(
        seeded,
        [
            (
                "ccgp",
                award(
                    str(n), number=f"QHZC-2022-10{n}", day=day, items=[line("wd" if n % 2 else "seagate", "3", lot="1")]
                ),
            )
            for n, day in enumerate(days)
        ],
    )
    link(seeded)
    asked: list[object] = []
    gather = db.search._newest_chosen
    monkeypatch.setattr("db.search._newest_chosen", lambda *given: asked.append(given) or gather(*given))

    def pages() -> list[str]:
        names: list[str] = []
        after = None
        while hits := search(seeded, "硬盘", Filters(**filters), limit=1, after=after).hits:
            names.extend(hit.notice for hit in hits)
            after = hits[-1].cursor
        return names

    monkeypatch.setattr("db.search._ESTIMATED", -1)
    monkeypatch.setattr("db.search._FEW", 0)
    walked = pages()
    assert len(set(walked)) == len(walked) >= (3 if "brand" in filters else 6)
    assert not asked
    monkeypatch.setattr("db.search._FEW", 1000)
    assert pages() == walked
    assert asked


def test_show_tells_everything(library: Session) -> None:
    shown = show(library, "ccgp/1")
    assert shown["captures"][0]["warc_file"] == "constructed.warc.gz"
    assert shown["reading"]["mentions"][0]["quote"].startswith("硬盘 ¦ Seagate")
    assert shown["reading"]["items"][0]["units"] == "20"
    assert [m["notice"] for m in shown["announcement"]["members"]] == ["ccgp/1", "ggzy/1"]
    assert shown["process"]["awards"][0]["supplier"] == SHOP
    (same,) = [pair for pair in shown["links"] if pair["level"] == "announcement" and pair["verdict"] == "same"]
    assert same["evidence"]["for"]["project number"] == 3.0
    assert show(library, shown["url"])["id"] == shown["id"] == show(library, shown["id"])["id"]


def test_show_refuses_what_is_not_one_notice(library: Session) -> None:
    with pytest.raises(UnknownValue) as refused:
        show(library, "1")
    assert refused.value.suggestions == ("ccgp/1", "ggzy/1")
    with pytest.raises(UnknownValue):
        show(library, "nowhere/9")


@pytest.mark.parametrize("bad", ["'; drop table notice; --", "%", "\\", "\x00", "a'b\"c", "$$", ":x", "{}"])
def test_metacharacters_are_only_characters(library: Session, bad: str) -> None:
    search(library, bad)
    for given in (
        {"brand": (bad,)},
        {"buyer": (bad,)},
        {"region": (bad,)},
        {"product_line": (bad,)},
        {"owner": (bad,)},
    ):
        with pytest.raises(UnknownValue):
            count(library, Filters(**given))
    with pytest.raises(UnknownValue):
        show(library, bad)


def test_values_by_commas_and_quotes() -> None:
    assert split_values(["a,b", '"x, y"', "a", ""]) == ("a", "b", "x, y")


def test_filters_survive_json() -> None:
    filters = Filters(brand=("Seagate",), since=dt.date(2022, 1, 1), as_of=START, roles=("uses",), xpcc="only")
    assert Filters.from_json(filters.as_json()) == filters
    with pytest.raises(UnknownValue):
        Filters.from_json({"brnad": ["x"]})
