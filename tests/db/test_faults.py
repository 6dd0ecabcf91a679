"""Whatever breaks or is killed between any two statements: nothing half is kept, and run again the store is as if nothing had happened."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, text

from crawler.archive import Archive, Exchange
from db.decisions import decide
from db.engine import make_engine, session_scope
from db.ingest import CaptureRow, record_captures, store_readings
from db.link import link_some
from db.models.review import ReviewKind
from db.review import decide_mention, review_pair
from db.tombstones import tombstones
from jobs.link import link_queue
from jobs.purge import purge_notices
from nlp.types import MentionRole, NoticeReading
from tests.conftest import database
from tests.db import world
from tests.db.contents import contents, differences, fingerprint
from tests.db.faults import Step, broken, killed, statements_of
from tests.db.making import START, V2, line, ref_of, supplier
from tests.db.test_questions import SHOP, award, correction

GUESS = {"role": MentionRole.UNRESOLVED, "best": MentionRole.AWARDED, "score": 0.4}
OTHER_FIRM = "云岭第九科技有限公司"


def pages() -> list[tuple[str, NoticeReading, dt.datetime]]:
    """Copies, a correction, an open question, a changed page, a page of its own, and one read again by newer versions."""
    changed = award("5", number="B-2022-005", name="五", items=[line("wd", "6", lot="1")])
    alone = award("6", number="B-2022-006", name="六号采购", title="六号采购中标公告", suppliers=[supplier(OTHER_FIRM)])
    return [
        ("ccgp", award("1"), START),
        ("ggzy", award("1"), START),
        ("ccgp", correction(), START + dt.timedelta(7)),
        ("ccgp", award("4", number="B-2022-004", name="四", **GUESS), START),
        ("ccgp", award("5", number="B-2022-005", name="五"), START),
        ("ccgp", changed, START + dt.timedelta(3)),
        ("ccgp", alone, START),
        ("ccgp", replace(alone, versions=V2), START),
    ]


class World:
    """The steps of a small life of the store, each one transaction, on an archive of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.rows: list[tuple[CaptureRow, NoticeReading]] = []
        with Archive(root) as archive, archive.group():
            for portal, page, at in pages():
                url = f"http://{portal}.example.cn/{page.notice.source_id}.html"
                body = f"{portal} {page.text}".encode()
                ref = archive.append(Exchange(url, 200, [("Content-Type", "text/html")], body, at))
                row = CaptureRow(portal, url, at, ref.sha256, "text/html", 200, ref.file, ref.offset, ref.length)
                self.rows.append((row, page))

    def ingest(self, first: int, last: int) -> Step:
        def step(engine: Engine) -> None:
            part = self.rows[first:last]
            with session_scope(engine) as session:
                ids = record_captures(session, [row for row, _ in part])
                store_readings(session, [(ref_of(id_, row), page) for id_, (row, page) in zip(ids, part, strict=True)])

        return step

    def steps(self) -> list[tuple[str, Step]]:
        return [
            ("ingest", self.ingest(0, 4)),
            ("ingest more", self.ingest(4, 8)),
            ("link", link_once),
            ("review", review),
            ("link the review", link_once),
            ("pair", pair),
            ("merge", merge),
            ("link the merge", link_once),
        ]

    def purge(self, engine: Engine) -> None:
        purge_notices(engine, self.root, ["ccgp/6"], "court order", "anna")


def link_once(engine: Engine) -> None:
    with session_scope(engine) as session:
        link_some(session)


def review(engine: Engine) -> None:
    with session_scope(engine) as session:
        mention = session.execute(
            text("SELECT id FROM mention WHERE role = 'unresolved' ORDER BY id LIMIT 1")
        ).scalar_one()
        decide_mention(session, mention, MentionRole.AWARDED, "anna", "seen")


def pair(engine: Engine) -> None:
    with session_scope(engine) as session:
        review_pair(session, "ccgp/4", "ccgp/5", same=True, kind=ReviewKind.SAME_PROCESS, reviewer="anna")


