"""The commands dossier, org and lists as a person runs them, over the constructed sample."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.main import main
from db.embedded import EmbeddedServer
from tests.cli.conftest import Answer, run

SUPPLIER, CITY, DISTRICT = "霁云天衡安防工程有限公司", "明川市公安局", "明川市公安局望溪区分局"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample's workspace; its server stays up, so that a command costs what the command costs."""
    folder = tmp_path_factory.mktemp("dossier-home")
    answer = run("demo", home=folder, database_url=None)
    assert answer.code == 0, answer.err
    with EmbeddedServer(folder / "demo-constructed").join():
        yield folder / "demo-constructed"


@pytest.fixture
def ask(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Runs ``caigou`` in this process: what a person types, what is printed, how it ends."""
    for name in [name for name in os.environ if name.startswith("CAIGOU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CAIGOU_HOME", str(home))
    monkeypatch.setenv("CAIGOU_DIVISIONS", "")

    def call(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["caigou", *arguments])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


@pytest.mark.parametrize(
    ("kind", "name"), [("supplier", SUPPLIER), ("buyer", CITY), ("brand", "希捷"), ("brand", "Enstrom")]
)
def test_a_dossier_is_read_and_scripted(ask: Callable[..., Answer], kind: str, name: str) -> None:
    shown = ask("dossier", kind, name)
    assert shown.code == 0, shown.err
    assert "CONSTRUCTED" in shown.err
    assert max(map(width, shown.out.splitlines())) <= 100
    first, second = ask("dossier", kind, name, "--json"), ask("dossier", kind, name, "--json")
    assert first.out == second.out
    assert first.json["kind"] == kind
    assert first.json["name"] in shown.out
    assert f"{first.json['records']['total']}" in shown.out


def test_a_process_of_its_own(home: Path) -> None:
    answer = run("dossier", "brand", "Seegate", home=home, database_url=None)
    assert (answer.code, answer.out) == (2, "")
    assert "nearest: Seagate" in answer.err


def test_counts_of_a_dossier_are_those_of_count(ask: Callable[..., Answer]) -> None:
    dossier = ask("dossier", "brand", "Seagate", "--json").json
    ladder = ask("count", "--brand", "Seagate", "--json").json["ladder"]
    assert dossier["ladder"] == ladder
    assert int(dossier["purchased"]["units"]) == ladder["N5"]["lower"]
    assert dossier["purchased"]["awards"] == ladder["N3"]["lower"]


def test_the_past_is_empty(ask: Callable[..., Answer]) -> None:
    value = ask("dossier", "buyer", CITY, "--as-of", "2001-01-01", "--json").json
    assert value["records"]["total"] == 0
    assert value["as_of"] == "2001-01-01T23:59:59.999999+08:00"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("dossier", "seller", "x"), "supplier, buyer, brand"),
        (("dossier", "supplier", "霁云天衡安防公司"), f"nearest: {SUPPLIER}"),
        (("dossier", "buyer", "明川市公按局"), CITY),
        (("dossier", "brand", "Seegate"), "nearest: Seagate"),
        (("dossier", "brand", "Seagate", "--as-of", "yesterday"), "2022-05-12"),
        (("dossier", "brand"), "Missing argument"),
        (("org", "merge", CITY, "明川市公共安全局", "--by", "ann"), "no organisation"),
        (("org", "merge", CITY, CITY, "--by", "ann"), "one name"),
        (("org", "merge", CITY, DISTRICT, "--by", "ann"), "--force"),
        (("org", "merge", CITY, DISTRICT), "--by"),
        (("org", "split", CITY, DISTRICT, "--by", " "), "--by is empty"),
        (("org", "explain", CITY, " "), "an empty name"),
        (("org", "explain", CITY, DISTRICT, "--on", "2022-13-01"), "2022-05-12"),
        (("lists", "import", "/nowhere/list.json"), "no such file"),
        (("lists", "list", "--list", "entities"), "entity_list"),
        (("lists", "match", CITY, "--on", "soon"), "2022-05-12"),
        (("lists", "match", ""), "an empty name"),
    ],
)
def test_usage_errors_say_what_to_do(ask: Callable[..., Answer], arguments: tuple[str, ...], words: str) -> None:
    answer = ask(*arguments)
    assert answer.code == 2, answer.err
    assert answer.out == ""
    assert words in answer.err
    assert "Traceback" not in answer.err


def test_explain(ask: Callable[..., Answer]) -> None:
    value = ask("org", "explain", CITY, DISTRICT, "--json").json
    assert (value["same"], value["rule"]["name"], value["rule"]["forbids_merge"]) == (
        False,
        "sub_bureau_and_bureau",
        True,
    )
    shown = ask("org", "explain", CITY, f"{CITY}（本级）")
    assert (shown.code, shown.out.splitlines()[0].rstrip()) == (
        0,
        "one organisation: both read as the same organ of the same place",
    )


def test_a_merge_and_its_withdrawal(ask: Callable[..., Answer]) -> None:
    def shops() -> int:
        return int(ask("count", "--brand", "Seagate", "--json").json["ladder"]["suppliers"]["lower"])

    before = shops()
    other = "云岭恒讯信息技术有限公司"
    merged = ask("org", "merge", SUPPLIER, other, "--by", "ann", "--note", "constructed", "--json")
    assert merged.code == 0, merged.err
    assert merged.json["changed"] is True
    assert shops() == before - 1
    assert ask("org", "merge", SUPPLIER, other, "--by", "ann", "--json").json["changed"] is False
    assert ask("dossier", "supplier", other, "--json").json["name"] == SUPPLIER
    assert ask("org", "explain", SUPPLIER, other, "--json").json["decided_by"] == "person"
    assert ask("org", "withdraw", SUPPLIER, other, "--by", "ann", "--json").json["changed"] is True
    assert shops() == before
    assert [d["verdict"] for d in ask("org", "decisions", "--json").lines] == ["withdrawn", "same"]


def test_lists(ask: Callable[..., Answer], tmp_path: Path) -> None:
    row = {"id": "1", "source": "Entity List (EL) - Bureau of Industry and Security", "name": "Mingchuan PSB", "alt_names": [CITY], "start_date": "2022-01-20"}  # fmt: skip
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps({"results": [row]}), encoding="utf-8")
    bad.write_text("{", encoding="utf-8")
    done = ask("lists", "import", str(good), str(bad), "--json")
    assert done.code == 1
    assert "bad.json" in done.err
    assert (done.json["file"], done.json["new"]) == ("good.json", 1)
    assert ask("lists", "match", CITY, "--on", "2022-01-19", "--json").json["lists"] == []
    assert ask("lists", "match", CITY, "--on", "2022-01-20", "--json").json["lists"] == ["entity_list"]
    assert "good.json" in {entry["source"] for entry in ask("lists", "list", "--json").lines}
    value = ask("dossier", "buyer", CITY, "--json").json
    assert set(value["lists"]["records"]["entity_list"]) == {"listed", "not_yet"}
    shown = ask("lists", "match", DISTRICT, "--on", "2022-02-01")
    assert "organs above" in shown.out
    assert shown.code == 0


@pytest.mark.parametrize(
    "command",
    [("dossier",), *(("org", c) for c in ("explain", "merge", "split", "withdraw", "decisions")), *(("lists", c) for c in ("import", "list", "match"))],
)  # fmt: skip
def test_help_shows_an_example(ask: Callable[..., Answer], command: tuple[str, ...]) -> None:
    answer = ask(*command, "--help")
    assert answer.code == 0
    assert "Example: caigou" in answer.out
    assert "--json" in answer.out
