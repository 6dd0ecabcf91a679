"""JSON answers of list and detail services: 政采云, gpcms, freecms. Each parser returns values or raises PageError."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from crawler.pages.ccgp import _FILE
from crawler.pages.common import PageError, from_millis, moment, row, squeeze
from crawler.types import FileLink, ListPage

_CONTENT_FILES = ("aliyuncs.com/", "1024FPA/", "zcygov.cn/", "accessCode=")
_CAPTCHA = ("验证码", "校验码")
_ABSENT = ("不存在", "已删除", "已被删除", "已下架", "已撤回", "已撤销")


def parse(body: bytes) -> Any:
    """JSON value of a body. Raises PageError ``not_json``."""
    try:
        return json.loads(body)
    except ValueError as error:
        raise PageError("not_json", body[:60].decode("utf-8", "replace")) from error


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise PageError("other_json", where)
    return value


def total_of(value: Any, where: str) -> int:
    """A count, given as a number or as digits."""
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, str) and value.isdecimal())):
        raise PageError("no_total", where)
    return int(value)


def listed_of(holder: Mapping[str, Any], key: str, where: str, total: int | None) -> list[Mapping[str, Any]]:
    """The records of a list answer. A list that is not there is no empty list: it may be null only beside a total of 0."""
    if key not in holder:
        raise PageError("other_json", f"{where} is missing")
    if holder[key] is None and total != 0:
        raise PageError("other_json", f"{where} is null beside a total of {total}")
    return rows_of(holder[key], where)


def word_of(record: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that holds a text or a number, else an empty text."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def problem_of(record: Mapping[str, Any], number: str, name: str, *bodies: str) -> str | None:
    """What is wrong with a notice's record: ``other_notice``, or ``no_content`` when it has neither a text nor files."""
    if record.get(name) not in {None, number}:
        return "other_notice"
    return None if any(str(record.get(body) or "[]") != "[]" for body in bodies) else "no_content"


