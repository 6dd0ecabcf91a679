"""Archive → reader → ledger: in this process, in worker processes and on a cluster, with the same result."""

import datetime as dt

import pytest
from sqlalchemy import text

from crawler.archive import Archive, Exchange
from db.engine import session_scope
from db.ingest import CaptureRow, record_capture
from jobs.read import ReadReport, read_captures
from seeds import load_knowledge
from seeds.demo.ccgp import detail_page
from seeds.demo.load import load_demo_notices


@pytest.fixture
def archived(engine, tmp_path):
    """A dozen constructed pages, archived and recorded."""
    root = tmp_path / "archive"
    with Archive(root) as archive, session_scope(engine) as session:
        for notice in load_demo_notices()[:12]:
            when = dt.datetime(2022, 6, 1, tzinfo=dt.UTC)
            url = f"http://www.ccgp-demo.invalid{notice.ccgp_path}"
            headers = [("Content-Type", "text/html")]
            ref = archive.append(Exchange(url, 200, headers, detail_page(notice).encode(), when))
            record_capture(
                session,
                CaptureRow("demo", url, when, ref.sha256, "text/html", 200, ref.file, ref.offset, ref.length),
            )
    return root


def contents(engine):
    with engine.connect() as connection:
        return connection.execute(
            text(
                "select n.source_id, r.title, r.project_no, b.text from reading r join revision v on v.id = r.revision_id "
                "join notice n on n.id = v.notice_id join body b on b.id = r.body_id where r.superseded_at is null order by 1"
            )
        ).all()


def test_everything_pending_is_read_once(engine, archived) -> None:
    seen = []
    report = read_captures(engine, archived, knowledge_source=load_knowledge, progress=seen.append)
    assert report.ok
    assert report.states == {"notice": 12}
    assert report.readings == 12
    assert seen[-1] == 12
    again = read_captures(engine, archived, knowledge_source=load_knowledge)
    assert (again.captures, again.readings) == (0, 0)
    assert len(contents(engine)) == 12


def test_nothing_pending_is_no_error(engine, tmp_path) -> None:
    report = read_captures(engine, tmp_path / "archive", knowledge_source=load_knowledge)
    assert report.ok
    assert report.captures == 0


def test_reading_all_again_changes_nothing(engine, archived) -> None:
    read_captures(engine, archived, knowledge_source=load_knowledge)
    before = contents(engine)
    report = read_captures(engine, archived, knowledge_source=load_knowledge, all=True)
    assert report.states == {"notice": 12}
    assert contents(engine) == before


def test_worker_processes_read_the_same(engine, archived) -> None:
    report = read_captures(engine, archived, knowledge_source=load_knowledge, workers=2)
    assert report.states == {"notice": 12}
    in_workers = contents(engine)
    read_captures(engine, archived, knowledge_source=load_knowledge, all=True)
    assert contents(engine) == in_workers


def test_damaged_bytes_fail_by_name_and_the_others_are_read(engine, archived) -> None:
    (name,) = Archive(archived).files()
    path = archived / name
    data = bytearray(path.read_bytes())
    data[-60:] = b"\0" * 60
    path.write_bytes(bytes(data))
    report = read_captures(engine, archived, knowledge_source=load_knowledge)
    assert not report.ok
    assert len(report.failed) == 1
    assert "ccgp-demo.invalid" in report.failed[0]
    assert report.states == {"notice": 11}


@pytest.mark.filterwarnings("default")
def test_a_dask_cluster_reads_the_same(engine, archived) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, protocol="inproc"
    ) as cluster:
        report = read_captures(engine, archived, knowledge_source=load_knowledge, cluster=cluster.scheduler_address)
    assert report.states == {"notice": 12}
    assert report.ok


def test_a_broken_part_of_the_reader_is_not_well() -> None:
    report = ReadReport()
    assert report.ok
    report.issues.update(["published_missing"])
    assert report.ok
    report.issues.update(["reader_error"])
    assert not report.ok


def test_an_answer_the_crawl_refused_is_kept_and_makes_no_notice(engine, archived) -> None:
    with session_scope(engine) as session:
        session.execute(text("INSERT INTO run (id, kind) VALUES (900001, 'crawl'), (900002, 'import')"))
        ids = session.execute(text("SELECT id FROM capture ORDER BY id")).scalars().all()
        assert len(ids) >= 2
        session.execute(text("UPDATE capture SET source_id = NULL, run_id = 900001 WHERE id = :id"), {"id": ids[0]})
        session.execute(text("UPDATE capture SET source_id = NULL, run_id = 900002 WHERE id = :id"), {"id": ids[1]})
    report = read_captures(engine, archived, knowledge_source=load_knowledge)
    assert report.issues["refused_by_crawl"] == 1
    with session_scope(engine) as session:
        states = {row[0]: row[1] for row in session.execute(text("SELECT capture_id, state FROM capture_reading"))}
        notices = session.execute(text("SELECT count(*) FROM notice")).scalar_one()
    assert (states[ids[0]], states[ids[1]]) == ("unknown", "notice")
    assert notices == len(ids) - 1
