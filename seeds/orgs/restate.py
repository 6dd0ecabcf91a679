"""Restate the administrative divisions in our own schema: ``divisions.csv`` and ``pinyin.csv``.

Run by hand when the source changes::

    python -m seeds.orgs.restate SOURCE.csv

The source is the table of codes 1981-2024 that ``areacodes`` (yescallop, CC0-1.0) compiles from the yearly GB/T 2260 codes of
the Ministry of Civil Affairs and the State Council gazette: code, province, prefecture, name, level, state, first year, last
year, successor codes. Only these facts carry over. Romanised names are made here, once, so that reading needs no pinyin library:
``romanisation.csv`` first, standard pinyin with the divisions' own readings otherwise.
"""

from __future__ import annotations

import collections
import csv
import re
import sys
from pathlib import Path

from pypinyin import Style, lazy_pinyin

HERE = Path(__file__).parent

ETHNIC = {
    "维吾尔": "Uyghur",
    "哈萨克": "Kazakh",
    "柯尔克孜": "Kyrgyz",
    "塔吉克": "Tajik",
    "锡伯": "Xibe",
    "蒙古": "Mongol",
    "回": "Hui",
    "藏": "Tibetan",
    "羌": "Qiang",
    "彝": "Yi",
    "苗": "Miao",
    "侗": "Dong",
    "布依": "Buyi",
    "傣": "Dai",
    "景颇": "Jingpo",
    "哈尼": "Hani",
    "壮": "Zhuang",
    "白": "Bai",
    "傈僳": "Lisu",
    "朝鲜": "Korean",
    "土家": "Tujia",
    "满": "Manchu",
    "瑶": "Yao",
    "黎": "Li",
    "撒拉": "Salar",
    "土": "Tu",
    "保安": "Bonan",
    "东乡": "Dongxiang",
    "裕固": "Yugur",
    "畲": "She",
    "仫佬": "Mulao",
    "毛南": "Maonan",
    "达斡尔": "Daur",
    "鄂伦春": "Oroqen",
    "鄂温克": "Ewenki",
    "拉祜": "Lahu",
    "佤": "Va",
    "布朗": "Blang",
    "普米": "Pumi",
    "纳西": "Naxi",
    "怒": "Nu",
    "独龙": "Derung",
    "仡佬": "Gelao",
    "水": "Sui",
    "各": "Various Nationalities",
    "京": "Gin",
}
GENERIC = (
    ("特别行政区", "Special Administrative Region"),
    ("自治区", "Autonomous Region"),
    ("自治州", "Autonomous Prefecture"),
    ("自治县", "Autonomous County"),
    ("自治旗", "Autonomous Banner"),
    ("联合旗", "United Banner"),
    ("地区", "Prefecture"),
    ("行政区", "Prefecture"),
    ("省", "Province"),
    ("市", "City"),
    ("县", "County"),
    ("盟", "League"),
    ("林区", "Forestry District"),
    ("特区", "Special District"),
    ("矿区", "Mining District"),
    ("新区", "New Area"),
    ("区", "District"),
    ("旗", "Banner"),
)
SIDES = {"左翼": "Left", "右翼": "Right", "左": "Left", "右": "Right", "前": "Front", "中": "Middle", "后": "Rear"}
# Whole names in which the last characters look like a generic but belong to the name.
KEEP = {"矿区": ("Kuangqu", "District"), "城区": ("Chengqu", "District"), "郊区": ("Jiaoqu", "District")}
# Readings these characters have in the names of places, whatever they have elsewhere; exceptions are in pinyin_overrides.csv.
IN_PLACES = dict(
    zip(
        "长都朝重万曾柏乐中行区石大台什佛泊",
        [
            "chang",
            "du",
            "chao",
            "chong",
            "wan",
            "zeng",
            "bai",
            "le",
            "zhong",
            "xing",
            "qu",
            "shi",
            "da",
            "tai",
            "shi",
            "fo",
            "bo",
        ],
        strict=True,
    )
)
_BANNER_SIDE = re.compile("(?:左翼|右翼|左|右)(?:前|中|后)?$|(?<=[特锦沁克])(?:前|中|后)$")


