"""People's decisions about organisations: on top of what names say, dated, reversible, and felt in every count."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.clock import last_tick
from db.count import count
from db.decisions import MergeRefused, decide, explain, find_name, history, names_of, withdraw
from db.dossier import dossier
from db.filters import Filters, UnknownValue
from db.link import link
from db.merges import Spoken, effective, effective_organisation, settle
from nlp.types import NoticeReading, NoticeType
from tests.db import dossier_world as made
from tests.db import world
from tests.db.making import awarded, line, reading, store, supplier

OLD, NEW, THIRD = "云岭恒信科技有限公司", "云岭恒信智能科技有限公司", "云岭星河电子有限公司"
CITY, PLACELESS, BUREAU = made.CITY, "市公安局装备处", made.COUNTY


def purchase(n: int, who: str, shop: str) -> NoticeReading:
    return reading(
        NoticeType.AWARD, id_=str(n), title=f"{who}第{n}号硬盘采购中标公告", day=f"2022-01-{n:02d}", number=f"YL-2022-{n:04d}", name=f"{who}第{n}号硬盘采购",
        buyers=[made.police(who)], suppliers=[supplier(shop)], lots=[awarded("1", shop, "100")], items=[line("seagate", str(n), lot="1")],
    )  # fmt: skip


@pytest.fixture
def filled(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Four purchases: of two bureaus and a department without a place, from three shops (1 + 2 + 3 + 4 pieces)."""
    made.constructed_places(monkeypatch)
    world.seeds(session)
    pages = [(1, CITY, OLD), (2, BUREAU, NEW), (3, PLACELESS, THIRD), (4, CITY, NEW)]
    store(session, [("ccgp", purchase(*page)) for page in pages])
    link(session)
    return session


def counted(session: Session, **asked: object) -> tuple[object, object, object]:
    ladder = count(session, Filters(brand=("seagate",), **asked)).ladder
    return ladder["buyers"].lower, ladder["suppliers"].lower, ladder["N5"].lower


def say(session: Session, name: str, other: str, *, same: bool, force: bool = False, by: str = "ann") -> bool:
    done = decide(session, name, other, same=same, reviewer=by, note="constructed", despite_rules=force)
    link(session)
    return done.changed


# ── what decisions add up to ─────────────────────────────────────────────────────────────────────────────────────────


def spoken(*said: tuple[bool, str, str]) -> tuple[Spoken, ...]:
    return tuple(Spoken(n, *one) for n, one in enumerate(said))


FILED = {"a": 1, "b": 2, "c": 3, "x": 9, "y": 9}
OWN = {name: 100 + id_ for id_, name in enumerate("abcxy")}


def test_nobody_spoke() -> None:
    assert settle((), FILED, OWN) == ({}, {}, frozenset())


def test_the_first_takes_the_others_in() -> None:
    assert settle(spoken((True, "a", "b"), (True, "b", "c")), FILED, OWN) == ({2: 1, 3: 1}, {}, frozenset())


def test_a_name_is_set_apart_and_joined_elsewhere() -> None:
    said = spoken((False, "x", "y"), (True, "a", "y"))
    assert settle(said, FILED, OWN) == ({OWN["y"]: 1}, {"y": 1}, frozenset())


def test_what_a_person_keeps_apart_no_chain_brings_together() -> None:
    said = spoken((True, "a", "b"), (False, "a", "c"), (True, "b", "c"))
    assert settle(said, FILED, OWN) == ({2: 1}, {}, frozenset({2}))


def test_a_name_that_is_gone_decides_nothing() -> None:
    assert settle(spoken((True, "a", "lost")), FILED, OWN) == ({}, {}, frozenset({0}))


NAMES = st.sampled_from(sorted(FILED))


@given(st.lists(st.tuples(st.booleans(), NAMES, NAMES).filter(lambda said: said[1] != said[2]), max_size=12))
def test_no_outcome_joins_what_is_apart(said: list[tuple[bool, str, str]]) -> None:
    """Every name ends in one organisation; those kept apart do not share one; every merge holds or is told to be idle."""
    latest = list({frozenset(one[1:]): one for one in said}.values())
    decisions = spoken(*latest)
    of_organisation, of_name, idle = settle(decisions, FILED, OWN)

    def end(name: str) -> int:
        return of_name.get(name, of_organisation.get(FILED[name], FILED[name]))

    assert not set(of_organisation.values()) & set(of_organisation)
    for decision in decisions:
        if not decision.same:
            assert end(decision.kept) != end(decision.other)
        elif decision.id not in idle:
            assert end(decision.kept) == end(decision.other)


