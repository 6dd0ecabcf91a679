from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nlp.brands import KnowledgeError
from seeds.brands import FILES, HERE, load_brand_knowledge, read_brand_knowledge
from seeds.lint_brands import lint, report


@pytest.fixture
def seeds_copy(tmp_path: Path) -> Path:
    for path in FILES:
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


def _append(folder: Path, name: str, row: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as handle:
        handle.write(row + "\n")


def test_the_shipped_seeds_have_no_errors() -> None:
    assert report(f for f in lint() if f.level == "error") == ""


def test_every_data_file_is_part_of_the_digest() -> None:
    assert {p.name for p in FILES} == {p.name for p in HERE.glob("*.csv")}


def test_the_knowledge_is_of_a_size() -> None:
    knowledge = load_brand_knowledge()
    assert len(knowledge.brands) > 500
    assert len(knowledge.aliases) > 2_500
    assert sum(not b.domestic for b in knowledge.brands.values()) > 400


def test_a_duplicate_alias_names_the_alias(seeds_copy: Path) -> None:
    _append(seeds_copy, "aliases.csv", "希捷,wd,zh,name,sure,,,,,test,knowledge")
    with pytest.raises(KnowledgeError, match="'希捷' is given twice"):
        read_brand_knowledge(seeds_copy)
    assert [f.level for f in lint(seeds_copy)] == ["error"]


def test_a_duplicate_brand_names_file_and_line(seeds_copy: Path) -> None:
    _append(seeds_copy, "brands.csv", "seagate,Seagate,,US,US,seagate,storage,,test,knowledge,")
    with pytest.raises(KnowledgeError, match=r"brands\.csv, line \d+"):
        read_brand_knowledge(seeds_copy)


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("aliases.csv", "云岭,seagate,zh,name,strong,,,,,test,knowledge", "strength 'strong'"),
        ("aliases.csv", "云岭,seagate", "wrong number of cells"),
        ("owners.csv", "seagate,Somebody,US,2020-13-01,,,test,knowledge", "not a date"),
        ("owners.csv", "nobody,Somebody,US,,,,test,knowledge", "unknown brand"),
        ("models.csv", "M999,seagate,AB\\d,a,strong,,,toaster,other,,AB1,,test,knowledge", "not a product class"),
    ],
)
def test_a_broken_row_is_an_error_that_says_where(seeds_copy: Path, name: str, row: str, message: str) -> None:
    _append(seeds_copy, name, row)
    with pytest.raises(KnowledgeError, match=message):
        read_brand_knowledge(seeds_copy)


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("aliases.csv", "云岭,seagate,zh,name,sure,,,,,,knowledge", "no source"),
        ("aliases.csv", "云岭,seagate,zh,name,sure,,,,,test,low", "must not fire alone"),
        ("aliases.csv", "云岭,seagate,zh,name,sure,,,,采购云岭硬盘,test,knowledge", "fires in its near miss"),
        ("models.csv", "M999,seagate,AB\\d,a,strong,,,,,,XY1,,test,knowledge", "misses its sample"),
        ("models.csv", "M999,seagate,AB\\d,x,strong,,,,,,AB1,,test,knowledge", "not among the starts"),
        ("models.csv", "M999,seagate,AB\\d,a,strong,,,,,,AB1,AB2,test,knowledge", "fires on the near miss"),
        ("owners.csv", "seagate,Somebody,US,2020-01-01,2019-01-01,,test,knowledge", "until is not after since"),
        ("owners.csv", "seagate,Somebody,US,2020-01-01,,,test,knowledge", "at the same time"),
        ("contexts.csv", "云岭无名,right,against,路", "nobody is called that"),
        ("contexts.csv", "希捷,above,against,路", "side 'above'"),
    ],
)
def test_lint_finds(seeds_copy: Path, name: str, row: str, message: str) -> None:
    _append(seeds_copy, name, row)
    errors = [f.message for f in lint(seeds_copy) if f.level == "error"]
    assert any(message in e for e in errors), errors


def test_an_ambiguous_alias_without_a_near_miss_is_a_warning(seeds_copy: Path) -> None:
    _append(seeds_copy, "aliases.csv", "云岭,seagate,zh,name,context,,,,,test,knowledge")
    assert ("warning", "aliases.csv:云岭") in {(f.level, f.where) for f in lint(seeds_copy)}
