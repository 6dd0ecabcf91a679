"""What the crawler takes from the national portal's pages."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages import ccgp as pages
from crawler.pages.common import BEIJING, PageError, decode, moment
from seeds.demo import ccgp
from tests.replica.notices import FIRST_DAY, attachment, make

LIST = "http://www.ccgp.gov.cn/cggg/dfgg/zbgg/index.htm"
SEARCH = "http://search.ccgp.gov.cn/bxsearch?page_index=1"


@pytest.mark.parametrize("mixed", [False, True])
def test_list_rows(mixed: bool) -> None:
    notices = [make(n, code="zbgg", side="dfgg") for n in range(3)]
    rows = pages.list_rows(ccgp.list_page(notices, mixed=mixed).encode(), LIST.replace("/zbgg", "") if mixed else LIST)
    assert [row.source_id for row in rows] == [str(n.source_id) for n in notices]
    assert [row.url for row in rows] == [f"http://www.ccgp.gov.cn{n.ccgp_path}" for n in notices]
    assert [row.published for row in rows] == [n.published for n in notices]
    assert [row.extra["buyer"] for row in rows] == [n.buyer for n in notices]


def test_an_empty_list_has_no_rows_and_is_a_list() -> None:
    assert pages.list_rows(ccgp.list_page([]).encode(), LIST) == ()


@pytest.mark.parametrize("body", [b"", b"<html><body>403</body></html>", ccgp.throttle_page().encode()])
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(PageError, match="not_a_list"):
        pages.list_rows(body, LIST)


def test_a_row_without_an_id_is_refused() -> None:
    body = b'<ul class="c_list_bid"><li><a href="./about.htm">x</a><em>2026-05-11 10:00</em></li></ul>'
    with pytest.raises(PageError, match="row_without_id"):
        pages.list_rows(body, LIST)


def test_search_rows_and_total() -> None:
    notices = [make(n) for n in range(4)]
    html = ccgp.search_page(notices, total=44, page=3, since=FIRST_DAY, until=FIRST_DAY, keyword="硬盘")
    page = pages.search_page(html.encode(), SEARCH)
    assert (page.total, page.since, page.until) == (44, FIRST_DAY, FIRST_DAY)
    assert [row.source_id for row in page.rows] == [str(n.source_id) for n in notices]
    assert [row.url for row in page.rows] == [f"http://www.ccgp.gov.cn{n.ccgp_path}" for n in notices]
    assert page.rows[0].published == notices[0].published
    assert page.rows[0].extra == {"buyer": notices[0].buyer, "agency": notices[0].agency}
    assert page.echo["kw"] == "硬盘"


def test_no_hits_is_a_total_of_zero() -> None:
    page = pages.search_page(ccgp.search_page([], total=0, page=1, since=FIRST_DAY, until=FIRST_DAY).encode(), SEARCH)
    assert (page.total, page.rows) == (0, ())


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (ccgp.throttle_page(), "landing_page"),
        ("<title>标讯库搜索_中国政府采购网</title><p>共找到 3 条内容</p>", "landing_page"),
        ("<title>采购公告搜索_中国政府采购网</title><p>没有</p>", "no_total"),
        ("<title>采购公告搜索_中国政府采购网</title><p>共找到<span>a</span><span>b</span>条内容</p>", "no_total"),
        ("", "landing_page"),
    ],
)
def test_what_is_no_result_page_is_refused(html: str, reason: str) -> None:
    with pytest.raises(PageError) as error:
        pages.search_page(html.encode(), SEARCH)
    assert error.value.reason == reason


def test_files_in_all_four_forms_once_each() -> None:
    notice = make(3, attachments=4, code="zbgg")
    url = f"http://www.ccgp.gov.cn{notice.ccgp_path}"
    found = pages.files(ccgp.detail_page(notice).encode(), url)
    assert {link.url for link in found} == {ccgp.attachment_url(notice, a) for a in notice.attachments}
    assert {link.name for link in found} == {a.name for a in notice.attachments}


def test_a_page_without_files_has_none() -> None:
    notice = make(5, code="zbgg")
    assert pages.files(ccgp.detail_page(notice).encode(), f"http://www.ccgp.gov.cn{notice.ccgp_path}") == ()
    assert pages.files(b"", "http://www.ccgp.gov.cn/") == ()


def test_links_that_are_no_files() -> None:
    html = """<div class="vF_detail_main"><a href="http://zfwzgl.www.gov.cn/exposure/jiucuo.html" ignore=1>纠错</a>
    <a href="javascript:void(0)">x</a><a href="#top">y</a><a href="../index.htm">z</a>
    <a ignore=1 href="http://store.example.cn/file?id=7&amp;v=1">招标文件</a></div>"""
    (link,) = pages.files(html.encode(), "http://www.ccgp.gov.cn/cggg/dfgg/zbgg/202605/t20260511_1.htm")
    assert link.url == "http://store.example.cn/file?id=7&v=1"
    assert link.name == "招标文件"


@given(st.text(max_size=400))
def test_no_text_breaks_the_parsers(text: str) -> None:
    body = text.encode()
    pages.files(body, LIST)
    for parse in (pages.list_rows, pages.search_page):
        with contextlib.suppress(PageError):
            parse(body, LIST)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-21 23:06", dt.datetime(2026, 6, 21, 23, 6, tzinfo=BEIJING)),
        ("2017.12.19 17:05:15", dt.datetime(2017, 12, 19, 17, 5, 15, tzinfo=BEIJING)),
        ("2025年06月27日  17:52", dt.datetime(2025, 6, 27, 17, 52, tzinfo=BEIJING)),
        ("2003.03.17", dt.datetime(2003, 3, 17, tzinfo=BEIJING)),
        ("2026-13-40", None),
        ("", None),
    ],
)
def test_times(text: str, expected: dt.datetime | None) -> None:
    assert moment(text) == expected


def test_charsets() -> None:
    assert decode("采购".encode("gb18030"), "text/html; charset=gb2312") == "采购"
    assert decode('<meta charset="gbk">采购'.encode("gb18030")).endswith("采购")
    assert decode("采购".encode()) == "采购"
    assert decode("采购".encode("gb18030")) == "采购"
    assert decode("采购".encode(), "text/html; charset=x-unknown") == "采购"


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://www.ccgp.gov.cn/cggg/dfgg/zbgg/202605/t20260511_27100001.htm", "27100001"),
        ("t20260511_9.htm", None),
        ("http://x/t20260511_9.htm?x=1", "9"),
        ("http://search.ccgp.gov.cn/bidDetailShow.jsp?bidDoc=567378", "567378"),
        ("http://www.ccgp.gov.cn/index.htm", None),
    ],
)
def test_notice_ids(url: str, number: str | None) -> None:
    assert pages.notice_id(url) == number


def test_attachments_of_the_sample_open() -> None:
    import io

    import docx
    import pypdfium2
    import python_calamine

    word, pdf, excel = (attachment(7, n).data for n in range(3))
    assert "附件1，公告7" in [p.text for p in docx.Document(io.BytesIO(word)).paragraphs]
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        text = page.get_textpage()
        assert "附件2，公告7" in text.get_text_bounded()
        text.close()
        page.close()
    assert ["附件3，公告7"] in python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(excel)).get_sheet_by_index(
        0
    ).to_python()
