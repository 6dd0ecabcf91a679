"""Measures the constructed texts, then runs the scorers that stand beside the evaluation corpus against the commands; prints one table.

Usage: python benchmarks/eval/corpus.py CORPUS_FOLDER
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

CAIGOU = Path(sys.executable).parent / "caigou"


def run(arguments: list[str]) -> dict[str, object]:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if not lines:
        sys.exit(f"no answer from {arguments[0]}: {done.stderr[-500:]}")
    summary: dict[str, object] = json.loads(lines[-1])
    return summary


def flat(value: object, prefix: str = "") -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [row for key, inner in value.items() for row in flat(inner, f"{prefix}.{key}" if prefix else str(key))]
    return [(prefix, value)]


def main() -> None:
    print("\nconstructed, never trained on")
    subprocess.run([sys.executable, "-m", "benchmarks.eval.constructed"], check=True)
    corpus = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/corpus")
    if not corpus.is_dir():
        sys.exit(f"{corpus}: no evaluation corpus here; nothing was measured")
    notices = corpus / "notices" / "dev"
    jobs = {
        "units": [str(corpus / "units/score.py"), "--gold", str(corpus / "units/dev.csv"), "--cmd", f"{CAIGOU} unit --file {{file}} --json"],
        "brands": [
            str(corpus / "brands/score.py"), "--split", "dev",
            "--tag", f"{CAIGOU} tag --file {{file}} --json",
            "--model", f"{CAIGOU} model --file {{file}} --json",
            "--amount", f"{CAIGOU} amount --file {{file}} --json",
        ],
        "notices": [
            str(notices / "score.py"), str(notices),
            "--cmd", f"{CAIGOU} inspect {{file}} --url {{url}} --portal {{portal}} --json",
        ],
    }  # fmt: skip
    for name, arguments in jobs.items():
        print(f"\n{name}")
        for key, value in flat(run(arguments)):
            shown = f"{value:.4f}" if isinstance(value, float) else str(value)
            print(f"  {key:<48} {shown[:80]}")


if __name__ == "__main__":
    main()
