"""Every portal on a platform the replica speaks: a day, an empty day, a refusal."""

import datetime as dt
from urllib.parse import urlsplit

import pytest

from crawler.config import load_portal, portal_ids
from jobs.demo_portal import Behaviour, DemoPortal, Fault
from seeds.demo import api
from seeds.demo.model import LIST_CODES
from tests.replica.notices import FIRST_DAY, make

KINDS = {"zcy": "zcy_hosts", "gpcms": "gpcms_hosts", "freecms": "freecms_hosts"}
PORTALS = [p for p in portal_ids() if load_portal(p).platform in KINDS]
LISTS = "category|selectInfoMoreChannel"


@pytest.mark.parametrize("portal_id", PORTALS)
def test_a_day_an_empty_day_a_refusal(workspace, portal_id: str) -> None:
    config = load_portal(portal_id)
    hosts = {KINDS[config.platform]: [urlsplit(config.options["base"]).netloc]}
    # One notice of each kind the portal lists; kinds of its own codes (Zhejiang) are not in the replica.
    notices = [make(n, code=code, body="gpcms") for n, code in enumerate(LIST_CODES)]
    own_codes = portal_id == "ccgp-zhejiang"
    with DemoPortal(notices, **hosts) as portal:
        day = workspace.crawl(portal, FIRST_DAY, portal_id=portal_id)
        empty = workspace.crawl(portal, FIRST_DAY + dt.timedelta(1), portal_id=portal_id)
    identity = api.article_id if config.platform == "zcy" else api.gpcms_id
    assert set(workspace.pages) == (set() if own_codes else {identity(n) for n in notices})
    assert day.windows[0].verdict.value == ("empty_suspect" if own_codes else "complete")
    assert empty.windows[0].verdict.value == "empty_suspect"
    with DemoPortal(notices, Behaviour(faults=[Fault(LISTS, "challenge", None)]), **hosts) as portal:
        refused = workspace.crawl(portal, FIRST_DAY, portal_id=portal_id)
    assert refused.verdict == "blocked"
    assert refused.captured == 0
