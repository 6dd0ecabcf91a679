"""Three platforms on a bad week: what a crawl lacks, the next ones finish; nothing is lost, nothing is there twice."""

import datetime as dt

import pytest
import sqlalchemy as sa

from crawler.run import crawl
from jobs.demo_portal import Behaviour, DemoPortal, Fault
from seeds.demo import api
from seeds.demo.ccgp import attachment_url
from tests.replica.notices import FIRST_DAY, make, many

DAYS = 4
PORTALS = ("ccgp", "ccgp-guangxi", "ccgp-guangdong")
FLAKY = [
    Fault("", "502", every=11),
    Fault("", "reset", every=13),
    Fault("", "empty", every=17),
    Fault("", "truncated", every=19),
    Fault("category|selectInfo", "throttle", every=23),
    Fault(r"bxsearch", "landing", every=29),
    Fault(r"/portal/detail", "challenge", every=97),
]


@pytest.mark.slow
def test_a_bad_week(settings, engine) -> None:
    notices = many(120, days=DAYS, every_attachment=12)
    late = [make(700 + n, FIRST_DAY + dt.timedelta(n % DAYS), code="zbgg", body="ccgp") for n in range(10)]
    behaviour = Behaviour(
        faults=FLAKY,
        throttle_after=20,
        throttle_for=2,
        arrivals=[(8 * n + 5, notice) for n, notice in enumerate(late)],
    )
    last = FIRST_DAY + dt.timedelta(DAYS - 1)
    verdicts = []
    with DemoPortal(
        notices, behaviour, zcy_hosts=["www.ccgp-guangxi.gov.cn"], gpcms_hosts=["gdgpo.czt.gd.gov.cn"]
    ) as portal:
        for _ in range(8):
            report = crawl(settings, PORTALS, FIRST_DAY, last, via=portal.base, delay=0)
            verdicts.append(
                (
                    report.verdict,
                    [(w.portal, w.since, dict(w.reasons), w.notes) for w in report.windows if w.verdict != "complete"],
                )
            )
            if report.verdict == "complete":
                break
    assert verdicts[-1][0] == "complete", verdicts
    everything = [*notices, *late]
    expected = {("ccgp", str(n.source_id)) for n in everything}
    expected |= {("ccgp-guangxi", api.article_id(n)) for n in everything}
    expected |= {("ccgp-guangdong", api.gpcms_id(n)) for n in everything}
    with engine.connect() as connection:
        pages = connection.execute(
            sa.text(
                "SELECT portal_id, source_id, count(*) FROM capture WHERE kind = 'page' AND source_id IS NOT NULL GROUP BY 1, 2"
            )
        ).all()
        files = set(
            connection.execute(
                sa.text(
                    "SELECT url FROM capture WHERE kind = 'attachment' AND source_id IS NOT NULL AND portal_id = 'ccgp'"
                )
            ).scalars()
        )
        windows = connection.execute(
            sa.text(
                "SELECT portal_id, since, listed, captured FROM crawl_window WHERE run_id = (SELECT max(id) FROM run)"
            )
        ).all()
    assert {(portal_id, number) for portal_id, number, _ in pages} == expected
    assert all(count == 1 for _, _, count in pages)
    assert files == {attachment_url(n, a) for n in notices for a in n.attachments}
    assert len(windows) == 3 * DAYS
    assert all(listed == captured for _, _, listed, captured in windows)
