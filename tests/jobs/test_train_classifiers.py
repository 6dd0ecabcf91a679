"""Training: the committed classifiers are what the committed labels give; splits never cut a family."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.train_classifiers import TASKS, Judged, Sample, held_out_families, main, measure, train
from nlp.text import key
from seeds.classifiers import HERE, NAMES, files, load_card


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_training_again_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    train(name, tmp_path)
    for file in files(name):
        assert (tmp_path / file).read_bytes() == (HERE / file).read_bytes(), file


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_the_ones_the_card_was_made_from(name: str) -> None:
    assert load_card(name)["data"]["sha256"] == TASKS[name].data()


@pytest.mark.parametrize("name", NAMES)
def test_every_label_is_held_out_and_learned(name: str) -> None:
    rows = TASKS[name].samples()
    held_out = held_out_families(rows, TASKS[name])
    assert sorted(held_out) == load_card(name)["split"]["held_out_families"]
    labels = {row.label for row in rows}
    assert {row.label for row in rows if row.family in held_out} == labels
    assert {row.label for row in rows if row.family not in held_out} == labels


def test_no_wording_stands_under_two_labels() -> None:
    from seeds.labels_areas.generate import families as areas
    from seeds.labels_units.generate import families as units

    for found in (areas(), units()):
        seen: dict[str, str] = {}
        for label, family, names in found:
            for name in names:
                assert seen.setdefault(key(name), label) == label, (family, name)


def _judged(truth: str, label: str, score: float) -> Judged:
    return Judged(Sample(truth, "f", "generated", "item", ()), label, score)


def test_measure_of_nothing() -> None:
    result = measure([], {})
    assert (result["accuracy"], result["macro_f1"], result["ece"], result["decided_precision"]) == (None,) * 4


def test_measure_counts_what_is_decided() -> None:
    rows = [_judged("a", "a", 0.9), _judged("a", "b", 0.9), _judged("b", "b", 0.4)]
    result = measure(rows, {"a": 0.5, "b": 0.5})
    assert result["accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert result["decided"] == pytest.approx(2 / 3, abs=1e-4)
    assert result["decided_precision"] == 0.5


def test_calibration_error_is_the_gap_between_score_and_share() -> None:
    assert measure([_judged("a", "a", 0.75), _judged("b", "a", 0.75)], {"a": 0.5})["ece"] == 0.25


def test_an_unknown_classifier_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["no_such"])
    assert caught.value.code == 2
    assert "units, areas, types" in capsys.readouterr().err
