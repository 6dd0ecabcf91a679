"""The lexicon version changes with what the reader reads, and with nothing else."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from seeds import brands, digest_of, lexicon_version, load_knowledge, orgs, portals
from seeds.portals import load_portals, parse_portal

PORTAL = {
    "name": "云岭省政府采购网",
    "region_code": "650000",
    "read": {"platform": "zcy", "hosts": ["www.ccgp.example"]},
    "crawl": {"platform": "zcy", "delay": 5},
}


def with_portal(**changes: object) -> str:
    return digest_of((), {"x": parse_portal({**PORTAL, **changes}, Path("x.yml"))})


def test_how_a_portal_is_crawled_or_called_is_not_read() -> None:
    assert with_portal(crawl={"platform": "zcy", "delay": 60}) == with_portal()
    assert with_portal(name="云岭政府采购") == with_portal()


@pytest.mark.parametrize(
    "change",
    [
        {"region_code": "660000"},
        {"read": {**PORTAL["read"], "hosts": ["www.ccgp.example", "ccgp.example"]}},  # type: ignore[dict-item]
        {"read": {**PORTAL["read"], "money_unit": "万元"}},  # type: ignore[dict-item]
    ],
)
def test_how_a_portal_is_read_counts(change: dict[str, object]) -> None:
    assert with_portal(**change) != with_portal()


def test_a_portal_more_is_another_lexicon() -> None:
    profiles = load_portals()
    some = dict(list(profiles.items())[1:])
    assert digest_of((), some) != digest_of((), profiles)


@pytest.fixture
def tables(tmp_path: Path) -> tuple[Path, ...]:
    return tuple(Path(shutil.copy(path, tmp_path)) for path in brands.READ)


@pytest.mark.parametrize(
    ("name", "before", "after", "same"),
    [
        ("aliases.csv", "\nCeradyne,", "\nCeradine,", False),
        ("aliases.csv", ",general knowledge,", ",published reports,", True),
        ("aliases.csv", ",网线3M,", ",网线三M,", True),
        ("brands.csv", ",office|tactical,", ",office,", False),
        ("phrases.csv", "红富士苹果", "红富士大苹果", False),
    ],
)
def test_an_alias_counts_and_where_it_comes_from_does_not(
    tables: tuple[Path, ...], name: str, before: str, after: str, *, same: bool
) -> None:
    first = digest_of(tables, {})
    path = next(path for path in tables if path.name == name)
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    assert (digest_of(tables, {}) == first) is same


def test_a_row_moved_to_another_table_counts(tmp_path: Path) -> None:
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text("x,source\n1,s\n", encoding="utf-8")
    other.write_text("x,source\n", encoding="utf-8")
    first = digest_of((one, other), {})
    one.write_text("x,source\n", encoding="utf-8")
    other.write_text("x,source\n1,s\n", encoding="utf-8")
    assert digest_of((one, other), {}) != first


def test_every_table_of_brands_and_units_is_covered() -> None:
    """A table left out by mistake would let outdated readings stand."""
    not_read = {"owners.csv", "pinyin_overrides.csv"}
    for package, read in ((brands, brands.READ), (orgs, orgs.FILES)):
        folder = Path(package.__file__).parent
        assert {path.name for path in folder.glob("*.csv")} - {path.name for path in read} <= not_read
    assert load_knowledge().version == lexicon_version()
    assert lexicon_version() == "lex-" + digest_of((*brands.READ, *orgs.FILES), portals.load_portals())


def test_no_field_of_a_profile_is_left_out_by_chance() -> None:
    profile = parse_portal(PORTAL, Path("x.yml"))
    first = digest_of((), {"x": profile})
    for field in dataclasses.fields(profile):
        value = getattr(profile, field.name)
        changed = dataclasses.replace(profile, **{field.name: (*value, "x") if isinstance(value, tuple) else "other"})
        assert (digest_of((), {"x": changed}) == first) is (field.name == "name"), field.name
