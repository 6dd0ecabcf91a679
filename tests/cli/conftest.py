"""The command as a person runs it: a process of its own, a home of its own, a database made by the migrations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Caigou = Callable[..., Answer]


def run(
    *arguments: str | Path, home: Path, database_url: str | None, stdin: str | None = None, cwd: Path | None = None
) -> Answer:
    env = {k: v for k, v in os.environ.items() if not k.startswith("CAIGOU_")} | {"CAIGOU_HOME": str(home)}
    if database_url is not None:
        env["CAIGOU_DATABASE_URL"] = database_url
    env["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *map(str, arguments)],
        env=env, input=stdin, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def caigou(tmp_path: Path, database_url: str) -> Caigou:
    """Runs ``caigou`` with the arguments given; the home is ``tmp_path/home``."""

    def call(*arguments: str | Path, **options: Any) -> Answer:
        return run(*arguments, home=tmp_path / "home", database_url=database_url, **options)

    return call


@pytest.fixture
def caigou_alone(tmp_path: Path) -> Caigou:
    """Runs ``caigou`` where there is no database to be had: for the commands that need none."""

    def call(*arguments: str | Path, **options: Any) -> Answer:
        return run(
            *arguments, home=tmp_path / "home", database_url="postgresql://nobody@127.0.0.1:1/nothing", **options
        )

    return call
