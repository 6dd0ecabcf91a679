"""Every kind of answer that is no notice, through a whole crawl: recognised, archived, counted, named, never a notice."""

import datetime as dt
from dataclasses import dataclass, replace

import pytest

from crawler.config import Expectations, load_portal
from crawler.types import Verdict, Window
from jobs.demo_portal import Answer, Behaviour, DemoPortal, _failure
from seeds.demo import api, ccgp
from tests.replica.notices import FIRST_DAY, many

DAY = FIRST_DAY
HOME = "<html><head><title>中国政府采购网_首页</title></head><body><h1>欢迎访问</h1><p>网站首页，更多内容请登录。</p></body></html>"


class Spoilt(DemoPortal):
    """Answers for one notice with something that is no notice; its home page is a page like any other."""

    def __init__(self, notices, spoil, **more) -> None:
        super().__init__(notices, Behaviour(), **more)
        self.spoil = spoil
        self.bad = notices[2]
        self.marks = (self.bad.ccgp_path, api.article_id(self.bad))

    def answer(self, method, host, path, query, body):
        if path == "/":
            return Answer(200, HOME.encode(), "text/html")
        good = super().answer(method, host, path, query, body)
        asked = f"{path}?{query}"
        return self.spoil(self, good) if self.marks[0] in asked or self.marks[1] in _decoded(asked) else good


def _decoded(text: str) -> str:
    from urllib.parse import unquote

    return unquote(text)


def gone_soft(_portal, _good):
    return Answer(200, ccgp.missing_page().encode(), "text/html")


def truncated(portal, good):
    return replace(good, body=good.body[: portal._cut(len(good.body))])


def mojibake(_portal, good):
    """Bytes that the declared charset does not have and no other one makes sense of."""
    return replace(
        good,
        body=b"<html><head><meta charset='utf-8'><title>\xff\xfe</title></head><body>" + b"\xff\xfe\xff" * 400,
    )


LINKS = "".join(f"<p>关于第{n}届政府采购论坛的新闻，政府采购信息公告与政策法规栏目更新说明</p>" for n in range(40))


def front_page(_portal, _good):
    """A long page full of the words of procurement, without a link list the recogniser would know."""
    return Answer(
        200, f"<html><head><title>中国政府采购网</title></head><body>{LINKS}</body></html>".encode(), "text/html"
    )


def another(portal, _good):
    """The page of the notice after this one, under this one's address."""
    return Answer(200, ccgp.detail_page(portal.notices[3]).encode(), "text/html")


def maintenance(_portal, _good):
    page = "<html><head><title>公告</title></head><body><h2>系统维护公告</h2><p>因系统升级，政府采购网今晚暂停服务。</p></body></html>"
    return Answer(200, page.encode(), "text/html")


@dataclass(frozen=True)
class Case:
    portal: str
    spoil: object
    reason: str
    state: str
    verdict: str = "deficit"


CASES = {
    "throttle page": Case("ccgp", lambda *_: _failure("throttle"), "throttled", "blocked", "blocked"),
    "waf challenge": Case("ccgp", lambda *_: _failure("challenge"), "waf_challenge", "blocked", "blocked"),
    "captcha": Case("ccgp", lambda *_: _failure("captcha"), "captcha", "blocked", "blocked"),
    "soft 404": Case("ccgp", gone_soft, "not_found", "error_page"),
    "home page with its title": Case(
        "ccgp", lambda *_: Answer(200, HOME.encode(), "text/html"), "home_page", "unknown"
    ),
    "front page": Case("ccgp", front_page, "other_content", "notice"),
    "note on maintenance": Case("ccgp", maintenance, "maintenance", "error_page"),
    "empty body": Case("ccgp", lambda *_: _failure("empty"), "empty_body", "empty"),
    "truncated body": Case("ccgp", truncated, "truncated", "notice"),
    "cut on the wire": Case("ccgp", lambda _, good: replace(good, reset=True), "dataloss", "error_page"),
    "redirect to the landing page": Case(
        "ccgp", lambda *_: Answer(302, b"", "text/html", location="/"), "home_page", "unknown"
    ),
    "wrong charset": Case("ccgp", mojibake, "undecodable", "unknown"),
    "html instead of json": Case(
        "ccgp-guangxi", lambda *_: Answer(200, HOME.encode(), "text/html"), "html_instead_of_json", "blocked", "blocked"
    ),
    "truncated json": Case("ccgp-guangxi", truncated, "truncated", "error_page"),
    "refusal in json": Case(
        "ccgp-guangxi",
        lambda *_: Answer(200, b'{"success":false,"error":"x"}', "application/json"),
        "refused",
        "error_page",
    ),
}


