"""Constructed names with labels written by us: ``names.csv``, and a grid of real places times kinds of organs.

``*`` in the table is not asked, an empty cell must be null.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from nlp.orgs import read_org
from nlp.orgs.knowledge import OrgKnowledge

ROWS = list(csv.DictReader((Path(__file__).parent / "names.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_name(row: dict[str, str], orgs: OrgKnowledge, today: dt.date) -> None:
    got = read_org(row["name"], orgs, today)
    want: dict[str, object] = {"is_public_security": row["ps"] == "y"}
    have: dict[str, object] = {"is_public_security": got.is_public_security}
    for column, value in (("tier", got.tier), ("level", got.level), ("code", got.division_code)):
        if row[column] != "*":
            want[column] = row[column] or None
            have[column] = value
    if row["name_en"]:
        want["name_en"] = row["name_en"]
        have["name_en"] = got.name_en
    assert have == want, got.reason
    assert got.name == row["name"]
    assert got.reason


PLACES = (
    ("北京市", "110000", "province", "Beijing City"),
    ("石家庄市", "130100", "prefecture", "Shijiazhuang City"),
    ("呼伦贝尔市", "150700", "prefecture", "Hulunbuir City"),
    ("土默特左旗", "150121", "county", "Tumed Left Banner"),
    ("延边朝鲜族自治州", "222400", "prefecture", "Yanbian Korean Autonomous Prefecture"),
    ("齐齐哈尔市", "230200", "prefecture", "Qiqihar City"),
    ("嘉定区", "310114", "county", "Jiading District"),
    ("淮安市", "320800", "prefecture", "Huai'an City"),
    ("乐清市", "330382", "county", "Yueqing City"),
    ("六安市", "341500", "prefecture", "Lu'an City"),
    ("同安区", "350212", "county", "Tong'an District"),
    ("万年县", "361129", "county", "Wannian County"),
    ("单县", "371722", "county", "Shan County"),
    ("新安县", "410323", "county", "Xin'an County"),
    ("公安县", "421022", "county", "Gong'an County"),
    ("恩施土家族苗族自治州", "422800", "prefecture", "Enshi Tujia and Miao Autonomous Prefecture"),
    ("长沙市", "430100", "prefecture", "Changsha City"),
    ("宝安区", "440306", "county", "Bao'an District"),
    ("东莞市", "441900", "prefecture", "Dongguan City"),
    ("融水苗族自治县", "450225", "county", "Rongshui Miao Autonomous County"),
    ("儋州市", "460400", "prefecture", "Danzhou City"),
    ("琼海市", "469002", "county", "Qionghai City"),
    ("奉节县", "500236", "county", "Fengjie County"),
    ("什邡市", "510682", "county", "Shifang City"),
    ("凉山彝族自治州", "513400", "prefecture", "Liangshan Yi Autonomous Prefecture"),
    ("都匀市", "522701", "county", "Duyun City"),
    ("勐腊县", "532823", "county", "Mengla County"),
    ("香格里拉市", "533401", "county", "Shangri-La City"),
    ("日喀则市", "540200", "prefecture", "Shigatse City"),
    ("墨竹工卡县", "540127", "county", "Maizhokunggar County"),
    ("西安市", "610100", "prefecture", "Xi'an City"),
    ("平凉市", "620800", "prefecture", "Pingliang City"),
    ("格尔木市", "632801", "county", "Golmud City"),
    ("石嘴山市", "640200", "prefecture", "Shizuishan City"),
    ("乌鲁木齐市", "650100", "prefecture", "Urumqi City"),
    ("克孜勒苏柯尔克孜自治州", "653000", "prefecture", "Kizilsu Kyrgyz Autonomous Prefecture"),
    ("喀什地区", "653100", "prefecture", "Kashgar Prefecture"),
    ("莎车县", "653125", "county", "Shache County"),
    ("塔什库尔干塔吉克自治县", "653131", "county", "Taxkorgan Tajik Autonomous County"),
    ("乌什县", "652927", "county", "Wushi County"),
)
KINDS = (
    ("公安局", "organ", None, "Public Security Bureau"),
    ("公安局本级", "organ", None, "Public Security Bureau"),
    ("公安局交通警察支队", "organ", "unit", "Public Security Bureau Traffic Police Zhidui"),
    ("公安局特警大队", "organ", "unit", "Public Security Bureau SWAT Dadui"),
    ("公安局刑事侦查支队", "organ", "unit", "Public Security Bureau Criminal Investigation Zhidui"),
    ("公安局网络安全保卫支队", "organ", "unit", "Public Security Bureau Cybersecurity Protection Zhidui"),
    ("公安局看守所", "organ", "unit", "Public Security Bureau Detention Center"),
    ("看守所", "organ", "unit", "Detention Center"),
    ("公安局警务保障处", "organ", "unit", "Public Security Bureau Police Logistics Support Division"),
    ("公安局城关派出所", "organ", "station", "Public Security Bureau Chengguan Police Station"),
    ("交警大队", "organ", "unit", "Traffic Police Dadui"),
    ("森林公安局", "specialised", None, "Forest Public Security Bureau"),
    ("边境管理支队", "specialised", "unit", "Border Management Zhidui"),
    ("人民法院", "court", None, "People's Court"),
    ("人民检察院", "procuratorate", None, "People's Procuratorate"),
    ("国家安全局", "state_security", None, "State Security Bureau"),
    ("消防救援支队", "fire", None, "Fire and Rescue Zhidui"),
    ("城市管理局", "urban_management", None, None),
    ("监狱", "prison", None, "Prison"),
    ("人民医院", "other", None, None),
    ("人民政府", "other", None, None),
    ("财政局", "other", None, None),
    ("司法局", "other", None, None),
    ("应急管理局", "other", None, None),
    ("交通运输局", "other", None, None),
    ("第一中学", "other", None, None),
    ("融媒体中心", "other", None, None),
    ("生态环境局", "other", None, None),
    ("安居保安服务有限公司", "other", None, None),
    ("城市建设投资有限公司", "other", None, None),
    ("公安路小学", "other", None, None),
    ("综合执法大队", "urban_management", None, None),
)


@pytest.mark.parametrize("place", PLACES, ids=[place[0] for place in PLACES])
def test_grid(place: tuple[str, str, str, str], orgs: OrgKnowledge, today: dt.date) -> None:
    name, code, place_level, place_en = place
    public = {"organ", "specialised"}
    for suffix, tier, level, english in KINDS:
        got = read_org(name + suffix, orgs, today)
        assert got.tier == tier, (name + suffix, got)
        assert got.is_public_security is (tier in public), got
        assert got.division_code == code, got
        if tier in public:
            assert got.level == (level or place_level), got
        if english is not None:
            assert got.name_en == f"{place_en} {english}", got
