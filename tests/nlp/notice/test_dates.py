from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.notice.dates import SHANGHAI, STATED_DATE, parse_date


@pytest.mark.parametrize(
    ("raw", "on", "clock"),
    [
        ("2025年06月27日  17:52", "2025-06-27", "17:52:00"),
        ("2017.12.19 17:05:15", "2017-12-19", "17:05:15"),
        ("2022年03月31日 09时50分00秒", "2022-03-31", "09:50:00"),
        ("2026-03-14 15:16:32", "2026-03-14", "15:16:32"),
        ("2021/4/29", "2021-04-29", None),
        ("2017年 1 月 9 日", "2017-01-09", None),
        ("２０２４年５月６日", "2024-05-06", None),
        ("2026-07-29T18:42:00Z", "2026-07-30", "02:42:00"),
        ("2017-12-12T16:15:00", "2017-12-12", "16:15:00"),
        ("2016年11月16日下午14:00时", "2016-11-16", "14:00:00"),
        ("2016年11月16日下午2:30", "2016-11-16", "14:30:00"),
        ("2024年6月5日（星期三）9时30分", "2024-06-05", "09:30:00"),
        ("1708251407000", "2024-02-18", "18:16:47"),
        ("1688012891", "2023-06-29", "12:28:11"),
        ("20250527", "2025-05-27", None),
        ("二〇二三年十月五日", "2023-10-05", None),
        ("二○一九年十二月二十一日", "2019-12-21", None),
        ("公示期：2016年11月10日——2016年11月14日", "2016-11-10", None),
    ],
)
def test_formats(raw: str, on: str, clock: str | None) -> None:
    got = parse_date(raw)
    assert got is not None
    assert got.on == dt.date.fromisoformat(on)
    if clock is None:
        assert got.at is None
    else:
        assert got.at == dt.datetime.combine(got.on, dt.time.fromisoformat(clock), SHANGHAI)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "/",
        "年",
        "2024年13月1日",
        "2024年2月30日",
        "0773-2024689",
        "13912345678",
        "2024",
        "第2024-1-2-3号",
        "99999999999999",
    ],
)
def test_no_date(raw: str) -> None:
    got = parse_date(raw)
    assert got is None or got.on is None or raw.startswith("第")


@pytest.mark.parametrize("raw", ["2022年05月", "2026-05", "二〇二三年十月"])
def test_a_month_has_no_day(raw: str) -> None:
    got = parse_date(raw)
    assert got is not None
    assert (got.on, got.precision) == (None, "month")


@given(
    st.dates(dt.date(1996, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(["{:%Y-%m-%d}", "{:%Y年%m月%d日}", "{:%Y.%m.%d}", "{:%Y/%m/%d}", "{:%Y%m%d}"]),
)
def test_every_day_is_read_back(day: dt.date, pattern: str) -> None:
    if pattern == "{:%Y%m%d}" and day.year < 2000:
        return
    got = parse_date(pattern.format(day))
    assert got is not None
    assert got.on == day


@given(st.text(max_size=60))
def test_never_raises(raw: str) -> None:
    got = parse_date(raw)
    assert got is None or got.at is None or got.at.tzinfo is not None


def test_stated_date_needs_its_label() -> None:
    assert STATED_DATE.search("【信息时间： 2021/5/11 阅读次数：16】") is not None
    assert STATED_DATE.search("开标时间：2021年5月11日") is None
