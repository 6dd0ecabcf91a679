"""A new portal begins with files that load, and a test that fails."""

import ast

import pytest
import yaml

from crawler.config import parse_portal
from crawler.errors import CrawlError
from crawler.scaffold import PLATFORMS, scaffold


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_what_is_written_loads(tmp_path, platform: str) -> None:
    made = scaffold(
        "ccgp-yunling", platform, "http://www.ccgp-yunling.invalid/", "云岭省政府采购网（构造）", root=tmp_path
    )
    description, spider, test = made.files
    config = parse_portal(yaml.safe_load(description.read_text(encoding="utf-8")), description)
    assert (config.id, config.platform, config.enabled) == ("ccgp-yunling", platform, False)
    assert config.options["base"] == "http://www.ccgp-yunling.invalid"
    tree = ast.parse(spider.read_text(encoding="utf-8"))
    assert [node.name for node in tree.body if isinstance(node, ast.ClassDef)] == ["CcgpYunling"]
    module, base, _ = PLATFORMS[platform]
    assert hasattr(__import__(f"crawler.platforms.{module}", fromlist=[base]), base)
    assert "pytest.fail" in test.read_text(encoding="utf-8")
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
