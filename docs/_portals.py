"""Write ``docs/portals.md``: the table of portals as the files have it. Run ``python docs/_portals.py`` from the root of the tree with it on the path."""

from __future__ import annotations

from pathlib import Path

from crawler.config import load_portal, portal_ids
from seeds.portals import load_portals

HERE = Path(__file__).parent

HEAD = """# Portals

A portal is one file, `seeds/portals/<id>.yml`, and one declaration, `crawler/spiders/<id>.py`, of about ten lines. What many portals share is a platform,
`crawler/platforms/<platform>.py`. Nothing about a portal stands anywhere else.

## Add a portal

1. Find its platform. `/portal/category` in the page's requests: 政采云 (`zcy`). `selectInfoMoreChannel`: `gpcms`, with `.do` at the end `freecms`.
   `getFullTextDataNew`: `inteligentsearch`. None of these: write a platform; `crawler/platforms/own.py` has five small ones.
2. Write `seeds/portals/<id>.yml`. The id is `ccgp-<province in pinyin>` or `ggzy-<province>`. Copy the file of a portal on the same platform and correct it.
3. Write `crawler/spiders/<id with _ for ->.py`: a class with that `name`, on the platform's base.
4. Run `pytest tests/crawler/test_parts.py`: it walks all portals.
5. Crawl one day through a gateway or a saved archive (`--via`, `--replay`) before asking the portal itself.

## The `crawl:` part

| key | meaning |
|---|---|
| `platform` | which base; must be the spider's |
| `enabled` | false: `nightly` leaves it out |
| `delay` | seconds between two requests to a host; `hosts: {HOST: seconds}` where one host needs more |
| `pauses` | after the 1st, 2nd, 3rd throttle page wait so many times the delay (60, 240, 960); once more closes the host for the run |
| `retries` | how often an answer that failed in passing is asked again (2) |
| `max_file_mb` | larger attachments are noted, not fetched (50) |
| `expect.empty_weekdays` | days on which it may publish nothing: `[sat, sun]` |
| `expect.gives_total` | false for a portal that never says how many notices a day has |
| `evidence` | `level`: `live` (met by this program), `captured` (saved answers seen), `code` (other people's working code), `none`; `year`; `note` |
| `wants` | what keeps plain clients out (`captcha`, `signature`): the portal reports `blocked` and is never solved |
| `robots.exempt` | hosts whose robots.txt is not asked; only with a written `robots.note` |
| `terms` | what its publication rests on |
| `off_peak` | `[first hour, last hour)` in Beijing in which a night may ask it |
| `options` | the platform's own: read its class |

A wrong key or value is one line that names the file.

## What is proven

No portal was met live by this program. `captured` means that answers saved by others were seen; `code` that other people's working code says so. Formats change: a day
that ends as `unknown_total` or a portal with field drift (`caigou portals status`) is the sign.

| portal | name | platform | delay | proven by | year | wants | limits |
|---|---|---|---|---|---|---|---|
"""

TAIL = """
## Read only

These have no crawl part: saved pages of theirs can be imported and are read with their own rules; their notices also stand on ccgp.

"""


def page() -> str:
    rows = []
    for portal in portal_ids():
        config = load_portal(portal)
        if not config.enabled and config.evidence.level == "none":
            continue
        delay = " / ".join(f"{value:g}" for value in [config.delay, *config.host_delays.values()])
        year = config.evidence.year or ""
        rows.append(
            f"| {portal} | {config.name} | {config.platform} | {delay} s | {config.evidence.level} | {year} | "
            f"{config.wants or ''} | {config.evidence.note} |"
        )
    rest = sorted(set(load_portals()) - set(portal_ids()))
    return f"{HEAD}{chr(10).join(rows)}\n{TAIL}{', '.join(rest)}.\n"


if __name__ == "__main__":
    (HERE / "portals.md").write_text(page(), encoding="utf-8")
