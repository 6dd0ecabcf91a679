"""Crawls of 政采云, gpcms and freecms replicas."""

import contextlib
import datetime as dt
import json
import re
from dataclasses import replace

import pytest

from crawler.config import load_portal
from crawler.errors import CrawlError
from crawler.pages import json_lists
from crawler.pages.common import PageError
from jobs.demo_portal import Behaviour, DemoPortal, Fault, _json
from seeds.demo import api
from seeds.demo.ccgp import attachment_url
from tests.replica.notices import FIRST_DAY, make, many

DAY = FIRST_DAY
HOSTS = {
    "ccgp-guangxi": ("zcy_hosts", "www.ccgp-guangxi.gov.cn", api.article_id),
    "ccgp-guangdong": ("gpcms_hosts", "gdgpo.czt.gd.gov.cn", api.gpcms_id),
    "ccgp-xizang": ("freecms_hosts", "www.ccgp-xizang.gov.cn", api.gpcms_id),
}
PORTALS = pytest.mark.parametrize("portal_id", sorted(HOSTS))


def replica(portal_id: str, notices, behaviour: Behaviour | None = None) -> DemoPortal:
    kind, host, _ = HOSTS[portal_id]
    return DemoPortal(notices, behaviour, **{kind: [host]})


def ids(portal_id: str, notices) -> set[str]:
    return {HOSTS[portal_id][2](n) for n in notices}


@PORTALS
def test_every_listed_notice_once(workspace, portal_id: str) -> None:
    notices = many(130, days=2)
    with replica(portal_id, notices) as portal:
        report = workspace.crawl(portal, DAY, DAY + dt.timedelta(1), portal_id=portal_id)
    assert set(workspace.pages) == ids(portal_id, notices)
    assert [(w.verdict.value, w.listed, w.captured) for w in report.windows] == [("complete", 65, 65)] * 2
    kinds = [row for row in workspace.ledger.rows if row.source_id]
    assert len(kinds) == 130


def test_an_article_id_is_sent_encoded_whole(workspace) -> None:
    notices = [n for n in many(60) if {"+", "/"} & set(api.article_id(n))]
    assert len(notices) > 5
    with replica("ccgp-guangxi", notices) as portal:
        workspace.crawl(portal, DAY, portal_id="ccgp-guangxi")
        queries = [a.query for a in portal.log if a.path == "/portal/detail"]
    assert all(query.split("&")[0].count("=") == 1 and "/" not in query and "+" not in query for query in queries)
    assert set(workspace.pages) == ids("ccgp-guangxi", notices)


def test_one_portal_that_fails_leaves_the_others_standing(workspace) -> None:
    from crawler.run import crawl

    notices = many(6)
    good, bad = load_portal("ccgp-guangxi"), load_portal("ccgp-qinghai")
    bad = replace(bad, options={**bad.options, "colour": "red"})
    with DemoPortal(notices, zcy_hosts=["www.ccgp-guangxi.gov.cn", "www.ccgp-qinghai.gov.cn"]) as portal:
        report = crawl(
            workspace.settings, [], DAY, DAY, via=portal.base, delay=0, ledger=workspace.ledger, configs=[bad, good]
        )
        with pytest.raises(CrawlError, match="colour is not known"):
            crawl(workspace.settings, [], DAY, DAY, via=portal.base, delay=0, ledger=workspace.ledger, configs=[bad])
    assert (report.verdict, report.exit_code) == ("failed", 1)
    assert report.errors == ["ccgp-qinghai: ccgp-qinghai.yml: crawl.options.colour is not known. See docs/portals.md."]
    assert set(workspace.pages) == ids("ccgp-guangxi", notices)


@PORTALS
def test_pages_that_fail_and_bodies_that_are_cut(workspace, portal_id: str) -> None:
    notices = many(12)
    faults = [Fault(r"detail|getInfoById|/info/2026", "reset"), Fault(r"category|selectInfoMoreChannel", "502")]
    with replica(portal_id, notices, Behaviour(faults=faults)) as portal:
        report = workspace.crawl(portal, DAY, portal_id=portal_id)
    assert set(workspace.pages) == ids(portal_id, notices)
    assert report.verdict == "complete"


@PORTALS
@pytest.mark.parametrize("kind", ["challenge", "403", "captcha"])
def test_a_challenge_instead_of_a_list_is_blocked(workspace, portal_id: str, kind: str) -> None:
    faults = [Fault(r"category|selectInfoMoreChannel", kind, None)]
    with replica(portal_id, many(5), Behaviour(faults=faults)) as portal:
        report = workspace.crawl(portal, DAY, portal_id=portal_id)
        asked = [a for a in portal.log if a.path != "/robots.txt"]
    assert len(asked) == 1
    assert report.verdict == "blocked"
    assert workspace.pages == {}


