"""The compiled classifiers: same answers as the pipelines that made them, and refused when they do not fit."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
import skops.io
from hypothesis import given
from hypothesis import strategies as st

from jobs.calibration import softmax
from jobs.evaluate_roles import differences
from jobs.train_classifiers import TASKS, decision_values, evaluate, frozen
from nlp.classify.features import area_features, type_features, unit_features
from nlp.classify.model import LinearModel
from seeds.classifiers import HERE, NAMES, ClassifierMismatchError, files, load_card, load_classifier

TINY = LinearModel(
    "tiny", "1", ("a", "b"), (0, 0), {"x": 0, "y": 1}, b"\x00\x04\x00\x00\x00\x00\x00\x04", 1.0, {"a": 0.7, "b": 0.8}
)


@pytest.mark.parametrize("name", NAMES)
def test_compiled_weights_answer_like_the_pipeline(name: str) -> None:
    model = load_classifier(name)
    path = HERE / files(name)[3]
    pipeline = skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))
    rows = TASKS[name].samples()[::29]
    assert list(model.labels) == list(pipeline.classes_)
    for row, values in zip(rows, decision_values(pipeline, rows), strict=True):
        assert model.probabilities(row.features) == pytest.approx(softmax(values, model.temperature), abs=1e-9)


def test_a_feature_counts_once_and_unknown_ones_add_nothing() -> None:
    assert TINY.totals(["x", "x", "never seen"]) == ([1024, 0], 1)
    assert TINY.probabilities(["x"]) == pytest.approx((0.731, 0.269), abs=1e-3)


def test_a_threshold_decides() -> None:
    a, b = TINY.answer(["x"]), TINY.answer(["y"])
    assert a is not None
    assert b is not None
    assert (a.label, a.decided) == ("a", True)
    assert (b.label, b.decided) == ("b", False)


def test_nothing_known_is_no_answer() -> None:
    assert TINY.answer([]) is None
    assert TINY.answer(["never seen"]) is None


@given(st.text(max_size=400))
def test_any_text_has_features_and_probabilities(text: str) -> None:
    for name, features in (
        ("units", unit_features(text)),
        ("areas", area_features(text, text, text)),
        ("types", type_features(text, text)),
    ):
        assert sum(load_classifier(name).probabilities(features)) == pytest.approx(1)


def test_a_long_text_gives_no_more_features_than_its_beginning() -> None:
    assert len(type_features("甲" * 10_000, "乙" * 1_000_000)) < 5_000
    assert len(area_features("甲" * 1_000_000, "A1 " * 10_000, "乙" * 100_000)) < 1_000
    assert len(unit_features("局" * 1_000_000)) < 1_000


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in files("units"):
        shutil.copy(HERE / name, tmp_path / name)
    return tmp_path


def test_a_copy_loads(copied: Path) -> None:
    assert load_classifier("units", copied).version == load_classifier("units").version


@pytest.mark.parametrize("key", ["name", "features", "dictionary", "segmenter", "vocabulary_sha256", "weights_sha256"])
def test_a_card_that_does_not_fit_is_refused(copied: Path, key: str) -> None:
    path = copied / files("units")[0]
    card = json.loads(path.read_text(encoding="utf-8"))
    card[key] = "other"
    path.write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ClassifierMismatchError, match=f"{key} is other.*train_classifiers"):
        load_classifier("units", copied)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_damaged_file_gives_one_clear_line(copied: Path, index: int) -> None:
    (copied / files("units")[index]).write_bytes(b"{")
    with pytest.raises(ClassifierMismatchError) as caught:
        load_classifier("units", copied)
    assert "train_classifiers" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ClassifierMismatchError, match=str(tmp_path)):
        load_classifier("areas", tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_evaluation_equals_the_committed_one_and_is_calibrated(name: str) -> None:
    result = evaluate(name)
    assert differences(frozen()[name], result) == []
    assert result == load_card(name)["held_out"]
    assert result["ece"] <= 0.05
    assert result["decided_precision"] >= 0.95
    assert result["macro_f1"] >= 0.8


def test_reading_needs_no_trainer() -> None:
    import subprocess

    code = "import sys, seeds; seeds.load_knowledge(); print([m for m in ('sklearn', 'scipy', 'numpy', 'skops') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
