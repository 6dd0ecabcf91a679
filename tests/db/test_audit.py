"""The audit of a count: what is drawn, what the answers make of the number, and that its intervals hold."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db import manifest
from db.audit import COUNTED, MISSED, OPEN, Case, Frame, cases, draw, frame, rung_of
from db.filters import Filters
from db.link import link
from jobs.audit import Answer, AuditError, assess, dump, finite_interval, parse, wilson
from nlp.types import MentionRole
from tests.db import world
from tests.db.making import START, line, store
from tests.db.test_questions import award

SEAGATE = Filters(brand=("seagate",))


@pytest.fixture
def counted(session: Session) -> manifest.Manifest:
    world.seeds(session)
    store(session, world.pages())
    link(session)
    return manifest.make(session, SEAGATE)


@pytest.mark.parametrize("rung", ["N1", "N4"])
def test_the_frame_is_that_very_count(session: Session, counted: manifest.Manifest, rung: str) -> None:
    told = frame(session, counted, rung)
    bounds = counted["ladder"][rung]
    assert told.sizes[COUNTED] == bounds["lower"] > 10
    assert told.sizes[COUNTED] + told.sizes[OPEN] == bounds["upper"] > bounds["lower"]
    assert not set(told.strata[MISSED]) & set(counted["rungs"][rung])


def test_likely_misses_are_other_roles_in_awards(session: Session, counted: manifest.Manifest) -> None:
    told = frame(session, counted, "N1")
    drawn = draw(told, 10_000, "1")
    shown = {case.notice: case for case in cases(session, counted, told, drawn) if case.stratum == MISSED}
    assert "ccgp-xinjiang/2401" in shown  # compared in an award
    assert shown["ccgp-xinjiang/2401"].role == "compared"
    assert told.beyond >= 1  # required in a tender
    assert "ccgp-xinjiang/2201" not in shown


def test_every_case_comes_with_its_words(session: Session, counted: manifest.Manifest) -> None:
    told = frame(session, counted, "N4")
    for case in cases(session, counted, told, draw(told, 200, "1")):
        assert case.start is not None
        assert case.text[case.start : case.end] in {"Seagate", "硬盘"}
        assert case.brand == "Seagate"
        assert case.buyer
        assert case.stratum == MISSED or case.units is not None or "批" in case.text


def test_the_sample_is_drawn_at_the_times_of_the_count(session: Session, counted: manifest.Manifest) -> None:
    before = frame(session, counted, "N1")
    store(session, [("ccgp", award("90", number="Z-2022-90", name="又一批"))])
    link(session)
    assert frame(session, counted, "N1") == before
    assert frame(session, manifest.make(session, SEAGATE), "N1").sizes[COUNTED] == before.sizes[COUNTED] + 1


def test_the_same_seed_draws_the_same(session: Session, counted: manifest.Manifest) -> None:
    told = frame(session, counted, "N1")
    assert draw(told, 8, "a") == draw(told, 8, "a")
    assert draw(told, 8, "a") != draw(told, 8, "b")
    assert len(set(draw(told, 8, "a"))) == 8


SIZES = st.tuples(st.integers(0, 40), st.integers(0, 10), st.integers(0, 10))


def made(sizes: tuple[int, int, int]) -> Frame:
    names = {
        name: tuple(f"{name}{n}" for n in range(size))
        for name, size in zip((COUNTED, OPEN, MISSED), sizes, strict=True)
    }
    return Frame("N1", names, {}, 0)


@given(SIZES, st.integers(0, 80), st.text(max_size=3))
def test_as_many_are_drawn_as_asked_or_all(sizes: tuple[int, int, int], sample: int, seed: str) -> None:
    told = made(sizes)
    drawn = draw(told, sample, seed)
    assert len(drawn) == len(set(drawn)) == min(sample, sum(sizes))
    assert all(id_ in told.strata[name] for name, id_ in drawn)


def test_half_is_drawn_from_what_was_counted() -> None:
    drawn = [name for name, _ in draw(made((1000, 1000, 1000)), 120, "x")]
    assert (drawn.count(COUNTED), drawn.count(OPEN), drawn.count(MISSED)) == (60, 30, 30)


# ── the number ───────────────────────────────────────────────────────────────────────────────────────────────────────


def judged(told: Frame, belongs: dict[str, int], sample: int = 10_000) -> tuple[list[Case], dict[str, Answer]]:
    """Cases with so many of each stratum belonging."""
    drawn = [Case(id_, name, id_) for name, id_ in draw(told, sample, "1")]
    left = dict(belongs)
    answers = {}
    for case in drawn:
        answers[case.id] = Answer(left.get(case.stratum, 0) > 0, None if left.get(case.stratum, 0) > 0 else "role")
        left[case.stratum] = left.get(case.stratum, 0) - 1
    return drawn, answers


def test_all_judged_is_no_estimate_but_the_number() -> None:
    told = made((20, 5, 4))
    found = assess(told, *judged(told, {COUNTED: 18, OPEN: 3, MISSED: 1}))
    assert (found.low, found.point, found.high) == (22, 22, 22)
    assert found.stated == (20, 25)
    assert found.reasons == {"role": 2}
    assert len(found.wrong) == 3


def test_nothing_judged_says_nothing() -> None:
    told = made((20, 5, 4))
    found = assess(told, [], {})
    assert (found.low, found.point, found.high) == (0, None, 29)
    assert found.strata[COUNTED].wilson is None


def test_an_empty_count_with_nothing_missed_is_nothing() -> None:
    found = assess(made((0, 0, 0)), [], {})
    assert (found.low, found.point, found.high) == (0, 0, 0)
    assert found.as_json()["wrong"] == []


def test_an_empty_store_can_be_audited(session: Session) -> None:
    world.seeds(session)
    empty = manifest.make(session, SEAGATE)
    assert rung_of(empty) == "N1"
    told = frame(session, empty, "N1")
    assert told.sizes == {COUNTED: 0, OPEN: 0, MISSED: 0}
    assert cases(session, empty, told, draw(told, 120, "1")) == []


def test_a_part_judged_gives_an_interval_around_the_point() -> None:
    told = made((400, 0, 0))
    found = assess(told, *judged(told, {COUNTED: 57}, sample=60))
    assert found.point == pytest.approx(380)
    assert found.low < 380 < found.high <= 397
    assert found.low >= 57


def test_units_of_the_lines_judged() -> None:
    told = replace(made((3, 0, 0)), rung="N4")
    drawn = [
        Case(id_, name, id_, units=units)
        for (name, id_), units in zip(draw(told, 3, "1"), ("4", None, "10"), strict=True)
    ]
    answers = {case.id: Answer(case.units != "10", None if case.units != "10" else "duplicate") for case in drawn}
    assert assess(told, drawn, answers).units == ("14", "4")


# ── intervals ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_wilson_as_in_the_books() -> None:
    assert wilson(0, 0) is None
    low, high = wilson(81, 263) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)  # Newcombe 1998, method 3
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(20, 20) == pytest.approx((0.8389, 1.0), abs=1e-4)


def test_the_finite_interval_of_a_large_population_is_clopper_and_pearsons() -> None:
    low, high = finite_interval(10_000_000, 20, 0)
    assert (low, high / 10_000_000) == (0, pytest.approx(1 - 0.025 ** (1 / 20), abs=1e-4))
    low, _ = finite_interval(10_000_000, 10, 10)
    assert low / 10_000_000 == pytest.approx(0.025 ** (1 / 10), abs=1e-4)


@given(st.integers(0, 60), st.data())
def test_the_finite_interval_holds_what_was_seen(size: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(0, size))
    k = data.draw(st.integers(0, n))
    low, high = finite_interval(size, n, k)
    assert k <= low <= high <= size - (n - k)
    if n == size:
        assert low == high == k


def test_the_finite_interval_covers_as_often_as_it_says() -> None:
    """For every true number of a small population, over every outcome of drawing 12 of 30."""
    size, n = 30, 12
    for total in range(size + 1):
        covered = 0.0
        for k in range(max(0, n - (size - total)), min(total, n) + 1):
            low, high = finite_interval(size, n, k)
            chance = math.comb(total, k) * math.comb(size - total, n - k) / math.comb(size, n)
            covered += chance * (low <= total <= high)
        assert covered >= 0.95, total


def test_the_whole_audit_covers_a_simulated_truth() -> None:
    dice = random.Random(7)
    hits = 0
    for turn in range(100):
        told = made((60, 20, 20))
        truth = {
            id_
            for name, share in ((COUNTED, 0.9), (OPEN, 0.5), (MISSED, 0.1))
            for id_ in told.strata[name]
            if dice.random() < share
        }
        drawn = [Case(id_, name, id_) for name, id_ in draw(told, 40, str(turn))]
        found = assess(told, drawn, {case.id: Answer(case.id in truth) for case in drawn})
        hits += found.low <= len(truth) <= found.high
    assert hits >= 95


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_answers_as_a_table() -> None:
    told = made((2, 1, 0))
    drawn = [Case(id_, name, id_, text="=1") for name, id_ in draw(told, 3, "1")]
    answers = {drawn[0].id: Answer(True), drawn[1].id: Answer(False, "buyer", "a school")}
    assert parse(dump(drawn, answers), drawn) == answers
    assert parse(dump(drawn, {}), drawn) == {}
    assert COUNTED not in dump(
        [replace(case, id=str(n), notice="") for n, case in enumerate(drawn)], {}
    )  # asked blindly


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "lacks"),
        ("id,belongs\nelsewhere,y\n", "not drawn"),
        ("id,belongs\ncounted0,perhaps\n", "write y or n|belongs is"),
        ("id,belongs,reason\ncounted0,n,because\n", "reason"),
    ],
)
def test_answers_that_are_none(content: str, words: str) -> None:
    with pytest.raises(AuditError, match=words):
        parse(content, [Case("counted0", COUNTED, "x")])


def test_a_reviewed_refusal_is_no_likely_miss(session: Session) -> None:
    from db.review import decide_mention
    from tests.db.test_review import mention_of

    world.seeds(session)
    store(session, [("ccgp", award(items=[line("seagate", "3", lot="1")]), START)])
    link(session)
    decide_mention(session, mention_of(session), MentionRole.INSTALLED, "anna")
    link(session)
    assert frame(session, manifest.make(session, SEAGATE), "N1").sizes == {COUNTED: 0, OPEN: 0, MISSED: 0}
