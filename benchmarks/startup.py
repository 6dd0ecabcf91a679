"""How long a person waits for a command that does nothing yet: medians and bests over several runs, as whole processes.

Gates: ``--help`` ≤ 0.3 s, ``inspect`` of one page ≤ 1 s, on two cores. The first run of each command is not counted: it writes the byte
code, as an installation does, into a folder of its own. Processor seconds are given too, because they say more on a busy machine.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CAIGOU = Path(sys.executable).parent / "caigou"
RUNS = 9

PAGE = """<html><head><title>构造页</title></head><body><div class="vF_detail_content">
<h2>明川市公安局硬盘采购项目成交公告（构造）</h2><p>一、项目编号：YLMC2022-XJ-999（构造）</p><p>二、项目名称：硬盘采购</p>
<table><tr><td>名称</td><td>品牌</td><td>规格型号</td><td>数量</td><td>单价（元）</td></tr>
<tr><td>监控级硬盘</td><td>希捷</td><td>ST8000VX004</td><td>10块</td><td>1650.00</td></tr></table>
<p>采购人：明川市公安局（构造）</p></div></body></html>"""


def measured(command: list[str], cache: str) -> tuple[float, float, float]:
    """Median and best wall seconds, least processor seconds."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    wall, processor = [], []
    for _ in range(RUNS + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=environment)
        wall.append(time.perf_counter() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(wall[1:]), min(wall[1:]), min(processor[1:])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(PAGE, encoding="utf-8")
        cache = str(Path(folder) / "cache")
        for name, arguments in {
            "an empty Python": None,
            "caigou --help": ["--help"],
            "caigou count --help": ["count", "--help"],
            "caigou unit NAME": ["unit", "明川市公安局", "--json"],
            "caigou tag TEXT": ["tag", "希捷监控级硬盘10块", "--json"],
            "caigou model TEXT": ["model", "ST8000VX004", "--json"],
            "caigou amount TEXT": ["amount", "12.5万元", "--json"],
            "caigou inspect PAGE": ["inspect", str(page), "--json"],
        }.items():
            command = [sys.executable, "-c", ""] if arguments is None else [str(CAIGOU), *arguments]
            median, best, processor = measured(command, cache)
            print(f"{name:<22} median {median:.3f} s, best {best:.3f} s, processor {processor:.3f} s")


if __name__ == "__main__":
    main()
