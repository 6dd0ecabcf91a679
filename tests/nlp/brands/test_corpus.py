"""The finder and the model reader against the labelled corpus beside the checkout. Evaluation only: nothing from there is learned or copied."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from nlp.brands import BrandKnowledge, find_mentions, read_model

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "brands"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the checkout"),
]


def _family(knowledge: BrandKnowledge, name: str) -> str | None:
    brand = knowledge.resolve(name)
    return brand.family if brand is not None else None


def _records() -> list[dict[str, object]]:
    with (CORPUS / "mentions_dev.jsonl").open(encoding="utf-8") as handle:
        return [json.loads(line) for line in handle]


def test_recall_of_mentions(knowledge: BrandKnowledge) -> None:
    found = missed = 0
    for record in _records():
        mentions = find_mentions(record["text"], knowledge)
        for gold in record["mentions"]:
            if gold.get("tier") != "core":
                continue
            wanted = {_family(knowledge, name) for name in (gold["brand"], *gold.get("brand_alt", []))}
            hit = any(
                m.start < gold["end"] and gold["start"] < m.end and knowledge.brands[m.brand_id].family in wanted
                for m in mentions
            )
            found += hit
            missed += not hit
    assert found / (found + missed) >= 0.97


def test_no_trap_fires(knowledge: BrandKnowledge) -> None:
    fired = []
    for record in _records():
        if record["is_trap"]:
            fired += [
                (record["id"], m.surface)
                for m in find_mentions(record["text"], knowledge)
                if not knowledge.brands[m.brand_id].domestic or m.brand_id in {"h3c", "hikvision", "dahua", "uniview"}
            ]
    assert fired == []


def test_models(knowledge: BrandKnowledge) -> None:
    right = total = 0
    wrong_nothing = []
    with (CORPUS / "models_dev.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            reading = read_model(row["text"], knowledge)
            if row["is_model"] == "0":
                if reading is not None:
                    wrong_nothing.append(row["text"])
                continue
            total += 1
            families = {_family(knowledge, name) for name in row["brand"].split("|")}
            if reading is not None and reading.brand_id is not None:
                right += knowledge.brands[reading.brand_id].family in families
    assert wrong_nothing == []
    assert right / total >= 0.98
