from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.filters import Filters, UnknownValue, resolve
from db.seed_load import load_seeds


@pytest.fixture
def seeded(session: Session) -> Session:
    assert all(load_seeds(session).values())
    return session


def test_loading_twice_is_loading_once(seeded: Session) -> None:
    before = session_counts(seeded)
    assert not any(load_seeds(seeded).values())
    assert session_counts(seeded) == before
    assert all(size > 0 for size in before.values()), before


def session_counts(session: Session) -> dict[str, int]:
    tables = ("portal", "brand", "brand_alias", "brand_owner", "product_line", "division", "listing", "seed_version")
    return {name: session.execute(text(f"select count(*) from {name}")).scalar_one() for name in tables}


def test_a_changed_set_is_loaded_again_and_a_lost_brand_is_retired(seeded: Session) -> None:
    seeded.execute(text("insert into brand (id, name) values ('gone', 'Gone Brand')"))
    seeded.execute(text("update seed_version set digest = 'older' where name = 'brands'"))
    assert load_seeds(seeded) == {"portals": False, "brands": True, "divisions": False, "lists": False}
    assert seeded.execute(text("select retired from brand where id = 'gone'")).scalar_one()
    assert not seeded.execute(text("select retired from brand where id = 'seagate'")).scalar_one()


@pytest.mark.parametrize(
    ("region", "patterns"),
    [("65", ["65%", "66%"]), ("650000", ["65%", "66%"]), ("新疆", ["65%", "66%"]), ("新疆维吾尔自治区", ["65%", "66%"]), ("阿拉尔市", ["659002%"]),
     ("乌鲁木齐", ["6501%"]), ("650100", ["6501%"])],
)  # fmt: skip
def test_regions_by_code_and_name(seeded: Session, region: str, patterns: list[str]) -> None:
    assert resolve(seeded, Filters(region=(region,))).regions == patterns


@pytest.mark.parametrize("name", ["seagate", "Seagate", "SEAGATE", "希捷", "希 捷"])
def test_brands_by_id_name_and_alias(seeded: Session, name: str) -> None:
    assert resolve(seeded, Filters(brand=(name,))).brands == ["seagate"]


@pytest.mark.parametrize(
    ("filters", "option", "nearest"),
    [
        (Filters(brand=("Seagte",)), "brand", "Seagate"),
        (Filters(region=("新彊",)), "region", None),
        (Filters(product_class=("surveilance",)), "product_class", "surveillance"),
        (Filters(tier=("prisons",)), "tier", "prison"),
        (Filters(roles=("purchase",)), "roles", "purchased"),
        (Filters(unit_class=("public_secrity",)), "unit_class", "public_security"),
        (Filters(origin=("XX",)), "origin", None),
        (Filters(xpcc="never"), "xpcc", "exclude"),
        (Filters(within="room"), "within", "award"),
        (Filters(buyer=("从未见过的公安局",)), "buyer", None),
    ],
)
def test_what_is_unknown_is_refused_with_the_nearest(
    seeded: Session, filters: Filters, option: str, nearest: str | None
) -> None:
    with pytest.raises(UnknownValue) as refused:
        resolve(seeded, filters)
    assert refused.value.option == option
    if nearest is not None:
        assert nearest in refused.value.suggestions


def test_a_line_takes_its_children_along(seeded: Session) -> None:
    assert set(resolve(seeded, Filters(product_line=("skyhawk",))).product_lines or []) >= {"SkyHawk", "SkyHawk AI"}
