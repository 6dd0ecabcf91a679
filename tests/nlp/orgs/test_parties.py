"""Fields with several parties, end users, hints from titles. All organisations are invented or bare places."""

from __future__ import annotations

import datetime as dt

import pytest

from nlp.orgs import find_end_users, find_title_orgs, read_party
from nlp.orgs.knowledge import OrgKnowledge


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("喀什市公安局", ["喀什市公安局"]),
        ("喀什市公安局、喀什市财政局", ["喀什市公安局", "喀什市财政局"]),
        ("喀什市公安局，喀什市教育局", ["喀什市公安局", "喀什市教育局"]),
        ("云岭科技有限公司；明川信息有限公司", ["云岭科技有限公司", "明川信息有限公司"]),
        ("明川市环境、食品药品犯罪侦查支队", ["明川市环境、食品药品犯罪侦查支队"]),
        ("明川市公安局（一处、二处）", ["明川市公安局（一处、二处）"]),
        ("", [""]),
        ("1、喀什市公安局 2、和田市公安局", ["喀什市公安局", "和田市公安局"]),
        ("喀什市公安局 和田市公安局", ["喀什市公安局", "和田市公安局"]),
        ("喀什市公安局 办公室", ["喀什市公安局 办公室"]),
    ],
)
def test_read_party(field: str, names: list[str], orgs: OrgKnowledge, today: dt.date) -> None:
    assert [org.name for org in read_party(field, orgs, today)] == names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("使用单位：喀什市公安局，联系人见附件", ["喀什市公安局"]),
        ("最终用户为和田地区公安局交警支队。", ["和田地区公安局交警支队"]),
        ("本项目受明川市公安局委托，由城投公司组织", ["明川市公安局"]),
        ("城投公司为明川市公安局采购监控设备一批", ["明川市公安局"]),
        ("设备供墨玉县看守所使用", ["墨玉县看守所"]),
        ("使用单位：详见采购需求", []),
        ("为落实公安机关要求，采购设备", []),
        ("采购人：喀什市财政局", []),
        ("", []),
    ],
)
def test_end_users(text: str, found: list[str], orgs: OrgKnowledge, today: dt.date) -> None:
    got = find_end_users(text, orgs, today)
    assert [text[org.start : org.end] for org in got] == found
    assert not any(org.hint for org in got)


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("喀什市公安局特警大队装备采购项目", "喀什市公安局特警大队"),
        ("关于乌鲁木齐市公安局天山区分局监控设备的公告", "乌鲁木齐市公安局天山区分局"),
        ("【二次】和田地区公安局交警支队电子警察系统采购", "和田地区公安局交警支队"),
        ("明川小学课桌采购项目", None),
        ("明川市电子警察系统采购项目", None),
    ],
)
def test_title_organisations_are_hints(title: str, found: str | None, orgs: OrgKnowledge, today: dt.date) -> None:
    got = find_title_orgs(title, orgs, today)
    assert [title[org.start : org.end] for org in got] == ([found] if found else [])
    assert all(org.hint for org in got)