@PORTALS
def test_html_where_json_was_asked_is_no_list(workspace, portal_id: str) -> None:
    faults = [Fault(r"category|selectInfoMoreChannel", "html", None)]
    with replica(portal_id, many(5), Behaviour(faults=faults)) as portal, contextlib.suppress(CrawlError):
        report = workspace.crawl(portal, DAY, portal_id=portal_id)
        assert report.exit_code == 1
    assert workspace.ledger.verdict != "complete"
    assert workspace.pages == {}


@PORTALS
def test_a_total_nobody_can_show_and_a_notice_that_is_gone(workspace, portal_id: str) -> None:
    notices = many(16)
    with replica(portal_id, notices, Behaviour(inflate=1, gone=frozenset({notices[3].source_id}))) as portal:
        report = workspace.crawl(portal, DAY, portal_id=portal_id)
    reasons = dict(report.windows[0].reasons)
    assert report.windows[0].verdict.value == "deficit"
    assert reasons.pop("never_listed") >= 1
    assert sum(reasons.values()) == 1
    assert len(workspace.pages) == 15


@PORTALS
def test_a_moving_list(workspace, portal_id: str) -> None:
    notices = many(60)
    behaviour = Behaviour(arrivals=[(3, make(900, code=notices[0].code))], departures=[(2, notices[-1].source_id)])
    with replica(portal_id, notices, behaviour) as portal:
        report = workspace.crawl(portal, DAY, portal_id=portal_id)
    assert report.windows[0].captured >= 59
    assert report.windows[0].verdict.value in {"complete", "deficit"}


@PORTALS
def test_an_empty_day(workspace, portal_id: str) -> None:
    with replica(portal_id, []) as portal:
        report = workspace.crawl(portal, DAY, portal_id=portal_id)
        sunday = workspace.crawl(portal, DAY - dt.timedelta(1), portal_id=portal_id)
    assert (report.windows[0].verdict.value, report.exit_code) == ("empty_suspect", 1)
    assert (sunday.windows[0].verdict.value, sunday.exit_code) == ("empty_expected", 0)


@PORTALS
def test_files(workspace, portal_id: str) -> None:
    notices = [make(n, attachments=4, body="gpcms") for n in (1, 2)]
    with replica(portal_id, notices) as portal:
        workspace.crawl(portal, DAY, portal_id=portal_id)
    forms = {"ccgp-guangxi": {2, 3}, "ccgp-guangdong": {1, 2, 3}, "ccgp-xizang": {3, 4}}[portal_id]
    wanted = {attachment_url(n, a) for n in notices for a in n.attachments if a.form in forms}
    assert wanted <= set(workspace.files)


@PORTALS
def test_replay(workspace, portal_id: str, tmp_path) -> None:
    from tests.crawler.conftest import Workspace

    notices = many(60)
    with replica(portal_id, notices) as portal:
        first = workspace.crawl(portal, DAY, portal_id=portal_id)
    other = Workspace(tmp_path / "other")
    other.crawl(None, DAY, portal_id=portal_id, replay=workspace.settings.archive / first.archive_files[0])
    assert other.pages == workspace.pages
    assert sorted(r.ref.sha256 for r in other.ledger.rows) == sorted(r.ref.sha256 for r in workspace.ledger.rows)


def test_a_portal_known_to_want_a_captcha_says_so(workspace) -> None:
    body = json.dumps({"code": "500", "msg": "请求被拒绝", "data": None}).encode()

    class Refusing(DemoPortal):
        def answer(self, method, host, path, query, sent):
            answer = super().answer(method, host, path, query, sent)
            return replace(answer, body=body, content_type="application/json") if "selectInfo" in path else answer

    with Refusing([], gpcms_hosts=["www.ccgp-sichuan.gov.cn"]) as portal:
        report = workspace.crawl(portal, DAY, portal_id="ccgp-sichuan")
    assert load_portal("ccgp-sichuan").wants == "captcha"
    assert report.verdict == "blocked"
    assert report.windows[0].reasons == {"blocked:captcha": 1}