# ── in the store ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_merge_is_felt_in_counts_and_taken_back(filled: Session) -> None:
    assert counted(filled) == (3, 3, 10)
    assert say(filled, OLD, NEW, same=True)
    assert counted(filled) == (3, 2, 10)
    for name in (OLD, NEW):
        assert counted(filled, supplier=(name,)) == (2, 1, 7)
    assert withdraw(filled, NEW, OLD, "ann").changed
    link(filled)
    assert counted(filled) == (3, 3, 10)
    assert counted(filled, supplier=(OLD,)) == (1, 1, 1)


def test_buyers_merge_and_the_machine_is_overruled(filled: Session) -> None:
    assert say(filled, CITY, PLACELESS, same=True)
    assert counted(filled) == (2, 3, 10)
    assert counted(filled, buyer=(PLACELESS,)) == (1, 3, 8)
    assert counted(filled, under=(CITY,)) == (1, 3, 8)


def test_what_was_known_before_a_merge_stays_so(filled: Session) -> None:
    before = last_tick(filled)
    say(filled, OLD, NEW, same=True)
    assert before is not None
    assert counted(filled, known_at=before) == (3, 3, 10)
    assert counted(filled, known_at=before, supplier=(NEW,)) == (2, 1, 6)
    assert counted(filled, known_at=last_tick(filled)) == (3, 2, 10)


def test_repeating_a_decision_changes_nothing(filled: Session) -> None:
    assert say(filled, OLD, NEW, same=True)
    rows = filled.execute(text("SELECT count(*) FROM organisation_decision")).scalar_one()
    assert not say(filled, OLD, NEW, same=True, by="ben")
    assert not say(filled, NEW, OLD, same=True)
    assert filled.execute(text("SELECT count(*) FROM organisation_decision")).scalar_one() == rows == 1
    assert not withdraw(filled, OLD, THIRD, "ann").changed


def test_decisions_are_superseded_never_deleted(filled: Session) -> None:
    say(filled, OLD, NEW, same=True)
    say(filled, OLD, NEW, same=False, by="ben")
    withdraw(filled, OLD, NEW, "cleo", "looked again")
    assert [(d["verdict"], d["by"], d["in_effect"], d["superseded_at"] is None) for d in history(filled)] == [
        ("withdrawn", "cleo", False, True),
        ("different", "ben", False, False),
        ("same", "ann", False, False),
    ]


