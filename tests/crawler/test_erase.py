"""A purged record is gone and nothing else has moved."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Archive, ArchiveError, Exchange, RecordRef, _blank_member

AT = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
SECRET = "构造的秘密内容".encode()


def exchange(number: int, body: bytes) -> Exchange:
    return Exchange(
        f"http://a.example.cn/{number}.html",
        200,
        [("Content-Type", "text/html"), ("Set-Cookie", "who=geheim")],
        body,
        AT,
    )


def noise(size: int, seed: int) -> bytes:
    return SECRET + random.Random(seed).randbytes(size)


def fill(root: Path) -> list[RecordRef]:
    bodies = [noise(size, size) for size in (0, 40, 3_000, 70_000, 300_000)]
    with Archive(root) as archive:
        refs = [archive.append(exchange(n, body)) for n, body in enumerate(bodies)]
        refs.append(
            archive.append_resource(
                "urn:x", SECRET * 900, content_type="text/html", captured_at=AT, note="imported from 王五.html"
            )
        )
        first = archive.read(refs[0])
        refs.append(archive.append(exchange(9, first.payload), revisit_of=first))
    return refs


def test_one_record_goes_and_the_others_stay_where_they_are(tmp_path: Path) -> None:
    refs = fill(tmp_path)
    archive = Archive(tmp_path)
    assert archive.verify().ok
    for gone in (2, 5):
        size = archive.path(refs[gone]).stat().st_size
        assert archive.erase(refs[gone], AT)
        assert archive.path(refs[gone]).stat().st_size == size
        with pytest.raises(ArchiveError, match=r"was purged on 2026-03-01"):
            archive.read(refs[gone])
    for stays in (0, 1, 3, 4, 6):
        assert hashlib.sha256(archive.read(refs[stays]).payload).hexdigest() == refs[stays].sha256
    report = archive.verify()
    assert (report.ok, report.records) == (True, 5)
    raw = b"".join(
        gzip.decompress(archive.path(refs[2]).read_bytes()[r.offset : r.offset + r.length]) for r in (refs[2], refs[5])
    )
    assert SECRET not in raw
    assert "王五".encode() not in raw
    assert b"geheim" not in raw
    assert refs[2].sha256.encode() in raw


def test_erasing_twice_changes_nothing_and_a_torn_record_is_overwritten(tmp_path: Path) -> None:
    refs = fill(tmp_path)
    archive = Archive(tmp_path)
    path = archive.path(refs[3])
    blank = _blank_member(refs[3], AT, None)
    with path.open("r+b") as file:
        file.seek(refs[3].offset)
        file.write(blank[: len(blank) // 2])
    assert not archive.verify().ok
    assert archive.erase(refs[3], AT)
    after = path.read_bytes()
    assert archive.verify().ok
    assert not archive.erase(refs[3], AT + dt.timedelta(1))
    assert path.read_bytes() == after


def test_other_programs_read_the_file_still(tmp_path: Path) -> None:
    refs = fill(tmp_path)
    archive = Archive(tmp_path)
    for ref in refs:
        archive.erase(ref, AT)
    with archive.path(refs[0]).open("rb") as file:
        records = [(record.rec_type, record.raw_stream.read()) for record in ArchiveIterator(file)]
    metadata = [body for kind, body in records if kind == "metadata"]
    assert len(metadata) == len(refs)
    assert all(
        body.rstrip(b" ").endswith(ref.sha256.encode() + b"\r\n") for body, ref in zip(metadata, refs, strict=True)
    )


def test_a_place_that_holds_no_record_is_left_alone(tmp_path: Path) -> None:
    refs = fill(tmp_path)
    archive = Archive(tmp_path)
    before = archive.path(refs[1]).read_bytes()
    for wrong in (
        RecordRef(refs[1].file, refs[1].offset + 1, refs[1].length, refs[1].sha256),
        RecordRef(refs[1].file, refs[1].offset, refs[1].length - 1, refs[1].sha256),
        RecordRef(refs[1].file, len(before), 10, refs[1].sha256),
    ):
        with pytest.raises(ArchiveError, match="no record of"):
            archive.erase(wrong, AT)
    assert archive.path(refs[1]).read_bytes() == before
    with pytest.raises(ArchiveError, match="cannot overwrite"):
        archive.erase(RecordRef("202601/none.warc.gz", 0, 10, "0" * 64), AT)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.integers(400, 70_500), st.integers(65_000, 67_000), st.integers(130_500, 132_500)), st.booleans())
def test_a_blank_has_every_length_asked_for(length: int, named: bool) -> None:
    ref = RecordRef("a", 0, length, "0" * 64)
    member = _blank_member(ref, AT, "<urn:uuid:0>" if named else None)
    assert len(member) == length
    (record,) = list(ArchiveIterator(io.BytesIO(member)))
    assert record.rec_type == "metadata"
    assert gzip.decompress(member).endswith(b"\r\n\r\n")