@pytest.mark.parametrize(
    ("parser", "value", "reason"),
    [
        (json_lists.zcy_list, {"success": False, "error": "x"}, "refused"),
        (json_lists.zcy_list, {"success": True, "result": None}, "other_json"),
        (json_lists.zcy_list, {"success": True, "result": {"data": {"data": [], "total": "many"}}}, "no_total"),
        (
            json_lists.zcy_list,
            {"success": True, "result": {"data": {"data": [{"title": "x"}], "total": 1}}},
            "row_without_id",
        ),
        (json_lists.gpcms_list, {"code": "401", "msg": "验证码错误"}, "captcha"),
        (json_lists.gpcms_list, {"code": "500", "msg": "x"}, "refused"),
        (json_lists.gpcms_list, {"code": "200", "data": {"rows": [], "total": None}}, "no_total"),
        (json_lists.gpcms_list, {"code": "200", "data": {"rows": {}, "total": 1}}, "other_json"),
        (json_lists.gpcms_list, [], "other_json"),
    ],
)
def test_lists_that_are_none(parser, value, reason: str) -> None:
    with pytest.raises(PageError) as error:
        parser(json.dumps(value).encode(), "http://x.cn")
    assert error.value.reason == reason


@pytest.mark.parametrize("parser", [json_lists.zcy_list, json_lists.gpcms_list])
@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"a":'])
def test_what_is_no_json(parser, body: bytes) -> None:
    with pytest.raises(PageError, match="not_json"):
        parser(body, "http://x.cn")


def test_what_is_missing_has_its_own_address(workspace) -> None:
    for portal_id, path in (("ccgp-guangxi", "/portal/detail?articleId="), ("ccgp-guangdong", "/getInfoById?id=")):
        bad = Behaviour(faults=[Fault(r"portal/detail|getInfoById", "404", None)])
        with replica(portal_id, many(1), bad) as portal:
            report = workspace.crawl(portal, DAY, portal_id=portal_id)
        ((_, url, reason),) = report.windows[0].deficit
        assert path in url
        assert reason == "not_found"


@pytest.mark.parametrize(
    ("absence", "value", "reason"),
    [
        (json_lists.zcy_absence, {"success": True, "result": {"data": None}}, "not_found"),
        (json_lists.zcy_absence, {"success": True, "result": None}, "not_found"),
        (json_lists.zcy_absence, {"success": True}, "other_json"),
        (json_lists.zcy_absence, {"success": True, "result": {}}, "other_json"),
        (json_lists.zcy_absence, {"success": False, "error": "公告不存在"}, "not_found"),
        (json_lists.zcy_absence, {"success": False, "error": "系统繁忙"}, "refused"),
        (json_lists.zcy_absence, {"success": False}, "other_json"),
        (json_lists.gpcms_absence, {"code": "200", "data": None}, "not_found"),
        (json_lists.gpcms_absence, {"code": "200"}, "other_json"),
        (json_lists.gpcms_absence, {"code": "500", "msg": "该信息已被删除"}, "not_found"),
        (json_lists.gpcms_absence, {"code": "500", "msg": "操作失败"}, "refused"),
    ],
)
def test_why_there_is_no_record(absence, value, reason: str) -> None:
    assert absence(json.dumps(value).encode()) == reason


@pytest.mark.parametrize(
    ("portal_id", "value", "reason"),
    [
        ("ccgp-guangxi", {"success": True, "result": {"data": None}}, "not_found"),
        ("ccgp-guangxi", {"success": False, "error": "系统繁忙"}, "refused"),
        ("ccgp-guangdong", {"code": "200", "msg": "操作成功", "data": None}, "not_found"),
    ],
)
def test_a_notice_taken_down_is_gone(workspace, portal_id: str, value, reason: str) -> None:
    class Without(DemoPortal):
        def _route(self, method, host, path, query, sent):
            if re.search(r"portal/detail|getInfoById", path):
                return _json(value)
            return super()._route(method, host, path, query, sent)

    kind, host, _ = HOSTS[portal_id]
    with Without(many(1), None, **{kind: [host]}) as portal:
        report = workspace.crawl(portal, DAY, portal_id=portal_id)
    assert report.windows[0].reasons == {reason: 1}


def test_a_gateway_that_answers_its_own_page_to_everything_is_named(workspace) -> None:
    page = (200, "<html><body>It works</body></html>")
    everything = Behaviour(faults=[Fault(".", "html", None)], robots={"gdgpo.czt.gd.gov.cn": page})
    with replica("ccgp-guangdong", many(1), everything) as portal, pytest.raises(CrawlError, match="answers nothing"):
        workspace.crawl(portal, DAY, portal_id="ccgp-guangdong")
    lists = Behaviour(faults=[Fault("gpcms", "html", None)])
    with replica("ccgp-guangdong", many(1), lists) as portal:
        report = workspace.crawl(portal, DAY, portal_id="ccgp-guangdong")
    assert report.verdict == "blocked"
