"""What kind of answer the bytes are, before anything is read from them.

The crawler asks this for every response, the reader for every page; so it knows signals only, no lexicon. Signals come from what the
portals were seen to send: throttle pages, WAF challenges, captchas, soft 404s, empty bodies, lists.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

from nlp.document.decoding import Decoded, decode
from nlp.document.marks import marks
from nlp.patterns import regex
from nlp.types import PageState
from nlp.values import value


@value
class StateVerdict:
    """``reason`` is a stable word a log line or a rule can use (``throttled``, ``waf_challenge``, ``captcha``, ``not_found`` …).

    ``transient`` says that asking again later, slowly, may help; a captcha or a challenge never is.
    """

    state: PageState
    reason: str
    transient: bool = False


_SHORT = 6_000
_HEAD = 20_000
_SCAN = 200_000
_LITTLE_TEXT = 40

_TITLE = regex(r"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_HOME = regex(r"(?:^|[-_—|])(?:网站|门户)?首页$|^(?:网站|门户)?首页(?:[-_—|]|$)")
_UNSEEN = regex(
    r"<(?:(script|style|noscript|head|template)\b[^<]*+(?:<(?!/\1\s*>)[^<]*+)*+</\1\s*>|!--[^-]*+(?:-(?!->)[^-]*+)*+-->)",
    re.IGNORECASE,
)
_TAG = regex(r"<[^<>]*>")
_SPACE = regex(r"(?:\s|&nbsp;|&#160;|&emsp;|&ensp;)+")
_BLANKS = ("&nbsp;", "&#160;", "&emsp;", "&ensp;")
_CHALLENGE = marks(
    "acw_sc__v2",
    "renderData",
    "aliyun_waf",
    "aliyunCaptcha",
    "nc_1_n1z",
    "wzws_sessionid",
    "yunsuo_session",
    "__jsl_clearance",
)
_BLOCK_WORDS = (
    ("频繁访问", "throttled"),
    ("访问过于频繁", "throttled"),
    ("请求过于频繁", "throttled"),
    ("操作过于频繁", "throttled"),
    ("访问被阻断", "waf_block"),
    ("您的访问被拒绝", "waf_block"),
    ("您的请求被拦截", "waf_block"),
    ("请求已被拦截", "waf_block"),
    ("当前请求禁止访问", "captcha"),
    ("验证码校验不通过", "captcha"),
    ("请完成安全验证", "captcha"),
    ("滑动验证", "captcha"),
    ("403 Forbidden", "forbidden"),
    ("Access Denied", "forbidden"),
)
_ERROR_WORDS = (
    ("系统异常", "server_error"),
    ("500 Internal Server Error", "server_error"),
    ("502 Bad Gateway", "server_error"),
    ("503 Service", "server_error"),
    ("504 Gateway", "server_error"),
    ("页面不存在", "not_found"),
    ("您访问的页面", "not_found"),
    ("404 Not Found", "not_found"),
    ("信息不存在", "not_found"),
    ("公告不存在", "not_found"),
    ("已被删除", "not_found"),
    ("暂停服务", "maintenance"),
    ("暂停访问", "maintenance"),
    ("停机维护", "maintenance"),
    ("系统维护公告", "maintenance"),
    ("系统维护通知", "maintenance"),
    ("系统维护中", "maintenance"),
    ("正在维护", "maintenance"),
    ("正在升级", "maintenance"),
)
_PASSING = frozenset({"server_error", "maintenance"})
_JSON_ADDRESS = regex(
    r"/portal/(?:detail|category|searchHome)|/rest/(?:web/)?v\d/|getTradList|/gwebsite/api/|/api/website/|\.svc(?:\?|$)|\.do\?.*selectInfo|selectInfoMoreChannel"
)
_LIST_WORDS = marks("list_bid", "list-bid", "moredingannctable", "bulletinlistid", "searchForm", "DEAL_CLASSIFY")
_SEARCH_TITLES = ("采购公告搜索", "标讯库搜索")
_POINTER = regex(r"showDetail\(this,\s*'\d{4}',\s*'/information/")
_CONTENT_MARK = regex(
    r"vF_detail_content|vT_detail_content|id=[\"']?(?:noticeArea|mycontent|TDContent|newsText|NoticeDetail|SupplierInfos|tblInfo)\b|wrap-post|"
    r"code-(?:00003|00004|00014)\b|ann-wrapper|epoint-article-content"
)
_CONTENT_WORDS = marks(
    "_detail_content", "noticeArea", "mycontent", "TDContent", "newsText", "NoticeDetail", "SupplierInfos", "tblInfo", "wrap-post", "code-0000", "code-00014",
    "ann-wrapper", "article-content",
)  # fmt: skip
_MIN_ITEMS = 8
_DAY = regex(r"20\d\d[-./年]\d{1,2}[-./月]\d{1,2}")
_ITEM_LINK = regex(
    rf"<(?:li|tr|dd)\b[^>]*>(?:(?!</(?:li|tr|dd)>).){{0,600}}?<a\b[^>]*href[^>]*>(?:(?!</(?:li|tr|dd)>).){{0,1500}}?(?:{_DAY.pattern})",
    re.IGNORECASE | re.DOTALL,
)
_VOCABULARY = regex(
    r"采购|招标|投标|中标|成交|公告|公示|供应商|转让|竞价|出让|合同|磋商|谈判|询价|验收|项目编号|釆购|中选|比选|标段|投诉|质疑"
)
_THROTTLE_FRAGMENT = regex(r"[\"']code[\"']\s*:\s*[\"']?(999|829|800|804|801)\b")
_CAPTCHA_KEYS = frozenset({"captchaToken", "captchaImage", "captchaUuid"})
_TITLE_KEYS = frozenset(
    {"title", "TITLE", "NOTICE_TITLE", "bulletintitle", "BULLETINTITLE", "noticeTitle", "shorttitle", "NAME"}
)
_CONTENT_KEYS = frozenset(
    {
        "content", "CONTENT", "html", "clean_text", "content_text", "text", "body", "gonggaocontent", "infoContent", "infocontent",
        "noticeContent", "bulletinContent", "NOTICE_CONTENT", "purchaseContent", "detail", "articleContent", "contentHtml",
    }
)  # fmt: skip
_RECORD_KEYS = frozenset(
    {
        "buyer", "purchaser", "buyerName", "purchaserName", "purchaser_name", "procurementCompany", "projectCode", "projectName", "winner",
        "noticeTime", "publishDate", "publishTime", "publish_time", "publish_date", "published_ts", "openTenderCode", "budget", "operator",
        "NOTICE_ID", "NEWWORK_DATE", "issueTime", "noticeType", "articleId", "time", "infodate", "pubDate",
    }
)  # fmt: skip


def recognise(
    body: bytes, content_type: str | None = None, url: str | None = None, status: int | None = None
) -> StateVerdict:
    """State of one HTTP answer. ``status`` is the HTTP status when known. Never raises on content."""
    if not body.strip():
        return StateVerdict(PageState.EMPTY, "empty_body", transient=True)
    if status is not None and status >= 400:
        by_status = _by_status(status)
        if by_status is not None:
            return by_status
    return recognise_decoded(decode(body, content_type), url)


def text_of(body: bytes, content_type: str | None = None) -> str:
    """The characters of an answer, by the charset it is really in; for those who look for words before anything is read."""
    return decode(body, content_type).text


def recognise_decoded(decoded: Decoded, url: str | None = None) -> StateVerdict:
    """The same for a body that is decoded already."""
    text = decoded.text
    if not text.strip():
        return StateVerdict(PageState.EMPTY, "empty_body", transient=True)
    if decoded.replaced * 20 > len(text):
        return StateVerdict(PageState.UNKNOWN, "undecodable")
    if decoded.kind == "json":
        return _json_state(text)
    if decoded.kind == "html":
        return _html_state(decoded, url)
    return _text_state(text, url)


def _by_status(status: int) -> StateVerdict | None:
    if status in {404, 410}:
        return StateVerdict(PageState.ERROR_PAGE, "not_found")
    if status in {403, 405, 412, 418, 521}:
        return StateVerdict(PageState.BLOCKED, "forbidden" if status == 403 else "waf_block")
    if status == 429:
        return StateVerdict(PageState.BLOCKED, "throttled", transient=True)
    if status >= 500:
        return StateVerdict(PageState.ERROR_PAGE, "server_error", transient=True)
    return StateVerdict(PageState.ERROR_PAGE, f"http_{status}")


# ── HTML ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _html_state(decoded: Decoded, url: str | None) -> StateVerdict:
    text, words = decoded.text, decoded.words
    head = text[:_HEAD]
    found = _TITLE.search(head) if "<title" in head or "<TITLE" in head else None
    title = _SPACE.sub("", found.group(1)) if found is not None else ""
    blocked = _html_block(text, words, head, title)
    if blocked is not None:
        return blocked
    if _HOME.search(title) is not None and (url is None or _JSON_ADDRESS.search(url) is None):
        return StateVerdict(PageState.UNKNOWN, "home_page")
    listed = not words.isdisjoint(_LIST_WORDS) or any(word in title for word in _SEARCH_TITLES)
    items = _may_be_list(text)
    if (
        not listed
        and not items
        and _much_chinese(decoded)
        and "showDetail(" not in words
        and _VOCABULARY.search(text) is not None
    ):
        # Hundreds of Chinese characters and no list: no need to take the tags away to see that.
        return StateVerdict(PageState.NOTICE, "truncated" if _truncated(text) else "vocabulary")
    mark = _content_mark(text, words)
    if mark >= 0 and _shows(text[mark : mark + _SHORT], _LITTLE_TEXT // 2):
        return StateVerdict(PageState.NOTICE, "truncated" if _truncated(text) else "content_node")
    if listed:
        return _list_state(words, title, text)
    if "showDetail(" in words and _POINTER.search(text) is not None:
        return StateVerdict(PageState.LIST, "pointer_page")
    if url is not None and len(text) < _SHORT and _JSON_ADDRESS.search(url) is not None:
        return StateVerdict(PageState.BLOCKED, "html_instead_of_json")
    return _by_visible_text(text, head, items=items)


def _much_chinese(decoded: Decoded) -> bool:
    """Hundreds of characters that are not ASCII. Each makes the UTF-8 form one to three bytes longer, which mostly settles it."""
    least = _SHORT // 10
    if decoded.extra >= 3 * least or decoded.extra < least:
        return decoded.extra >= least
    return len(decoded.text) - len(decoded.text.encode("ascii", "ignore")) >= least


def _by_visible_text(text: str, head: str, *, items: bool) -> StateVerdict:
    source = _UNSEEN.sub(" ", text[:_SCAN])
    begun = _untagged(_beginning(source, _HEAD))
    if len(begun) >= _SHORT // 10 and _VOCABULARY.search(begun) is not None and not (items and _dated_links(text)[0]):
        # The rest of a long page would say no more.
        return StateVerdict(PageState.NOTICE, "truncated" if _truncated(text) else "vocabulary")
    visible = _untagged(source)
    if len(visible) < _SHORT // 10:
        for word, reason in _ERROR_WORDS:
            if word.replace(" ", "") in visible:
                return StateVerdict(PageState.ERROR_PAGE, reason, reason in _PASSING)
    if len(visible) < _LITTLE_TEXT:
        if len(visible) >= 4 and _VOCABULARY.search(visible) is not None:
            return StateVerdict(PageState.NOTICE, "short_text")
        reason = "application_shell" if "<script" in head.lower() else "no_text"
        return StateVerdict(PageState.EMPTY, reason, transient=True)
    if items and _many_items(text, visible):
        return StateVerdict(PageState.LIST, "list_of_links")
    if _VOCABULARY.search(visible) is not None:
        return StateVerdict(PageState.NOTICE, "truncated" if _truncated(text) else "vocabulary")
    return StateVerdict(PageState.UNKNOWN, "no_procurement_words")


def _content_mark(text: str, words: frozenset[str]) -> int:
    """Where a known content node begins; -1 when there is none."""
    match = _CONTENT_MARK.search(text, 0, _SCAN) if not words.isdisjoint(_CONTENT_WORDS) else None
    return match.start() if match is not None else -1


def _shows(source: str, least: int) -> bool:
    """Whether a reader sees at least so many characters. Mostly the beginning shows that."""
    seen = _UNSEEN.sub(" ", source)
    return len(_untagged(_beginning(seen, _SHORT // 5))) >= least or len(_untagged(seen)) >= least


def _beginning(source: str, length: int) -> str:
    """What stands before a tag that begins there at the latest: nothing of it would be read otherwise in the whole."""
    return source[: max(source.rfind("<", 0, length), 0)]


def _shown(source: str) -> str:
    """What a reader sees of a piece of source, without any white space."""
    return _untagged(_UNSEEN.sub(" ", source))


def _untagged(source: str) -> str:
    """The same of a source without scripts and comments."""
    shown = " ".join(_TAG.split(source))
    if "&" in shown:
        for entity in _BLANKS:
            shown = shown.replace(entity, " ")
    return "".join(shown.split())


def _may_be_list(text: str) -> bool:
    return _holds_many(text, "<a ") and (_holds_many(text, "<li") or _holds_many(text, "<tr"))


def _holds_many(text: str, mark: str) -> bool:
    """Whether as many stand there as a list has; most pages of a portal show that in their first lines."""
    at = -1
    for _ in range(_MIN_ITEMS):
        at = text.find(mark, at + 1, _SCAN)
        if at < 0:
            return False
    return True


def _html_block(text: str, words: frozenset[str], head: str, title: str) -> StateVerdict | None:
    if "安全验证" in title:
        return StateVerdict(PageState.BLOCKED, "captcha")
    if "错误页面" in title or title.startswith("404"):
        return StateVerdict(PageState.ERROR_PAGE, "not_found")
    if title.startswith(("403", "405")):
        return StateVerdict(PageState.BLOCKED, "forbidden")
    if title.startswith(("500", "502", "503", "504")):
        return StateVerdict(PageState.ERROR_PAGE, "server_error", transient=True)
    if len(text) < _SHORT or "频繁" in title:
        for word, reason in _BLOCK_WORDS:
            if word in text:
                return StateVerdict(PageState.BLOCKED, reason, reason == "throttled")
    if (
        not words.isdisjoint(_CHALLENGE)
        and any(mark in head for mark in _CHALLENGE)
        and _content_mark(text, words) < 0
        and len(_visible(text)) < _SHORT // 10
    ):
        return StateVerdict(PageState.BLOCKED, "waf_challenge")
    return None


def _list_state(words: frozenset[str], title: str, text: str) -> StateVerdict:
    if any(word in title for word in _SEARCH_TITLES) and _LISTED_NOTICE.search(text) is None:
        return StateVerdict(PageState.LIST, "zero_hits")
    return StateVerdict(PageState.LIST, "search_form" if "DEAL_CLASSIFY" in words else "list_markup")


_LISTED_NOTICE = regex(r"t20\d{6}_\d+\.htm|bidDoc=\d+")


def _visible(text: str) -> str:
    return _shown(text[:_SCAN])


def _many_items(text: str, visible: str) -> bool:
    """A list has many dated links and little else."""
    items, covered = _dated_links(text)
    return items >= _MIN_ITEMS and covered * 2 > len(visible)


def _dated_links(text: str) -> tuple[int, int]:
    """Number of dated links, and how many characters they show; none where there are fewer than a list has."""
    if sum(1 for _ in itertools.islice(_DAY.finditer(text, 0, _SCAN), _MIN_ITEMS)) < _MIN_ITEMS:
        return 0, 0
    items = 0
    covered = 0
    for match in _ITEM_LINK.finditer(text, 0, _SCAN):
        items += 1
        covered += len(_SPACE.sub("", _TAG.sub("", match.group())))
        if items > 200:
            break
    return (items, covered) if items >= _MIN_ITEMS else (0, 0)


def _truncated(text: str) -> bool:
    """The answer stops in the middle: a whole page that never closes, or a last tag cut in two."""
    tail = text[-400:]
    if tail.rfind("<") > tail.rfind(">"):
        return True
    end = text[-4000:]
    if "</html" in end or "</body" in end or "<html" not in text[:600].lower():
        return False
    end = end.lower()
    return "</html" not in end and "</body" not in end


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _json_state(text: str) -> StateVerdict:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _broken_json(text)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return StateVerdict(PageState.UNKNOWN, "json_string")
    blocked = _json_block(value, 0)
    if blocked is not None:
        return blocked
    records = _records(value, 0)
    if records is not None:
        return StateVerdict(PageState.LIST, "record_list" if records else "zero_hits")
    if _is_notice(value, 0):
        return StateVerdict(PageState.NOTICE, "record")
    if isinstance(value, dict) and value.get("success") is False:
        return StateVerdict(PageState.ERROR_PAGE, "refused")
    return StateVerdict(PageState.UNKNOWN, "json_of_another_kind")


def _broken_json(text: str) -> StateVerdict:
    match = _THROTTLE_FRAGMENT.search(text[:_SHORT])
    if match is not None and len(text) < _SHORT:
        return _code_verdict(match.group(1))
    if re.search(r"\"(?:content|html|clean_text|content_text)\"\s*:", text[:_SCAN]) is not None:
        return StateVerdict(PageState.ERROR_PAGE, "truncated_json", transient=True)
    # Several JSON values one after another (a .jsonl file, an excerpt) are a list of records.
    try:
        json.loads(text.splitlines()[0])
    except (ValueError, RecursionError):
        return StateVerdict(PageState.ERROR_PAGE, "truncated_json", transient=True)
    return StateVerdict(PageState.LIST, "json_lines")


def _code_verdict(code: str) -> StateVerdict:
    if code == "829":
        return StateVerdict(PageState.BLOCKED, "captcha")
    if code in {"800", "999"}:
        return StateVerdict(PageState.BLOCKED, "throttled", transient=True)
    return StateVerdict(PageState.ERROR_PAGE, "narrow_the_query" if code == "804" else "refused")


def _json_block(value: Any, depth: int) -> StateVerdict | None:
    if not isinstance(value, dict) or depth > 3:
        return None
    code = str(value.get("code", ""))
    data = value.get("data")
    if code in {"829", "800", "999", "801", "804"} and not data:
        return _code_verdict(code)
    message = f"{value.get('msg') or ''}{value.get('message') or ''}"
    if "验证码" in message and code not in {"200", "0", "0000"}:
        return StateVerdict(PageState.BLOCKED, "captcha")
    if _CAPTCHA_KEYS & value.keys() or (isinstance(data, dict) and _CAPTCHA_KEYS & data.keys()):
        return StateVerdict(PageState.BLOCKED, "captcha")
    if "频繁" in message and not data:
        return StateVerdict(PageState.BLOCKED, "throttled", transient=True)
    if "系统异常" in message and not data:
        return StateVerdict(PageState.ERROR_PAGE, "server_error", transient=True)
    return _json_block(data, depth + 1)


def _records(value: Any, depth: int) -> int | None:
    """Number of records when the value is a list answer: a list of titled objects without bodies, or an empty list beside a total."""
    if depth > 4:
        return None
    if isinstance(value, list):
        if value and all(isinstance(entry, dict) for entry in value[:20]):
            titled = sum(1 for entry in value[:20] if _TITLE_KEYS & entry.keys())
            bodied = sum(1 for entry in value[:20] if _has_content(entry))
            if titled and bodied < titled and (len(value) > 1 or depth):
                return len(value)
        return None
    if (
        not isinstance(value, dict)
        or _has_content(value)
        or (_TITLE_KEYS & value.keys() and _RECORD_KEYS & value.keys())
    ):
        return None
    totals = {"total", "totalcount", "RowCount", "totalPage", "totalCount"} & value.keys()
    for entry in value.values():
        if isinstance(entry, dict | list):
            if totals and entry == []:
                return 0
            found = _records(entry, depth + 1)
            if found is not None:
                return found
    return None


def _has_content(entry: dict[str, Any]) -> bool:
    return any(
        isinstance(entry.get(key), str) and len(entry[key]) > _LITTLE_TEXT for key in _CONTENT_KEYS & entry.keys()
    )


def _is_notice(value: Any, depth: int) -> bool:
    if depth > 4:
        return False
    if isinstance(value, list):
        return len(value) == 1 and _is_notice(value[0], depth + 1)
    if not isinstance(value, dict):
        return False
    if _has_content(value):
        return True
    if _TITLE_KEYS & value.keys() and len(_RECORD_KEYS & value.keys()) >= 2:
        return True
    return any(_is_notice(entry, depth + 1) for entry in value.values() if isinstance(entry, dict | list))


# ── plain text ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _text_state(text: str, url: str | None) -> StateVerdict:
    if len(text) < _SHORT:
        match = _THROTTLE_FRAGMENT.search(text)
        if match is not None:
            return _code_verdict(match.group(1))
        for word, reason in _BLOCK_WORDS:
            if word in text:
                return StateVerdict(PageState.BLOCKED, reason, reason == "throttled")
    if url is not None and _JSON_ADDRESS.search(url) is not None and len(text) < _LITTLE_TEXT:
        return StateVerdict(PageState.ERROR_PAGE, "refused")
    if _VOCABULARY.search(text[:_SCAN]) is not None:
        return StateVerdict(PageState.NOTICE, "text")
    return StateVerdict(PageState.UNKNOWN, "no_procurement_words")
