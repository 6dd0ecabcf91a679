"""Documents that fail the build when they lie."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _load(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_commands_page_is_what_the_commands_say() -> None:
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == _load("_commands").page(), (
        "run docs/_commands.py"
    )


def test_every_pinned_package_has_a_licence_row() -> None:
    names = set(
        re.findall(r"^([a-z0-9][a-z0-9._-]*)==", (ROOT / "requirements" / "base.txt").read_text(), re.MULTILINE)
    )
    rows = set(
        re.findall(r"^\| ([a-z0-9._-]+) \|", (ROOT / "docs" / "licences.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert names
    assert names == rows - {"package"}, "run docs/_licences.py"


def test_readme_names_the_python_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"Python {project['requires-python'].removeprefix('>=')} or newer" in README


def test_commands_in_the_readme_exist() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\s*(?:CAIGOU_\w+=\S+ )?(?:\.venv/bin/)?caigou ([a-z]+)", README, re.MULTILINE))
    assert named
    for command in named:
        assert re.search(rf"^## caigou {command}\b", page, re.MULTILINE), command


@pytest.mark.parametrize("page", [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"], ids=lambda p: p.name)
def test_links_lead_somewhere(page) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_page_speaks_of_machines_or_package_indexes() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert pages
    for page in pages:
        assert not re.search(
            "|".join(("/" + "work/", "/tmp/" + "bash", "py" + "pi.org", "python" + "hosted")),
            page.read_text(encoding="utf-8"),
        ), page
