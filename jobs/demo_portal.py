"""A local server that answers as procurement portals do, with constructed notices: the replica behind demo and tests.

Ask it as a gateway: ``http://127.0.0.1:PORT/www.ccgp.gov.cn/cggg/…`` is what ``http://www.ccgp.gov.cn/cggg/…`` would
be. It can misbehave on purpose (:class:`Behaviour`): throttle, fail, cut bodies, move its lists, take notices down.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qs, unquote

from seeds.demo import api, ccgp
from seeds.demo.model import DemoAttachment, DemoNotice

Failure = Literal[
    "502", "404", "403", "empty", "truncated", "challenge", "throttle", "html", "reset", "landing", "captcha"
]

BID_TYPES = {
    "1": ("gkzb",),
    "2": ("xjgg",),
    "3": ("jzxtpgg",),
    "4": ("dylygg",),
    "5": ("zgysgg",),
    "6": ("yqzbgg",),
    "7": ("zbgg",),
    "8": ("gzgg",),
    "9": ("qtgg",),
    "10": ("jzxcs",),
    "11": ("cjgg",),
    "12": ("fblbgg",),
}
_SIDE = {"1": "zygg", "2": "dfgg"}
_CHALLENGE = (
    "<html><head><script>var arg1='0123456789ABCDEF';var renderData={};function setCookie(){document.cookie='acw_sc__v2='}"
    "</script></head><body></body></html>"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Requests whose ``HOST/PATH?QUERY`` matches ``pattern`` fail with ``kind``: the first ``times`` of each address.

    ``times`` None = always. With ``every`` N instead each N-th matching request fails, whatever its address.
    """

    pattern: str
    kind: Failure
    times: int | None = 1
    every: int | None = None