def main(source: Path) -> None:
    """Write both tables beside this file."""
    special = {(row["name"], row["within"]): row["roman"] for row in _read(HERE / "romanisation.csv")}
    overrides = {row["name"]: row["pinyin"] for row in _read(HERE / "pinyin_overrides.csv")}
    rows = []
    for row in _read(source):
        code, name = row["代码"], row["名称"]
        roman, bare, generic = romanise(name, code[:2], special, overrides)
        successors = [] if row["状态"] == "在用" else [part for part in row["新代码"].split(";") if part]
        rows.append(
            {
                "code": code,
                "name": name,
                "level": {"省级": "province", "地级": "prefecture", "县级": "county"}[row["级别"]],
                "parent_name": "" if row["二级行政区"] in {"直辖", name, ""} else row["二级行政区"],
                "since": row["启用时间"],
                "until": row["变更/弃用时间"],
                "successors": " ".join(re.sub(r"\[\d+\]", "", part) for part in successors),
                "roman": roman,
                "bare": bare,
                "generic": generic,
            }
        )
    known = {(row["code"], row["name"]) for row in rows}
    for code, name, level, since in ADDITIONS:
        if (code, name) in known:
            continue
        names = romanise(name, code[:2], special, overrides)
        rows.append(dict(zip(COLUMNS, (code, name, level, "", since, "", "", *names), strict=True)))
    rows.sort(key=lambda row: (row["code"], row["since"]))
    _write(HERE / "divisions.csv", rows)
    _write(HERE / "pinyin.csv", _characters())


COLUMNS = ("code", "name", "level", "parent_name", "since", "until", "successors", "roman", "bare", "generic")
# Newer than the source: the yearly lists of the Ministry of Civil Affairs.
ADDITIONS = (("659013", "草湖市", "county", "2026"),)


def romanise(
    name: str, province: str, special: dict[tuple[str, str], str], overrides: dict[str, str]
) -> tuple[str, str, str]:
    """The name with its peoples and sides ("Bortala Mongol", "Horqin Left Middle"), without peoples, and the generic word."""
    if name in KEEP:
        return KEEP[name][0], KEEP[name][0], KEEP[name][1]
    for ending, found in GENERIC:
        generic = found
        if name.endswith("万柏林区") and ending == "林区":
            continue  # the one district whose own name ends in 林
        if name.endswith(ending) and len(name) > len(ending):
            base = name[: -len(ending)]
            break
    else:
        roman = _pinyin(name, overrides)
        return roman, roman, ""
    if ending in {"新区", "矿区", "林区", "特区"} and len(base) < 2:
        base, generic = name[:-1], "District"
    peoples: list[str] = []
    if generic.startswith("Autonomous") or name.endswith("族区"):
        base, peoples = ("内蒙古", []) if base == "内蒙古" else _peoples(base)
    sides: list[str] = []
    if generic in {"Banner", "Autonomous County", "Autonomous Banner"} and (side := _BANNER_SIDE.search(base)):
        sides = [SIDES[part] for part in re.findall("左翼|右翼|左|右|前|中|后", side[0])]
        base = base[: side.start()]
    roman = special.get((base, province)) or _pinyin(base, overrides, ending)
    if peoples:
        joined = peoples[0] if len(peoples) == 1 else ", ".join(peoples[:-1]) + " and " + peoples[-1]
        return " ".join([roman, *sides, joined]), " ".join([roman, *sides]), generic
    roman = " ".join([roman, *sides])
    return roman, roman, generic


def _peoples(base: str) -> tuple[str, list[str]]:
    """Peoples are peeled off the end; at least two characters of the name stay, or one where 族 is written."""
    found: list[str] = []
    while len(base) > 1:
        for people in sorted(ETHNIC, key=len, reverse=True):
            for ending in (people + "族", people):
                bare = ending == people and people not in {"维吾尔", "哈萨克", "柯尔克孜", "塔吉克", "锡伯", "蒙古"}
                if base.endswith(ending) and not bare and len(base) > len(ending):
                    base = base[: -len(ending)]
                    found.insert(0, ETHNIC[people])
                    break
            else:
                continue
            break
        else:
            break
    return base.removesuffix("族") if base.removesuffix("族") in ETHNIC else base, found


def _pinyin(base: str, overrides: dict[str, str], ending: str = "") -> str:
    """The library knows many places as phrases with their generic word; its guesses for :data:`IN_PLACES` are set right."""
    if base in overrides:
        return join_syllables(overrides[base].split())
    syllables = lazy_pinyin(base + ending, style=Style.NORMAL)[: len(base)]
    return join_syllables([IN_PLACES.get(char, syllable) for char, syllable in zip(base, syllables, strict=True)])


def join_syllables(syllables: list[str]) -> str:
    """Yuan'an, Xi'an: an apostrophe before a later syllable that begins with a vowel; ü is written u after l and n."""
    out = ""
    for syllable in syllables:
        plain = syllable.replace("ü", "u").replace("v", "u").replace("ê", "e")
        out += ("'" if out and plain[:1] in "aeo" else "") + plain
    return out[:1].upper() + out[1:]


def _characters() -> list[dict[str, str]]:
    groups: dict[str, list[str]] = collections.defaultdict(list)
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                char = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            syllable = IN_PLACES.get(char) or lazy_pinyin(char, style=Style.NORMAL)[0]
            groups[syllable.replace("ü", "u").replace("v", "u")].append(char)
    return [{"syllable": syllable, "characters": "".join(chars)} for syllable, chars in sorted(groups.items())]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
