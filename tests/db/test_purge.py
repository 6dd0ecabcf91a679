"""A purged notice is gone from every table and every answer; a tombstone stays, and it does not come back by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db import manifest
from db.count import count
from db.count.ladder import ladder_json
from db.filters import Filters, UnknownValue
from db.ingest import record_captures
from db.link import link
from db.models.capture import CaptureKind
from db.models.review import ReviewKind
from db.purge import Plan, PurgeError, erased, lift, plan, purge, to_erase
from db.review import review_mention, review_pair
from db.search import search
from db.show import show
from db.tombstones import PurgedError, find_tombstone, purged_ids, tombstones
from nlp.types import Attachment, MentionRole, NoticeReading
from tests.db import world
from tests.db.contents import contents, differences
from tests.db.making import START, V2, awarded, buyer, capture_row, line, store, supplier
from tests.db.test_questions import CITY, award, correction

SECRET = "构造的王五个人经营部"
ASKED = Filters(brand=("seagate",))


@pytest.fixture
def seeded(session: Session) -> Session:
    world.seeds(session)
    return session


def secret(id_: str = "9", **more: object) -> NoticeReading:
    """An award whose winner, title and words stand nowhere else."""
    values: dict = {
        "title": "明川市柳树街派出所存储介质采购中标公告", "number": "MC-SECRET-2022-09", "name": "柳树街派出所存储介质采购",
        "suppliers": [supplier(SECRET)], "lots": [awarded("1", SECRET, "7777")], "items": [line("seagate", "7", lot="1", model="ST7777SECRET")],
        "buyers": [buyer("明川市公安局柳树街派出所", "530000")], "extra": "联系人：构造的赵六",
    }  # fmt: skip
    return award(id_, **{**values, **more})


def take_out(session: Session, *given: str, reason: str = "court order 7") -> Plan:
    found = plan(session, given)
    purge(session, found, reason, "anna")
    return found


def everything(session: Session) -> str:
    return "\n".join(f"{table}\n" + "\n".join(rows) for table, rows in contents(session.connection()).items())


def told(session: Session) -> object:
    return ladder_json(count(session, ASKED).ladder)


def test_nothing_of_it_is_left_and_the_rest_is_as_if_it_had_never_been(seeded: Session) -> None:
    others = [("ccgp", award("1")), ("ccgp", correction(), START + dt.timedelta(1)), ("ggzy", award("1"))]
    store(seeded, others)
    link(seeded)
    without = contents(seeded.connection())
    before = told(seeded)
    store(seeded, [("ccgp", secret())])
    store(seeded, [("ccgp", secret(items=[line("seagate", "8", lot="1")]), START + dt.timedelta(3))])
    store(seeded, [("ccgp", replace(secret(), versions=V2))])
    link(seeded)
    review_pair(seeded, "ccgp/9", "ccgp/1", same=False, kind=ReviewKind.SAME_PROCESS, reviewer="anna", note="no")
    link(seeded)
    assert SECRET in everything(seeded)
    found = take_out(seeded, "ccgp/9")
    assert (found.rows["captures"], found.rows["revisions"], found.rows["readings"]) == (2, 2, 3)
    text_left = everything(seeded)
    for word in (SECRET, "柳树街", "SECRET", "赵六", "7777"):
        assert word not in text_left.replace("sha256", ""), word
    after = contents(seeded.connection())
    seeded_rows = {"tombstone", "versions"}
    assert (
        differences(
            {t: r for t, r in without.items() if t not in seeded_rows},
            {t: r for t, r in after.items() if t not in seeded_rows},
        )
        == {}
    )
    assert told(seeded) == before


def test_counts_searches_and_show_say_so(seeded: Session) -> None:
    store(seeded, [("ccgp", award("1")), ("ccgp", secret())])
    link(seeded)
    assert count(seeded, ASKED).coverage["purged"] == 0
    assert search(seeded, "柳树街").hits
    take_out(seeded, "ccgp/9")
    assert count(seeded, ASKED).coverage["purged"] == 1
    assert search(seeded, "柳树街").hits == ()
    with pytest.raises(PurgedError, match=r"ccgp/id:9 was purged on 20\d\d-\d\d-\d\d by anna \(court order 7\)"):
        show(seeded, "ccgp/9")
    (stone,) = tombstones(seeded)
    assert (stone.notice, stone.source_id, stone.reason, stone.purged_by) == ("ccgp/id:9", "9", "court order 7", "anna")
    assert stone.rows["mentions"] == 1
    assert len(stone.bytes) == 1
    assert find_tombstone(seeded, "9") == find_tombstone(seeded, "ccgp/id:9") == stone
    assert purged_ids(seeded, "ccgp", ["9", "1"]) == {"9"}
    assert purged_ids(seeded, "ggzy", ["9", "1"]) == set()


def test_what_it_was_joined_with_stands_alone_again(seeded: Session) -> None:
    store(seeded, [("ccgp", award("1"))])
    link(seeded)
    alone = told(seeded)
    store(seeded, [("ccgp", correction(), START + dt.timedelta(30)), ("ggzy", award("1"))])
    link(seeded)
    assert told(seeded) != alone
    found = plan(seeded, ["ccgp/1"])
    assert found.copies == ["ggzy/1"]
    (correcting,) = seeded.execute(text("SELECT source_id FROM notice WHERE source_id <> '1'")).scalars()
    take_out(seeded, f"ccgp/{correcting}")
    assert ladder_json(count(seeded, replace(ASKED)).ladder)["N5"] == alone["N5"]  # type: ignore[index]
    assert count(seeded, ASKED).ladder["N0"].lower == 2
    take_out(seeded, "ggzy/1")
    assert told(seeded) == alone


def test_the_past_forgets_it_too(seeded: Session) -> None:
    store(seeded, [("ccgp", award("1")), ("ccgp", secret())])
    link(seeded)
    then = seeded.execute(text("select tick from ledger")).scalar_one()
    store(seeded, [("ccgp", replace(award("1"), versions=V2)), ("ccgp", correction(), START + dt.timedelta(30))])
    link(seeded)
    asked = replace(ASKED, known_at=then)
    assert count(seeded, asked).ladder["N5"].lower == 27
    take_out(seeded, "ccgp/9")
    assert count(seeded, asked).ladder["N5"].lower == 20
    assert count(seeded, replace(ASKED, as_of=START)).ladder["N5"].lower == 20


def test_a_manifest_names_what_was_purged(seeded: Session) -> None:
    store(seeded, [("ccgp", award("1")), ("ccgp", secret())])
    link(seeded)
    pinned = manifest.make(seeded, ASKED)
    assert manifest.verify(seeded, pinned).purged == ()
    take_out(seeded, "ccgp/9")
    verified = manifest.verify(seeded, pinned)
    assert not verified.ok
    assert {d.cause for d in verified.differences} == {"purged"}
    assert {d.rung for d in verified.differences} >= {"N1", "N2", "N3", "N4"}
    (words,) = verified.purged
    assert words.startswith("ccgp/id:9 was purged on")
    assert all(d.detail == words for d in verified.differences)
    assert {d.cause for d in manifest.explain(seeded, pinned)} == {"purged"}
    assert manifest.verify(seeded, manifest.make(seeded, ASKED)).ok


@pytest.mark.parametrize("way", ["same page", "changed page", "other address", "read again"])
def test_it_does_not_come_back_by_itself(seeded: Session, way: str) -> None:
    store(seeded, [("ccgp", award("1")), ("ccgp", secret())])
    link(seeded)
    pages = {
        "same page": ("ccgp", secret(), START + dt.timedelta(9)),
        "changed page": ("ccgp", secret(items=[line("seagate", "70", lot="1")]), START + dt.timedelta(9)),
        "other address": (
            "ccgp",
            replace(secret(), notice=replace(secret().notice, source_id=None, url="http://b.example.cn/x")),
            START,
        ),
        "read again": ("ccgp", replace(secret(), versions=V2), START + dt.timedelta(9)),
    }
    take_out(seeded, "ccgp/9")
    before = contents(seeded.connection())
    store(seeded, [pages[way]])
    link(seeded)
    issues = seeded.execute(text("SELECT code, at FROM issue")).all()
    assert issues == [("purged", "ccgp/id:9")]
    assert seeded.execute(text("SELECT count(*) FROM notice")).scalar_one() == 1
    after = contents(seeded.connection())
    assert differences(before, after).keys() <= {"capture", "capture_reading", "issue", "versions"}
    # Purged again, the bytes that came in go as well.
    again = plan(seeded, ["ccgp/9"])
    assert (again.notices, again.again, len(again.captures)) == ({}, ["ccgp/id:9"], 1)
    purge(seeded, again, "again", "anna")
    gone = contents(seeded.connection())
    assert differences(before, gone).keys() <= {"tombstone", "versions"}


def test_lifted_it_may_come_in_again(seeded: Session) -> None:
    store(seeded, [("ccgp", award("1")), ("ccgp", secret())])
    link(seeded)
    before = told(seeded)
    take_out(seeded, "ccgp/9")
    store(seeded, [("ccgp", secret(), START + dt.timedelta(9))])
    lifted = lift(seeded, "ccgp/9", "order withdrawn", "berta")
    assert (lifted.lifted_by, lifted.lift_reason) == ("berta", "order withdrawn")
    assert tombstones(seeded) == []
    assert tombstones(seeded, standing=False) == [lifted]
    with pytest.raises(UnknownValue):
        lift(seeded, "ccgp/9", "twice", "berta")
    store(seeded, [("ccgp", secret(), START + dt.timedelta(9))])
    link(seeded)
    assert told(seeded) == before
    take_out(seeded, "ccgp/9", reason="after all")
    assert [one.reason for one in tombstones(seeded, standing=False)] == ["court order 7", "after all"]


def test_a_file_that_another_notice_links_stays(seeded: Session) -> None:
    own, common = (
        Attachment("a.pdf", "http://f.example.cn/own.pdf"),
        Attachment("b.pdf", "http://f.example.cn/common.pdf"),
    )
    store(seeded, [("ccgp", award("1", attachments=[common])), ("ccgp", secret(attachments=[own, common]))])
    rows = [
        replace(capture_row("ccgp", secret(extra=f"{n}"), url=file.url), kind=CaptureKind.ATTACHMENT, source_id="9")
        for n, file in enumerate((own, common))
    ]
    record_captures(seeded, rows)
    link(seeded)
    found = take_out(seeded, "ccgp/9")
    assert found.kept == [common.url]
    assert seeded.execute(text("SELECT url FROM capture WHERE kind = 'attachment'")).scalars().all() == [common.url]
    assert {record.sha256 for record in to_erase(seeded, ["ccgp/id:9"])} >= {rows[0].sha256}
    assert rows[1].sha256 not in {record.sha256 for record in to_erase(seeded, ["ccgp/id:9"])}


def test_what_is_to_be_erased_is_kept_until_it_is(seeded: Session) -> None:
    store(seeded, [("ccgp", secret())])
    link(seeded)
    found = take_out(seeded, "ccgp/9")
    assert to_erase(seeded, ["ccgp/id:9"]) == found.records
    assert tombstones(seeded)[0].unerased == 1
    assert plan(seeded, ["ccgp/9"]).records == found.records
    erased(seeded, ["ccgp/id:9"])
    assert to_erase(seeded, ["ccgp/id:9"]) == []
    assert tombstones(seeded)[0].unerased == 0
    assert plan(seeded, ["ccgp/9"]).records == []


def test_one_page_under_two_identities_goes_as_one(seeded: Session) -> None:
    """Read first by its address, then by its id: two notices, one capture."""
    nameless = replace(secret(), notice=replace(secret().notice, source_id=None))
    store(seeded, [("ccgp", nameless)])
    url = seeded.execute(text("SELECT url FROM capture")).scalar_one()
    store(seeded, [("ccgp", replace(secret(), versions=V2, notice=replace(secret().notice, url=url)))])
    link(seeded)
    names: Sequence[str] = (
        seeded.execute(text("SELECT portal_id || '/' || identity FROM notice ORDER BY id")).scalars().all()
    )
    assert len(names) == 2
    with pytest.raises(PurgeError, match="was read as"):
        plan(seeded, [names[1]])
    take_out(seeded, *names)
    assert SECRET not in everything(seeded)
    assert len(tombstones(seeded)) == 2


def test_a_notice_nobody_knows(seeded: Session) -> None:
    with pytest.raises(UnknownValue):
        plan(seeded, ["ccgp/none"])
    with pytest.raises(UnknownValue):
        lift(seeded, "ccgp/none", "x", "y")


def test_a_person_s_decisions_about_other_notices_stay(seeded: Session) -> None:
    store(seeded, [("ccgp", award("1")), ("ccgp", secret())])
    link(seeded)
    for brand_of in ("1", "9"):
        mention = (
            seeded.execute(
                text("""SELECT m.id FROM mention m JOIN reading r ON r.id = m.reading_id JOIN revision v ON v.id = r.revision_id
                     JOIN notice n ON n.id = v.notice_id WHERE n.source_id = :id"""),
                {"id": brand_of},
            )
            .scalars()
            .first()
        )
        assert mention is not None
        review_mention(seeded, mention, MentionRole.INSTALLED, "anna")
    link(seeded)
    assert take_out(seeded, "ccgp/9").rows["reviews"] == 1
    assert seeded.execute(text("SELECT count(*) FROM review")).scalar_one() == 1


def test_city_is_not_swept(seeded: Session) -> None:
    """An organisation that another notice names stays."""
    store(seeded, [("ccgp", award("1")), ("ccgp", secret(buyers=[CITY]))])
    link(seeded)
    take_out(seeded, "ccgp/9")
    assert seeded.execute(text("SELECT count(*) FROM organisation WHERE name = :n"), {"n": CITY.name}).scalar_one() == 1
    assert seeded.execute(text("SELECT count(*) FROM organisation WHERE name = :n"), {"n": SECRET}).scalar_one() == 0
