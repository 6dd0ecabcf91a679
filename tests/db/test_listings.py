"""Government lists in the store: imports, dates, matches with a reason. The entries are invented; the seeds' own are real."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.clock import last_tick
from db.filters import UnknownValue
from db.listings import entries, import_file, load, match
from tests.db import dossier_world as made

BEFORE, DURING, AFTER = dt.date(2019, 12, 31), dt.date(2020, 1, 1), dt.date(2022, 1, 1)


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> None:
    made.constructed_places(monkeypatch)


@pytest.fixture
def listed(session: Session, places: None) -> Session:
    import_file(session, "constructed.json", made.list_file())
    return session


def csl(*rows: dict[str, Any]) -> bytes:
    return json.dumps({"results": list(rows)}).encode()


def row(id_: str, **changes: Any) -> dict[str, Any]:
    return {"id": id_, "source": "Entity List (EL) - Bureau of Industry and Security", "name": f"Mingchuan {id_}", "start_date": "2021-01-01", **changes}  # fmt: skip


# ── import ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_taken_in_once(session: Session) -> None:
    first = import_file(session, "a.json", made.list_file())
    assert (first.format, first.entries, first.new, first.changed, first.left_out) == (
        "consolidated_screening_list", 2, 2, 0, ("Left Out Ltd",)
    )  # fmt: skip
    before = last_tick(session)
    again = import_file(session, "b.json", made.list_file())
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert last_tick(session) == before


def test_a_newer_file_supersedes_what_it_states_otherwise(session: Session) -> None:
    import_file(session, "old.json", csl(row("1"), row("2"), row("3")))
    then = last_tick(session)
    newer = import_file(session, "new.json", csl(row("1"), row("2", end_date="2023-05-01")))
    assert (newer.new, newer.changed, newer.unchanged, newer.absent) == (0, 1, 1, 1)
    now = {id_: listing.removed_on for id_, (listing, _) in load(session).imported.items()}
    assert now == {"csl-1": None, "csl-2": dt.date(2023, 5, 1), "csl-3": None}
    past = load(session, then).imported
    assert past["csl-2"][0].removed_on is None
    rows = session.execute(text("SELECT count(*), count(superseded_at) FROM imported_listing")).one()
    assert tuple(rows) == (4, 1)


def test_formats_are_told_by_content(session: Session) -> None:
    table = b"\xef\xbb\xbfid,name,aliases,dataset,first_seen\nx,Mingchuan X,,us_ofac_sdn,2021-03-01\n"
    lines = b'{"id":"y","schema":"Company","datasets":["us_dhs_uflpa"],"first_seen":"2022-06-21","properties":{"name":["Mingchuan Y"]}}\n{"id":"z","schema":"Company","datasets":[],"properties":{"name":["Mingchuan Z"]}}\n'
    assert import_file(session, "t.csv", table).format == "opensanctions"
    done = import_file(session, "t.json", lines)
    assert (done.format, done.new, done.left_out) == ("opensanctions", 1, ("Mingchuan Z",))
    one = b'{"id":"w","datasets":["us_dhs_uflpa"],"first_seen":"2022-06-21","properties":{"name":["Mingchuan W"]}}'
    assert import_file(session, "one.json", one).new == 1


@pytest.mark.parametrize("data", [b"", b"  \n", b"{", b"[]", b"{}", b"a,b\n1,2\n", b"\xff\xfe\x00", b'{"results": 3}'])
def test_other_files_are_refused_whole(session: Session, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        import_file(session, "x", data)
    assert session.execute(text("SELECT count(*) FROM list_file")).scalar_one() == 0


def test_an_empty_list_is_an_import_of_nothing(session: Session) -> None:
    done = import_file(session, "empty.json", csl())
    assert (done.entries, done.new, done.absent) == (0, 0, 0)


# ── matches ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "reason", "score"),
    [
        (made.CITY, "name", 1.0),
        (f"{made.CITY}（本级）", "name", 1.0),
        ("云岭省明川市公安局", "name", 1.0),
        ("Mingchuan Municipal Public Security Bureau", "english_name", 0.8),
    ],
)
def test_any_spelling_is_matched_with_its_reason(listed: Session, name: str, reason: str, score: float) -> None:
    value = match(listed, name, DURING)
    (found,) = value["matches"]
    assert (found["entry"], found["reason"], found["score"], found["status"]) == ("csl-city", reason, score, "listed")
    assert found["citation"] == "constructed 1"
    assert value["lists"] == ["entity_list"]
    assert value["near"] == []


@pytest.mark.parametrize(("day", "status"), [(BEFORE, "not_yet"), (DURING, "listed"), (AFTER, "removed")])
def test_the_day_decides(listed: Session, day: dt.date, status: str) -> None:
    value = match(listed, made.CITY, day)
    assert [found["status"] for found in value["matches"]] == [status]
    assert value["lists"] == (["entity_list"] if status == "listed" else [])


def test_lists_are_kept_apart(listed: Session) -> None:
    assert match(listed, made.LISTED_MAKER, DURING)["lists"] == ["meu"]
    assert match(listed, "新疆维吾尔自治区公安厅", dt.date(2021, 1, 1))["lists"] == ["entity_list", "sdn"]


@pytest.mark.parametrize(
    "name", [made.DISTRICT, "明川市财政局", made.COUNTY, "自治区公安厅", "市公安局", "某单位", "x" * 9999]
)
def test_who_is_not_listed(listed: Session, name: str) -> None:
    value = match(listed, name, DURING)
    assert value["matches"] == []
    assert value["lists"] == []


def test_organs_above_are_told_apart(listed: Session) -> None:
    value = match(listed, made.DISTRICT, DURING)
    assert value["lists"] == []
    assert [found["entry"] for found in value["above"]] == ["csl-city"]


def test_names_that_look_alike_are_no_match(listed: Session) -> None:
    value = match(listed, "Yunling Tianmou", DURING)
    assert value["matches"] == []
    assert value["near"][0]["entry"] == "csl-maker"
    assert value["near"][0]["score"] < 0.7
    assert "csl-maker" in {near["entry"] for near in match(listed, "天目智能", DURING)["near"]}


def test_a_date_of_first_sight_is_no_date_of_listing(session: Session, places: None) -> None:
    table = f"id,name,aliases,dataset,first_seen\nx,Mingchuan X,{made.CITY},us_ofac_sdn,2021-03-01\n"
    import_file(session, "t.csv", table.encode())
    for day, status in ((dt.date(2021, 2, 1), "unknown"), (dt.date(2021, 3, 1), "listed")):
        (found,) = match(session, made.CITY, day)["matches"]
        assert (found["status"], found["date_basis"], found["confidence"]) == (status, "first_seen", "low")


def test_a_brand_is_its_makers(session: Session) -> None:
    lists = load(session)
    assert {f.listing.id: f.reason for f in lists.of_brand(["Dahua", "大华"])} == {"bis-ev01": "brand_name"}
    assert {f.listing.id: f.reason for f in lists.of_brand(["Hikvision"])} == {"bis-ev02": "english_name"}
    assert lists.of_brand(["Seagate", "希捷"]) == []
    assert lists.of_brand([]) == []


# ── the lists themselves ─────────────────────────────────────────────────────────────────────────────────────────────


def test_entries_of_a_day(listed: Session) -> None:
    def ids(**asked: Any) -> set[str]:
        return {entry["entry"] for entry in entries(listed, **asked)}

    assert {"csl-city", "csl-maker", "bis-el16"} <= ids()
    assert ids(vocabularies=["meu"]) == {"csl-maker"}
    assert "csl-city" in ids(vocabularies=["entity_list"], on=DURING)
    assert "csl-city" not in ids(on=AFTER)
    assert ids(on=dt.date(1990, 1, 1)) == set()
    sources = {entry["entry"]: entry["source"] for entry in entries(listed)}
    assert (sources["csl-city"], sources["bis-el16"]) == ("constructed.json", "seeds")


def test_an_unknown_list_is_refused(session: Session) -> None:
    with pytest.raises(UnknownValue) as refused:
        entries(session, ["entities"])
    assert "entity_list" in refused.value.suggestions
