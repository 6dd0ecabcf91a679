"""A new portal begins with files that load, and with a walk over all portals that fails until they are filled."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from crawler.config import parse_portal
from crawler.errors import CrawlError
from crawler.scaffold import PLATFORMS, scaffold
from tests.crawler.portals.harness import FIXTURES, KINDS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_what_is_written_loads(tmp_path, platform: str) -> None:
    made = scaffold(
        "ccgp-yunling", platform, "http://www.ccgp-yunling.invalid/", "云岭省政府采购网（构造）", root=tmp_path
    )
    description, spider, cassette, expected = made.files
    config = parse_portal(yaml.safe_load(description.read_text(encoding="utf-8")), description)
    assert (config.id, config.platform, config.enabled) == ("ccgp-yunling", platform, False)
    assert config.options["base"] == "http://www.ccgp-yunling.invalid"
    tree = ast.parse(spider.read_text(encoding="utf-8"))
    assert [node.name for node in tree.body if isinstance(node, ast.ClassDef)] == ["CcgpYunling"]
    module, base, _, _ = PLATFORMS[platform]
    assert hasattr(__import__(f"crawler.platforms.{module}", fromlist=[base]), base)
    assert {e["kind"] for e in yaml.safe_load(cassette.read_text(encoding="utf-8"))["exchanges"]} == set(KINDS)
    assert "unfilled" in yaml.safe_load(expected.read_text(encoding="utf-8"))
    with pytest.raises(CrawlError, match="exists already"):
        scaffold("ccgp-yunling", platform, "http://x.invalid", root=tmp_path)


@pytest.mark.parametrize(
    ("portal", "platform", "base", "words"),
    [
        ("CCGP Yunling", "zcy", "http://x.cn", "no portal id"),
        ("../ccgp", "zcy", "http://x.cn", "no portal id"),
        ("ccgp-yunling", "wordpress", "http://x.cn", "unknown platform"),
        ("ccgp-yunling", "zcy", "x.cn", "not a portal's address"),
        ("ccgp-yunling", "zcy", "http://x.cn/site/list", "not a portal's address"),
    ],
)
def test_bad_input(tmp_path, portal: str, platform: str, base: str, words: str) -> None:
    with pytest.raises(CrawlError, match=words):
        scaffold(portal, platform, base, root=tmp_path)
    assert list(tmp_path.rglob("*")) == []


def tree(root: Path) -> None:
    """A tree of its own with everything the walk over all portals needs; what it only reads is linked."""
    for name in ("nlp", "db", "jobs", "pyproject.toml"):
        (root / name).symlink_to(ROOT / name)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "crawler", root / "crawler", ignore=ignore)
    for entry in (ROOT / "seeds").iterdir():
        if entry.name not in {"portals", "__pycache__"}:
            (root / "seeds").mkdir(exist_ok=True)
            (root / "seeds" / entry.name).symlink_to(entry)
    shutil.copytree(ROOT / "seeds" / "portals", root / "seeds" / "portals", ignore=ignore)
    shutil.copytree(ROOT / "tests" / "crawler" / "portals", root / "tests" / "crawler" / "portals", ignore=ignore)
    for name in ("tests", "tests/crawler"):
        (root / name / "__init__.py").touch()
    (root / "tests" / "fixtures").mkdir()
    (root / "tests" / "fixtures" / "portals").mkdir()


def walk(root: Path) -> subprocess.CompletedProcess[str]:
    """The walk over all portals, for the new one alone."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-k",
        "ccgp-yunling and (whole or declares or lists)",
    ]
    return subprocess.run(
        [*command, "tests/crawler/portals/test_portals.py"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_new_portal_fails_the_walk_until_it_is_filled(tmp_path: Path) -> None:
    tree(tmp_path)
    made = scaffold("ccgp-yunling", "zcy", "http://www.ccgp-yunling.invalid", "云岭省政府采购网（构造）", root=tmp_path)
    unfilled = walk(tmp_path)
    assert unfilled.returncode == 1, unfilled.stdout
    assert "look at real answers of ccgp-yunling first" in unfilled.stdout
    assert "ccgp-yunling" in unfilled.stdout

    description, _, cassette, expected = made.files
    example = FIXTURES / "ccgp-guangxi"
    for path, source in ((cassette, example / "cassette.yml"), (expected, example / "expected.yml")):
        text = source.read_text(encoding="utf-8")
        path.write_text(text.replace("www.ccgp-guangxi.gov.cn", "www.ccgp-yunling.invalid"), encoding="utf-8")
    text = description.read_text(encoding="utf-8")
    text = text.replace('publisher: ""', "publisher: 云岭省财政厅（构造）").replace('terms: ""', "terms: Constructed.")
    description.write_text(text, encoding="utf-8")
    filled = walk(tmp_path)
    assert filled.returncode == 0, filled.stdout
