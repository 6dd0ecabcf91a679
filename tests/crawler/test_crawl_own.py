"""Portals with systems of their own: constructed answers in their formats, crawled through a gateway."""

import base64
import datetime as dt
import json
from urllib.parse import parse_qs

import pytest

from crawler.pages import records
from crawler.pages.common import PageError
from jobs.demo_portal import Answer, Behaviour, DemoPortal, Fault
from seeds.demo.bodies import body_html
from seeds.demo.model import CONSTRUCTED
from tests.replica.notices import FIRST_DAY, many

DAY = FIRST_DAY


def answer_json(value) -> Answer:
    return Answer(200, json.dumps(value, ensure_ascii=False).encode(), "application/json;charset=UTF-8")


def page(notice, holder: str) -> Answer:
    html = f"<html><head><meta charset='utf-8'><title>{notice.title}</title></head><body><h4 class='h4_o'>{notice.title}</h4><div id='{holder}'>{body_html(notice)}</div></body></html>"
    return Answer(200, html.encode(), "text/html;charset=UTF-8")


class OwnPortals(DemoPortal):
    """Answers for the hosts below from the same notices."""

    def _route(self, method, host, path, query, body):
        by_id = {str(n.source_id): n for n in self.notices}
        if path.endswith("/getTradList"):
            form = {k: v[0] for k, v in parse_qs(body.decode(), keep_blank_values=True).items()}
            assert form["DEAL_TIME"] == "06"
            hits = self.on(form["TIMEBEGIN"], form["TIMEEND"]) if form["DEAL_STAGE"] == "0202" else []
            rows = [
                {"id": str(n.source_id), "title": n.title, "publishTime": n.day.isoformat(), "informationType": "0202",
                 "url": f"/information/deal/html/a/990000/0202/{n.day:%Y%m%d}/{n.source_id}.html"}
                for n in self.cut(hits, int(form["PAGENUMBER"]), 20)
            ]  # fmt: skip
            return answer_json(
                {"code": 200, "message": "success", "data": {"records": rows, "total": len(hits), "size": 20}}
            )
        if path.startswith("/information/deal/html/b/"):
            return page(by_id[path.rsplit("/", 1)[-1].removesuffix(".html")], "mycontent")
        if path.endswith("/getFullTextDataNew"):
            asked = json.loads(body)
            span = asked["time"][0]
            hits = self.on(span["startTime"][:10], span["endTime"][:10])
            rows = [
                {
                    "id": str(n.source_id),
                    "title": n.title,
                    "webdate": f"{n.local_time:%Y-%m-%d %H:%M:%S}",
                    "linkurl": f"/jyxx/{n.source_id}.html",
                }
                for n in hits[asked["pn"] : asked["pn"] + asked["rn"]]
            ]
            return answer_json({"result": {"totalcount": len(hits), "records": rows}})
        if path.startswith("/jyxx/"):
            return page(by_id[path.rsplit("/", 1)[-1].removesuffix(".html")], "newsText")
        if path.endswith(("/getNoticeList4Web.do", "/getNoticeListOfCityCounty.do")):
            form = {k: v[0] for k, v in parse_qs(body.decode(), keep_blank_values=True).items()}
            hits = self.on(form["startDate"], form["endDate"]) if path.endswith("4Web.do") else []
            rows = [
                {"NOTICE_ID": n.source_id, "NOTICE_TITLE": n.title, "NEWWORK_DATE": n.day.isoformat(), "AREA_ID": 1}
                for n in self.cut(hits, int(form["page"]), int(form["pageSize"]))
            ]
            return answer_json({"rows": rows})
        if path.endswith("/viewNoticeContent.do"):
            return page(by_id[parse_qs(query)["noticeId"][0]], "content")
        if path.endswith("/notices/stable/new"):
            asked = {k: v[0] for k, v in parse_qs(query).items()}
            hits = self.on(asked["startDate"], asked["endDate"]) if asked["type"].startswith("300") else []
            rows = [
                {
                    "id": str(n.source_id),
                    "title": n.title,
                    "issueTime": f"{n.local_time:%Y-%m-%d %H:%M:%S}",
                    "noticeType": 300,
                }
                for n in self.cut(hits, int(asked["pi"]), int(asked["ps"]))
            ]
            return answer_json({"msg": "ok", "total": len(hits), "notices": rows})
        if "/notices/stable/" in path:
            n = by_id[path.rsplit("/", 1)[-1]]
            files = json.dumps(
                [{"name": a.name, "value": f"/files/{n.source_id}/{k}"} for k, a in enumerate(n.attachments)]
            )
            return answer_json({"notice": {"id": str(n.source_id), "title": n.title, "html": body_html(n), "buyerName": n.buyer,
                                           "issueTime": f"{n.local_time:%Y-%m-%d %H:%M:%S}", "attachments": files}})  # fmt: skip
        if path.startswith("/files/"):
            _, _, number, k = path.split("/")
            return Answer(200, by_id[number].attachments[int(k)].data, "application/octet-stream")
        if path.endswith("/getListByCode"):
            asked = json.loads(body)
            hits = self.on(asked["startTime"][:10], asked["endTime"][:10]) if asked["colCode"] == "0302" else []
            rows = [
                {
                    "id": str(n.source_id),
                    "title": n.title,
                    "date": f"{n.local_time:%Y-%m-%d %H:%M:%S}",
                    "colCode": "0302",
                }
                for n in self.cut(hits, asked["currentPage"], asked["pageSize"])
            ]
            return answer_json(
                {"status": 200, "message": "OK", "data": {"code": 100, "data": {"records": rows, "total": len(hits)}}}
            )
        if path.endswith("/getDetail"):
            n = by_id[parse_qs(query)["id"][0]]
            encoded = base64.b64encode(body_html(n).encode("gb18030")).decode()
            return answer_json(
                {
                    "status": 200,
                    "data": {
                        "code": 100,
                        "data": {"id": str(n.source_id), "title": n.title, "body": encoded, "date": n.day.isoformat()},
                    },
                }
            )
        return super()._route(method, host, path, query, body)

    def on(self, since: str, until: str):
        return [n for n in self.published() if since <= n.day.isoformat() <= until]

    @staticmethod
    def cut(hits, number: int, size: int):
        return hits[(number - 1) * size : number * size]