def millis_of(record: Mapping[str, Any], name: str) -> dt.datetime | None:
    """A moment given in epoch milliseconds."""
    value = record.get(name)
    return from_millis(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def title_of(record: Mapping[str, Any], *names: str) -> str:
    """A title on one line, without the markup of a search's highlights."""
    return squeeze(_plain(word_of(record, *names)))


def rows_of(value: Any, where: str) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise PageError("other_json", where)
    return value


# ── 政采云 ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def zcy_list(body: bytes, base: str) -> ListPage:
    """``POST /portal/category``. The list stands under ``result.data.data``; older installations have it under
    ``result.data``.
    """
    answer = mapping(parse(body), "answer")
    if answer.get("success") is not True:
        raise PageError("refused", str(answer.get("error") or answer.get("message") or ""))
    result = mapping(answer.get("result"), "result")
    data = result if isinstance(result.get("data"), list) else mapping(result.get("data"), "result.data")
    total = total_of(data.get("total"), "total")
    rows = [
        row(
            source_id=word_of(record, "articleId"),
            url=base,
            title=title_of(record, "title"),
            published=millis_of(record, "publishDate"),
            extra={"type": record.get("pathName"), "district": record.get("districtCode")},
        )
        for record in listed_of(data, "data", "the list", total)
    ]
    return ListPage(total, tuple(rows))


def zcy_record(body: bytes) -> Mapping[str, Any]:
    """``GET /portal/detail`` → ``result.data``."""
    answer = mapping(parse(body), "answer")
    return mapping(mapping(answer.get("result"), "result").get("data"), "result.data")


def zcy_absence(body: bytes) -> str:
    """Why an answer to the question for a record holds none: ``not_found`` when the portal says that there is no such notice (no
    record beside success, or in words), else ``refused``. Raises PageError for what is no such answer.
    """
    answer = mapping(parse(body), "answer")
    if answer.get("success") is True:
        result = answer.get("result")
        empty = result is None or (isinstance(result, dict) and "data" in result and result["data"] is None)
        return "not_found" if empty and "result" in answer else "other_json"
    return _absence(answer, "error", "message")


def gpcms_absence(body: bytes) -> str:
    """The same for ``getInfoById``."""
    answer = mapping(parse(body), "answer")
    if str(answer.get("code")) == "200":
        return "not_found" if "data" in answer and answer["data"] is None else "other_json"
    return _absence(answer, "msg")


def _absence(answer: Mapping[str, Any], *names: str) -> str:
    said = word_of(answer, *names)
    if any(word in said for word in _ABSENT):
        return "not_found"
    return "refused" if said else "other_json"


def zcy_files(body: bytes, url: str) -> tuple[FileLink, ...]:
    record = zcy_record(body)
    found: dict[str, FileLink] = {}
    holder = record.get("attachmentVO")
    if isinstance(holder, dict):
        domain = str(holder.get("domain") or "")
        for item in rows_of(holder.get("attachments"), "attachments"):
            if item.get("fileId"):
                _add(found, urljoin(domain, str(item["fileId"])) if domain else str(item["fileId"]), item.get("name"))
    for item in rows_of(record.get("attachmentList"), "attachmentList"):
        if item.get("path"):
            _add(found, str(item["path"]), item.get("name"))
    content_files(found, str(record.get("content") or ""), url)
    return tuple(found.values())


# ── gpcms, freecms ───────────────────────────────────────────────────────────────────────────────────────────────────


def gpcms_list(body: bytes, base: str) -> ListPage:
    """``selectInfoMoreChannel`` of gpcms (``data.rows``, ``data.total``) and of freecms (``data``, ``total``)."""
    answer = mapping(parse(body), "answer")
    code = str(answer.get("code"))
    if code != "200":
        message = str(answer.get("msg") or "")
        raise PageError("captcha" if any(word in message for word in _CAPTCHA) else "refused", f"{code} {message}")
    data = answer.get("data")
    pages = isinstance(data, list)
    inner = answer if pages else mapping(data, "data")
    total = total_of(inner.get("total"), "total")
    rows = []
    for record in listed_of(inner, "data" if pages else "rows", "data" if pages else "data.rows", total):
        page = word_of(record, "pageurl", "htmlpath")
        rows.append(
            row(
                source_id=word_of(record, "id"),
                # Where a notice is a page, the record names it; where it is a record, its id is enough.
                url=(urljoin(base, page) if page else "") if pages else base,
                title=title_of(record, "title", "shorttitle"),
                published=moment(word_of(record, "noticeTime", "addtimeStr")),
                extra={"type": record.get("noticeType"), "plan": record.get("planId") or None},
            )
        )
    return ListPage(total, tuple(rows))


def gpcms_record(body: bytes, number: str) -> Mapping[str, Any]:
    """``getInfoById`` → ``data``; of the list by plan, the record with that id."""
    answer = mapping(parse(body), "answer")
    data = mapping(answer.get("data"), "data")
    if isinstance(data.get("rows"), list):
        for record in rows_of(data["rows"], "data.rows"):
            if record.get("id") == number:
                return record
        raise PageError("other_notice", number)
    return data


def gpcms_files(body: bytes, url: str, number: str) -> tuple[FileLink, ...]:
    record = gpcms_record(body, number)
    found: dict[str, FileLink] = {}
    files = record.get("attchList")
    if isinstance(files, list):
        for item in rows_of(files, "attchList"):
            if item.get("fileUrl"):
                _add(found, str(item["fileUrl"]), item.get("fileName"))
    content_files(found, str(record.get("content") or ""), url)
    return tuple(found.values())


# ── links inside HTML content ────────────────────────────────────────────────────────────────────────────────────────


def content_files(found: dict[str, FileLink], html: str, url: str) -> None:
    """Add the links of an HTML fragment that lead to files."""
    if "<a" not in html:
        return
    for link in LexborHTMLParser(html).css("a[href]"):
        href = (link.attributes.get("href") or "").strip()
        if not href or not (_FILE.search(href) or any(mark in href for mark in _CONTENT_FILES)):
            continue
        _add(found, urljoin(url, href), link.text())


def _add(found: dict[str, FileLink], url: str, name: Any) -> None:
    if url.startswith(("http://", "https://")):
        found.setdefault(url, FileLink(squeeze(str(name or "")) or url.rsplit("/", 1)[-1], url))


def _plain(text: str) -> str:
    return LexborHTMLParser(text).text() if "<" in text else text
