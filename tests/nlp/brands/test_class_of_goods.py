"""What the name of goods says of their class where no brand or model does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.brands.knowledge import PRODUCT_CLASSES
from seeds import load_knowledge

BRANDS = load_knowledge().brands


@pytest.mark.parametrize(
    ("name", "class_"),
    [
        ("监控级硬盘", "surveillance"),
        ("8T监控级硬盘", "surveillance"),
        ("监控级8T硬盘", "surveillance"),
        ("硬盘（监控级，8T）", "surveillance"),
        ("监控硬盘 8TB", "surveillance"),
        ("固态硬盘1TB", "ssd"),
        ("视频服务器", "server"),
        ("24口交换机(含模块)", "switch"),
        ("硬盘录像机", "nvr"),
        ("笔记本电脑", "laptop"),
        ("硬盘", None),
        ("录像机硬盘", None),
        ("服务器机柜", None),
        ("摄像机支架", None),
        ("打印机维修", None),
        ("笔记本", None),
        ("存储", None),
        ("", None),
        ("（交换机）", None),
    ],
)
def test_the_head_of_a_name_says_the_class(name: str, class_: str | None) -> None:
    assert BRANDS.class_of_goods(name) == class_


@given(st.text(alphabet="监控级硬盘企业固态8TGB（）() 交换机服务器录像.", max_size=30))
def test_any_name_has_a_class_or_none(name: str) -> None:
    assert BRANDS.class_of_goods(name) in PRODUCT_CLASSES | {None}
