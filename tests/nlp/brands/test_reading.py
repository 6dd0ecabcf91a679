from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.brands import lexicon_candidates, read_brand_cell, read_model
from nlp.brands.fold import fold
from nlp.text import normalise
from seeds.brands import load_brand_knowledge

KNOWLEDGE = load_brand_knowledge()


@pytest.mark.parametrize(
    ("text", "brand", "line", "product_class", "kind"),
    [
        ("惠普 M1136", "HP", "LaserJet", "printer", "other"),
        ("RT-MSR3640", "H3C", "MSR", "router", "other"),
        ("P2419H", "Dell", "UltraSharp", "monitor", "other"),
        ("ST8000VX010", "Seagate", "SkyHawk", "surveillance", "hdd"),
        ("ST8000DM004", "Seagate", "BarraCuda", "desktop", "hdd"),
        ("st 8000 vx010", "Seagate", "SkyHawk", "surveillance", "hdd"),
        ("希捷（Seagate）STHN2000400", "Seagate", "Backup Plus", "portable", "portable"),
        ("WD62PURX", "Western Digital", "WD Purple", "surveillance", "hdd"),
        ("WDS500G2B0A", "Western Digital", "WD Blue SSD", "ssd", "ssd"),
        ("HDWT380", "Toshiba", "S300", "surveillance", "hdd"),
        ("WS-C3850-48T-S", "Cisco", "Catalyst", "switch", "other"),
        ("DL360 Gen9", "HPE", "ProLiant", "server", "other"),
        ("PowerPlex Y23", "Promega", "PowerPlex", "str_kit", "other"),
        ("希捷 监控级硬盘 6TB", "Seagate", None, "surveillance", "hdd"),
        ("佳能 打印机", "Canon", None, "printer", "other"),
    ],
)
def test_model(text: str, brand: str, line: str | None, product_class: str, kind: str) -> None:
    reading = read_model(text, KNOWLEDGE)
    assert reading is not None
    assert (reading.brand, reading.product_line, reading.product_class, reading.product_kind) == (
        brand, line, product_class, kind,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", "   ", "ST2023-0011", "GB/T 28181-2016", "ISO 14001:2015", "91659904MA7CHP3M6Q", "0991-1234567", "2560×1440@25fps", "C25混凝土",
     "新C·WD889", "SATA 3Gb/s 5400rpm", "DN200 SDR11 PE80", "K3+500"],
)  # fmt: skip
def test_not_a_model(text: str) -> None:
    assert read_model(text, KNOWLEDGE) is None


def test_every_sample_is_read_as_its_own_line() -> None:
    wrong = []
    for line in KNOWLEDGE.lines:
        if not line.strong:
            continue
        for sample in line.samples:
            reading = read_model(sample, KNOWLEDGE)
            family = KNOWLEDGE.brands[line.brand_id].family
            if reading is None or reading.brand_id is None or KNOWLEDGE.brands[reading.brand_id].family != family:
                wrong.append((sample, reading))
    assert wrong == []


@pytest.mark.parametrize(
    ("cell", "ids", "candidates"),
    [
        ("希捷", ("seagate",), ()),
        ("希捷/西部数据/东芝", ("seagate", "wd", "toshiba"), ()),
        ("HP/惠普", ("hp",), ()),
        ("云岭牌", (), ("云岭牌",)),
        ("希捷、明川恒芯", ("seagate",), ("明川恒芯",)),
        ("国产", (), ()),
        ("/", (), ()),
        ("", (), ()),
        ("详见附件", (), ()),
    ],
)
def test_brand_cell(cell: str, ids: tuple[str, ...], candidates: tuple[str, ...]) -> None:
    read = read_brand_cell(cell, KNOWLEDGE)
    assert read.brand_ids == ids
    assert read.candidates == candidates
    assert read.brand_id == (ids[0] if len(ids) == 1 else None)


def test_an_unknown_brand_has_no_origin_and_no_brand() -> None:
    read = read_brand_cell("明川恒芯", KNOWLEDGE)
    assert (read.brand_id, read.brand, read.brand_ids) == (None, None, ())


def test_candidates_are_counted_over_spellings() -> None:
    cells = ["明川恒芯", "明川 恒芯", "希捷", "YunLing", "yunling", "YUNLING"]
    assert [(c.text, c.count) for c in lexicon_candidates(cells, KNOWLEDGE)] == [("YunLing", 3), ("明川恒芯", 2)]


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_folding_agrees_with_the_common_normal_form(text: str) -> None:
    folded = fold(text)
    assert folded.cased == normalise(text).text
    assert len(folded.text) == len(folded.cased)
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_readers_accept_any_text(text: str) -> None:
    read_model(text, KNOWLEDGE)
    cell = read_brand_cell(text, KNOWLEDGE)
    assert all(b in KNOWLEDGE.brands for b in cell.brand_ids)
