"""How long a person waits for a command that does nothing yet: medians over several runs, as whole processes.

Gates: ``--help`` ≤ 0.3 s, ``inspect`` of one page ≤ 1 s, on two cores.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CAIGOU = Path(sys.executable).parent / "caigou"
RUNS = 9

PAGE = """<html><head><title>构造页</title></head><body><div class="vF_detail_content">
<p>一、项目编号：YLMC2022-XJ-999（构造）</p><p>二、项目名称：硬盘采购</p>
<table><tr><td>名称</td><td>品牌</td><td>规格型号</td><td>数量</td><td>单价（元）</td></tr>
<tr><td>监控级硬盘</td><td>希捷</td><td>ST8000VX004</td><td>10块</td><td>1650.00</td></tr></table>
<p>采购人：明川市公安局（构造）</p></div></body></html>"""


def median_seconds(arguments: list[str]) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([str(CAIGOU), *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(PAGE, encoding="utf-8")
        empty = median_seconds_python()
        for name, arguments in {
            "caigou --help": ["--help"],
            "caigou count --help": ["count", "--help"],
            "caigou unit NAME": ["unit", "明川市公安局", "--json"],
            "caigou inspect PAGE": ["inspect", str(page), "--json"],
        }.items():
            seconds = median_seconds(arguments)
            print(f"{name:<24} {seconds:6.3f} s   {seconds / empty:5.1f} × an empty Python")


def median_seconds_python() -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", ""], check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main()
