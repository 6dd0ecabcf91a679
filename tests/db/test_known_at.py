"""After seeds, readings and links of another time, every question about then has the answer it had then, byte for byte."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import db.seed_load
from db import manifest
from db.clock import last_tick, tick
from db.count import count
from db.filters import Filters, UnknownValue
from db.link import link, relink
from db.seed_load import load_seeds
from db.seeds_then import keep
from tests.db import world
from tests.db.making import V2, line, store
from tests.db.test_questions import CITY, SHOP, award, correction

ASKED = {
    "brand by id": Filters(brand=("seagate",)),
    "brand by alias": Filters(brand=("希捷",)),
    "owner": Filters(owner=("Small Company",)),
    "origin": Filters(origin=("US",)),
    "area": Filters(area=("servers_storage",)),
    "product kind": Filters(product_kind=("hdd",)),
    "product class": Filters(product_class=("surveillance",)),
    "product line": Filters(product_line=("SkyHawk",)),
    "buyer": Filters(brand=("seagate",), buyer=(CITY.name,)),
    "under": Filters(brand=("seagate",), under=(CITY.name,)),
    "supplier": Filters(brand=("seagate",), supplier=(SHOP,)),
    "unit class": Filters(brand=("seagate",), unit_class=("public_security",)),
    "tier": Filters(brand=("seagate",), tier=("organ",)),
    "region by name": Filters(brand=("seagate",), region=("新疆",)),
    "region by code": Filters(brand=("seagate",), region=("65",)),
    "xpcc": Filters(brand=("seagate", "wd"), xpcc="only"),
    "references": Filters(roles=("references",)),
    "uses": Filters(roles=("uses",)),
    "types": Filters(types=("award",)),
    "days": Filters(since=dt.date(2022, 1, 1), until=dt.date(2022, 3, 31)),
    "award day": Filters(since=dt.date(2022, 1, 1), date_field="award"),
    "first seen": Filters(since=dt.date(2022, 1, 1), date_field="first_seen"),
    "beside": Filters(brand=("seagate",), with_brand=("dahua",), within="process"),
    "end user": Filters(party="end_user"),
    "reviewed": Filters(reviewed_only=True),
}
BY = ("brand", "origin", "product_line", "buyer", "region", "month")


def told(session: Session, at: dt.datetime) -> dict[str, str]:
    """Every answer as text: manifests byte for byte, groups as JSON."""
    answers = {
        name: manifest.dump(
            _plain(manifest.make(session, replace(asked, known_at=at, as_of=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))))
        )
        for name, asked in ASKED.items()
    }
    for by in BY:
        answers[f"by {by}"] = json.dumps(
            count(session, Filters(known_at=at), by).groups, sort_keys=True, ensure_ascii=False, default=str
        )
    return answers


def _plain(made: manifest.Manifest) -> manifest.Manifest:
    return {name: made[name] for name in ("query", "as_of", "known_at", "ladder", "rungs", "processes")}


@pytest.fixture
def then(session: Session) -> dt.datetime:
    """A filled store whose seeds were loaded once, and the moment all of it was known."""
    world.seeds(session)
    for name in ("brands", "divisions"):
        session.execute(
            text("INSERT INTO seed_version (name, digest, loaded_at) VALUES (:n, 'one', :t)"),
            {"n": name, "t": tick(session)},
        )
    changed = correction()
    store(session, [("ccgp", award("1")), ("ccgp", changed)])
    store(session, world.pages()[:90])
    link(session)
    moment = last_tick(session)
    assert moment is not None
    return moment


def other_seeds(session: Session) -> None:
    """Another set of seeds, as a load would leave it: names, owners, origins, families and places are others."""
    now = tick(session)
    for name in ("brands", "divisions"):
        keep(session, name, now)
        session.execute(
            text("INSERT INTO seed_version (name, digest, loaded_at) VALUES (:n, 'two', :t)"), {"n": name, "t": now}
        )
    for sql in (
        "UPDATE brand_alias SET brand_id = 'wd' WHERE key = '希捷'",
        "UPDATE brand SET origin = 'XX', areas = '{vehicles}' WHERE id IN ('seagate', 'wd')",
        "UPDATE brand_owner SET owner_key = 'other', owner = 'Other'",
        "DELETE FROM product_line",
        "DELETE FROM division",
        "INSERT INTO division (code, name, level, valid_from) VALUES ('110000', '北京市', 'province', 1981)",
    ):
        session.execute(text(sql))


def test_every_filter_gives_the_old_ladder_to_the_byte(session: Session, then: dt.datetime) -> None:
    before = told(session, then)
    assert (
        sum('"point": 0' not in answer.split('"N1"')[1][:80] for name, answer in before.items() if name in ASKED) >= 18
    )
    other_seeds(session)
    again = [
        (portal, replace(page, versions=V2, items=(), mentions=()), at) for portal, page, at in world.pages()[:90:2]
    ]
    store(session, [*again, ("ccgp", replace(award("1", items=[line("wd", "3", lot="1")]), versions=V2))])
    store(session, world.pages()[90:120])
    relink(session)
    link(session)
    after = told(session, then)
    assert {name for name in before if before[name] != after[name]} == set()
    # Now is another matter.
    with pytest.raises(UnknownValue):
        count(session, Filters(owner=("Small Company",)))
    with pytest.raises(UnknownValue):
        count(session, Filters(region=("新疆",)))
    assert count(session, Filters(brand=("希捷",))).ladder != count(session, Filters(brand=("seagate",))).ladder


def test_a_load_keeps_what_it_replaces(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    load_seeds(session)
    assert session.execute(text("SELECT count(*) FROM seed_past")).scalar_one() == 0
    load_seeds(session)
    assert session.execute(text("SELECT count(*) FROM seed_past")).scalar_one() == 0
    then = tick(session)
    owners = session.execute(text("SELECT count(*) FROM brand_owner")).scalar_one()
    rows = db.seed_load._owner_rows
    monkeypatch.setattr(db.seed_load, "_owner_rows", lambda brands: rows(brands)[1:])
    assert load_seeds(session)["brands"]
    assert session.execute(text("SELECT count(*) FROM seed_past WHERE name = 'brand_owner'")).scalar_one() == owners
    assert session.execute(text("SELECT count(*) FROM seed_past WHERE name = 'division'")).scalar_one() == 0
    from db.seeds_then import relation

    assert (
        session.execute(text(f"SELECT count(*) FROM {relation(session, 'brand_owner', then)} o")).scalar_one() == owners
    )
    assert relation(session, "brand_owner", tick(session)) == relation(session, "brand_owner", None) == "brand_owner"


def test_a_clock_that_goes_back_changes_no_answer_about_the_past(session: Session, then: dt.datetime) -> None:
    """The machine's clock is days behind what the store has recorded: ticks go on, and nothing new slips in before them."""
    session.execute(text("UPDATE ledger SET tick = tick + interval '3 days'"))
    moment = last_tick(session)
    assert moment is not None
    before = told(session, moment)
    store(session, world.pages()[90:110])
    store(session, [("ccgp", replace(award("1", items=[line("seagate", "1", lot="1")]), versions=V2))])
    link(session)
    for table in ("reading", "capture_reading", "process_member", "announcement_member", "pair", "revision", "notice"):
        late = session.execute(
            text(f"SELECT count(*), min(recorded_at) FROM {table} WHERE recorded_at > :t"), {"t": moment}
        ).one()
        ordered = session.execute(
            text(
                f"SELECT bool_and(ok) FROM (SELECT recorded_at >= lag(recorded_at) OVER (ORDER BY id) AS ok FROM {table}) x"
            )
        ).scalar_one()
        assert late[0] > 0, table
        assert ordered, table
    assert told(session, moment) == before
    newest = last_tick(session)
    assert newest is not None
    assert newest > moment
