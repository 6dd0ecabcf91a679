"""A new portal's files: description, declaration, and fixtures that fail until somebody has looked at a real answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import CrawlError

ROOT = Path(__file__).parent.parent
ID = re.compile(r"[a-z]+(?:-[a-z]+)*")
_CATEGORIES = (
    '["10016", "2001", "3001", "3002", "3003", "3008", "3011", "3020", "3012", "3014", "3005", "3006", "3018", "3004", "3009", "3015", '
    '"3017", "4004", "4005", "4006", "3007", "3010", "3016", "2004", "2005", "4009", "8043", "8042", "8040", "8013", "8014"]'
)
_TOTAL = "total: stated, ends: total, cap: unknown"
PLATFORMS = {
    "zcy": ("zcy", "ZcySpider", _TOTAL, f'parent_id: ""\n    page_size: 50\n    categories: {_CATEGORIES}'),
    "gpcms": ("gpcms", "GpcmsSpider", _TOTAL, 'site_id: ""\n    channels: []\n    page_size: 50'),
    "freecms": ("gpcms", "FreecmsSpider", _TOTAL, 'site_id: ""\n    channels: []\n    page_size: 50'),
    "inteligentsearch": (
        "own",
        "InteligentSearchSpider",
        "total: stated, ends: total, cap: 10000",
        "channels: []\n    page_size: 50",
    ),
    "tpfront": ("pages", "TpFrontSpider", "total: none, ends: past_day, cap: unknown", "lists: []"),
}
"""Platform → module of its base, the base, what its lists promise, its options."""

_READ = {"zcy": "zcy", "gpcms": "gpcms", "freecms": "gpcms"}
_YAML = """name: {name}
publisher: ""
read:
  platform: {read}
  hosts: [{host}]
crawl:
  platform: {platform}
  enabled: false
  delay: 5
  cadence: 1
  expect: {{empty_weekdays: [sat, sun], {expect}}}
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
_CASSETTE = """# Answers of {portal} in its own format, written by us about invented bureaus. Look at a real answer of each kind, then describe
# it here in invented words; tests/crawler/portals/harness.py says what the keys mean, its neighbours show how it is done.
constructed: ""
day: 2026-05-12
exchanges:
  - {{kind: list, name: list, ask: "GET {host}/", with: {{}}, type: json, body: ""}}
  - {{kind: page, name: tender, ask: "GET {host}/", with: {{}}, type: html, body: ""}}
  - {{kind: page, name: award, ask: "GET {host}/", with: {{}}, type: html, body: ""}}
  - {{kind: page, name: correction, ask: "GET {host}/", with: {{}}, type: html, body: ""}}
  - {{kind: empty, name: empty, ask: "GET {host}/", type: json, body: ""}}
  - {{kind: blocked, name: challenge, type: html, body: ""}}
"""
_EXPECTED = """# What must be found in the cassette, written down before it is run. Take this line away when it is:
unfilled: "look at real answers of {portal} first"
listed: []
readings: {{}}
"""


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
    module, spider, expect, options = PLATFORMS[platform]
    underscored = portal.replace("-", "_")
    values = {
        "name": name or portal, "portal": portal, "platform": platform, "base": base, "host": base.split("://")[1].split(":")[0],
        "options": options, "expect": expect, "read": _READ.get(platform, "generic_html"),
    }  # fmt: skip
    fixtures = root / "tests" / "fixtures" / "portals" / portal
    texts = {
        root / "seeds" / "portals" / f"{portal}.yml": _YAML.format(**values),
        root / "crawler" / "spiders" / f"{underscored}.py": _SPIDER.format(
            name=values["name"],
            module=module,
            base=spider,
            portal=portal,
            cls="".join(w.capitalize() for w in portal.split("-")),
        ),
        fixtures / "cassette.yml": _CASSETTE.format(**values),
        fixtures / "expected.yml": _EXPECTED.format(**values),
    }
    for path in texts:
        if path.exists():
            raise CrawlError(f"{path} exists already.", "Choose another id, or edit the file.")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Scaffold(tuple(texts))