@pytest.mark.parametrize("name", list(CASES))
def test_what_is_no_notice_is_recognised_archived_counted_and_never_stored(workspace, name: str) -> None:
    case = CASES[name]
    notices = many(8)
    with Spoilt(notices, case.spoil, zcy_hosts=["www.ccgp-guangxi.gov.cn"]) as portal:
        options = {"lists": None} if case.portal == "ccgp" else None
        report = workspace.crawl(portal, DAY, portal_id=case.portal, options=options)
        number = str(portal.bad.source_id) if case.portal == "ccgp" else api.article_id(portal.bad)
    (window,) = report.windows
    assert window.verdict.value == case.verdict
    assert report.exit_code == 1
    if case.verdict == "deficit":
        assert window.listed == window.discovered == 8
    assert number not in workspace.pages
    assert number in {notice for notice, _, _ in window.deficit}
    assert case.reason in {reason for notice, _, reason in window.deficit if notice == number} | {
        key.removeprefix("blocked:") for key in window.reasons
    }
    assert report.states[case.state] >= 1
    kept = [row for row in workspace.ledger.rows if row.source_id is None and row.reason == case.reason]
    assert kept
    for row in kept:
        assert workspace.archive.read(row.ref).ref.sha256 == row.ref.sha256
    assert workspace.archive.verify().ok


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_page_in_another_charset_than_it_says_is_stored_only_if_it_can_be_read(workspace, encoding: str) -> None:
    from nlp.page_state import recognise

    def recoded(_portal, good):
        return replace(good, body=good.body.decode().encode(encoding), content_type="text/html; charset=utf-8")

    notices = many(8)
    with Spoilt(notices, recoded) as portal:
        workspace.crawl(portal, DAY, options={"lists": None})
        number = str(portal.bad.source_id)
    rows = [r for r in workspace.ledger.rows if r.kind == "page" and portal.bad.ccgp_path in r.url]
    for row in rows:
        answer = workspace.archive.read(row.ref)
        state = recognise(answer.body, answer.content_type, answer.url, answer.status)
        assert (row.source_id == number) == (state.state.value == "notice")
    assert (number in workspace.pages) == any(r.source_id for r in rows)


# ── zero ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_day_without_notices_beside_full_ones_fails_the_run(workspace) -> None:
    with DemoPortal(many(6, days=2)) as portal:
        report = workspace.crawl(portal, DAY, DAY + dt.timedelta(2))
    assert [w.verdict.value for w in report.windows] == ["empty_suspect", "complete", "complete"]
    assert (report.verdict, report.exit_code) == ("suspect", 1)


def verdict(day: dt.date, expect: Expectations, **more) -> Verdict:
    return Window("p", day, day, listed=0, closed=True, **more).verdict(expect)


def test_zero_is_a_failure_unless_it_is_declared() -> None:
    office = load_portal("ccgp").expect
    assert verdict(dt.date(2026, 5, 12), office) is Verdict.EMPTY_SUSPECT
    assert verdict(dt.date(2026, 5, 10), office) is Verdict.EMPTY_EXPECTED  # a Sunday
    assert verdict(dt.date(2025, 10, 1), office) is Verdict.EMPTY_EXPECTED  # a Wednesday, the national day
    assert verdict(dt.date(2025, 10, 9), office) is Verdict.EMPTY_SUSPECT  # the day after the holidays
    assert verdict(dt.date(2025, 10, 1), Expectations()) is Verdict.EMPTY_SUSPECT  # a portal that declares nothing


def test_a_day_that_is_not_over_stays_open() -> None:
    day = dt.date(2026, 5, 12)
    assert verdict(day, Expectations(), over=False) is Verdict.OPEN
    assert verdict(day, Expectations()) is Verdict.EMPTY_SUSPECT


def test_an_unknown_total_is_never_complete_unless_declared() -> None:
    day = dt.date(2026, 5, 12)
    for untold in (Window("p", day, day, closed=True), Window("p", day, day, listed=0, untold=True, closed=True)):
        assert untold.verdict(Expectations()) is Verdict.UNKNOWN_TOTAL
    seen = Window("p", day, day, listed=1, untold=True, closed=True, discovered={"1": None}, captured={"1"})
    assert seen.verdict(Expectations()) is Verdict.UNKNOWN_TOTAL
    assert seen.verdict(Expectations(gives_total=False)) is Verdict.COMPLETE


def test_what_the_parts_of_a_day_counted_is_told(workspace) -> None:
    with DemoPortal(many(60)) as portal:
        report = workspace.crawl(portal, DAY, options={"lists": None, "split_above": 50})
    (window,) = report.windows
    assert sum(seen for _, seen in window.parts.values()) == 60
    assert all(listed == seen for listed, seen in window.parts.values())
    assert len(window.parts) >= 12


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "UTC"])
def test_the_day_is_that_of_beijing_whatever_the_clock_shows(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    import subprocess
    import sys
    from pathlib import Path

    code = (
        "import datetime as dt; from crawler.config import today; print(today(), dt.datetime.now(dt.UTC).isoformat())"
    )
    monkeypatch.setenv("TZ", zone)
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    ).stdout
    day, moment = out.split()
    assert day == str((dt.datetime.fromisoformat(moment) + dt.timedelta(hours=8)).date())
