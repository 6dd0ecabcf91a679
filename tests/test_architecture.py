"""Who may import whom, and the habits that only a test keeps."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

MYPY_EXCEPTIONS_AT_MOST: frozenset[str] = frozenset()
"""Files that mypy --strict may leave out. The list only shrinks."""


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


def test_mypy_exceptions_only_shrink() -> None:
    mypy = PROJECT["tool"]["mypy"]
    assert mypy["strict"] is True
    excluded = set(mypy.get("exclude", []))
    for override in mypy["overrides"]:
        if override.get("ignore_errors") or override.get("follow_imports") == "skip":
            names = override["module"]
            excluded |= set(names if isinstance(names, list) else [names])
    assert excluded <= MYPY_EXCEPTIONS_AT_MOST


def test_the_reader_opens_nothing_and_reads_no_clock() -> None:
    """``nlp`` is pure: its modules name none of the calls that reach outside."""
    outside = {"open", "input", "exec", "eval"}
    clocks = {"now", "today", "utcnow", "getenv", "read_text", "read_bytes", "write_text", "write_bytes", "urlopen"}
    modules = sorted((ROOT / "nlp").rglob("*.py"))
    assert modules
    found = []
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if (isinstance(node.func, ast.Name) and name in outside) or name in clocks:
                found.append(f"{module.relative_to(ROOT)}:{node.lineno} {name}()")
    assert not found, found


def test_no_index_address_in_requirements() -> None:
    files = sorted((ROOT / "requirements").iterdir())
    assert files
    for path in files:
        assert not re.search("https?://|--index" + "-url|--find" + "-links", path.read_text(encoding="utf-8")), path


def test_every_requirement_is_pinned_with_hashes() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
        assert entries
        for entry in entries:
            assert re.match(r"[A-Za-z0-9._\[\],-]+==\S+", entry), (path.name, entry[:60])
            assert "--hash=sha256:" in entry, (path.name, entry[:60])


def test_ci_runs_the_readme_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in script
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
