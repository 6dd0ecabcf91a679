"""Every division in force, read in the names that organs there have. What is expected comes from the table of divisions alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from nlp.orgs import read_org
from nlp.orgs.knowledge import Division, OrgKnowledge
from nlp.types import Level


def in_force(orgs: OrgKnowledge) -> list[Division]:
    return [d for d in orgs.divisions.values() if d.until is None and d.code[:2] not in {"71", "81", "82"}]


def test_bureaus(orgs: OrgKnowledge, today: dt.date) -> None:
    divisions = in_force(orgs)
    shared = Counter(d.name for d in divisions)
    for division in divisions:
        got = read_org(division.name + "公安局", orgs, today)
        assert got.is_public_security
        assert got.division_code == (division.code if shared[division.name] == 1 else None), got


def test_counties_inside_their_prefecture(orgs: OrgKnowledge, today: dt.date) -> None:
    checked = 0
    for division in in_force(orgs):
        if division.level is not Level.COUNTY:
            continue
        above = orgs.divisions.get(division.code[:4] + "00") or orgs.divisions[division.code[:2] + "0000"]
        for name in (
            f"{above.name}{division.name}公安局",
            f"{above.name}公安局{division.name}分局",
            f"{above.name}{division.name}看守所",
            f"{above.name}{division.name}人民法院",
            f"{above.name}生态环境局{division.name}分局",
            f"国家税务总局{above.name}{division.name}税务局",
        ):
            got = read_org(name, orgs, today)
            assert got.division_code == division.code, got
            checked += 1
        assert read_org(f"{above.name}公安局{division.name}分局", orgs, today).level == "sub_bureau"
    assert checked > 15_000


def test_districts_by_their_short_name(orgs: OrgKnowledge, today: dt.date) -> None:
    for division in in_force(orgs):
        name = division.name
        if division.level is not Level.COUNTY or not name.endswith("区") or name.endswith(("族区", "特区", "林区")):
            continue
        short = name[:-2] if name.endswith(("新区", "矿区")) else name[:-1]
        above = orgs.divisions.get(division.code[:4] + "00") or orgs.divisions[division.code[:2] + "0000"]
        if len(short) < 2:
            continue
        got = read_org(f"{above.name}公安局{short}分局", orgs, today)
        assert got.division_code == division.code, got
        assert got.level == "sub_bureau"
