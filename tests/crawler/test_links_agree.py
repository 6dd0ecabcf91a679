"""A file joins its notice by its address: crawler and reader must take the same addresses from the same page."""

import json

import pytest

from crawler.pages import ccgp as pages
from crawler.pages import json_lists
from nlp.read import read
from nlp.types import PageInput
from seeds import load_knowledge
from seeds.demo import api, ccgp
from tests.replica.notices import make


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


@pytest.mark.parametrize("body", ["ccgp", "zcy", "gpcms"])
def test_ccgp(knowledge, body: str) -> None:
    notice = make(8, code="zbgg", attachments=4, body=body)
    html, url = ccgp.detail_page(notice).encode(), f"http://www.ccgp.gov.cn{notice.ccgp_path}"
    reading = read(PageInput(body=html, url=url, portal="ccgp", content_type="text/html"), knowledge)
    links = {link.url for link in pages.files(html, url)}
    assert len(links) == 4
    assert links <= {a.url for a in reading.attachments}


@pytest.mark.parametrize("portal", ["zcy", "gpcms"])
def test_json(knowledge, portal: str) -> None:
    notice = make(8, code="zbgg", attachments=4, body="gpcms")
    if portal == "zcy":
        value, url, name = (
            api.zcy_detail(notice),
            "http://www.ccgp-guangxi.gov.cn/portal/detail?articleId=x",
            "ccgp-guangxi",
        )
    else:
        value, url, name = (
            api.gpcms_detail(notice),
            "https://gdgpo.czt.gd.gov.cn/gpcms/rest/web/v2/info/getInfoById?id=x",
            "ccgp-guangdong",
        )
    body = json.dumps(value, ensure_ascii=False).encode()
    links = (
        json_lists.zcy_files(body, url) if portal == "zcy" else json_lists.gpcms_files(body, url, api.gpcms_id(notice))
    )
    reading = read(PageInput(body=body, url=url, portal=name, content_type="application/json"), knowledge)
    assert len(links) >= 1
    assert {link.url for link in links if "accessCode" in link.url or "/1024FPA/" in link.url} <= {
        a.url for a in reading.attachments
    }
