"""The reader of roles as a whole: shapes, bounds, and the texts that mislead."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.roles import RoleContext, assign_roles
from nlp.roles.types import LotSpan, SectionSpan
from nlp.types import LotStatus, MentionRole
from seeds.models import load_role_model
from tests.nlp.roles.texts import Span, parse

MODEL = load_role_model()


def roles(marked: str) -> list[str]:
    text, spans, context = parse(marked)
    return [decision.role.value for decision in assign_roles(text, spans, context, MODEL)]


@pytest.mark.parametrize(
    ("marked", "wanted"),
    [
        ("@correction 更正前：品牌⟦希捷⟧；更正后：品牌⟦东芝⟧", ["negated", "required"]),
        ("@award 中标供应商所投⟦佳能⟧；未中标供应商所投⟦尼康⟧", ["awarded", "candidate"]),
        ("一、现有设备\n1. 交换机⟦思科⟧2台\n二、采购内容：须采用⟦华三⟧交换机", ["installed", "required"]),
        ("供应商：⟦岛津⟧企业管理（中国）有限公司，成交产品为⟦岛津⟧LC-2050", ["supplier_is_brand", "awarded"]),
        ("@emall_order ^title ⟦惠普⟧ M405 打印机", ["contracted"]),
        ("⟦惠普⟧ M405", ["unresolved"]),
        ("手机取证软件支持⟦苹果⟧、⟦三星⟧手机提取，运行环境：⟦Windows⟧10", ["target", "target", "environment"]),
    ],
)
def test_two_roles_in_one_text(marked: str, wanted: list[str]) -> None:
    assert roles(marked) == wanted


def test_no_mention_no_decision() -> None:
    assert assign_roles("采购交换机", (), RoleContext(), MODEL) == ()


def test_unresolved_keeps_the_best_guess() -> None:
    text, spans, context = parse("⟦惠普⟧ M405")
    (decision,) = assign_roles(text, spans, context, MODEL)
    assert decision.role is MentionRole.UNRESOLVED
    assert decision.best_role is not MentionRole.UNRESOLVED
    assert decision.rule == f"model@{MODEL.version}"


def test_lot_status_reaches_lines_of_goods_only() -> None:
    text = "包1\n硬盘 ¦ 希捷 ¦ 40块"
    span = Span(text.index("希捷"), text.index("希捷") + 2, "希捷")
    lots = (LotSpan(0, len(text), LotStatus.FAILED),)
    (decision,) = assign_roles(text, (span,), RoleContext(lots=lots), MODEL)
    assert decision.rule != "failed_lot@1"


def test_given_sections_win_over_guessed_headings() -> None:
    text = "维保设备清单\n服务器 ¦ IBM ¦ 4"
    span = Span(text.index("IBM"), text.index("IBM") + 3, "IBM")
    given_heading = RoleContext(sections=(SectionSpan(0, len(text), "利旧设备清单"),))
    (decision,) = assign_roles(text, (span,), given_heading, MODEL)
    assert decision.role is MentionRole.INSTALLED


def test_order_of_mentions_is_kept() -> None:
    text, spans, context = parse("现有⟦思科⟧交换机，拟采购⟦华三⟧交换机")
    forward = assign_roles(text, spans, context, MODEL)
    backward = assign_roles(text, spans[::-1], context, MODEL)
    assert forward == backward[::-1]


PIECES = st.sampled_from(
    [
        "希捷",
        "、",
        "或",
        "，",
        "。",
        "；",
        "\n",
        " ¦ ",
        "：",
        "中标",
        "合同",
        "不接受",
        "现有",
        "更正前",
        "（",
        "）",
        "x1",
        "答：不",
        "？",
        "品牌",
        "除",
        "外",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=40))
def test_any_mixture_gets_one_bounded_decision_a_mention(pieces: list[str]) -> None:
    text = ""
    spans = []
    for piece in pieces:
        if piece == "希捷":
            spans.append(Span(len(text), len(text) + 2, piece))
        text += piece
    decisions = assign_roles(text, spans, RoleContext(), MODEL)
    assert len(decisions) == len(spans)
    for decision in decisions:
        assert 0.0 <= decision.score <= 1.0
        assert decision.best_role is not MentionRole.UNRESOLVED
        assert decision.role in {decision.best_role, MentionRole.UNRESOLVED}


def test_a_page_on_one_line_with_thousands_of_mentions_is_read() -> None:
    text = "希捷硬盘 " * 5000
    spans = [Span(match, match + 2, "希捷") for match in range(0, len(text), 5)]
    assert len(assign_roles(text, spans, RoleContext(), MODEL)) == 5000
