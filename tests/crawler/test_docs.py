"""Pages that the code can check."""

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_table_of_portals_is_current() -> None:
    spec = importlib.util.spec_from_file_location("portals_page", ROOT / "docs" / "_portals.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "portals.md").read_text(encoding="utf-8") == module.page(), "run: python docs/_portals.py"


def test_every_log_message_is_explained() -> None:
    """The words of each logged message stand in the operations page."""
    explained = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = []
    for path in [*sorted((ROOT / "crawler").rglob("*.py")), ROOT / "jobs" / "nightly.py"]:
        for message in re.findall(r"logger\.(?:info|warning|error)\(\s*\"([^\"]+)\"", path.read_text(encoding="utf-8")):
            shown = re.sub(r"%[sd]|%\.\d+f", "…", message)
            if shown not in explained:
                missing.append((path.name, shown))
    assert missing == []


def test_every_reason_of_a_verdict_is_explained() -> None:
    from crawler.types import Verdict

    explained = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for verdict in Verdict:
        assert f"`{verdict.value}`" in explained


def test_every_reason_of_a_list_is_explained() -> None:
    """Each word a parser or a walk gives for an answer that is not what it should be."""
    explained = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    reasons = set()
    for path in [*(ROOT / "crawler" / "pages").glob("*.py"), *(ROOT / "crawler" / "platforms").glob("*.py")]:
        reasons |= set(re.findall(r"PageError\(\s*\"([a-z_]+)\"", path.read_text(encoding="utf-8")))
    assert len(reasons) > 10
    assert {reason for reason in reasons if f"`{reason}`" not in explained} == set()
