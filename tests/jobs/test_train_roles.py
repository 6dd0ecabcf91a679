"""Training: the committed model is what the committed labels give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import skops.io

from jobs.evaluate_roles import differences, measure
from jobs.train_roles import ROLE_SKOPS, Judged, Sample, train
from nlp.types import MentionRole
from seeds.models import HERE, ROLE_CARD, ROLE_WEIGHTS


def _pipeline(folder: Path) -> Any:
    path = folder / ROLE_SKOPS
    return skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))


@pytest.mark.slow
def test_training_again_gives_the_same_model(tmp_path: Path) -> None:
    """Byte for byte in the files the reader opens; number for number in the pipeline kept for inspection."""
    train(tmp_path)
    for name in (ROLE_WEIGHTS, ROLE_CARD):
        assert (tmp_path / name).read_bytes() == (HERE / name).read_bytes(), name
    new, old = _pipeline(tmp_path), _pipeline(HERE)
    assert new["features"].feature_names_ == old["features"].feature_names_
    assert (new["classifier"].coef_ == old["classifier"].coef_).all()
    assert (new["classifier"].intercept_ == old["classifier"].intercept_).all()


def _judged(truth: str, role: str, score: float, *, by_rule: bool = False) -> Judged:
    sample = Sample("f", "generated", "none", MentionRole(truth), (), None, "", (0, 0))
    return Judged(sample, MentionRole(role), score, by_rule)


THRESHOLDS = {role.value: 0.5 for role in MentionRole}


def test_measure_of_nothing() -> None:
    result = measure([], THRESHOLDS)
    assert result["macro_f1"] is None
    assert result["ece"] is None
    assert result["accuracy"] is None


def test_below_the_threshold_is_unresolved_and_a_miss() -> None:
    result = measure([_judged("awarded", "awarded", 0.4), _judged("awarded", "awarded", 0.6)], THRESHOLDS)
    assert result["by_role"]["awarded"]["recall"] == 0.5
    assert result["unresolved"] == 0.5


def test_differences_name_the_figure() -> None:
    old = {"macro_f1": 0.9, "by_role": {"awarded": {"f1": 0.8}}}
    assert differences(old, old) == []
    assert differences(old, {"macro_f1": 0.9, "by_role": {"awarded": {"f1": 0.7}}}) == [
        "by_role.awarded.f1: 0.8 -> 0.7"
    ]
    assert differences(old, {"macro_f1": 0.9, "by_role": {}}) == ["by_role.awarded: {'f1': 0.8} -> None"]


def test_a_rule_needs_no_threshold() -> None:
    assert measure([_judged("awarded", "awarded", 0.1, by_rule=True)], THRESHOLDS)["accuracy"] == 1.0


def test_purchased_counts_both_roles_together() -> None:
    result = measure(
        [
            _judged("awarded", "contracted", 0.9),
            _judged("required", "awarded", 0.9),
            _judged("contracted", "required", 0.9),
        ],
        THRESHOLDS,
    )
    assert result["purchased"]["precision"] == 0.5
    assert result["purchased"]["recall"] == 0.5


def test_calibration_error_is_the_gap_between_score_and_share() -> None:
    rows = [_judged("awarded", "awarded", 0.75), _judged("required", "awarded", 0.75)]
    assert measure(rows, THRESHOLDS)["ece"] == 0.25
