"""A new portal's files: description, declaration, and a test that fails until somebody has looked at a real answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import CrawlError

ROOT = Path(__file__).parent.parent
ID = re.compile(r"[a-z]+(?:-[a-z]+)*")
_CATEGORIES = (
    '["10016", "3001", "3002", "3003", "3008", "3011", "2001", "3020", "3012", "3014", "3005", "3006", "3018", "3004", "3015", "3017", '
    '"4005", "3010", "3016", "3007"]'
)
PLATFORMS = {
    "zcy": ("zcy", "ZcySpider", f'parent_id: ""\n    page_size: 50\n    categories: {_CATEGORIES}'),
    "gpcms": ("gpcms", "GpcmsSpider", 'site_id: ""\n    channels: []\n    page_size: 50'),
    "freecms": ("gpcms", "FreecmsSpider", 'site_id: ""\n    channels: []\n    page_size: 50'),
    "inteligentsearch": ("own", "InteligentSearchSpider", "channels: []\n    page_size: 50"),
}
"""Platform → module of its base, the base, its options."""

_YAML = """name: {name}
read:
  platform: {read}
  hosts: [{host}]
crawl:
  platform: {platform}
  enabled: false
  delay: 5
  cadence: 1
  expect: {{empty_weekdays: [sat, sun]}}
  evidence:
    level: none
    note: "New. Say here who saw what of it, and when; then set level and year, and enable it."
  robots: {{note: "robots.txt was never seen; it is asked and obeyed."}}
  terms: ""
  options:
    base: {base}
    {options}
"""
_SPIDER = '''"""{name}"""

from crawler.platforms.{module} import {base}


class {cls}({base}):
    name = "{portal}"
'''
_TEST = '''"""{name}: what its own answers look like. Save one of each, then make this test say what must be found in it."""

import pytest


@pytest.mark.parametrize("answer", ["list", "empty_list", "detail", "blocked"])
def test_{module}(answer: str) -> None:
    pytest.fail(f"save a real {{answer}} answer of {portal}, describe it in invented words, and test what is read from it")
'''


@dataclass(frozen=True, slots=True)
class Scaffold:
    """Files written, in the order to look at them."""

    files: tuple[Path, ...]


def scaffold(portal: str, platform: str, base: str, name: str = "", root: Path = ROOT) -> Scaffold:
    """Write the files of a new portal. Raises CrawlError for a bad id, an unknown platform, or a portal that exists."""
    if not ID.fullmatch(portal):
        raise CrawlError(
            f"{portal!r} is no portal id.", "Write lower-case words with hyphens: ccgp-<province>, ggzy-<province>."
        )
    if platform not in PLATFORMS:
        raise CrawlError(f"unknown platform {platform!r}.", f"Known: {', '.join(PLATFORMS)}; see docs/portals.md.")
    base = base.rstrip("/")
    if not re.fullmatch(r"https?://[\w.:-]+", base):
        raise CrawlError(f"{base!r} is not a portal's address.", "Write it as http://HOST, without a path.")
    module, spider, options = PLATFORMS[platform]
    underscored = portal.replace("-", "_")
    values = {
        "name": name or portal, "portal": portal, "platform": platform, "base": base, "host": base.split("://")[1].split(":")[0],
        "options": options, "read": "gpcms" if platform == "freecms" else platform if platform != "inteligentsearch" else "generic_html",
    }  # fmt: skip
    texts = {
        root / "seeds" / "portals" / f"{portal}.yml": _YAML.format(**values),
        root / "crawler" / "spiders" / f"{underscored}.py": _SPIDER.format(
            name=values["name"],
            module=module,
            base=spider,
            portal=portal,
            cls="".join(w.capitalize() for w in portal.split("-")),
        ),
        root / "tests" / "crawler" / "portals" / f"test_{underscored}.py": _TEST.format(
            name=values["name"], module=underscored, portal=portal
        ),
    }
    for path in texts:
        if path.exists():
            raise CrawlError(f"{path} exists already.", "Choose another id, or edit the file.")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Scaffold(tuple(texts))
