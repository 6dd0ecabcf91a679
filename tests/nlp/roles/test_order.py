"""The order of features, on which the last digit of a score hangs, is the same in every process."""

from __future__ import annotations

import os
import subprocess
import sys

_ASK = """
from nlp.roles.assign import views
from nlp.roles.features import extract
from tests.nlp.roles.texts import parse
text, spans, context = parse(
    "^title 合同验收中标采购维保公告\\n一、现有设备更正候选推荐废标投诉授权\\n"
    "序号 ¦ 成交品牌参考 ¦ 合同数量候选\\n1 ¦ ⟦惠普⟧ M405 合同维保兼容验收 ¦ 中标 2 台候选\\n说明：参考同等合同验收维保⟦佳能⟧或、⟦理光⟧\\n进口专家论证推荐中标"
)
for view in views(text, spans, context):
    print(extract(view))
"""


def test_the_order_of_features_does_not_hang_on_the_hash() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", _ASK],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
    assert said != {""}
