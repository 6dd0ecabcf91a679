"""Names are read for a date."""

from __future__ import annotations

import datetime as dt

import pytest

from nlp.orgs import read_org
from nlp.orgs.knowledge import OrgKnowledge

BEFORE, AFTER = dt.date(2018, 10, 8), dt.date(2018, 10, 9)


@pytest.mark.parametrize("name", ["明川市公安消防支队", "石家庄市消防支队", "北京市公安局消防局"])
def test_fire_left_public_security_in_2018(name: str, orgs: OrgKnowledge) -> None:
    assert read_org(name, orgs, BEFORE).tier == "specialised"
    assert read_org(name, orgs, BEFORE).is_public_security
    assert read_org(name, orgs, AFTER).tier == "fire"


def test_fire_and_rescue_never_was(orgs: OrgKnowledge) -> None:
    assert read_org("石家庄市消防救援支队", orgs, BEFORE).tier == "fire"


def test_forest_fire_was_armed_police(orgs: OrgKnowledge) -> None:
    assert read_org("四川省森林消防总队", orgs, BEFORE).tier == "armed_police"
    assert read_org("四川省森林消防总队", orgs, AFTER).tier == "fire"


def test_a_name_two_places_had(orgs: OrgKnowledge) -> None:
    """哈密市 was a county-level city (today 伊州区) until 2016, and is a prefecture since."""
    assert read_org("哈密市公安局", orgs, dt.date(2014, 5, 1)).division_code == "650502"
    assert read_org("哈密市公安局", orgs, dt.date(2014, 5, 1)).level == "county"
    assert read_org("哈密市公安局", orgs, dt.date(2020, 5, 1)).division_code == "650500"
