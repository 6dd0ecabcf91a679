"""Pages a second of the whole reader on one core, HTML to facts, beside a plain reader on the same pages.

    python benchmarks/read.py [--rounds N] [FOLDER…]    folders of saved pages (html); default: our constructed pages, and the evaluation corpus when it is there

The plain reader is what one writes in an afternoon: BeautifulSoup, jieba, a loop over keywords. The two take turns every few pages, so that
other work on the machine meets both alike, and neither starts each page with the other's words in the processor's cache. What was loaded before is kept out of the collector's sight, so that neither pays for it. Speeds are those
of the middle round, the ratio is the median of the rounds' ratios. Gates: 600 pages a second, and three times the plain reader.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import statistics
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "tests" / "fixtures" / "pages"
CORPUS = ROOT.parent / "shared" / "corpus" / "notices" / "dev"
ROUNDS = 15
TURN = 6
"""Pages until the other reader has its turn."""
KEYWORDS = ["希捷", "西部数据", "惠普", "戴尔", "思科", "佳能", "爱普生", "理想", "东芝", "三星"] * 30

Reader = Callable[[bytes], object]


def rounds_of(ours: Reader, plain: Reader, pages: list[bytes], rounds: int) -> list[tuple[float, float]]:
    """Processor seconds of each round: ours, the plain reader's. The first round warms both up and is not counted."""
    gc.collect()
    gc.freeze()
    found = []
    for number in range(rounds + 1):
        spent = {ours: 0.0, plain: 0.0}
        for at in range(0, len(pages), TURN):
            for reader in (ours, plain) if (number + at // TURN) % 2 else (plain, ours):
                began = time.process_time()
                for body in pages[at : at + TURN]:
                    reader(body)
                spent[reader] += time.process_time() - began
        found.append((spent[ours], spent[plain]))
    return found[1:]


def plain_reader() -> Reader:
    import jieba
    from bs4 import BeautifulSoup

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()

    def step(body: bytes) -> object:
        soup = BeautifulSoup(body, "html.parser")
        for node in soup(["script", "style"]):
            node.decompose()
        text = soup.get_text(" ")
        return list(jieba.cut(text)), [word for word in KEYWORDS if word in text]

    return step


def our_reader() -> Reader:
    from nlp.read import read
    from nlp.types import PageInput
    from seeds import load_knowledge

    knowledge = load_knowledge()
    return lambda body: read(PageInput(body), knowledge)


def pages_of(folders: list[Path]) -> list[bytes]:
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*.html")):
            expected = path.parent / "expected.json"
            state = json.loads(expected.read_text("utf-8")).get("state") if expected.exists() else "notice"
            if state == "notice":
                found.append(path.read_bytes())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    sets = {str(folder): [folder] for folder in options.folders} or {"constructed": [PAGES]} | (
        {"corpus": [CORPUS]} if CORPUS.is_dir() else {}
    )
    ours, plain = our_reader(), plain_reader()
    for name, folders in sets.items():
        pages = pages_of(folders)
        if not pages:
            print(f"{name}: no HTML notices")
            continue
        taken = rounds_of(ours, plain, pages, options.rounds)
        mine, theirs = (statistics.median(column) for column in zip(*taken, strict=True))
        ratios = sorted(other / own for own, other in taken)
        print(
            f"{name}: {len(pages)} pages of {sum(map(len, pages)) / len(pages) / 1000:.0f} kB: {len(pages) / mine:.0f} pages/s, "
            f"plain reader {len(pages) / theirs:.0f} pages/s, ratio median {statistics.median(ratios):.2f} "
            f"(lowest {ratios[0]:.2f}, highest {ratios[-1]:.2f} of {len(ratios)} rounds)"
        )


if __name__ == "__main__":
    main()
