"""The demo as a newcomer runs it, and the constructed truth it must find."""

import json
from collections import Counter
from decimal import Decimal

import pytest

from crawler.archive import Archive
from seeds.demo.load import load_demo_notices, read_entries
from tests.cli.conftest import ROOT, run


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("demo-home")


@pytest.fixture(scope="module")
def first(home):
    return run("demo", home=home, database_url=None)


@pytest.fixture(scope="module")
def ask(home, first):
    assert first.code == 0, first.err

    def call(*arguments):
        answer = run(*arguments, "--json", home=home / "demo-constructed", database_url=None)
        assert answer.code == 0, answer.err
        return answer

    return call


def truth():
    """What was bought, from the description of the notices: the copy, the corrected quantity and the contract after an award count once."""
    wanted = Counter()
    for entry in read_entries()["notices"]:
        if entry["type"] not in {"award", "contract"} or "copy_of" in entry:
            continue
        if entry["type"] == "contract" and "number" in entry:
            continue  # the contract of an award that is listed itself
        rows = entry["attachment"]["rows"] if "attachment" in entry else entry.get("items", [])
        for row in rows:
            if "model" in row and row["model"] in KNOWN:
                quantity = 40 if entry["id"] == 90000105 else row["qty"]
                wanted[entry["id"], KNOWN[row["model"]], row["model"], Decimal(quantity)] += 1
    return wanted


KNOWN = {
    "ST8000VX004": "Seagate",
    "酷鹰 ST6000VX001": "Seagate",
    "ST4000VX015": "Seagate",
    "ST16000NM001G": "Seagate",
    "ST8000VE001": "Seagate",
    "ST10000VE0008": "Seagate",
    "WD82PURX": "Western Digital",
    "WUS721010ALE6L4": "Western Digital",
    "WD60EFZX": "Western Digital",
    "HDWT380": "Toshiba",
    "C9500-24Y4C-A": "Cisco",
    "PowerEdge R740xd2": "Dell",
    "PowerEdge R750": "Dell",
    "GlobalFiler": "Thermo Fisher Scientific",
    "3500xL": "Thermo Fisher Scientific",
    "UFED 4PC": "Cellebrite",
    "FG-100F": "Fortinet",
}


def test_the_demo_runs_and_says_what_it_is(first) -> None:
    assert first.code == 0, first.err
    lines = first.out.strip().splitlines()
    assert "CONSTRUCTED" in lines[0]
    assert "CONSTRUCTED" in lines[-1]
    assert "complete" in first.out
    assert f"{len(load_demo_notices())} notices" in first.out


def test_the_readme_shows_what_the_demo_prints(first) -> None:
    printed = {line.rstrip() for line in first.out.splitlines()}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = readme.split("```\n2. Which", 1)[1].split("```", 1)[0].splitlines()[1:]
    assert len(block) > 15
    assert [line for line in block if line and line not in printed] == []


def test_everything_listed_is_captured_once(ask, home) -> None:
    archive = Archive(home / "demo-constructed" / "archive")
    urls = Counter(
        answer.url
        for name in archive.files()
        for answer in archive.iterate(name)
        if answer.context.get("kind") == "page"
    )
    expected = {f"http://www.ccgp-demo.invalid{notice.ccgp_path}" for notice in load_demo_notices()}
    assert set(urls) == expected
    assert set(urls.values()) == {1}
    assert archive.verify().ok


def test_bought_is_exactly_the_constructed_truth(ask) -> None:
    found = Counter()
    for row in ask("bought", "--limit", "1000").lines:
        if row["model"] in KNOWN:
            found[int(row["notice"].removeprefix("demo/")), row["brand"], row["model"], Decimal(row["quantity"])] += 1
    # award and contract of one purchase are one row; which of the two notices speaks for it is the ladder's business
    assert Counter(key[1:] for key in found.elements()) == Counter(key[1:] for key in truth().elements())


def test_every_row_has_its_words(ask) -> None:
    rows = ask("bought", "--brand", "Seagate").lines
    assert rows
    for row in rows:
        assert row["evidence"]["url"].startswith("http://www.ccgp-demo.invalid/")
        assert "希捷" in row["evidence"]["quote"] or "ST" in row["evidence"]["quote"]


def test_homographs_and_food_are_no_brands(ask) -> None:
    for brand in ("Apple", "Oracle"):
        rows = ask("bought", "--brand", brand, "--roles", "references").lines
        assert all(
            int(r["notice"].removeprefix("demo/")) not in {90000801, 90000802, 90000803, 90000804, 90000805}
            for r in rows
        )


def test_alternatives_move_the_upper_bound_only(ask) -> None:
    ladder = ask("count", "--brand", "Western Digital", "--buyer", "霁云市公安局苍石区分局").json["ladder"]
    assert ladder["N5"] == {"lower": 0, "point": 0, "upper": 24}


def test_the_same_announcement_counts_once(ask) -> None:
    ladder = ask("count", "--brand", "Seagate", "--buyer", "明川市公安局", "--types", "award").json["ladder"]
    assert ladder["N1"] == {"lower": 1, "point": 1, "upper": 1}
    assert ladder["N5"] == {"lower": 120, "point": 120, "upper": 120}


def test_a_batch_has_no_upper_bound(ask) -> None:
    ladder = ask("count", "--brand", "Seagate", "--buyer", "雁回县公安局").json["ladder"]
    assert ladder["N5"] == {"lower": 0, "point": 0, "upper": None}


def test_every_title_says_constructed(ask) -> None:
    hits = json.loads(ask("search", "构造", "--limit", "100").out)["hits"]
    assert len(hits) >= 60
    assert all("构造" in hit["title"] for hit in hits)


def test_a_second_run_finds_nothing_new(first, home) -> None:
    again = run("demo", home=home, database_url=None)
    assert again.code == 0, again.err
    assert "nothing new since the last run" in again.out
    assert "0 new readings" in again.out
