from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.page_state import recognise
from nlp.types import PageState

NOTICE = (
    "<html><body><p>明川市公安局采购公告</p>"
    + "<p>一、项目编号：A-1，本项目采用公开招标方式采购，欢迎供应商参加。</p>" * 20
    + "</body></html>"
)


@pytest.mark.parametrize(
    ("body", "state", "reason"),
    [
        (b"", PageState.EMPTY, "empty_body"),
        (b" \r\n ", PageState.EMPTY, "empty_body"),
        ("<html><title>频繁访问!中国政府采购网</title>您的访问过于频繁</html>", PageState.BLOCKED, "throttled"),
        ("<html><title>安全验证</title><body>请拖动滑块</body></html>", PageState.BLOCKED, "captcha"),
        ("<html><head><title>403 Forbidden</title></head><body>403</body></html>", PageState.BLOCKED, "forbidden"),
        ("<html><body><h1>405</h1>您的访问被阻断</body></html>", PageState.BLOCKED, None),
        ("<script>var arg1='1';acw_sc__v2</script>", PageState.BLOCKED, "waf_challenge"),
        ("<div id='aliyunCaptcha-sliding-slider'></div>", PageState.BLOCKED, "waf_challenge"),
        ("验证码校验不通过，当前请求禁止访问", PageState.BLOCKED, "captcha"),
        ("<html><title>错误页面！中国政府采购网</title></html>", PageState.ERROR_PAGE, "not_found"),
        (
            "<html><body><h1>502 Bad Gateway</h1><hr>nginx 采购 0123456789 0123456789 0123456789</body></html>",
            PageState.ERROR_PAGE,
            "server_error",
        ),
        (
            "<html><script src=a.js></script><body><div id=app></div></body></html>",
            PageState.EMPTY,
            "application_shell",
        ),
        ('{"code":829,"data":null}', PageState.BLOCKED, "captcha"),
        ('{"code":800,"message":"眼睛累了，稍适休息！"}', PageState.BLOCKED, "throttled"),
        ('{"status":200,"data":{"code":999,"message":"服务请求失败","data":null}}', PageState.BLOCKED, "throttled"),
        ('{"code":"500","msg":"验证码错误"}', PageState.BLOCKED, "captcha"),
        ('{"status":500,"message":"系统异常"}', PageState.ERROR_PAGE, "server_error"),
        ('{"code":200,"data":{"records":[],"total":0}}', PageState.LIST, "zero_hits"),
        (
            '{"data":{"rows":[{"title":"甲","noticeTime":"2024-01-01"},{"title":"乙","noticeTime":"2024-01-01"}],"total":2}}',
            PageState.LIST,
            "record_list",
        ),
        (
            '{"data":{"content":"<p>明川市公安局采购公告，项目编号：A-1，公开招标，欢迎供应商参加投标，时间地点详见下文各条，特此公告。</p>"}}',
            PageState.NOTICE,
            "record",
        ),
        ('{"data":{"content":"<p>明川市公安局采购', PageState.ERROR_PAGE, "truncated_json"),
        ('{"districts":[{"code":"450100"}]}', PageState.UNKNOWN, None),
        (NOTICE, PageState.NOTICE, "vocabulary"),
        (NOTICE[: len(NOTICE) - 20] + "<di", PageState.NOTICE, "truncated"),
        ("明川市公安局采购公告\n项目编号：A-1", PageState.NOTICE, "text"),
        ("lorem ipsum dolor", PageState.UNKNOWN, None),
    ],
)
def test_what_portals_send(body: bytes | str, state: PageState, reason: str | None) -> None:
    got = recognise(body if isinstance(body, bytes) else body.encode())
    assert got.state is state, got
    assert reason in {None, got.reason}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (403, PageState.BLOCKED),
        (405, PageState.BLOCKED),
        (429, PageState.BLOCKED),
        (404, PageState.ERROR_PAGE),
        (502, PageState.ERROR_PAGE),
    ],
)
def test_status_rules_over_the_body(status: int, state: PageState) -> None:
    assert recognise(NOTICE.encode(), status=status).state is state


@pytest.mark.parametrize("status", [None, 200, 304])
def test_a_good_status_says_nothing(status: int | None) -> None:
    assert recognise(NOTICE.encode(), status=status).state is PageState.NOTICE


def test_html_where_json_was_asked_for() -> None:
    page = "<html><body><div>welcome to this portal of the province</div></body></html>"
    address = "https://www.ccgp-xinjiang.gov.cn/portal/detail?articleId=x"
    assert recognise(page.encode(), url=address).reason == "html_instead_of_json"
    assert recognise(page.encode(), url="https://h.example/a.html").reason != "html_instead_of_json"


def test_a_notice_that_mentions_blocking_is_no_block() -> None:
    page = NOTICE.replace("欢迎供应商参加", "防火墙应记录访问过于频繁的地址并支持安全验证、滑动验证") + " " * 6000
    assert recognise(page.encode()).state is PageState.NOTICE


def test_a_list_of_dated_links() -> None:
    rows = "".join(
        f'<li><a href="/info/{d}.html">明川市公安局第{d}批采购公告</a><span>2024-05-{d:02d}</span></li>'
        for d in range(1, 20)
    )
    assert recognise(f"<html><body><ul>{rows}</ul></body></html>".encode()).state is PageState.LIST


def test_a_notice_with_many_attachments_is_no_list() -> None:
    rows = "".join(f'<li><a href="/f/{d}.pdf">附件{d}.pdf</a></li>' for d in range(1, 20))
    assert recognise(NOTICE.replace("</body>", f"<ul>{rows}</ul></body>").encode()).state is PageState.NOTICE


@given(st.binary(max_size=500))
def test_any_bytes_have_a_state(body: bytes) -> None:
    assert recognise(body).state in PageState


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=60),
        lambda x: (
            st.lists(x, max_size=4)
            | st.dictionaries(
                st.sampled_from(["data", "title", "content", "code", "rows", "msg", "total"]), x, max_size=4
            )
        ),
        max_leaves=20,
    )
)
def test_any_json_has_a_state(value: object) -> None:
    assert recognise(json.dumps(value).encode()).state in PageState


def test_deep_json_is_no_crash() -> None:
    assert recognise(b"[" * 100_000 + b"]" * 100_000).state in PageState


def test_the_module_is_light() -> None:
    code = "import sys, nlp.page_state; print([m for m in sys.modules if m.startswith(('nlp.brands', 'nlp.items', 'seeds', 'ahocorasick', 'numpy', 'sklearn'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