@dataclass(slots=True)
class Behaviour:
    """How the replica behaves. The default is a portal on a good day.

    ``throttle_after`` N: the search answers N requests, then ``throttle_for`` requests get the throttle page, and so on.
    ``arrivals``: (n, notice): from the n-th list or search request on, this notice is published too. ``departures``:
    (n, source id): from then on it is listed no more. ``gone``: listed, but the detail page says it is not there.
    ``robots``: host → (status, text); hosts not named answer 404. ``inflate``: search totals are too high by that many.
    """

    faults: Sequence[Fault] = ()
    throttle_after: int | None = None
    throttle_for: int = 1
    arrivals: Sequence[tuple[int, DemoNotice]] = ()
    departures: Sequence[tuple[int, int]] = ()
    gone: frozenset[int] = frozenset()
    robots: dict[str, tuple[int, str]] = field(default_factory=dict)
    lists: bool = True
    search: bool = True
    list_pages: int = 25
    page_size: int = 20
    inflate: int = 0
    latency: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request the replica saw."""

    at: float
    method: str
    host: str
    path: str
    query: str
    body: bytes
    agent: str
    cookie: str


class DemoPortal:
    """The server. Use as a context manager; ``base`` is the address to give to ``--via``.

    ``zcy_hosts``, ``gpcms_hosts`` and ``freecms_hosts`` name the hosts that answer as those platforms do; they publish
    the same notices.
    """

    def __init__(
        self,
        notices: Sequence[DemoNotice],
        behaviour: Behaviour | None = None,
        *,
        port: int = 0,
        zcy_hosts: Sequence[str] = (),
        gpcms_hosts: Sequence[str] = (),
        freecms_hosts: Sequence[str] = (),
    ) -> None:
        self.notices = sorted(notices, key=_newest)
        self.behaviour = behaviour or Behaviour()
        self.zcy_hosts = frozenset(zcy_hosts)
        self.gpcms_hosts = frozenset(gpcms_hosts)
        self.freecms_hosts = frozenset(freecms_hosts)
        self.log: list[Asked] = []
        self._lock = threading.Lock()
        self._listings = 0
        self._searches = 0
        self._cuts = 0
        self._failed: Counter[tuple[str, str]] = Counter()
        self._files: dict[str, tuple[DemoNotice, DemoAttachment]] = {}
        self._pages: dict[str, bytes] = {}
        self._by_path = {n.ccgp_path: n for n in self._everything()}
        self._by_article = {api.article_id(n): n for n in self._everything()}
        self._by_gpcms = {api.gpcms_id(n): n for n in self._everything()}
        for notice in self._everything():
            for attachment in notice.attachments:
                url = ccgp.attachment_url(notice, attachment).split("://", 1)[1]
                self._files[unquote(url)] = (notice, attachment)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="demo-portal", daemon=True
        )

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _everything(self) -> list[DemoNotice]:
        return [*self.notices, *(n for _, n in self.behaviour.arrivals)]

    # ── what is published now ────────────────────────────────────────────────────────────────────────────────────

    def published(self) -> list[DemoNotice]:
        """Notices listed at this moment, newest first. Every call counts as one look at a list."""
        with self._lock:
            self._listings += 1
            seen = self._listings
        arrived = [n for after, n in self.behaviour.arrivals if seen >= after]
        left = {number for after, number in self.behaviour.departures if seen >= after}
        return sorted((n for n in [*self.notices, *arrived] if n.source_id not in left), key=_newest)

    # ── one request ──────────────────────────────────────────────────────────────────────────────────────────────

    def answer(self, method: str, host: str, path: str, query: str, body: bytes) -> Answer:
        """Status, headers, body. Knows nothing of sockets."""
        address = f"{host}{path}{'?' + query if query else ''}"
        if path == "/robots.txt":
            status, text = self.behaviour.robots.get(host, (404, ""))
            return Answer(status, text.encode(), "text/plain; charset=utf-8")
        fault = self._fault(address, body)
        if fault is not None and fault not in {"truncated", "reset"}:
            return _failure(fault)
        found = self._route(method, host, path, query, body)
        if fault is not None:
            shown = found.body if fault == "reset" else found.body[: self._cut(len(found.body))]
            return Answer(found.status, shown, found.content_type, reset=fault == "reset")
        return found

    def _cut(self, length: int) -> int:
        """Where a body ends too early: about the middle, and never twice at the same byte, as on a real wire."""
        with self._lock:
            self._cuts += 1
            return max(length // 2 - self._cuts % max(length // 4, 1), 0)

    def _fault(self, address: str, body: bytes) -> Failure | None:
        for fault in self.behaviour.faults:
            if re.search(fault.pattern, address):
                key = (f"{fault.pattern} {fault.kind}", "" if fault.every else f"{address} {body!r}")
                with self._lock:
                    self._failed[key] += 1
                    count = self._failed[key]
                if count % fault.every == 0 if fault.every else fault.times is None or count <= fault.times:
                    return fault.kind
        return None

    def _route(self, method: str, host: str, path: str, query: str, body: bytes) -> Answer:
        attachment = self._files.get(unquote(f"{host}{path}{'?' + query if query else ''}"))
        if attachment is None and path.startswith("/UploadFiles/"):
            attachment = self._files.get(unquote(f"download.ccgp.gov.cn/oss{path}"))
        if attachment is not None:
            return Answer(200, attachment[1].data, "application/octet-stream", filename=attachment[1].name)
        if host in self.zcy_hosts:
            return self._zcy(method, path, query, body)
        if host in self.gpcms_hosts:
            return self._gpcms(path, query)
        if host in self.freecms_hosts:
            return self._freecms(path, query)
        if host == "search.ccgp.gov.cn" and path == "/bxsearch":
            return self._search(query)
        if host in {"www.ccgp.gov.cn", "ccgp.gov.cn"}:
            return self._ccgp(path)
        return _missing()

    def _ccgp(self, path: str) -> Answer:
        notice = self._by_path.get(path)
        if notice is not None:
            if notice.source_id in self.behaviour.gone:
                return _html(ccgp.missing_page())
            page = self._pages.get(path)
            if page is None:
                page = self._pages[path] = ccgp.detail_page(notice).encode()
            return Answer(200, page, "text/html")
        found = re.fullmatch(r"/cggg/(zygg|dfgg)/(?:([a-z]+)/)?index(?:_(\d+))?\.htm", path)
        if found is None or not self.behaviour.lists:
            return _missing()
        side, code, number = found.group(1), found.group(2), int(found.group(3) or 0)
        rows = [n for n in self.published() if n.side == side and (code is None or n.code == code)]
        size = self.behaviour.page_size
        page_rows = rows[number * size : (number + 1) * size]
        if number and (not page_rows or number >= self.behaviour.list_pages):
            return _missing()
        return _html(ccgp.list_page(page_rows, mixed=code is None))

    def _search(self, query: str) -> Answer:
        if not self.behaviour.search:
            return _missing()
        with self._lock:
            self._searches += 1
            count = self._searches
        after, period = self.behaviour.throttle_after, self.behaviour.throttle_for
        if after is not None and (count - 1) % (after + period) >= after:
            return _html(ccgp.throttle_page())
        asked = {key: values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
        since, until = _day(asked.get("start_time", "")), _day(asked.get("end_time", ""))
        if asked.get("timeType") != "6" or since is None or until is None:
            return Answer(302, b"", "text/html", location="http://search.ccgp.gov.cn/")
        codes = BID_TYPES.get(asked.get("bidType", "0"))
        side = _SIDE.get(asked.get("bidSort", "0"))
        zone, word = asked.get("zoneId", ""), asked.get("kw", "")
        hits = [
            n
            for n in self.published()
            if since <= n.day <= until
            and (codes is None or n.code in codes)
            and (side is None or n.side == side)
            and (not zone or n.district_code.startswith(zone[:2]))
            and word in n.title
        ]
        page = max(int(asked.get("page_index") or 1), 1)
        size = self.behaviour.page_size
        total = len(hits) + (self.behaviour.inflate if hits else 0)
        shown = hits[(page - 1) * size : page * size]
        return _html(
            ccgp.search_page(
                shown,
                total=total,
                page=page,
                since=since,
                until=until,
                keyword=word,
                bid_type=asked.get("bidType", "0"),
            )
        )

    def _zcy(self, method: str, path: str, query: str, body: bytes) -> Answer:
        if method == "POST" and path == "/portal/category":
            try:
                asked = json.loads(body)
            except ValueError:
                return Answer(400, b"{}", "application/json")
            since, until = _day(asked.get("publishDateBegin") or ""), _day(asked.get("publishDateEnd") or "")
            code = asked.get("categoryCode")
            hits = [
                n
                for n in self.published()
                if (since is None or n.day >= since)
                and (until is None or n.day <= until)
                and (code is None or api.ZCY_CODES[n.code] == code)
            ]
            page, size = int(asked.get("pageNo", 1)), int(asked.get("pageSize", 15))
            total = len(hits) + (self.behaviour.inflate if hits else 0)
            return _json(api.zcy_list(hits[(page - 1) * size : page * size], total))
        if method == "GET" and path == "/portal/detail":
            # parse_qs reads a raw "+" as a space, as the portal does: an article id must come fully encoded.
            notice = self._by_article.get(parse_qs(query).get("articleId", [""])[0])
            if notice is None or notice.source_id in self.behaviour.gone:
                return _json({"success": False, "result": None, "error": "公告不存在"})
            chain = [n for n in self._everything() if n.project_no and n.project_no == notice.project_no]
            return _json(api.zcy_detail(notice, chain))
        return _missing()

    def _gpcms(self, path: str, query: str) -> Answer:
        asked = {key: values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
        if path.endswith("/info/selectInfoMoreChannel"):
            hits = self._channel(asked)
            page, size = int(asked.get("currPage") or 1), int(asked.get("pageSize") or 10)
            total = len(hits) + (self.behaviour.inflate if hits else 0)
            return _json(api.gpcms_list(hits[(page - 1) * size : page * size], total))
        if path.endswith("/info/getInfoById"):
            notice = self._by_gpcms.get(asked.get("id", ""))
            if notice is None or notice.source_id in self.behaviour.gone:
                return _json({"code": "500", "msg": "信息不存在", "data": None})
            return _json(api.gpcms_detail(notice))
        return _missing()

    def _freecms(self, path: str, query: str) -> Answer:
        if path.endswith("/notice/selectInfoMoreChannel.do"):
            asked = {key: values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
            hits = self._channel(asked)
            page, size = int(asked.get("currPage") or 1), int(asked.get("pageSize") or 10)
            total = len(hits) + (self.behaviour.inflate if hits else 0)
            return _json(api.freecms_list(hits[(page - 1) * size : page * size], total))
        found = re.search(r"/info/\d{4}/([0-9a-f-]{36})\.html$", path)
        notice = self._by_gpcms.get(found.group(1)) if found else None
        if notice is None or notice.source_id in self.behaviour.gone:
            return _missing()
        return _html(api.freecms_page(notice))

    def _channel(self, asked: dict[str, str]) -> list[DemoNotice]:
        since = _day((asked.get("operationStartTime") or "")[:10])
        until = _day((asked.get("operationEndTime") or "")[:10])
        kinds = [k for k in (asked.get("noticeType") or "").split(",") if k]
        return [
            n
            for n in self.published()
            if (since is None or n.day >= since)
            and (until is None or n.day <= until)
            and (not kinds or any(api.GPCMS_TYPES[n.code].startswith(k) for k in kinds))
        ]


@dataclass(frozen=True, slots=True)
class Answer:
    """``reset``: the connection is dropped half-way."""

    status: int
    body: bytes
    content_type: str
    location: str | None = None
    filename: str | None = None
    reset: bool = False


def _handler(portal: DemoPortal) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def _serve(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size) if size else b""
            host, slash, rest = self.path.lstrip("/").partition("/")
            path, _, query = (slash + rest).partition("?")
            portal.log.append(
                Asked(
                    time.monotonic(), self.command, host, path, query, body,
                    self.headers.get("User-Agent", ""), self.headers.get("Cookie", ""),
                )
            )  # fmt: skip
            if portal.behaviour.latency:
                time.sleep(portal.behaviour.latency)
            self._send(portal.answer(self.command, host, path, query, body), host)

        def _send(self, answer: Answer, host: str) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("X-Constructed", "true")
            self.send_header("Set-Cookie", f"visit={host}; Path=/")
            if answer.location:
                self.send_header("Location", answer.location)
            if answer.filename:
                self.send_header("Content-Disposition", "attachment")
            if answer.reset:
                self.send_header("Connection", "close")
                self.close_connection = True
            self.end_headers()
            self.wfile.write(answer.body[: len(answer.body) // 2] if answer.reset else answer.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
            """The log is ``portal.log``."""

    return Handler


def _failure(kind: Failure) -> Answer:
    answers: dict[str, Callable[[], Answer]] = {
        "502": lambda: Answer(
            502, b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>", "text/html"
        ),
        "404": _missing,
        "403": lambda: Answer(
            403, b"<html><head><title>403 Forbidden</title></head><body>403 Forbidden</body></html>", "text/html"
        ),
        "empty": lambda: Answer(200, b"", "text/html"),
        "challenge": lambda: _html(_CHALLENGE),
        "throttle": lambda: _html(ccgp.throttle_page()),
        "html": lambda: _html("<html><head><title>首页</title></head><body>欢迎访问政府采购网</body></html>"),
        "landing": lambda: Answer(302, b"", "text/html", location="/"),
        "captcha": lambda: _html("<html><head><title>安全验证</title></head><body>请完成安全验证</body></html>"),
    }
    return answers[kind]()


def _html(text: str) -> Answer:
    return Answer(200, text.encode(), "text/html")


def _json(value: Any) -> Answer:
    return Answer(200, json.dumps(value, ensure_ascii=False).encode(), "application/json;charset=UTF-8")


def _missing() -> Answer:
    return Answer(404, b"<html><head><title>404 Not Found</title></head><body>404 Not Found</body></html>", "text/html")


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.replace(":", "-"))
    except ValueError:
        return None


def _newest(notice: DemoNotice) -> tuple[float, int]:
    return (-notice.published.timestamp(), -notice.source_id)
