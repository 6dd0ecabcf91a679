"""From a portal's answers to the store: each notice once, under the name its portal gives it, however it is named."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from jobs.read import read_captures
from seeds import load_knowledge
from tests.crawler.portals.harness import crawl_scene, load_cassette, load_expected

# Names in the address (Hebei, contracts), in the record (政采云, Jiangsu), and the address itself (Beijing, Liaoning).
PORTALS = ("ccgp-hebei", "ccgp-htgs", "ccgp-guangxi", "ccgp-jiangsu", "ccgp-beijing", "ccgp-liaoning", "ggzy-bingtuan")


@pytest.mark.parametrize("portal", PORTALS)
def test_each_notice_once_under_its_name(portal: str, settings, engine, tmp_path: Path) -> None:
    cassette, expected = load_cassette(portal), load_expected(portal)
    first = crawl_scene(settings.home, cassette, database_url=settings.database_url)
    again = crawl_scene(settings.home, cassette, database_url=settings.database_url)
    assert (first.report.verdict, again.report.verdict) == ("complete", "complete")
    assert first.report.captured == len(expected["listed"])
    assert again.report.captured == 0
    read_captures(engine, settings.archive, knowledge_source=load_knowledge)
    read_captures(engine, settings.archive, knowledge_source=load_knowledge)
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT n.source_id, r.title, r.type FROM notice n JOIN revision v ON v.notice_id = n.id "
                "JOIN reading r ON r.revision_id = v.id WHERE n.portal_id = :portal AND r.superseded_at IS NULL"
            ),
            {"portal": portal},
        ).all()
    stored = sorted((row.source_id, row.title) for row in rows)
    assert stored == sorted((str(entry["id"]), entry["title"]) for entry in expected["listed"])
