"""A page is the notice a list announced when it holds the words of its title. Everything here is constructed."""

import json

import pytest

from crawler.pages.same import tells_of

TITLE = "明川市公安局视频监控存储扩容项目（二次）公开招标公告"
BODY = "<p>一、项目名称：<b>明川市公安局</b>视频监控 存储扩容项目</p><p>采购人：明川市公安局</p>"


@pytest.mark.parametrize(
    "page",
    [
        f"<html><h1>{TITLE}</h1></html>",
        BODY,
        BODY.replace("视频监控 存储", "视频<span>监控</span>&nbsp;存储"),
        json.dumps({"data": {"content": BODY}}),
        json.dumps(json.dumps({"title": TITLE})),
        "<p>现将明川市公安局视频监控存储扩容采购结果公布如下</p>",
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_its_words_are_there(page: str, charset: str) -> None:
    assert tells_of(TITLE, page.encode(charset), f"text/html; charset={charset}")


@pytest.mark.parametrize(
    "page",
    [
        "<html><title>中国政府采购网</title><p>政府采购公开招标公告 中标公告 更正公告 项目 服务 设备</p></html>",
        "<p>您访问的公告不存在</p>",
        "<h1>明川市公安局被装采购项目（二次）公开招标公告</h1><p>采购人：明川市公安局</p>",
        '{"code": 200, "data": null}',
        "",
    ],
)
def test_another_page_is_told(page: str) -> None:
    assert not tells_of(TITLE, page.encode())


@pytest.mark.parametrize("title", ["", "公开招标公告", "中标结果公示", "…", "采购项目（二次）"])
def test_a_title_without_words_of_its_own_says_nothing_against_a_page(title: str) -> None:
    assert tells_of(title, b"<p>anything</p>")