def merge(engine: Engine) -> None:
    with session_scope(engine) as session:
        decide(session, SHOP, OTHER_FIRM, same=True, reviewer="anna", despite_rules=True)


@pytest.fixture
def small(engine: Engine, tmp_path: Path) -> World:
    with session_scope(engine) as session:
        world.seeds(session)
    return World(tmp_path / "archive")


@pytest.fixture
def undisturbed(small: World, server_url: sa.URL, template_database: str) -> list[tuple[str, dict[str, list[str]]]]:
    """What the store holds after each step, when nothing goes wrong."""
    with database(server_url, template_database) as url:
        engine = make_engine(url)
        with session_scope(engine) as session:
            world.seeds(session)
        found = []
        for name, step in small.steps():
            assert statements_of(engine, step) > 5, name
            found.append((name, contents(engine)))
        engine.dispose()
    assert len({str(state) for _, state in found}) == len(found), "every step changes something"
    return found


def disturb(
    engine: Engine,
    steps: Sequence[tuple[str, Step]],
    expected: Sequence[tuple[str, object]],
    trouble: Callable[[Engine, Step, int], bool],
) -> int:
    """Each step is broken at every statement in turn and leaves nothing; then it is done. Returns how often."""
    count = 0
    for (name, step), (_, after) in zip(steps, expected, strict=True):
        before = fingerprint(engine)
        at = 1
        while trouble(engine, step, at):
            assert fingerprint(engine) == before, (name, at)
            at += 1
        count += at - 1
        assert at > 5, name
        assert differences(contents(engine), after) == {}, name  # type: ignore[arg-type]
    return count


def test_a_step_that_breaks_at_any_statement_leaves_nothing(engine, small, undisturbed) -> None:
    assert disturb(engine, small.steps(), undisturbed, broken) > 100


def test_a_step_that_is_killed_at_any_statement_leaves_nothing(engine, small, undisturbed) -> None:
    assert disturb(engine, small.steps(), undisturbed, killed) > 100


@pytest.fixture
def lived(engine: Engine, small: World) -> Engine:
    for _, step in small.steps():
        step(engine)
    link_queue(engine)
    return engine


@pytest.mark.parametrize("trouble", [broken, killed])
def test_a_purge_cut_off_anywhere_is_finished_by_the_next(lived, small, server_url, tmp_path, trouble) -> None:
    """Until its transaction is committed it never was; from then on the same command ends what is left."""
    url = lived.url
    lived.dispose()
    saved = tmp_path / "saved"
    shutil.copytree(small.root, saved)

    with database(server_url, url.database) as calm_url:
        calm = make_engine(calm_url)
        small.purge(calm)
        wanted = contents(calm)
        calm.dispose()
    erased_bytes = archive_digest(small.root)
    before = None
    at, committed = 1, 0
    while True:
        shutil.rmtree(small.root)
        shutil.copytree(saved, small.root)
        with database(server_url, url.database) as copy:
            engine = make_engine(copy)
            before = before or fingerprint(engine)
            # Of the statements before the commit nothing shows: try them all on one copy.
            while (hit := trouble(engine, small.purge, at)) and fingerprint(engine) == before:
                at += 1
            if not hit:
                assert differences(contents(engine), wanted) == {}
                assert at > 40
                assert committed >= 3
                engine.dispose()
                break
            committed += 1
            small.purge(engine)
            assert differences(contents(engine), wanted) == {}, at
            assert archive_digest(small.root) == erased_bytes
            with session_scope(engine) as session:
                (stone,) = tombstones(session)
                assert stone.unerased == 0
            engine.dispose()
        at += 1


def archive_digest(root: Path) -> list[tuple[str, str]]:
    """What can be read of the archive."""
    archive = Archive(root)
    return [
        (answer.url, hashlib.sha256(answer.payload).hexdigest())
        for file in archive.files()
        for answer in archive.iterate(file)
    ]
