"""A pack is a WACZ 1.1.1, and reading it back gives the same notices."""

import datetime as dt
import hashlib
import io
import json
import zipfile
from pathlib import Path

import fastwarc
import pytest
import sqlalchemy as sa

from crawler.archive import Archive, ArchiveError, RecordRef
from crawler.run import crawl
from crawler.types import Listed, Window
from crawler.wacz import pack, search_key
from db.engine import make_engine
from db.settings import Settings
from jobs.demo_portal import Behaviour, DemoPortal, Fault
from jobs.import_files import expand, import_files
from jobs.read import read_captures
from seeds import load_knowledge
from tests.conftest import database
from tests.replica.notices import FIRST_DAY, many

DAY = FIRST_DAY
NOTICES = """
    SELECT n.portal_id, n.identity, n.source_id, r.content_digest,
           (SELECT array_agg(a.name || ' ' || a.url ORDER BY a.url) FROM attachment a JOIN reading g ON g.id = a.reading_id
             WHERE g.revision_id = r.id AND g.superseded_at IS NULL)
      FROM notice n JOIN revision r ON r.notice_id = n.id ORDER BY 1, 2, 4
"""
FILES = "SELECT url, sha256, name FROM capture WHERE kind = 'attachment' ORDER BY 1, 2"


def rows(engine, query: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


@pytest.fixture
def crawled(settings, engine):
    """Two runs, the second of which looks at unchanged pages again."""
    notices = many(12, every_attachment=4)
    faults = [Fault(rf"_{notices[0].source_id}\.", "throttle"), Fault(r"/oss/", "502")]
    with DemoPortal(notices, Behaviour(faults=faults)) as portal:
        first = crawl(settings, ["ccgp"], DAY, DAY, via=portal.base, delay=0)
        where = "SELECT source_id, url, warc_file, warc_offset, warc_length, sha256 FROM capture WHERE source_id IS NOT NULL AND kind = 'page'"
        again = tuple((Listed(a, b, "", None), RecordRef(c, d, e, f)) for a, b, c, d, e, f in rows(engine, where))
        window = Window("ccgp", DAY, DAY, channel="recheck", recheck=again)
        second = crawl(settings, ["ccgp"], DAY, DAY, via=portal.base, delay=0, windows=[window])
    assert (first.verdict, second.verdict) == ("complete", "complete")
    return settings, first.archive_files[0], second.archive_files[0]


def test_the_layout(crawled, tmp_path: Path) -> None:
    settings, *_ = crawled
    report = pack(Archive(settings.archive), tmp_path / "p.wacz")
    assert report.damages == ()
    assert report.size == (tmp_path / "p.wacz").stat().st_size
    with zipfile.ZipFile(tmp_path / "p.wacz") as package:
        assert package.testzip() is None
        names = package.namelist()
        described = package.read("datapackage.json")
        data = json.loads(described)
        digest = json.loads(package.read("datapackage-digest.json"))
        assert digest == {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(described).hexdigest()}"}
        assert (data["profile"], data["wacz_version"]) == ("data-package", "1.1.1")
        assert {r["path"] for r in data["resources"]} == set(names) - {"datapackage.json", "datapackage-digest.json"}
        for resource in data["resources"]:
            body = package.read(resource["path"])
            assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
            assert resource["bytes"] == len(body)
        lines = package.read("indexes/index.cdx").decode().splitlines()
        assert lines == sorted(lines)
        assert len(lines) == report.records
        for line in lines:
            key, when, text = line.split(" ", 2)
            entry = json.loads(text)
            assert key == search_key(entry["url"])
            start, length = int(entry["offset"]), int(entry["length"])
            member = package.read(f"archive/{entry['filename']}")[start : start + length]
            (record,) = fastwarc.ArchiveIterator(io.BytesIO(member), parse_http=False)
            assert record.headers["WARC-Target-URI"] == entry["url"].replace("{", "%7B").replace("}", "%7D")
            assert record.record_date.strftime("%Y%m%d%H%M%S") == when
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").decode().splitlines()]
    assert pages[0] == {"format": "json-pages-1.0", "id": "pages", "title": "Notices"}
    assert len(pages) - 1 == report.pages >= 24
    assert all(dt.datetime.fromisoformat(page["ts"]) for page in pages[1:])
    assert any("【构造】" in page.get("title", "") for page in pages[1:])


def test_reading_a_pack_back_gives_the_same_notices(crawled, engine, tmp_path, server_url, template_database) -> None:
    settings, *_ = crawled
    read_captures(engine, settings.archive, knowledge_source=load_knowledge)
    pack(Archive(settings.archive), tmp_path / "p.wacz")
    with database(server_url, template_database) as url:
        other = Settings(home=tmp_path / "other", database_url=url.render_as_string(hide_password=False))
        again = make_engine(url)
        try:
            chosen, refused = expand([tmp_path / "p.wacz"])
            found = import_files(again, other.archive, chosen)
            assert (found.refused, refused) == ([], [])
            report = read_captures(again, other.archive, knowledge_source=load_knowledge)
            assert report.failed == []
            assert rows(again, NOTICES) == rows(engine, NOTICES)
            assert len(rows(again, NOTICES)) == 12
            assert rows(again, FILES) == rows(engine, FILES)
            assert Archive(other.archive).verify().ok
        finally:
            again.dispose()


def test_what_a_revisit_refers_to_is_packed_with_it(crawled, tmp_path: Path) -> None:
    settings, first, second = crawled
    report = pack(Archive(settings.archive), tmp_path / "p.wacz", [second])
    assert report.files == 2
    with zipfile.ZipFile(tmp_path / "p.wacz") as package:
        package.extractall(tmp_path / "out")
    flat = Archive(tmp_path / "out" / "archive")
    assert sorted(flat.files()) == sorted([Path(first).name, Path(second).name])
    assert flat.verify().ok
    assert pack(Archive(settings.archive), tmp_path / "q.wacz", [first]).files == 1


def test_a_cut_file_is_packed_as_it_is_and_named(crawled, tmp_path: Path) -> None:
    settings, first, _ = crawled
    path = settings.archive / first
    path.write_bytes(path.read_bytes()[:-40])
    report = pack(Archive(settings.archive), tmp_path / "p.wacz", [first])
    assert [d.file for d in report.damages] == [first]
    assert report.records > 10


def test_no_half_pack_is_left_behind(crawled, tmp_path: Path) -> None:
    settings, *_ = crawled
    with pytest.raises(ArchiveError, match="cannot write the pack"):
        pack(Archive(settings.archive), tmp_path / "none" / "p.wacz")
    with pytest.raises(ArchiveError, match="nothing to pack"):
        pack(Archive(tmp_path / "empty"), tmp_path / "p.wacz")
    assert list(tmp_path.glob("*wacz*")) == []


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.ccgp.gov.cn/cggg/A.htm?B=1", "cn,gov,ccgp)/cggg/a.htm?b=1"),
        ("https://a.b.cn:8443/x", "cn,b,a:8443)/x"),
        ("http://a.cn", "cn,a)/"),
        ("urn:sha256:00", "urn:sha256:00"),
    ],
)
def test_search_keys(url: str, key: str) -> None:
    assert search_key(url) == key
