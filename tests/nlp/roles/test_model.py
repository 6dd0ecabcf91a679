"""The stored model: same answers as the library that made it, and refused when it does not fit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import skops.io

from jobs.calibration import softmax
from jobs.evaluate_roles import evaluate, frozen
from jobs.train_roles import ROLE_SKOPS, decision_values, samples
from nlp.types import MentionRole
from seeds.labels.generate import records
from seeds.models import HERE, ROLE_CARD, ROLE_WEIGHTS, ModelMismatchError, load_role_model


def test_compiled_weights_answer_like_the_pipeline() -> None:
    model = load_role_model()
    path = HERE / ROLE_SKOPS
    pipeline = skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))
    rows = samples(records()[::40])
    assert [role.value for role in model.roles] == list(pipeline.classes_)
    for row, values in zip(rows, decision_values(pipeline, rows), strict=True):
        wanted = softmax(values, float(str(model.card["temperature"])))
        assert model.probabilities(row.features) == pytest.approx(wanted, abs=2e-4)


def test_unknown_features_add_nothing() -> None:
    model = load_role_model()
    assert model.probabilities(["never seen"]) == model.probabilities([])
    assert sum(model.probabilities([])) == pytest.approx(1)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in (ROLE_CARD, ROLE_WEIGHTS):
        shutil.copy(HERE / name, tmp_path / name)
    return tmp_path


def test_a_copy_loads(copied: Path) -> None:
    assert load_role_model(copied).version == load_role_model().version


@pytest.mark.parametrize("key", ["features", "dictionary", "rules", "version"])
def test_a_card_that_does_not_fit_is_refused(copied: Path, key: str) -> None:
    card = json.loads((copied / ROLE_CARD).read_text(encoding="utf-8"))
    card[key] = "other"
    (copied / ROLE_CARD).write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelMismatchError, match=f"{key} is .*caigou train"):
        load_role_model(copied)


@pytest.mark.parametrize("damage", ["", "{}", '{"version": 1', '{"version": "x", "roles": ["no_such_role"]}'])
def test_a_damaged_model_gives_one_clear_line(copied: Path, damage: str) -> None:
    (copied / ROLE_WEIGHTS).write_text(damage, encoding="utf-8")
    with pytest.raises(ModelMismatchError) as caught:
        load_role_model(copied)
    assert "caigou train" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_short_row_is_refused(copied: Path) -> None:
    stored = json.loads((copied / ROLE_WEIGHTS).read_text(encoding="utf-8"))
    name = next(iter(stored["weights"]))
    stored["weights"][name] = stored["weights"][name][:-1]
    (copied / ROLE_WEIGHTS).write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(ModelMismatchError, match="different length"):
        load_role_model(copied)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMismatchError, match=str(tmp_path)):
        load_role_model(tmp_path)


def test_thresholds_cover_every_role() -> None:
    model = load_role_model()
    assert set(model.thresholds) == set(MentionRole) - {MentionRole.UNRESOLVED}


def test_evaluation_equals_the_committed_one_and_meets_the_gates() -> None:
    result = evaluate()
    assert result == frozen()
    assert result["macro_f1"] >= 0.85
    assert result["purchased"]["precision"] >= 0.97
    assert result["purchased"]["recall"] >= 0.95
    assert result["ece"] <= 0.05