PORTALS = ["ggzy", "ggzy-sichuan", "ccgp-hunan", "ccgp-chongqing", "ccgp-shandong"]


@pytest.mark.parametrize("portal_id", PORTALS)
def test_every_listed_notice_once(workspace, portal_id: str) -> None:
    notices = many(64, days=2)
    with OwnPortals(notices) as portal:
        report = workspace.crawl(portal, DAY, DAY + dt.timedelta(1), portal_id=portal_id)
    assert set(workspace.pages) == {str(n.source_id) for n in notices}
    assert [(w.verdict.value, w.captured) for w in report.windows] == [("complete", 32)] * 2


@pytest.mark.parametrize("portal_id", PORTALS)
def test_a_challenge_is_blocked_and_an_empty_day_is_seen(workspace, portal_id: str) -> None:
    faults = [Fault(r"getTradList|getFullText|getNoticeList|stable/new|getListByCode", "challenge", None)]
    with OwnPortals(many(4), Behaviour(faults=faults)) as portal:
        blocked = workspace.crawl(portal, DAY, portal_id=portal_id)
    with OwnPortals([]) as portal:
        empty = workspace.crawl(portal, DAY, portal_id=portal_id)
    assert blocked.verdict == "blocked"
    assert empty.windows[0].verdict.value == "empty_suspect"
    assert workspace.pages == {}


@pytest.mark.parametrize("shown", [50, 100])
def test_a_list_without_a_total_that_stops_behind_a_full_page_may_go_on(workspace, shown: int) -> None:
    class Capped(OwnPortals):
        def cut(self, hits, page, size):
            return super().cut(hits, page, size) if page * size <= shown else []

    with Capped(many(130)) as portal:
        report = workspace.crawl(portal, DAY, portal_id="ccgp-hunan")
    (window,) = report.windows
    assert (window.verdict.value, window.captured, report.exit_code) == ("unknown_total", shown, 1)
    assert window.reasons == {"list:full_last_page": 1}


def test_a_portal_that_shows_fewer_rows_than_asked_may_be_cut_all_the_same(workspace) -> None:
    class Small(OwnPortals):
        def cut(self, hits, page, size):
            return super().cut(hits, page, 20)

    with Small(many(40)) as portal:
        full = workspace.crawl(portal, DAY, portal_id="ccgp-hunan")
    with Small(many(45)) as portal:
        short = workspace.crawl(portal, DAY, portal_id="ccgp-hunan")
    assert [r.windows[0].verdict.value for r in (full, short)] == ["unknown_total", "complete"]


def test_files_named_in_a_string(workspace) -> None:
    notices = many(2, every_attachment=1)
    with OwnPortals(notices) as portal:
        report = workspace.crawl(portal, DAY, portal_id="ccgp-chongqing")
    assert {f"https://www.ccgp-chongqing.gov.cn/files/{n.source_id}/{k}" for n in notices for k in range(4)} <= set(
        workspace.files
    )
    assert report.captured == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"code": 829, "captchaToken": "x", "captchaImage": "y"}, "captcha"),
        ({"code": 800, "message": "眼睛累了，稍适休息！"}, "throttled"),
    ],
)
def test_ggzy_says_why_it_refuses(workspace, body, reason: str) -> None:
    class Refusing(OwnPortals):
        def _route(self, method, host, path, query, sent):
            return answer_json({**body, "constructed": CONSTRUCTED})

    with Refusing([]) as portal:
        report = workspace.crawl(portal, DAY, portal_id="ggzy")
    assert report.verdict == "blocked"
    assert report.windows[0].reasons == {f"blocked:{reason}": 1}


@pytest.mark.parametrize(
    ("parser", "value", "reason"),
    [
        (records.ggzy, {"code": 829}, "captcha"),
        (records.ggzy, {"code": 200, "data": {"records": [{"title": "x"}], "total": 1}}, "row_without_id"),
        (records.ggzy, {"code": 200, "data": {"records": []}}, "no_total"),
        (records.inteligentsearch, {"result": {"records": []}}, "no_total"),
        (records.hunan, {"error": "x"}, "other_json"),
        (records.chongqing, {"msg": "x", "notices": []}, "no_total"),
        (records.shandong, {"data": {"code": 999, "message": "服务请求失败，请稍后重试"}}, "throttled"),
        (records.shandong, {"data": {"code": 401}}, "refused"),
        (records.chongqing_files, {"notice": {"attachments": "[{"}}, "other_json"),
    ],
)
def test_what_is_no_list(parser, value, reason: str) -> None:
    with pytest.raises(PageError) as error:
        parser(json.dumps(value).encode(), "http://x.cn")
    assert error.value.reason == reason
