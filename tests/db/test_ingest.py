from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.ingest import CaptureRow, index_bodies, pending_readings, record_capture, record_captures, store_readings
from db.show import show
from nlp.types import Attachment, Issue, NoticeType, PageState
from tests.db.making import (
    START,
    V1,
    V2,
    awarded,
    buyer,
    capture_row,
    line,
    reading,
    ref_of,
    store,
    supplier,
)

TABLES = [
    "notice",
    "revision",
    "reading",
    "body",
    "party",
    "lot",
    "item",
    "mention",
    "attachment",
    "issue",
    "capture_reading",
    "organisation",
    "organisation_name",
    "link_key",
    "link_queue",
]


def page(**changes: object):
    values = {
        "id_": "1001",
        "title": "云岭省明川市公安局监控硬盘采购项目中标公告",
        "day": "2022-01-05",
        "buyers": [buyer("明川市公安局", "530100")],
        "suppliers": [supplier("云岭恒信科技有限公司")],
        "lots": [awarded("1", "云岭恒信科技有限公司", "12000.00")],
        "items": [line("seagate", "20", model="ST4000VX007", lot="1", total="12000")],
        "number": "YLZC-2022-0001",
    }
    return reading(NoticeType.AWARD, **{**values, **changes})


def sizes(session: Session) -> dict[str, int]:
    return {name: session.execute(text(f"select count(*) from {name}")).scalar_one() for name in TABLES}


def test_a_notice_and_all_its_rows(session: Session) -> None:
    store(session, [("ccgp", page())])
    assert sizes(session) | {"link_key": 0} == {
        "notice": 1, "revision": 1, "reading": 1, "body": 1, "party": 2, "lot": 1, "item": 1, "mention": 1, "attachment": 0,
        "issue": 0, "capture_reading": 1, "organisation": 2, "organisation_name": 2, "link_key": 0, "link_queue": 1,
    }  # fmt: skip
    row = session.execute(text("select quantity, units, total_cny, quantity_raw from item")).one()
    assert tuple(row) == (Decimal(20), Decimal(20), Decimal(12000), "20块")
    assert session.execute(text("select tokens @@ '''硬盘'''::tsquery from body")).scalar_one()


def test_twice_is_once(session: Session) -> None:
    store(session, [("ccgp", page())])
    before = sizes(session)
    store(session, [("ccgp", page())])
    assert sizes(session) == before


def test_a_changed_page_is_a_new_revision_and_nothing_goes(session: Session) -> None:
    store(session, [("ccgp", page(), START), ("ccgp", page(extra="更新"), START + dt.timedelta(days=1))])
    assert sizes(session)["notice"] == 1
    assert sizes(session)["revision"] == 2
    assert session.execute(text("select count(*) from reading where superseded_at is null")).scalar_one() == 2


def test_a_new_lexicon_supersedes_the_reading(session: Session) -> None:
    store(session, [("ccgp", page())])
    store(session, [("ccgp", page(versions=V2))])
    rows = session.execute(
        text(
            """select v.lexicon, r.superseded_at is null from reading r join versions v on v.id = r.versions_id order by r.id"""
        )
    ).all()
    assert [tuple(r) for r in rows] == [("lexicon-1", False), ("lexicon-2", True)]
    assert sizes(session)["body"] == 1


def test_pages_that_are_no_notice_keep_their_state_and_issues(session: Session) -> None:
    blocked = replace(page(), state=PageState.BLOCKED, issues=(Issue("blocked", "the portal asks for a captcha"),))
    store(session, [("ccgp", blocked)])
    counted = sizes(session)
    assert (counted["notice"], counted["reading"], counted["capture_reading"], counted["issue"]) == (0, 0, 1, 1)
    assert session.execute(text("select state from capture_reading")).scalar_one() == "blocked"


@pytest.mark.parametrize(
    ("given", "identity", "provisional"),
    [
        ({"id_": "77"}, "id:77", False),
        ({"id_": None, "url": "https://Example.CN:443/a?b=2&a=1#x"}, "url:example.cn/a?a=1&b=2", False),
    ],
)
def test_identity_is_the_portals_id_then_the_address(
    session: Session, given: dict[str, object], identity: str, provisional: bool
) -> None:
    store(session, [("ccgp", page(**given))])
    assert tuple(session.execute(text("select identity, provisional from notice")).one()) == (identity, provisional)


def test_a_notice_is_shown_at_the_page_a_person_opens_and_found_by_either_address(session: Session) -> None:
    answer, human = (
        "https://www.ccgp-x.gov.cn/portal/detail?articleId=a",
        "https://www.ccgp-x.gov.cn/site/detail?articleId=a",
    )
    made = page()
    made = replace(made, notice=replace(made.notice, page_url=human))
    row = capture_row("ccgp", made, url=answer)
    store_readings(session, [(ref_of(record_capture(session, row), row), made)])
    for asked in ("ccgp/1001", human, answer):
        assert show(session, asked)["url"] == human


