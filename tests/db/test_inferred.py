"""Classes that an earlier document of the process states, on sheets of our own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from db.desk.inferred import with_classes
from db.desk.sheet import Sheet, SheetItem, SheetMention, State
from db.match.features import Features

FIRST = dt.datetime(2021, 9, 1, tzinfo=dt.UTC)


def item(
    name: str | None, class_: str | None = None, brand: str | None = None, lot: str | None = None, position: int = 0
) -> SheetItem:
    return SheetItem(
        id=position, position=position, lot=lot, name=name, brand_id=brand, brand_raw=brand, model_raw=None, product_line=None,
        product_class=class_, units=Decimal(1), quantity_raw="1块", unit="块", unit_price=None, total=None, supplier=None, status=None,
    )  # fmt: skip


def mention(brand: str, class_: str | None = None, position: int | None = None, lot: str | None = None) -> SheetMention:
    return SheetMention(
        id=1, item_position=position, brand_id=brand, role="awarded", best_role="awarded", decided=True, reviewed=False, score=1.0,
        lot=lot, product_line=None, product_class=class_,
    )  # fmt: skip


def sheet(
    notice: int, type_: str, day: int, items: list[SheetItem], mentions: list[SheetMention] | None = None
) -> Sheet:
    features = Features("ccgp", f"id:{notice}", type_, None, None, None, None, None)
    published = dt.date(2021, 10, day)
    return Sheet(
        State(notice, notice, notice, notice, FIRST, FIRST), "ccgp", features, type_, None, published, None, None, None, None, None,
        items=items, mentions=mentions or [],
    )  # fmt: skip


def told(*sheets: Sheet) -> list[tuple[str | None, int | None]]:
    """Class and source of the first item, else the first mention, of the last sheet."""
    laid = with_classes([(number, [one]) for number, one in enumerate(sheets)])
    (last,) = laid[-1][1]
    return [(x.product_class, x.class_from) for x in (*last.items, *last.mentions)]


ASKED = sheet(1, "tender", 1, [item("监控级硬盘", "surveillance")])
BOUGHT = sheet(2, "award", 20, [item("硬盘", brand="seagate")])


def test_the_kind_of_the_goods_takes_the_class_along() -> None:
    assert told(ASKED, BOUGHT) == [("surveillance", 1)]
    assert told(BOUGHT) == [(None, None)]


def test_the_same_name_takes_the_class_along() -> None:
    asked = sheet(1, "tender", 1, [item("核心设备（一）", "switch")])
    assert told(asked, sheet(2, "contract", 20, [item("核心设备(一)")])) == [("switch", 1)]
    assert told(asked, sheet(2, "contract", 20, [item("辅助设备")])) == [(None, None)]


@pytest.mark.parametrize(
    "other",
    [
        sheet(1, "tender", 1, [item("监控级硬盘", "surveillance"), item("企业级硬盘", "enterprise", position=1)]),
        sheet(1, "tender", 1, [item("监控级硬盘", "surveillance", "wd")]),
        sheet(1, "tender", 1, [item("摄像机", "camera")]),
        sheet(1, "tender", 28, [item("监控级硬盘", "surveillance")]),
        sheet(1, "tender", 1, []),
    ],
    ids=["two classes", "another brand", "another kind", "a later document", "no class"],
)
def test_what_speaks_against_it(other: Sheet) -> None:
    assert told(other, BOUGHT) == [(None, None)]


def test_lots_are_kept_apart() -> None:
    asked = sheet(
        1,
        "tender",
        1,
        [item("监控级硬盘", "surveillance", lot="1"), item("企业级硬盘", "enterprise", lot="2", position=1)],
    )
    bought = sheet(2, "award", 20, [item("硬盘", lot="2"), item("硬盘", lot="1", position=1)])
    assert told(asked, bought) == [("enterprise", 1), ("surveillance", 1)]


def test_only_purchases_take_a_class_and_their_own_word_stands() -> None:
    assert told(ASKED, sheet(2, "tender", 20, [item("硬盘")])) == [(None, None)]
    assert told(ASKED, sheet(2, "award", 20, [item("硬盘", "desktop")])) == [("desktop", None)]
    said = sheet(2, "award", 20, [item("硬盘", brand="seagate")], [mention("seagate", "nas", position=0)])
    assert told(ASKED, said) == [(None, None), ("nas", None)]


def test_a_mention_outside_any_line_needs_its_brand_there() -> None:
    bare = sheet(2, "award", 20, [], [mention("seagate")])
    assert told(ASKED, bare) == [(None, None)]
    assert told(sheet(1, "tender", 1, [item("监控级硬盘", "surveillance", "seagate")]), bare) == [("surveillance", 1)]
    assert told(sheet(1, "tender", 1, [], [mention("seagate", "surveillance")]), bare) == [("surveillance", 1)]


def test_the_first_of_several_documents_is_named() -> None:
    again = sheet(3, "correction", 5, [item("监控硬盘", "surveillance")])
    assert told(again, ASKED, BOUGHT) == [("surveillance", 1)]


def test_copies_of_one_announcement_are_no_documents_before_it() -> None:
    copies = [sheet(1, "award", 20, [item("硬盘", "surveillance")]), sheet(2, "award", 20, [item("硬盘")])]
    ((_, laid),) = with_classes([(1, copies)])
    assert laid[1].items[0].product_class is None
