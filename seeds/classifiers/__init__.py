"""Stored classifiers: a card, a vocabulary and an array of weights each, and the skops file they were compiled from.

A classifier is loaded only when its card fits the code that will feed it and the files beside it.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any, Final

from nlp.classify.features import dictionary_fingerprint, fingerprint
from nlp.classify.model import LinearModel

HERE: Final = Path(__file__).parent
UNITS: Final = "units"
AREAS: Final = "areas"
TYPES: Final = "types"
NAMES: Final = (UNITS, AREAS, TYPES)
REMEDY: Final = "run `python -m jobs.train_classifiers`"


class ClassifierMismatchError(RuntimeError):
    """The stored classifier was made for other features or another segmenter, or its files are damaged."""


def files(name: str) -> tuple[str, str, str, str]:
    """Names of the card, the vocabulary, the weights and the skops file."""
    return f"{name}.card.json", f"{name}.vocabulary.txt", f"{name}.weights.bin", f"{name}.skops"


@cache
def load_classifier(name: str, folder: Path = HERE, *, segmenter: bool = True) -> LinearModel:
    """The classifier ``name`` with its card.

    With ``segmenter`` false the segmenter's package version is compared instead of what it does: comparing that loads it (0.1 s).
    Raises :class:`ClassifierMismatchError` when features, segmenter or files differ from the card, or a file cannot be read.
    """
    card_file, vocabulary_file, weights_file, _ = files(name)
    try:
        card = json.loads((folder / card_file).read_text(encoding="utf-8"))
        vocabulary = (folder / vocabulary_file).read_bytes()
        weights = (folder / weights_file).read_bytes()
        expected: dict[str, Any] = {
            "name": name,
            "features": fingerprint(),
            "segmenter": package_version("rjieba"),
            "vocabulary_sha256": hashlib.sha256(vocabulary).hexdigest(),
            "weights_sha256": hashlib.sha256(weights).hexdigest(),
        }
        if segmenter:
            expected["dictionary"] = dictionary_fingerprint()
        for key, value in expected.items():
            if card[key] != value:
                raise ClassifierMismatchError(
                    f"{folder / card_file}: {key} is {card[key]}, the code has {value}; {REMEDY}"
                )
        labels = tuple(str(label) for label in card["labels"])
        words = vocabulary.decode("utf-8").splitlines()
        intercept = tuple(int(value) for value in card["intercept"])
        thresholds = {label: float(card["thresholds"][label]) for label in labels}
        if len(weights) != 2 * len(words) * len(labels) or len(intercept) != len(labels):
            raise ClassifierMismatchError(f"{folder / weights_file}: not {len(words)} rows of {len(labels)}; {REMEDY}")
        return LinearModel(
            name=name,
            version=str(card["version"]),
            labels=labels,
            intercept=intercept,
            rows=dict(zip(words, range(len(words)), strict=True)),
            weights=weights,
            temperature=float(card["temperature"]),
            thresholds=thresholds,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ClassifierMismatchError(f"{folder}: classifier {name} cannot be read ({error}); {REMEDY}") from error


def load_card(name: str, folder: Path = HERE) -> dict[str, Any]:
    """The card as stored."""
    card: dict[str, Any] = json.loads((folder / files(name)[0]).read_text(encoding="utf-8"))
    return card
