"""Write ``docs/portals.md``: the table of portals as the files have it. Run ``python docs/_portals.py`` from the root of the tree with it on the path."""

from __future__ import annotations

from pathlib import Path

from crawler.config import UNKNOWN_LISTS, load_portal, load_refusal, portal_ids, refused_ids

HERE = Path(__file__).parent

HEAD = """# Portals

A portal is one file, `seeds/portals/<id>.yml`, and one declaration, `crawler/spiders/<id>.py`, of about ten lines. What many portals share is a platform,
`crawler/platforms/<platform>.py`. Nothing about a portal stands anywhere else.

## Add a portal

1. Find its platform. `/portal/category` in the page's requests: 政采云 (`zcy`). `selectInfoMoreChannel`: `gpcms`, with `.do` at the end `freecms`.
   `getFullTextDataNew`: `inteligentsearch`. None of these: write a platform; `crawler/platforms/own.py` has five small ones.
2. Run `caigou portals new ID --platform P --base http://HOST`. The id is `ccgp-<province in pinyin>` or `ggzy-<province>`. It writes
   `seeds/portals/<id>.yml`, `crawler/spiders/<id>.py` and `tests/fixtures/portals/<id>/`. Without a platform of its own, write these by hand.
3. Fill the fixtures: `cassette.yml` holds a list, an empty list, a page of each kind of notice and a refusal in the portal's own format, in invented words;
   `expected.yml` what must be found in them. `tests/crawler/portals/harness.py` says what the keys mean.
4. Run `pytest tests/crawler/portals`: it walks all portals, and fails for one without fixtures.
5. Crawl one day through a gateway or a saved archive (`--via`, `--replay`) before asking the portal itself.

What is not known is not invented. Write `crawl.refused` (why) and `crawl.missing` (which facts): `caigou crawl` then refuses the portal by name, exit code 2, before
anything is asked. A portal that wants a captcha or a signature is asked and reports `blocked`, exit code 1.

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
| `expect.total` | `stated`: each list says how many notices it holds, and a day without that number is never complete; `none`: it never does |
| `expect.ends` | how a walk knows that it saw the whole list: `total`, `empty_page`, `past_day` (the list goes back in time), `last_page` (the portal names it) |
| `expect.cap` | the most notices one question ever shows; a list that counts as many is asked in parts, or the day ends with `list:capped`; `unknown` |
| `missing` | facts that nobody knows; what they would give is not fetched |
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

Every portal of this table is proven offline, too: by answers in its own format, constructed by us, through its own spider and the reader (`tests/fixtures/portals/`).

| portal | name | platform | delay | a list ends with | proven by | year | wants | limits | not known |
|---|---|---|---|---|---|---|---|---|---|
"""

REFUSED = """
## Not crawled

Known, and not crawled: `caigou crawl` says why and what is missing. Saved pages of theirs can be imported and are read with their own rules; their notices also stand on
ccgp.

| portal | name | why | missing | year |
|---|---|---|---|---|
"""

TYPES = """
## What is left out

Kinds of notices that a portal has and that are not fetched, with the reason.

| portals | kind | why |
|---|---|---|
| 政采云 | 14001 中小企业预留情况, news (btcg…) | no notice of a purchase |
| ggzy | sources 2–6 of the form, and everything but 政府采购 | 3 is ccgp itself; the others are no government procurement |
| ccgp-beijing | results, corrections and contracts of the districts | the address of their lists is not known |
| ccgp-hebei | 单一来源, 合同, 采购意向 | their columns in the search are not known |
| ccgp-yunnan | 更正, 合同, 单一来源 | their signs are not known |
| ccgp-liaoning | 采购意向, 合同 | their types are not known |
| ccgp-cgyx | pages of single projects | the group's page holds unit, name, category, budget and month |
| ccgp-shandong | every filter but the plain home list | the others want a captcha |

"""

TAIL = """
## Read only

Nothing is known of how the lists of these are asked:

"""


def page() -> str:
    rows = []
    for portal in portal_ids():
        config = load_portal(portal)
        if not config.enabled and config.evidence.level == "none":
            continue
        delay = " / ".join(f"{value:g}" for value in [config.delay, *config.host_delays.values()])
        year = config.evidence.year or ""
        cap = f", {config.expect.cap:,} at most" if config.expect.cap else ""
        rows.append(
            f"| {portal} | {config.name} | {config.platform} | {delay} s | {config.expect.ends}{cap} | {config.evidence.level} | {year} | "
            f"{config.wants or ''} | {config.evidence.note} | {'; '.join(config.missing)} |"
        )
    refusals = [refusal for portal in refused_ids() if (refusal := load_refusal(portal))]
    named = [
        f"| {r.id} | {r.name} | {r.reason} | {'; '.join(r.missing)} | {r.year or ''} |"
        for r in refusals
        if r.reason != UNKNOWN_LISTS[0]
    ]
    rest = [r.id for r in refusals if r.reason == UNKNOWN_LISTS[0]]
    lines = [HEAD + "\n".join(rows), REFUSED + "\n".join(named), f"{TYPES.rstrip()}", f"{TAIL}{', '.join(rest)}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (HERE / "portals.md").write_text(page(), encoding="utf-8")
