"""The archive: what goes in comes out, what is cut is recognised, and other readers can open it."""

import datetime as dt
import errno
import gzip
import hashlib
import io
import os
from pathlib import Path

import fastwarc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.archive import Archive, ArchiveError, Damage, Exchange, RecordRef, decode_body

NOW = dt.datetime(2026, 5, 12, 8, 30, 15, 250000, tzinfo=dt.UTC)
URL = "http://www.ccgp.gov.cn/cggg/dfgg/zbgg/202605/t20260512_90000001.htm"


def exchange(body: bytes = "构造的页面".encode(), url: str = URL, **more) -> Exchange:
    values = {"status": 200, "headers": [("Content-Type", "text/html")], "captured_at": NOW, **more}
    return Exchange(url=url, body=body, **values)


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        ref = archive.append(
            exchange(method="POST", request_body=b'{"pageNo": 1}', context={"portal": "ccgp", "kind": "detail"})
        )
        answer = archive.read(ref)
    assert (answer.url, answer.status, answer.captured_at) == (URL, 200, NOW)
    assert answer.body == "构造的页面".encode()
    assert answer.content_type == "text/html"
    assert answer.context == {"portal": "ccgp", "kind": "detail"}
    assert ref.sha256 == hashlib.sha256("构造的页面".encode()).hexdigest()
    (same,) = archive.iterate(ref.file)
    assert (same.method, same.request_body) == ("POST", b'{"pageNo": 1}')
    assert same.ref == ref


def test_nothing_is_created_before_the_first_record(tmp_path: Path) -> None:
    Archive(tmp_path / "archive").close()
    assert not (tmp_path / "archive").exists()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(bodies=st.lists(st.binary(max_size=300), min_size=1, max_size=6), status=st.integers(200, 599))
def test_any_bytes_any_status(tmp_path: Path, bodies: list[bytes], status: int) -> None:
    with Archive(tmp_path, label="any") as archive, archive.group():
        refs = [archive.append(exchange(body, status=status)) for body in bodies]
    assert [archive.read(ref).payload for ref in refs] == bodies
    found = list(archive.iterate(refs[0].file))
    assert [a.ref for a in found] == refs
    assert {a.status for a in found} == {status}


