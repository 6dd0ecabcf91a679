from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.document import decode

PAGE = '<html><head><meta charset="{}"></head><body>明川市公安局采购公告，中标（成交）结果</body></html>'


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "gbk", "no-such-set", "hex", "base64"])
@pytest.mark.parametrize("real", ["utf-8", "gb18030"])
def test_the_bytes_decide_not_the_declaration(declared: str, real: str) -> None:
    got = decode(PAGE.format(declared).encode(real), f"text/html; charset={declared}")
    assert "明川市公安局采购公告" in got.text
    assert (got.charset, got.kind, got.replaced) == (real, "html", 0)


def test_characters_outside_gb2312_survive() -> None:
    text = "北京市镕铭科技有限公司 珺 㛃"
    got = decode(f"<p>{text}</p>".encode("gb18030"), "text/html; charset=gb2312")
    assert text in got.text


def test_a_cut_last_character_does_not_change_the_charset() -> None:
    body = "明川市公安局采购公告".encode()[:-1]
    got = decode(body)
    assert got.charset == "utf-8"
    assert got.text.startswith("明川市公安局采购公")
    assert got.replaced == 1


@pytest.mark.parametrize(
    ("bom", "name"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_byte_order_marks(bom: bytes, name: str) -> None:
    got = decode(bom + "采购公告".encode(name))
    assert (got.text, got.charset) == ("采购公告", name)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"code": 1}', "json"),
        ("[]", "json"),
        ('[{"a":1}]', "json"),
        ("[市本级]明川市公安局采购公告", "text"),
        ("{注}明川市", "text"),
        ("<div>公告</div>", "html"),
        ("公告<br>第二行", "html"),
        ("价格 < 5 万元 且 > 3", "text"),
        ("", "text"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert decode(text.encode()).kind == kind


@given(st.binary(max_size=400))
def test_any_bytes_give_a_text(body: bytes) -> None:
    got = decode(body)
    assert "\x00" not in got.text
    assert got.kind in {"html", "json", "text"}
