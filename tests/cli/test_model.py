"""``caigou label`` and ``caigou evaluate``. What training gives byte for byte is tested in tests/jobs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.link import link
from db.review import decide_mention
from jobs import labels
from jobs.role_report import Judgement, accuracy, bench, confusion, reviewed, slices
from jobs.train_roles import own_held_out
from nlp.types import MentionRole
from seeds.labels.generate import LabelledMention, LabelledRecord
from seeds.models import HERE, ROLE_WEIGHTS, load_role_model
from tests.cli.conftest import Caigou
from tests.cli.inside import inside
from tests.db import world
from tests.db.making import store
from tests.db.test_questions import award
from tests.db.test_review import GUESS, mention_of


@pytest.fixture
def caigou(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caigou:
    return inside(tmp_path / "home", database_url, monkeypatch, capsys)


@pytest.fixture
def caigou_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Caigou:
    return inside(tmp_path / "home", "postgresql://nobody@127.0.0.1:1/nothing", monkeypatch, capsys)


def test_a_person_adds_marked_sentences(caigou_alone: Caigou, tmp_path: Path) -> None:
    one = "货物清单⏎品牌¦[[希捷:awarded]]⏎数量¦10块"
    done = caigou_alone("label", "add", one, "另购⟦云鸮:awarded⟧1台", "--type", "award", "--by", "anna")
    assert done.code == 0, done.err
    assert "2 added" in done.err
    assert "0 added" in caigou_alone("label", "add", one, "--type", "award", "--by", "anna").err
    first, second = caigou_alone("label", "list", "--json").lines
    assert first["text"] == "货物清单\n品牌 ¦ 希捷\n数量 ¦ 10块"
    (mention,) = first["mentions"]
    assert first["text"][mention["start"] : mention["end"]] == mention["surface"] == "希捷"
    assert (mention["brand"], mention["role"], first["origin"], first["by"]) == ("Seagate", "awarded", "person", "anna")
    assert second["mentions"][0]["brand"] == "云鸮"
    for wrong in ("没有标记", "[[希捷:bougth]]"):
        assert caigou_alone("label", "add", wrong, "--by", "anna").code == 2
    assert caigou_alone("label", "add", one).code == 2
    assert caigou_alone("label", "add", one, "--by", "anna", "--type", "wish").code == 2


def test_what_a_machine_labelled_is_marked_and_stays_out(caigou_alone: Caigou, tmp_path: Path) -> None:
    caigou_alone("label", "machine", "成交产品：希捷硬盘10块", "今日天气晴")
    caigou_alone("label", "add", "现有[[希捷:installed]]硬盘8块", "--by", "anna")
    told = caigou_alone("label", "list", "--json").lines
    assert [one["origin"] for one in told] == ["machine", "person"]
    assert told[0]["source"].startswith("model@")
    for name, arguments, size in (("a", (), 1), ("b", ("--with-machine",), 2)):
        caigou_alone("label", "export", tmp_path / name, *arguments)
        assert len((tmp_path / name).read_text(encoding="utf-8").splitlines()) == size
    assert caigou_alone("train", "--with-machine").code == 2


def test_a_broken_file_of_labels_is_named(caigou_alone: Caigou, tmp_path: Path) -> None:
    path = labels.labels_file(tmp_path / "home")
    path.parent.mkdir(parents=True)
    path.write_text('{"text": "x"}\n', encoding="utf-8")
    broken = caigou_alone("label", "list")
    assert broken.code == 1
    assert "line 1" in broken.err
    moved = {
        "text": "希捷", "type": None, "origin": "person", "by": "anna", "at": "", "source": "typed",
        "mentions": [{"start": 1, "end": 3, "surface": "希捷", "brand": "Seagate", "role": "awarded"}],
    }  # fmt: skip
    path.write_text(json.dumps(moved), encoding="utf-8")
    assert "does not stand" in caigou_alone("label", "list").err


def made(text: str, origin: str) -> LabelledRecord:
    mention = LabelledMention((0, 2), "Seagate", text[:2], MentionRole.AWARDED)
    return LabelledRecord(text, labels.family_of(text), origin, None, (mention,))


def test_a_part_of_the_own_sentences_is_held_out_and_never_a_machines() -> None:
    own = [made(f"希捷{chr(0x4E00 + n)}号采购", "person") for n in range(120)]
    held = own_held_out(own)
    assert 5 < len(held) < 50
    assert own_held_out([made(record.text, "machine") for record in own]) == frozenset()
    assert own_held_out([]) == frozenset()
    # The same sentence with other figures is the same family: never on both sides of the split.
    assert labels.family_of("希捷 10块，单价 2,000.00") == labels.family_of("希捷12块，单价99")


def test_a_machine_never_takes_a_persons_word_away(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    for origin in ("machine", "person", "machine"):
        labels.add(path, [labels.Label(made("希捷硬盘", origin), origin, "", "typed")])
    (kept,) = labels.load(path)
    assert kept.record.origin == "person"
    assert labels.load(tmp_path / "none.jsonl") == []


def test_evaluate_tells_slices_confusion_and_differences(caigou_alone: Caigou) -> None:
    done = caigou_alone("evaluate", "--json")
    assert done.code == 0, done.err
    told = done.json
    assert {"brand", "role", "type", "origin"} == set(told["slices"])
    for groups in told["slices"].values():
        assert sum(group["n"] for group in groups.values()) == told["figures"]["mentions"]
    wrong = sum(row["n"] for row in told["confusion"])
    assert told["figures"]["accuracy"] == pytest.approx(1 - wrong / told["figures"]["mentions"], abs=1e-3)
    assert told["strong"]["cases"] > 20
    assert caigou_alone("evaluate", "--model", "/nowhere/at/all").code == 2


def test_the_small_classifiers_are_evaluated_by_name(caigou_alone: Caigou) -> None:
    told = caigou_alone("evaluate", "types", "areas", "--json").lines
    assert [one["name"] for one in told] == ["types", "areas"]
    assert all(0 < one["figures"]["macro_f1"] <= 1 for one in told)
    assert "types, by label" in caigou_alone("evaluate", "types").out
    for wrong in (
        ("evaluate", "taste"),
        ("train", "taste"),
        ("evaluate", "types", "--reviewed"),
        ("train", "types", "--labels"),
    ):
        assert caigou_alone(*wrong).code == 2


def test_training_writes_whole_files_where_it_is_told(caigou_alone: Caigou, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    done = caigou_alone("train", "types", "-o", folder, "--json")
    assert done.code == 0, done.err
    assert done.json["name"] == "types"
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert not [name for name in kept if name.startswith(".")]
    caigou_alone("train", "types", "-o", folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept
    assert caigou_alone("evaluate", "types", "--model", folder, "--json").code == 0


def test_a_model_that_forgot_fails(caigou_alone: Caigou, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    stored = json.loads((folder / ROLE_WEIGHTS).read_text(encoding="utf-8"))
    stored["weights"] = {name: [0.0] * len(row) for name, row in stored["weights"].items()}
    (folder / ROLE_WEIGHTS).write_text(json.dumps(stored), encoding="utf-8")
    assert bench(load_role_model(folder))["wrong"]
    done = caigou_alone("evaluate", "--model", folder, "--json")
    assert done.code == 1
    assert "regression" in done.err
    assert done.json["differences"]


def test_figures_of_nothing() -> None:
    assert accuracy([]) == {"n": 0, "accuracy": None, "purchased_precision": None, "purchased_recall": None}
    assert confusion([]) == []
    assert slices([], ("brand",)) == {"brand": {}}
    rows = [Judgement("awarded", "contracted", {}), Judgement("required", "awarded", {})]
    assert accuracy(rows) == {"n": 2, "accuracy": 0.0, "purchased_precision": 0.5, "purchased_recall": 1.0}


@pytest.fixture
def decided(engine: Engine) -> Engine:
    """Two awards, one left open and one decided by the machine; a person says what both are."""
    with Session(engine) as session, session.begin():
        world.seeds(session)
        pages = [award("1", number="A-2022-001", name="一", **GUESS), award("2", number="A-2022-002", name="二")]
        store(session, [("ccgp", page) for page in pages])
        link(session)
        decide_mention(session, mention_of(session, "ccgp/1"), MentionRole.AWARDED, "anna")
        decide_mention(session, mention_of(session, "ccgp/2"), MentionRole.INSTALLED, "anna")
    return engine


def test_peoples_decisions_measure_the_machine(decided: Engine, caigou: Caigou) -> None:
    told = caigou("evaluate", "--reviewed", "--json").json["reviewed"]
    assert told["figures"] == {"n": 2, "accuracy": 0.0, "purchased_precision": 0.0, "purchased_recall": 0.0}
    assert {(row["truth"], row["answer"]) for row in told["confusion"]} == {
        ("awarded", "unresolved"),
        ("installed", "awarded"),
    }
    assert told["slices"]["portal"]["ccgp"]["n"] == 2
    assert "platform" in told["slices"]
    with Session(decided) as session:
        assert len(reviewed(session)) == 2


def test_decisions_become_labels(decided: Engine, caigou: Caigou) -> None:
    assert "2 added, 2 passages" in caigou("label", "reviews").err
    assert "0 added" in caigou("label", "reviews").err
    told = caigou("label", "list", "--json").lines
    assert {one["mentions"][0]["role"] for one in told} == {"awarded", "installed"}
    assert {one["source"] for one in told} == {"review"}
