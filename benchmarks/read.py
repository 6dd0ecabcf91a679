"""Pages a second of the whole reader on one core, HTML to facts, beside a plain reader on the same pages.

    python benchmarks/read.py [FOLDER…]        folders of saved pages (html); default: our constructed pages, and the evaluation corpus when it is there

The plain reader is what one writes in an afternoon: BeautifulSoup, jieba, a loop over keywords. Each page is timed by processor time, best of
several rounds, so that other work on the machine counts little. Gates: 600 pages a second, and three times the plain reader.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "tests" / "fixtures" / "pages"
CORPUS = ROOT.parent / "shared" / "corpus" / "notices" / "dev"
ROUNDS = 7
KEYWORDS = ["希捷", "西部数据", "惠普", "戴尔", "思科", "佳能", "爱普生", "理想", "东芝", "三星"] * 30


def best_times(step: Callable[[bytes], object], pages: list[bytes]) -> list[float]:
    best = [float("inf")] * len(pages)
    for _ in range(ROUNDS):
        for number, body in enumerate(pages):
            began = time.process_time()
            step(body)
            best[number] = min(best[number], time.process_time() - began)
    return best


def plain_reader() -> Callable[[bytes], object]:
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


def our_reader() -> Callable[[bytes], object]:
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
    given = parser.parse_args().folders
    sets = {str(folder): [folder] for folder in given} or {"constructed": [PAGES]} | (
        {"corpus": [CORPUS]} if CORPUS.is_dir() else {}
    )
    ours, plain = our_reader(), plain_reader()
    for name, folders in sets.items():
        pages = pages_of(folders)
        if not pages:
            print(f"{name}: no HTML notices")
            continue
        mine, theirs = sum(best_times(ours, pages)), sum(best_times(plain, pages))
        size = sum(map(len, pages)) / len(pages) / 1000
        print(
            f"{name}: {len(pages)} pages of {size:.0f} kB: {len(pages) / mine:.0f} pages/s, plain reader {len(pages) / theirs:.0f} pages/s, ratio {theirs / mine:.1f}"
        )


if __name__ == "__main__":
    main()
