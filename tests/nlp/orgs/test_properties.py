"""Whatever is typed into a name field, the reader answers."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.orgs import analyse, company_key, find_end_users, find_title_orgs, identify, read_org, read_party
from nlp.orgs.knowledge import OrgKnowledge
from nlp.types import PUBLIC_SECURITY_TIERS
from seeds.orgs import load_org_knowledge

TODAY = dt.date(2026, 1, 1)

PIECES = st.sampled_from(
    [
        "喀什地区",
        "公安局",
        "公安县",
        "第八师",
        "石河子市",
        "兵团",
        "天山区",
        "分局",
        "派出所",
        "监狱",
        "法院",
        "有限公司",
        "（",
        "）",
        "、",
        "某",
        "***",
        "消防",
        "武警",
        "采购项目",
        "本级",
        "GAJ",
        "2024",
        "，",
        "电话：",
        "交警",
        "支队",
        "路",
        "医院",
        "乌市",
    ]
)
TEXT = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=9).map("".join))
FAST = settings(max_examples=300, deadline=None)


@FAST
@given(text=TEXT)
def test_any_text_is_read(text: str) -> None:
    orgs, today = load_org_knowledge(), TODAY
    got = read_org(text, orgs, today)
    assert got.name == text
    assert got.reason
    assert got.is_public_security is (got.tier in PUBLIC_SECURITY_TIERS)
    assert got.division_code is None or got.division_code in orgs.divisions
    assert got == read_org(text, orgs, today)
    if got.is_public_security:
        assert got.unit_class


@FAST
@given(text=TEXT)
def test_fields_keys_and_spans(text: str) -> None:
    orgs, today = load_org_knowledge(), TODAY
    assert len(read_party(text, orgs, today)) >= 1
    identity = identify(analyse(text, orgs, today), orgs)
    assert identity.key
    assert identity.key not in identity.chain
    assert identity.parent_key == (identity.chain[0] if identity.chain else None)
    assert company_key(text).startswith("company:")
    for found in (*find_end_users(text, orgs, today), *find_title_orgs(text, orgs, today)):
        assert 0 <= found.start < found.end <= len(text)
        assert found.org.name == text[found.start : found.end]


def test_a_paragraph_is_cut(orgs: OrgKnowledge, today: dt.date) -> None:
    got = read_org("喀什市公安局" + "说明" * 5000, orgs, today)
    assert got.division_code == "653101"


def test_empty(orgs: OrgKnowledge, today: dt.date) -> None:
    for text in ("", " ", "\n", "（）"):
        got = read_org(text, orgs, today)
        assert not got.is_public_security
        assert got.reason in {"empty", "placeholder"}