def test_without_id_and_address_the_bytes_are_the_identity(session: Session) -> None:
    made = page(id_=None)
    row = replace(capture_row("ccgp", made), url=None, name="saved.html", portal=None)
    id_ = record_capture(session, row)
    store_readings(session, [(ref_of(id_, row), made)])
    assert tuple(session.execute(text("select portal_id, identity, provisional from notice")).one()) == (
        "unknown",
        f"sha256:{row.sha256}",
        True,
    )


def test_the_same_capture_is_one_row_and_imports_ignore_the_clock(session: Session) -> None:
    row = capture_row("ccgp", page())
    first = record_captures(session, [row, row])
    assert first[0] == first[1] == record_capture(session, replace(row, warc_file="other.warc.gz"))
    later = replace(row, captured_at=START + dt.timedelta(hours=1))
    assert record_capture(session, later) != first[0]
    saved = replace(row, captured_at_is_import=True)
    assert record_capture(session, saved) == record_capture(session, replace(later, captured_at_is_import=True))


def test_a_time_without_zone_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        record_capture(session, replace(capture_row("ccgp", page()), captured_at=dt.datetime(2022, 1, 1)))


def pending(session: Session, versions=V1, **options):
    return list(pending_readings(session, versions.lexicon, versions.reader, versions.model, **options))


def test_pending_is_what_these_versions_have_not_read(session: Session) -> None:
    id_ = record_capture(session, capture_row("ccgp", page()))
    assert [ref.id for ref in pending(session)] == [id_]
    store(session, [("ccgp", page())])
    assert pending(session) == []
    assert [ref.id for ref in pending(session, all=True)] == [id_]
    assert [ref.id for ref in pending(session, V2)] == [id_]


def test_a_page_comes_again_with_the_attachment_that_arrived(session: Session) -> None:
    url = "http://files.example.cn/清单.pdf?b=1&a=2"
    made = page(attachments=[Attachment("采购清单", url)])
    store(session, [("ccgp", made)])
    assert pending(session) == []
    late = START + dt.timedelta(minutes=5)
    record_capture(
        session,
        CaptureRow(
            "ccgp",
            "http://files.example.cn/清单.pdf?a=2&b=1",
            late,
            "0" * 64,
            "application/octet-stream",
            200,
            "a",
            1,
            1,
        ),
    )
    (ref,) = pending(session)
    assert [(a.name, a.url, a.captured_at) for a in ref.attachments] == [("采购清单", url, late)]
    store_readings(session, [(ref, made)])
    assert pending(session) == []
    assert session.execute(text("select evidence_at from reading where superseded_at is null")).scalar_one() == late


def test_a_tool_that_was_missing_brings_pages_with_attachments_again_and_no_others(session: Session) -> None:
    url = "http://files.example.cn/清单.doc"
    made = page(attachments=[Attachment("采购清单", url)])
    store(session, [("ccgp", made), ("ggzy", page())])
    record_capture(
        session, CaptureRow("ccgp", url, START, "0" * 64, "application/octet-stream", 200, "a", 1, 1)
    )  # fmt: skip
    (ref,) = pending(session, tools=("rar",))
    store_readings(session, [(ref, made)])
    assert pending(session, tools=("rar",)) == []
    assert pending(session) == [], "a tool taken away changes nothing"
    (ref,) = pending(session, tools=("rar", "office"))
    assert ref.portal == "ccgp"
    store_readings(session, [(ref, replace(made, issues=()))])
    assert pending(session, tools=("office", "rar")) == []
    assert session.execute(text("select count(*) from reading where superseded_at is not null")).scalar_one() == 2


def test_impossible_figures_become_issues_and_odd_characters_keep_offsets(session: Session) -> None:
    bad = replace(line("seagate", "20"), total_cny=Decimal(-5), name="硬\x00盘")
    made = page(items=[bad])
    store(session, [("ccgp", made)])
    assert session.execute(text("select total_cny, name from item")).one() == (None, "硬\ufffd盘")
    assert session.execute(text("select code, at from issue")).one() == ("impossible_number", "items.total_cny")
    stored = session.execute(text("select text from body")).scalar_one()
    assert len(stored) == len(made.text)


def test_tokens_may_be_made_later(session: Session) -> None:
    made = page()
    row = capture_row("ccgp", made)
    store_readings(session, [(ref_of(record_capture(session, row), row), made)], with_tokens=False)
    assert session.execute(text("select tokens is null from body")).scalar_one()
    assert index_bodies(session) == 1
    assert index_bodies(session) == 0
    assert session.execute(text("select tokens @@ '''st4000vx'':*'::tsquery from body")).scalar_one()
