"""How fast brand mentions are found: ``python -m benchmarks.brands``.

Reports the loading of the seeds, the first call (indexes and patterns are built), and the steady state over constructed notices of about
3,000 characters. The budget is 0.4 ms a notice: a quarter of the time the whole reading of a notice may take.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

_PROSE = (
    "项目编号、采购人、采购代理机构的名称、地址和联系方式见附件。公告期限自本公告发布之日起五个工作日，开标时间2023年06月11日09时30分（北京时间）。"
    "供应商应当在规定时间内缴纳履约保证金人民币12,500.00元，评审专家名单及代理服务收费标准另行公布，联系电话0000-1234567。"
)
_LINES = (
    "1 ¦ 监控级硬盘 ¦ 希捷（Seagate） ¦ ST8000VX010 ¦ 24块 ¦ 1280.00",
    "2 ¦ 核心交换机 ¦ 华三 ¦ S7506E ¦ 2台 ¦ 86000.00",
    "明川市大华街道综治中心视频监控运维服务",
    "参考品牌：佳能、尼康、索尼或相当于",
    "云岭华思科技有限公司 ¦ 91659904MA7CHP3M6Q",
    "现有惠普DL380 Gen10服务器四台，本次扩容内存",
)


def notice(number: int, size: int = 3_000) -> str:
    """A constructed notice: prose, and one line in eight that holds a name or a near miss."""
    parts: list[str] = []
    length = 0
    while length < size:
        at = number + len(parts)
        part = _LINES[at // 8 % len(_LINES)] if at % 8 == 0 else _PROSE
        parts.append(part)
        length += len(part) + 1
    return "\n".join(parts)


def measure(documents: int, rounds: int) -> dict[str, float]:
    """Seconds of loading and first call, milliseconds a notice (best round), megabytes of UTF-8 a second."""
    started = time.perf_counter()
    from nlp.brands import find_mentions
    from seeds.brands import read_brand_knowledge

    imported = time.perf_counter()
    knowledge = read_brand_knowledge()
    loaded = time.perf_counter()
    texts = [notice(n) for n in range(documents)]
    before = time.perf_counter()
    find_mentions(texts[0], knowledge)
    first = time.perf_counter() - before
    best = float("inf")
    mentions = 0
    for _ in range(rounds):
        at = time.process_time()
        mentions = sum(len(find_mentions(text, knowledge)) for text in texts)
        best = min(best, time.process_time() - at)
    volume = sum(len(text.encode()) for text in texts)
    return {
        "import_s": imported - started,
        "load_s": loaded - imported,
        "first_call_s": first,
        "ms_per_notice": best / documents * 1e3,
        "megabytes_per_s": volume / best / 1e6,
        "mentions_per_notice": mentions / documents,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gate", type=float, help="exit 1 when a notice takes more than this many milliseconds")
    options = parser.parse_args()
    figures = measure(options.documents, options.rounds)
    print(json.dumps({k: round(v, 4) for k, v in figures.items()}))
    return int(options.gate is not None and figures["ms_per_notice"] > options.gate)


if __name__ == "__main__":
    sys.exit(main())
