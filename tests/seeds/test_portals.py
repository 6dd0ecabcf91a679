from __future__ import annotations

from pathlib import Path

import pytest

from nlp.notice.platforms import NAMES
from seeds import SeedError
from seeds.portals import FILES, load_portals, parse_portal

PROVINCES = 31
OTHERS = {"ccgp-bingtuan", "ccgp-htgs", "ccgp-cgyx", "ccgp-qingdao", "ccgp-changsha"}
"""Portals of the same kind that belong to no province: XPCC, the ministry's contracts and intentions, cities."""


def test_every_file_is_a_portal() -> None:
    portals = load_portals()
    assert set(portals) == {path.stem for path in FILES}
    assert {"ccgp", "ccgp-bingtuan", "ccgp-xinjiang", "ccgp-guangdong", "ggzy", "ggzy-sichuan", "plap"} <= set(portals)
    assert len({name for name in portals if name.startswith("ccgp-")} - OTHERS) == PROVINCES
    assert set(portals) >= OTHERS
    assert all(profile.platform in NAMES | {""} for profile in portals.values())


def test_no_host_belongs_to_two_portals() -> None:
    hosts = [host for profile in load_portals().values() for host in profile.hosts]
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "mapping"),
        ({"name": "x", "colour": 1}, "colour"),
        ({"read": {"selector": "x"}}, "read: keys"),
        ({"read": {"hosts": "a.example"}}, "read.hosts"),
        ({"read": {"platform": "nosuch"}}, "nosuch"),
        ({"region_code": "65"}, "six digits"),
        ({"read": {"source_id": "("}}, "source_id"),
    ],
)
def test_a_broken_file_is_named(document: object, said: str) -> None:
    with pytest.raises(SeedError, match=said) as caught:
        parse_portal(document, Path("x.yml"))
    assert "x.yml" in str(caught.value)


def test_an_empty_file_of_keys_is_a_portal_read_by_content() -> None:
    profile = parse_portal({"name": "某平台", "crawl": {"anything": 1}}, Path("some-portal.yml"))
    assert (profile.id, profile.platform, profile.hosts) == ("some-portal", "", ())
