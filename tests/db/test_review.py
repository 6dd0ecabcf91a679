"""People's decisions on a real Postgres, over constructed notices: effect, copies, second opinions, time, tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.agreement import agreement, measure
from db.bought import bought
from db.clock import last_tick
from db.count import count
from db.filters import Filters, UnknownValue
from db.link import link
from db.review import ReviewError, decide_mention, find_mention, opinions
from db.review_queue import passage, queue
from db.review_table import COLUMNS, decision_rows, dump, import_rows, parse, question_rows
from db.reviewed import find_place, place_of
from db.show import show
from nlp.types import MentionRole
from tests.db import world
from tests.db.making import START, V2, line, store
from tests.db.test_questions import award

SEAGATE = Filters(brand=("seagate",))
GUESS = {"role": MentionRole.UNRESOLVED, "best": MentionRole.AWARDED, "score": 0.4}
ROLE = MentionRole


@pytest.fixture
def seeded(session: Session) -> Session:
    world.seeds(session)
    return session


@pytest.fixture
def open_award(seeded: Session) -> Session:
    """One award of 20 drives whose role the machine left open."""
    store(seeded, [("ccgp", award(**GUESS))])
    link(seeded)
    return seeded


def mention_of(session: Session, notice: str = "ccgp/1") -> int:
    portal, source = notice.split("/")
    return session.execute(
        text("""
            SELECT m.id FROM mention m JOIN fact_notice f ON f.reading_id = m.reading_id JOIN notice n ON n.id = f.notice_id
             WHERE n.portal_id = :p AND n.source_id = :s ORDER BY m.position LIMIT 1
        """),
        {"p": portal, "s": source},
    ).scalar_one()


def units(session: Session, **more: object) -> tuple[object, object, object]:
    bounds = count(session, Filters(brand=("seagate",), **more)).ladder["N5"]
    return bounds.lower, bounds.point, bounds.upper


# ── effect ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_decision_moves_the_upper_bound_down_to_the_lower(open_award: Session) -> None:
    assert units(open_award) == (0, 20, 20)
    before = last_tick(open_award)
    decide_mention(open_award, mention_of(open_award), ROLE.AWARDED, "anna")
    link(open_award)
    assert units(open_award) == (20, 20, 20)
    assert units(open_award, reviewed_only=True) == (20, 20, 20)
    assert units(open_award, known_at=before) == (0, 20, 20)
    assert [row.reviewed for row in bought(open_award, SEAGATE)] == [True]


def test_a_refusal_takes_it_out_of_all_bounds(open_award: Session) -> None:
    decide_mention(open_award, mention_of(open_award), ROLE.INSTALLED, "anna")
    link(open_award)
    assert units(open_award) == (0, 0, 0)
    assert units(open_award, reviewed_only=True, roles=("uses",))[0] == 20


def test_cannot_be_told_is_a_decision_that_stays_in_the_upper_bound(open_award: Session) -> None:
    decide_mention(open_award, mention_of(open_award), ROLE.UNRESOLVED, "anna")
    link(open_award)
    assert units(open_award)[0] == 0
    assert units(open_award)[2] == 20
    assert queue(open_award) == []


def test_copies_on_other_portals_follow_and_take_nothing_away(seeded: Session) -> None:
    store(seeded, [("ccgp", award(**GUESS)), ("ggzy", award(**GUESS)), ("ccgp-xinjiang", award(**GUESS))])
    link(seeded)
    decide_mention(seeded, mention_of(seeded, "ggzy/1"), ROLE.AWARDED, "bert")
    done = decide_mention(seeded, mention_of(seeded), ROLE.INSTALLED, "anna")
    link(seeded)
    assert done.changed
    assert done.copies == 0  # the first decision had reached all three
    assert seeded.execute(text("select count(*) from review where superseded_at is null")).scalar_one() == 3
    said = {row[0] for row in seeded.execute(text("select role from review where superseded_at is null"))}
    assert said == {"awarded", "installed"}


def test_copies_are_asked_once(seeded: Session) -> None:
    store(seeded, [("ccgp", award(**GUESS)), ("ggzy", award(**GUESS))])
    link(seeded)
    (question,) = queue(seeded)
    assert decide_mention(seeded, question.mention_id, ROLE.AWARDED, "anna").copies == 1
    link(seeded)
    assert queue(seeded) == []
    assert count(seeded, Filters(brand=("seagate",), reviewed_only=True)).ladder["N0"].lower == 2


def test_the_same_decision_again_changes_nothing(open_award: Session) -> None:
    mention = mention_of(open_award)
    first = decide_mention(open_award, mention, ROLE.AWARDED, "anna", "see table")
    again = decide_mention(open_award, mention, ROLE.AWARDED, " anna ", "see table ")
    assert (first.changed, again.changed) == (True, False)
    assert first.review_id == again.review_id
    assert open_award.execute(text("select count(*) from review")).scalar_one() == 1


def test_nobody_decides_nothing(open_award: Session) -> None:
    with pytest.raises(ReviewError, match="name"):
        decide_mention(open_award, mention_of(open_award), ROLE.AWARDED, "  ")
    with pytest.raises(UnknownValue):
        decide_mention(open_award, 10**9, ROLE.AWARDED, "anna")
    assert open_award.execute(text("select count(*) from review")).scalar_one() == 0


def test_a_mention_is_found_by_its_span(open_award: Session) -> None:
    mention = mention_of(open_award)
    start, end = open_award.execute(text('select start, "end" from mention where id = :i'), {"i": mention}).one()
    assert find_mention(open_award, "ccgp/1", start, end) == mention
    assert find_mention(open_award, "ccgp/1", start, end, "seagate") == mention
    with pytest.raises(ReviewError, match="no mention") as refused:
        find_mention(open_award, "ccgp/1", start, end + 1)
    assert f"{start}-{end} Seagate" in refused.value.remedy
    with pytest.raises(UnknownValue):
        find_mention(open_award, "ccgp/999", start, end)


def test_several_brands_at_one_span_need_the_brand(seeded: Session) -> None:
    items = [line(None, "30", lot="1", model="ST8000DM004")]
    store(seeded, [("ccgp", award(items=items, alternatives={0: ("seagate", "wd")}))])
    link(seeded)
    start, end = seeded.execute(text('select distinct start, "end" from mention')).one()
    with pytest.raises(ReviewError, match="several brands"):
        find_mention(seeded, "ccgp/1", start, end)
    assert find_mention(seeded, "ccgp/1", start, end, "wd") != find_mention(seeded, "ccgp/1", start, end, "seagate")


# ── two people ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_opinion_changes_no_count(open_award: Session) -> None:
    mention = mention_of(open_award)
    decide_mention(open_award, mention, ROLE.AWARDED, "anna")
    done = decide_mention(open_award, mention, ROLE.INSTALLED, "bert", second=True)
    link(open_award)
    assert (done.stands, done.changed) == (False, True)
    assert units(open_award) == (20, 20, 20)
    assert units(open_award, known_at=last_tick(open_award)) == (20, 20, 20)
    assert not decide_mention(open_award, mention, ROLE.INSTALLED, "bert", second=True).changed


def test_disputes_come_first_and_an_ordinary_decision_settles_them(open_award: Session) -> None:
    mention = mention_of(open_award)
    decide_mention(open_award, mention, ROLE.AWARDED, "anna")
    decide_mention(open_award, mention, ROLE.INSTALLED, "bert", second=True)
    link(open_award)
    told = agreement(open_award)
    assert [d.roles for d in told.disputes] == [(("anna", "awarded"), ("bert", "installed"))]
    assert told.pairs[0].share == 0
    (question,) = queue(open_award)
    assert (question.why.value, question.proposal) == ("disputed", None)
    assert [one.reviewer for one in question.said] == ["anna", "bert"]
    decide_mention(open_award, mention, ROLE.INSTALLED, "carl")
    link(open_award)
    assert queue(open_award) == []
    after = agreement(open_award)
    assert after.disputes == ()
    assert "carl" not in after.reviewers  # who has seen both answers agrees with nobody
    assert units(open_award) == (0, 0, 0)


def test_a_person_is_asked_for_a_second_opinion_once_and_blindly(open_award: Session) -> None:
    mention = mention_of(open_award)
    assert queue(open_award, second_for="bert") == []
    decide_mention(open_award, mention, ROLE.AWARDED, "anna")
    link(open_award)
    assert queue(open_award, second_for="anna") == []
    (question,) = queue(open_award, second_for="bert")
    assert (question.said, question.why.value) == ((), "second")
    decide_mention(open_award, mention, ROLE.AWARDED, "bert", second=True)
    assert queue(open_award, second_for="bert") == []
    assert agreement(open_award).pairs[0].share == 1


def test_agreement_of_nobody(seeded: Session) -> None:
    told = agreement(seeded)
    assert told.as_json() == {"reviewers": {}, "pairs": [], "confusion": {}, "disputes": []}
    assert measure("a", "b", []).share is None


def test_kappa_takes_chance_away() -> None:
    # 20 of 50 alike yes, 15 alike no: by hand 0.7 observed, 0.5 by chance.
    answers = [("awarded", "awarded")] * 20 + [("required", "required")] * 15
    answers += [("awarded", "required")] * 5 + [("required", "awarded")] * 10
    assert measure("a", "b", answers).kappa == pytest.approx(0.4)
    assert measure("a", "b", [("awarded", "awarded")] * 3).kappa is None
    assert measure("a", "b", [("awarded", "contracted")]).purchased == 1


# ── it survives, it reopens ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_changed_page_reopens_with_the_earlier_answer_as_proposal(open_award: Session) -> None:
    decide_mention(open_award, mention_of(open_award), ROLE.CONTRACTED, "anna", "stamped")
    store(open_award, [("ccgp", award(**GUESS, versions=V2))])
    link(open_award)
    assert units(open_award)[0] == 20
    assert queue(open_award) == []
    store(open_award, [("ccgp", award(**GUESS, extra="附件更新"), START + dt.timedelta(days=1))])
    link(open_award)
    assert units(open_award)[0] == 0
    (question,) = queue(open_award)
    assert (question.why.value, question.proposal) == ("reopened", "contracted")
    assert [(one.reviewer, one.note) for one in question.said] == [("anna", "stamped")]
    decide_mention(open_award, question.mention_id, ROLE.CONTRACTED, "bert")
    link(open_award)
    assert queue(open_award) == []
    # The page of the first day keeps its own decision.
    assert units(open_award, as_of=START) == (20, 20, 20)


def test_a_certain_answer_on_a_changed_page_is_asked_again(open_award: Session) -> None:
    decide_mention(open_award, mention_of(open_award), ROLE.INSTALLED, "anna")
    store(open_award, [("ccgp", award(extra="附件更新"), START + dt.timedelta(days=1))])
    link(open_award)
    assert [q.why.value for q in queue(open_award)] == ["reopened"]


def test_another_reading_with_other_offsets_keeps_the_decision(open_award: Session) -> None:
    """A reader that sees one line more moves every offset; the words decided on are the same."""
    decide_mention(open_award, mention_of(open_award), ROLE.AWARDED, "anna")
    page = award(**GUESS, versions=V2)
    by = len("页眉\n")
    shifted = replace(
        page,
        text="页眉\n" + page.text,
        mentions=tuple(replace(m, start=m.start + by, end=m.end + by) for m in page.mentions),
        items=tuple(replace(i, start=(i.start or 0) + by, end=(i.end or 0) + by) for i in page.items),
    )
    store(open_award, [("ccgp", shifted)])
    link(open_award)
    assert units(open_award, reviewed_only=True) == (20, 20, 20)
    (shown,) = show(open_award, "ccgp/1")["reading"]["mentions"]
    assert (shown["reviewed_role"], shown["reviewer"]) == ("awarded", "anna")
    assert queue(open_award) == []
    # A later decision takes the place of the one made at the old offsets.
    decide_mention(open_award, mention_of(open_award), ROLE.INSTALLED, "anna")
    link(open_award)
    assert units(open_award)[2] == 0
    assert open_award.execute(text("select count(*) from review where superseded_at is null")).scalar_one() == 1


def test_another_reading_with_a_wider_span_keeps_the_decision(open_award: Session) -> None:
    decide_mention(open_award, mention_of(open_award), ROLE.AWARDED, "anna")
    page = award(**GUESS, versions=V2)
    wider = tuple(replace(m, end=m.end + 3, surface=page.text[m.start : m.end + 3]) for m in page.mentions)
    store(open_award, [("ccgp", replace(page, mentions=wider))])
    link(open_award)
    assert units(open_award)[0] == 20


def test_words_that_another_reading_does_not_hold_are_not_guessed_at(open_award: Session) -> None:
    """The old offsets now point at other words: nothing is taken for decided."""
    decide_mention(open_award, mention_of(open_award), ROLE.AWARDED, "anna")
    page = award(**GUESS, versions=V2)
    store(open_award, [("ccgp", replace(page, text="另" * len(page.text)))])
    link(open_award)
    assert units(open_award)[0] == 0


LINES = st.lists(st.text(alphabet="ab硬盘 ", max_size=30), min_size=1, max_size=12)


@given(LINES, st.data())
def test_a_place_is_found_again_in_its_own_text(lines: list[str], data: st.DataObject) -> None:
    body = "\n".join(lines)
    if not body.strip("\n"):
        return
    start = data.draw(st.sampled_from([n for n, char in enumerate(body) if char != "\n"]))
    end = data.draw(st.integers(start + 1, min(start + 5, len(body))))
    place = place_of(body, start, end)
    assert find_place(body, place) == start
    assert find_place("", place) is None


def test_a_place_outside_the_text_ends() -> None:
    assert place_of("ab", 5, 7).nth == 0
    assert place_of("", 0, 0).words == ""


# ── what comes first ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_moves_most_comes_first(seeded: Session) -> None:
    pages = [
        award("1", number="A-2022-001", name="一", **GUESS),
        award("2", number="A-2022-002", name="二", **{**GUESS, "items": [line("seagate", "500", lot="1")]}),
        award("3", number="A-2022-003", name="三", **{**GUESS, "items": [line("seagate", None, lot="1")]}),
        award(
            "4",
            number="A-2022-004",
            name="四",
            items=[],
            others=[("seagate", ROLE.UNRESOLVED)],
            best=ROLE.COMPARED,
            score=0.2,
        ),
        award("5", number="A-2022-005", name="五"),
    ]
    store(seeded, [("ccgp", page) for page in pages])
    link(seeded)
    asked = queue(seeded)
    assert [q.notice for q in asked] == ["ccgp/2", "ccgp/1", "ccgp/3", "ccgp/4"]
    assert [q.units for q in asked] == [Decimal(500), Decimal(20), None, None]
    assert asked[0].moves == ("N1", "N2")  # the buyer counts already, by notice 5
    assert asked[0].text[asked[0].at :].startswith("Seagate")
    assert queue(seeded, limit=1)[0].notice == "ccgp/2"
    saved = {"small.json": Filters(brand=("seagate",), product_class=("surveillance",))}
    assert next((q.notice, q.saved) for q in queue(seeded, saved=saved)) == ("ccgp/1", ("small.json",))


def test_filters_narrow_the_queue(seeded: Session) -> None:
    store(seeded, world.pages())
    link(seeded)
    assert [q.notice for q in queue(seeded, SEAGATE)] == ["ccgp-xinjiang/2601", "ccgp-xinjiang/2501"]
    assert queue(seeded, Filters(brand=("hikvision",))) == []
    with pytest.raises(UnknownValue):
        queue(seeded, Filters(brand=("nobody",)))


def test_doubtful_answers_of_the_model_come_last_and_rules_never(seeded: Session) -> None:
    store(seeded, [("ccgp", award("1", score=0.6, number="A-2022-001", name="一")), ("ccgp", award("2", **GUESS))])
    link(seeded)
    assert [q.notice for q in queue(seeded)] == ["ccgp/2"]
    seeded.execute(text("update mention set rule = 'model@abc' where role = 'awarded'"))
    assert [(q.notice, q.why.value) for q in queue(seeded)] == [("ccgp/2", "undecided"), ("ccgp/1", "doubtful")]
    assert [q.notice for q in queue(seeded, below=0.5)] == ["ccgp/2"]


def test_an_empty_store_asks_nothing(session: Session) -> None:
    assert queue(session) == []
    assert queue(session, second_for="anna") == []
    assert list(decision_rows(session)) == []


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def filled(session: Session, role: str, who: str = "anna") -> list[tuple[int, dict[str, str]]]:
    rows = parse(dump(question_rows(queue(session))))
    return [(n, {**row, "role": role, "reviewer": who}) for n, row in rows]


def test_out_to_a_table_and_back(open_award: Session) -> None:
    rows = filled(open_award, "awarded")
    assert len(rows) == 1
    done = import_rows(open_award, rows, None)
    assert (done.decided, done.refused) == (1, [])
    link(open_award)
    assert units(open_award) == (20, 20, 20)
    assert import_rows(open_award, rows, None).as_json()["same"] == 1
    (kept,) = parse(dump(decision_rows(open_award)))
    assert (kept[1]["role"], kept[1]["reviewer"], kept[1]["proposal"]) == ("awarded", "anna", "awarded")
    assert import_rows(open_award, [kept], None).same == 1


def test_another_persons_table_is_a_second_opinion_unless_it_settles(open_award: Session) -> None:
    rows = filled(open_award, "awarded")
    import_rows(open_award, rows, None)
    theirs = [(n, {**row, "role": "installed", "reviewer": ""}) for n, row in rows]
    assert import_rows(open_award, theirs, "bert").opinions == 1
    link(open_award)
    assert units(open_award)[0] == 20
    assert import_rows(open_award, theirs, "bert", settle=True).decided == 1
    link(open_award)
    assert units(open_award)[0] == 0


def test_rows_that_cannot_be_recorded_are_told_and_keep_no_other_back(open_award: Session) -> None:
    ((number, good),) = filled(open_award, "awarded")
    bad = [
        (11, {**good, "role": "bougth"}),
        (12, {**good, "start": "x"}),
        (13, {**good, "digest": "0" * 64}),
        (14, {**good, "notice": "ccgp/nothing"}),
        (15, {**good, "end": "9999"}),
        (16, {**good, "role": ""}),
        (17, {**good, "reviewer": ""}),
    ]
    done = import_rows(open_award, [*bad, (number, good)], None)
    assert done.decided == 1
    assert done.empty == 1
    assert [one.line for one in done.refused] == [11, 12, 13, 14, 15, 17]
    assert "changed since" in done.refused[2].reason


def test_nobodys_number_leaves_the_store(seeded: Session) -> None:
    page = award(**GUESS, extra="联系人：张三丰 联系电话：13812345678\n")
    store(seeded, [("ccgp", page)])
    link(seeded)
    (question,) = queue(seeded)
    assert "联系电话：***********" in question.text
    assert "13812345678" not in dump(question_rows([question]))
    assert question.text[question.at :].startswith("Seagate")


@given(st.text(alphabet="联系人电话：张三 13812345678\n硬盘", max_size=200), st.data())
def test_a_passage_points_at_its_span(body: str, data: st.DataObject) -> None:
    if not body:
        return
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, min(len(body), start + 12)))
    words, at = passage(body, start, end)
    assert words[at : at + end - start] == body[start:end]


def test_a_table_needs_its_columns() -> None:
    with pytest.raises(ReviewError, match="role"):
        parse("notice,brand,start,end\n")
    assert parse(",".join(COLUMNS) + "\n") == []
    with pytest.raises(ReviewError):
        parse("")


def test_no_cell_is_a_formula() -> None:
    told = dump([{"notice": "ccgp/1", "surface": "=1+1", "text": "@x", "start": 0}])
    assert "'=1+1" in told
    ((_, row),) = parse(told)
    assert (row["surface"], row["text"]) == ("=1+1", "@x")


def test_opinions_of_copies_are_not_opinions(seeded: Session) -> None:
    store(seeded, [("ccgp", award(**GUESS)), ("ggzy", award(**GUESS))])
    link(seeded)
    decide_mention(seeded, mention_of(seeded), ROLE.AWARDED, "anna")
    assert len(opinions(seeded)) == 1
    assert agreement(seeded).reviewers == {"anna": 1}
