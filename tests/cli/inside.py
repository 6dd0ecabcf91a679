"""The command inside this process: the same entry point and arguments, without the second a new interpreter takes."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from cli.main import main
from tests.cli.conftest import Answer, Caigou


def inside(
    home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caigou:
    """Runs ``caigou`` with the arguments given; standard input is text, empty by default."""
    for name in [name for name in os.environ if name.startswith("CAIGOU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CAIGOU_HOME", str(home))
    monkeypatch.setenv("CAIGOU_DATABASE_URL", database_url)

    def call(*arguments: str | Path, stdin: str = "") -> Answer:
        monkeypatch.setattr(sys, "argv", ["caigou", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call