def test_a_split_sets_one_name_apart(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made.constructed_places(monkeypatch)
    world.seeds(session)
    twin = "云岭省明川市公安局"
    store(session, [("ccgp", purchase(1, CITY, OLD)), ("ccgp", purchase(2, twin, OLD))])
    link(session)
    assert counted(session) == (1, 1, 3)
    say(session, CITY, twin, same=False)
    assert counted(session) == (2, 1, 3)
    assert counted(session, buyer=(twin,)) == (1, 1, 2)
    assert counted(session, buyer=(CITY,)) == (1, 1, 1)
    assert dossier(session, "buyer", twin)["subject"]["names"] == [{"name": twin, "source": "notice"}]
    assert explain(session, CITY, twin)["same"] is False
    withdraw(session, CITY, twin, "ann")
    link(session)
    assert counted(session) == (1, 1, 3)


def test_a_new_spelling_follows_the_merge(filled: Session) -> None:
    say(filled, OLD, NEW, same=True)
    store(filled, [("ccgp", purchase(5, BUREAU, "云岭恒信智能科技有限责任公司"))])
    link(filled)
    assert counted(filled, supplier=(OLD,)) == (2, 1, 12)


def test_a_merged_supplier_has_one_dossier(filled: Session) -> None:
    say(filled, OLD, NEW, same=True)
    one, other = dossier(filled, "supplier", OLD), dossier(filled, "supplier", NEW)
    assert one == other
    assert one["name"] == OLD
    assert [name["name"] for name in one["subject"]["names"]] == [OLD, NEW]
    assert one["subject"]["filed_under"] == 2
    assert one["wins"]["awards"] == 3


def test_one_project_of_two_names_becomes_one_process(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made.constructed_places(monkeypatch)
    world.seeds(session)
    first, second = purchase(1, CITY, OLD), purchase(1, PLACELESS, OLD)
    store(session, [("ccgp", first), ("ggzy", second)])
    link(session)
    assert count(session, Filters(brand=("seagate",))).ladder["N2"].lower == 2
    say(session, CITY, PLACELESS, same=True)
    assert count(session, Filters(brand=("seagate",))).ladder["N2"].lower == 1
    withdraw(session, CITY, PLACELESS, "ann")
    link(session)
    assert count(session, Filters(brand=("seagate",))).ladder["N2"].lower == 2


def test_award_and_contract_of_one_firm_under_two_names_are_one_purchase(filled: Session) -> None:
    contract = reading(
        NoticeType.CONTRACT, id_="c1", title=f"{CITY}第1号硬盘采购合同公告", day="2022-02-01", number="YL-2022-0001", name=f"{CITY}第1号硬盘采购",
        buyers=[made.police(CITY)], suppliers=[supplier(NEW)], items=[line("seagate", "1")], contract="YLHT-9",
    )  # fmt: skip
    store(filled, [("ccgp", contract)])
    link(filled)
    assert counted(filled) == (3, 3, 11)
    say(filled, OLD, NEW, same=True)
    assert counted(filled) == (3, 2, 10)
    withdraw(filled, OLD, NEW, "ann")
    link(filled)
    assert counted(filled) == (3, 3, 11)


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_names_forbid_needs_force(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made.constructed_places(monkeypatch)
    world.seeds(session)
    store(session, [("ccgp", purchase(1, CITY, OLD)), ("ccgp", purchase(2, made.DISTRICT, OLD))])
    link(session)
    with pytest.raises(MergeRefused, match="sub-bureau"):
        decide(session, CITY, made.DISTRICT, same=True, reviewer="ann")
    assert counted(session) == (2, 1, 3)
    assert say(session, CITY, made.DISTRICT, same=True, force=True)
    assert counted(session) == (1, 1, 3)


def test_a_merge_against_another_decision_is_refused(filled: Session) -> None:
    say(filled, OLD, NEW, same=True)
    say(filled, OLD, THIRD, same=False, by="ben")
    with pytest.raises(MergeRefused, match="ben decided"):
        decide(filled, NEW, THIRD, same=True, reviewer="ann")
    assert counted(filled) == (3, 2, 10)


def test_one_name_is_no_pair(filled: Session) -> None:
    with pytest.raises(MergeRefused, match="one name"):
        decide(filled, CITY, f"{CITY}（本级）", same=True, reviewer="ann")


def test_unknown_names_are_refused(filled: Session) -> None:
    with pytest.raises(UnknownValue) as refused:
        decide(filled, OLD, "云岭恒星科技有限公司", same=True, reviewer="ann")
    assert OLD in refused.value.suggestions


def test_english_names_count_where_they_mean_one(filled: Session) -> None:
    assert find_name(filled, "name", "mingchuan city public security bureau").name == CITY
    filled.execute(text("UPDATE organisation SET name_en = 'Twin Bureau' WHERE name = ANY(:n)"), {"n": [CITY, BUREAU]})
    with pytest.raises(UnknownValue) as refused:
        find_name(filled, "name", "Twin Bureau")
    assert set(refused.value.suggestions) == {CITY, BUREAU}


# ── explanations ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other", "same", "rule"),
    [
        (CITY, f"{CITY}（本级）", True, "same_key"),
        (CITY, "云岭省明川市公安局", True, "same_key"),
        (CITY, made.DISTRICT, False, "sub_bureau_and_bureau"),
        (CITY, BUREAU, False, "other_place"),
        (CITY, PLACELESS, None, "place_unknown"),
        (OLD, NEW, False, "other_company"),
        (OLD, OLD.replace("有限公司", "有限责任公司"), True, "same_key"),
        (OLD, f"{OLD}雁回分公司", False, "company_and_branch"),
        ("***", CITY, None, "not_one_organisation"),
    ],
)
def test_why(filled: Session, one: str, other: str, same: bool | None, rule: str) -> None:
    for value in (explain(filled, one, other), explain(filled, other, one)):
        assert (value["same"], value["rule"]["name"]) == (same, rule)
        assert value["decided_by"] == ("nobody" if same is None else "rule")
        assert value["reason"]
        assert value["rule"]["evidence"]


def test_a_person_is_named(filled: Session) -> None:
    say(filled, OLD, NEW, same=True)
    value = explain(filled, OLD, NEW)
    assert (value["same"], value["decided_by"]) == (True, "person")
    assert value["reason"] == "decided by ann: constructed"
    assert value["rule"]["answer"] == "different"
    assert value["names"][1]["organisation"] == OLD
    say(filled, NEW, THIRD, same=True)
    through = explain(filled, OLD, THIRD)
    assert (through["same"], through["decided_by"], through["decision"]) == (True, "person", None)


def test_names_the_store_has_not_met(filled: Session) -> None:
    value = explain(filled, "松岗区公安分局", "明川市公安局松岗区分局", dt.date(2022, 1, 1))
    assert value["same"] is True
    assert [name["in_store"] for name in value["names"]] == [False, False]


def test_effective_organisation(filled: Session) -> None:
    ids = {
        name: filled.execute(text("SELECT organisation_id FROM organisation_name WHERE name = :n"), {"n": name}).scalar_one()
        for name in (OLD, NEW, THIRD)
    }  # fmt: skip
    assert not effective(filled)
    say(filled, OLD, NEW, same=True)
    assert effective_organisation(filled, ids.values()) == {
        ids[OLD]: ids[OLD],
        ids[NEW]: ids[OLD],
        ids[THIRD]: ids[THIRD],
    }
    assert [name for name, _ in names_of(filled, ids[OLD])] == [OLD, NEW]
    assert names_of(filled, ids[NEW]) == []
