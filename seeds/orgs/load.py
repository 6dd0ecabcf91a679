"""Build :class:`nlp.orgs.knowledge.OrgKnowledge` from the tables of this folder."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

import ahocorasick_rs

from nlp.orgs.knowledge import Division, KnownOrg, OrgKnowledge, Reform, Sign, Term, XpccDivision
from nlp.text import key
from nlp.types import Level, Tier
from seeds.classifiers import UNITS, load_classifier

HERE = Path(__file__).parent
SUPPLIERS = HERE.parent / "suppliers" / "suppliers.csv"
FILES: tuple[Path, ...] = (
    *(
        HERE / name
        for name in (
            "divisions.csv",
            "known.csv",
            "names_en.csv",
            "pinyin.csv",
            "place_aliases.csv",
            "reforms.csv",
            "romanisation.csv",
            "terms.csv",
            "xpcc.csv",
        )
    ),
    SUPPLIERS,
)
_GENERIC = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "行政区",
    "新区",
    "矿区",
    "林区",
    "特区",
    "省",
    "市",
    "县",
    "区",
    "盟",
    "旗",
)
_PEOPLES = (
    "维吾尔", "哈萨克族", "哈萨克", "柯尔克孜", "塔吉克", "锡伯", "蒙古族", "蒙古", "回族", "藏族", "羌族", "彝族", "苗族", "侗族", "布依族", "傣族", "景颇族",
    "哈尼族", "壮族", "白族", "傈僳族", "朝鲜族", "土家族", "满族", "瑶族", "黎族", "撒拉族", "土族", "保安族", "东乡族", "裕固族", "畲族", "仫佬族",
    "毛南族", "达斡尔族", "拉祜族", "佤族", "布朗族", "普米族", "纳西族", "怒族", "独龙族", "仡佬族", "水族", "各族",
)  # fmt: skip
# Short names that are first of all words: believed only inside a place already known.
_WORDS = frozenset(
    [
        "公安",
        "保安",
        "平安",
        "和平",
        "东方",
        "团结",
        "建设",
        "解放",
        "人民",
        "中心",
        "城中",
        "市中",
        "新城",
        "新华",
        "新兴",
        "新建",
        "友好",
        "胜利",
        "光明",
        "文化",
        "大安",
        "共和",
        "安全",
        "矿",
        "城",
        "郊",
    ]
)


def more_divisions() -> Path | None:
    """A table like ``divisions.csv`` with places to know besides: ``CAIGOU_DIVISIONS``. For workspaces of constructed data."""
    given = os.environ.get("CAIGOU_DIVISIONS")
    return Path(given).absolute() if given else None


def load_org_knowledge() -> OrgKnowledge:
    """Load once a process; the value is immutable, so every caller may share it."""
    return _load(more_divisions())


@lru_cache(maxsize=2)
def _load(more: Path | None) -> OrgKnowledge:
    rows = [*_read("divisions.csv"), *(_read(more) if more else ())]
    divisions = _divisions(rows)
    by_code: dict[str, Division] = {}
    for division in divisions:
        old = by_code.get(division.code)
        if old is None or (old.until is not None and (division.until is None or division.until > old.until)):
            by_code[division.code] = division
    full: dict[str, list[Division]] = defaultdict(list)
    short: dict[str, list[Division]] = defaultdict(list)
    for division in divisions:
        full[division.name].append(division)
    for division in divisions:
        for name, is_full in _other_names(division):
            if is_full:
                if all(d.name != name or d.until is not None for d in full[name]):
                    full[name].append(division)
            elif name != "公安":
                short[name].append(division)
    aliases = _read("place_aliases.csv")
    for row in aliases:
        names = full if row["kind"] == "full" else short
        names[row["alias"]] = [*names.get(row["alias"], ()), by_code[row["code"]]]
    xpcc = tuple(
        XpccDivision(int(row["number"]), row["division"], row["city"] or None, row["city_code"] or None, row["roman"])
        for row in _read("xpcc.csv")
    )
    terms = tuple(
        Term(
            row["term"],
            Sign(row["sign"]),
            row["kind"],
            Tier(row["tier"]) if row["tier"] else None,
            Level(row["level"]) if row["level"] else None,
            row["english"],
        )
        for row in _read("terms.csv")
    )
    known: dict[str, KnownOrg] = {}
    for row in _read("known.csv"):
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            known[key(name)] = KnownOrg(
                row["name"],
                Tier(row["tier"]),
                row["unit_class"],
                Level(row["level"]) if row["level"] else None,
                row["division_code"] or None,
                row["name_en"] or None,
            )
    final_full = {name: _distinct(found) for name, found in full.items()}
    final_short = {name: _distinct(found) for name, found in short.items()}
    return OrgKnowledge(
        version=_digest(),
        divisions=by_code,
        full=final_full,
        short=final_short,
        full_lengths=_lengths(final_full),
        short_lengths=_lengths(final_short),
        words=_WORDS,
        place_english={row["alias"]: row["english"] for row in aliases if row["english"]},
        names_en={
            key(row["name"]): row["name_en"]
            for path in (HERE / "names_en.csv", SUPPLIERS)
            for row in _read(path)
            if row["name"] and row["name_en"]
        },
        xpcc=xpcc,
        xpcc_by_city={d.city_code: d for d in xpcc if d.city_code},
        xpcc_by_name={str(d.number): d for d in reversed(xpcc)},
        terms=terms,
        matcher=ahocorasick_rs.AhoCorasick([t.text for t in terms], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest),
        known=known,
        reforms={
            row["kind"]: Reform(row["kind"], dt.date.fromisoformat(row["day"]), Tier(row["before"]), Tier(row["after"]))
            for row in _read("reforms.csv")
        },
        pinyin={char: row["syllable"] for row in _read("pinyin.csv") for char in row["characters"]},
        romanised={row["name"]: row["roman"] for row in _read("romanisation.csv") if len(row["name"]) > 1},
        open_names=load_classifier(UNITS, segmenter=False),
    )


def _divisions(rows: list[dict[str, str]]) -> list[Division]:
    in_force = {row["code"] for row in rows if not row["until"]}
    base_of = {row["code"]: _base(row["name"]) for row in rows}
    successors = {row["code"]: _heirs(row, base_of) for row in rows if row["until"] and row["code"] not in in_force}
    today = {code: _follow(code, successors, in_force) for code in {row["code"] for row in rows}}
    _follow_prefectures(rows, today, in_force)
    levels = {level.value: level for level in Level}
    return [
        Division(
            row["code"],
            row["name"],
            levels[row["level"]],
            int(row["since"]),
            int(row["until"]) if row["until"] else None,
            _moved(row, base_of, today) if row["until"] and row["code"] in in_force else today[row["code"]],
            row["roman"],
            row["bare"],
            row["generic"],
        )
        for row in rows
    ]


def _moved(row: dict[str, str], base_of: dict[str, str], today: dict[str, str]) -> str:
    """The code today of a division whose own code now belongs to another one."""
    heirs = _heirs(row, base_of)
    return today.get(heirs[0], heirs[0]) if len(heirs) == 1 else row["code"]


def _heirs(row: dict[str, str], base_of: dict[str, str]) -> list[str]:
    """Of several successors the one that kept the name (琼山市 -> 琼山区); all of them where none did."""
    found = row["successors"].split()
    same = [code for code in found if base_of.get(code) == _base(row["name"])]
    return same if len(found) > 1 and len(same) == 1 else found


def _follow(code: str, successors: dict[str, list[str]], in_force: set[str]) -> str:
    """The code today. A division that was split, or has no successor on record, keeps its last code."""
    seen = {code}
    here = code
    while here not in in_force:
        after = successors.get(here, [])
        if len(after) != 1 or after[0] in seen:
            return here
        here = after[0]
        seen.add(here)
    return here


def _follow_prefectures(rows: list[dict[str, str]], today: dict[str, str], in_force: set[str]) -> None:
    """Prefectures have no successor on record: take the prefecture of the same name, else the county of the same name that came out of
    it (莱芜市 -> 莱芜区), else the prefecture where most of its counties went.
    """
    names: dict[tuple[str, str], str] = {}
    counties: dict[tuple[str, str], str] = {}
    children: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        code = row["code"]
        if row["level"] == "prefecture" and code in in_force and not row["until"]:
            names[code[:2], _base(row["name"])] = code
        if row["level"] == "county":
            if code in in_force and not row["until"]:
                counties[code[:2], _base(row["name"])] = code
            children[code[:4]][today[code][:4] + "00"] += 1
    for row in rows:
        code = row["code"]
        if row["level"] != "prefecture" or code in in_force or today[code] != code:
            continue
        same = names.get((code[:2], _base(row["name"])))
        moved = [(count, to) for to, count in children[code[:4]].items() if to in in_force]
        county = counties.get((code[:2], _base(row["name"])))
        if county and county[:4] + "00" not in {to for _, to in moved}:
            county = None
        today[code] = same or county or (max(moved)[1] if moved else code)


@cache
def _base(name: str) -> str:
    """The name without its generic word: 喀什地区 -> 喀什."""
    if name[-1] not in "省市县区州盟旗":
        return name
    for generic in _GENERIC:
        if name.endswith(generic) and len(name) > len(generic) + (
            0 if generic in {"市", "县", "区", "省", "盟", "旗"} else 1
        ):
            return name[: -len(generic)]
    return name


def _other_names(division: Division) -> Iterable[tuple[str, bool]]:
    """Other names: (name, as good as the full one). 融水苗族自治县 is 融水县 and, inside 柳州市, 融水."""
    name = division.name
    base = _base(name)
    if base == name:
        return
    bare = base
    if "自治" in name or name.endswith("族区"):
        again = True
        while again:
            again = False
            for people in _PEOPLES:
                if bare.endswith(people) and len(bare) > len(people) + 1:
                    bare = bare[: -len(people)]
                    again = True
        if bare != base or name.endswith(("自治州", "自治县", "自治旗")):
            generic = name[-1] if name[-1] in "州县旗区" and not name.endswith("自治区") else None
            if generic:
                yield bare + generic, True
                yield base + generic, True
        if "自治" in name:
            yield bare + "自治" + name[-1], True
    if name.endswith("地区"):
        yield bare + "行署", True
        yield name + "行署", True
        yield name + "行政公署", True
    if division.level is Level.COUNTY and len(bare) < 2:
        return
    yield bare, False


def _distinct(found: list[Division]) -> tuple[Division, ...]:
    """One candidate for each division of today: the newest of its forms."""
    best: dict[str, Division] = {}
    for division in found:
        old = best.get(division.current)
        if old is None or (old.until is not None and (division.until is None or division.until > old.until)):
            best[division.current] = division
    return tuple(best.values())


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in names:
        lengths[name[0]].add(len(name))
    return {char: tuple(sorted(found, reverse=True)) for char, found in lengths.items()}


def _read(name: str | Path) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as handle:
        lines = csv.reader(handle)
        columns = next(lines)
        return [dict(zip(columns, line, strict=True)) for line in lines]


def _digest() -> str:
    digest = hashlib.sha256()
    for path in FILES:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
