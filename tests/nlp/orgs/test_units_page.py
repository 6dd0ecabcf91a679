"""``docs/units.md`` says what the code does."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_page_is_current() -> None:
    spec = importlib.util.spec_from_file_location("units_page", ROOT / "docs" / "_units.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "units.md").read_text(encoding="utf-8") == module.page(), "run: python docs/_units.py"