def test_an_independent_reader_opens_it_and_its_digests_hold(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        refs = [
            archive.append(
                exchange(b"a" * 5000, headers=[("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")])
            ),
            archive.append(exchange("二".encode(), url="http://www.ccgp.gov.cn/路/?名=值")),
        ]
        archive.append_resource(
            "http://x.invalid/附件.pdf", b"%PDF", content_type="application/pdf", captured_at=NOW, note="imported"
        )
    kinds = []
    for parse_http, verify in ((False, "verify_block_digest"), (True, "verify_payload_digest")):
        kinds.clear()
        with (tmp_path / refs[0].file).open("rb") as handle:
            for record in fastwarc.ArchiveIterator(handle, parse_http=parse_http):
                kinds.append(record.headers["WARC-Type"])
                # A resource has no HTTP headers: this reader checks its block digest only, which is the same value.
                if kinds[-1] == "response" or (kinds[-1] == "resource" and not parse_http):
                    assert getattr(record, verify)()
    assert kinds == ["warcinfo", "request", "response", "request", "response", "resource"]


def test_the_compressed_body_is_kept_and_decoded_on_demand(tmp_path: Path) -> None:
    packed = gzip.compress(b"<html>" * 50)
    with Archive(tmp_path) as archive:
        answer = archive.read(archive.append(exchange(packed, headers=[("Content-Encoding", "gzip")])))
    assert answer.payload == packed
    assert answer.body == b"<html>" * 50


def test_a_cut_or_false_encoding_does_not_lose_the_bytes() -> None:
    assert decode_body(gzip.compress(b"x" * 9000)[:-9], "gzip").startswith(b"x" * 100)
    assert decode_body(b"plain text", "gzip") == b"plain text"
    assert decode_body(b"plain text", "br") == b"plain text"
    assert decode_body(b"", "gzip") == b""


def test_a_saved_file_without_a_time_is_dated_by_its_import(tmp_path: Path) -> None:
    before = dt.datetime.now(dt.UTC)
    with Archive(tmp_path) as archive:
        ref = archive.append_resource(
            "urn:sha256:00", b"x", content_type="text/html", captured_at=None, note="captured_at = 导入时间"
        )
        answer = archive.read(ref)
    assert answer.status is None
    assert before <= answer.captured_at <= dt.datetime.now(dt.UTC)
    assert answer.note == "captured_at = 导入时间"
    assert answer.content_type == "text/html"


def test_an_unchanged_payload_is_stored_once_and_read_whole(tmp_path: Path) -> None:
    body = os.urandom(20_000)
    with Archive(tmp_path) as archive:
        first = archive.read(archive.append(exchange(body)))
        again = archive.append(exchange(body, captured_at=NOW + dt.timedelta(days=7)), revisit_of=first)
        changed = archive.append(exchange(body + b"!"), revisit_of=first)
    assert again.length < 2000
    assert archive.read(again).payload == body
    assert archive.read(again).captured_at == NOW + dt.timedelta(days=7)
    assert archive.read(changed).payload == body + b"!"
    assert archive.verify().ok


def test_every_cut_keeps_the_whole_records_and_is_reported(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        refs = [archive.append(exchange(bytes([65 + n]) * 40)) for n in range(3)]
    path = tmp_path / refs[0].file
    whole = path.read_bytes()
    for size in range(refs[0].offset, len(whole)):
        path.write_bytes(whole[:size])
        damages: list[Damage] = []
        found = list(archive.iterate(refs[0].file, damages))
        assert [a.ref for a in found] == [r for r in refs if r.offset + r.length <= size]
        boundary = size in {r.offset + r.length for r in refs} | {r.offset for r in refs}
        assert bool(damages) != boundary


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        refs = [archive.append(exchange(os.urandom(400))) for _ in range(3)]
    assert archive.verify().ok
    path = tmp_path / refs[1].file
    data = bytearray(path.read_bytes())
    data[refs[1].offset + refs[1].length // 2] ^= 0xFF
    path.write_bytes(data)
    report = archive.verify()
    assert not report.ok
    assert report.damages[0].file == refs[1].file
    with pytest.raises(ArchiveError, match="archive verify"):
        archive.read(refs[1])
    assert archive.read(refs[0]).status == 200


def test_two_writers_never_share_a_file(tmp_path: Path) -> None:
    with Archive(tmp_path) as one, Archive(tmp_path) as two:
        assert one.append(exchange()).file != two.append(exchange()).file
    assert len(one.files()) == 2


def test_a_full_file_is_followed_by_a_new_one(tmp_path: Path) -> None:
    with Archive(tmp_path, max_bytes=1000) as archive:
        refs = [archive.append(exchange(os.urandom(900))) for _ in range(3)]
    assert len({r.file for r in refs}) == 3
    assert all(len(archive.read(r).payload) == 900 for r in refs)


def test_an_unwritable_place_is_one_line_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ArchiveError) as error:
        Archive(tmp_path / "file" / "archive").append(exchange())
    assert "cannot write the archive" in error.value.message
    assert "CAIGOU_HOME" in error.value.remedy
    assert "\n" not in str(error.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_one_line_and_keeps_what_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path)
    kept = archive.append(exchange())
    size = (tmp_path / kept.file).stat().st_size
    real = archive._handle
    with Path("/dev/full").open("wb", buffering=0) as full:
        archive._handle = full
        with pytest.raises(ArchiveError, match="disk is full"):
            archive.append(exchange(b"more"))
    real.close()
    assert (tmp_path / kept.file).stat().st_size == size
    assert archive.append(exchange(b"after")).file != kept.file
    archive.close()
    assert archive.verify().ok


def test_what_the_disk_takes_only_in_part_is_taken_back(tmp_path: Path) -> None:
    class Full(io.RawIOBase):
        """Takes one byte, then half of what is given, then nothing."""

        def __init__(self, real) -> None:
            self.real, self.limit = real, 700

        def write(self, data) -> int:
            room = self.limit - self.real.tell() % 100_000 if self.limit else 0
            if room <= 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return self.real.write(bytes(data)[: max(1, room // 2)])

        def fileno(self) -> int:
            return self.real.fileno()

        def close(self) -> None:
            self.real.close()
            super().close()

    archive = Archive(tmp_path)
    kept = archive.append(exchange(b"small"))
    size = (tmp_path / kept.file).stat().st_size
    archive._handle = Full(archive._handle)
    archive._handle.limit = size + 200
    with pytest.raises(ArchiveError, match="disk is full"):
        archive.append(exchange(os.urandom(4000)))
    assert (tmp_path / kept.file).stat().st_size == size
    assert archive.verify().ok
    archive.close()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"gone\.warc\.gz"):
        Archive(tmp_path).read(RecordRef("gone.warc.gz", 0, 10, "00"))
    with pytest.raises(ArchiveError, match=r"gone\.warc\.gz"):
        list(Archive(tmp_path).iterate("gone.warc.gz"))


def test_files_of_other_archivers_are_read(tmp_path: Path) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    for name, packed in (("plain.warc", False), ("packed.warc.gz", True)):
        with (tmp_path / name).open("wb") as handle:
            writer = WARCWriter(handle, gzip=packed)
            headers = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")], protocol="HTTP/1.1"
            )
            import io

            writer.write_record(
                writer.create_warc_record(
                    URL, "response", payload=io.BytesIO(b"3\r\nabc\r\n0\r\n\r\n"), length=13, http_headers=headers
                )
            )
        (answer,) = Archive(tmp_path).iterate(name)
        assert (answer.url, answer.status, answer.body) == (URL, 200, b"abc")
    with gzip.open(tmp_path / "one-member.warc.gz", "wb") as handle:
        handle.write((tmp_path / "plain.warc").read_bytes() * 2)
    assert len(list(Archive(tmp_path).iterate("one-member.warc.gz"))) == 2
    (tmp_path / "nonsense.warc.gz").write_bytes(gzip.compress(b"hello"))
    damages: list[Damage] = []
    assert list(Archive(tmp_path).iterate("nonsense.warc.gz", damages)) == []
    assert damages


def test_an_empty_archive_verifies(tmp_path: Path) -> None:
    report = Archive(tmp_path / "none").verify()
    assert report.ok
    assert (report.files, report.records) == (0, 0)


def test_naive_times_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        Archive(tmp_path).append(exchange(captured_at=dt.datetime(2026, 1, 1)))
