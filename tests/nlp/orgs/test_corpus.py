"""The gates on the evaluation corpus beside the checkout, scored by its own script."""

from __future__ import annotations

import csv
import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest

from nlp.orgs import read_org
from nlp.orgs.knowledge import OrgKnowledge

UNITS = Path(__file__).parents[4] / "shared" / "corpus" / "units"


@pytest.mark.corpus
@pytest.mark.skipif(not (UNITS / "dev.csv").exists(), reason="the evaluation corpus is not beside the checkout")
def test_gates(orgs: OrgKnowledge, today: dt.date, tmp_path: Path) -> None:
    names = [row["name"] for row in csv.DictReader((UNITS / "dev.csv").read_text(encoding="utf-8").splitlines())]
    lines = []
    for name in names:
        got = read_org(name, orgs, today)
        lines.append(
            json.dumps(
                {
                    "name": got.name,
                    "is_public_security": got.is_public_security,
                    "tier": got.tier,
                    "level": got.level,
                    "division_code": got.division_code,
                    "name_en": got.name_en,
                }
            )
        )
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            str(UNITS / "score.py"),
            "--gold",
            str(UNITS / "dev.csv"),
            "--predictions",
            str(predictions),
            "--gate",
        ],
        capture_output=True,
        text=True,
    )
    summary = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, done.stdout[-2000:]
    assert summary["tier_accuracy"] >= 0.97
    assert summary["level_accuracy"] >= 0.96
    assert summary["division_code_accuracy"] >= 0.97
    assert summary["division_null_accuracy"] >= 0.97
    assert summary["name_en_exact"] >= 0.85
