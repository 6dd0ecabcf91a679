"""Files a person may hand to ``caigou import``: good ones go in once, bad ones are refused with one line each."""

import gzip
import hashlib
import io
import os
import zipfile

import pytest
from sqlalchemy import text

from crawler.archive import Archive, Exchange, RecordRef
from tests.cli.conftest import run

PAGE = """<html><head><meta charset="utf-8"><title>构造页</title></head><body><div class="vF_detail_content">
<p>一、项目编号：YLMC2022-XJ-999（构造）</p><p>采购人：明川市公安局（构造）</p></div></body></html>"""


def captures(engine):
    with engine.connect() as connection:
        return connection.execute(
            text(
                "select name, url, portal_id, kind, captured_at_is_import, sha256, warc_file, warc_offset, warc_length from capture order by id"
            )
        ).all()


def one_line(answer):
    lines = answer.err.strip().splitlines()
    return [line for line in lines if line.startswith("caigou: ")]


def test_pages_go_into_archive_and_ledger_once(caigou, engine, tmp_path) -> None:
    folder = tmp_path / "saved"
    (folder / "inner").mkdir(parents=True)
    (folder / "a.html").write_text(PAGE, encoding="utf-8")
    (folder / "inner" / "b.json").write_text('{"title": "构造"}', encoding="utf-8")
    first = caigou("import", folder, "--json")
    assert (first.code, first.json["recorded"], first.json["refused"]) == (0, {"page": 2}, [])
    again = caigou("import", folder, "--json")
    assert (again.code, again.json["recorded"], again.json["known"]) == (0, {}, 2)
    rows = captures(engine)
    assert [row.name for row in rows] == ["a.html", "inner/b.json"]
    assert all(row.captured_at_is_import for row in rows)
    with Archive(tmp_path / "home" / "archive") as archive:
        for row in rows:
            stored = archive.read(RecordRef(row.warc_file, row.warc_offset, row.warc_length, row.sha256))
            assert hashlib.sha256(stored.body).hexdigest() == row.sha256
        assert archive.verify().ok


def test_a_manifest_names_the_files_and_their_origin(caigou, engine, tmp_path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "a.html").write_text(PAGE, encoding="utf-8")
    (folder / "unlisted.html").write_text(PAGE, encoding="utf-8")
    manifest = folder / "manifest.csv"
    url = "http://www.ccgp.gov.cn/cggg/dfgg/zbgg/202201/t20220111_90000101.htm"
    manifest.write_text(f"file,url,portal,captured_at\na.html,{url},ccgp,2022-01-12T08:00:00+08:00\n", encoding="utf-8")
    answer = caigou("import", folder, "--manifest", manifest, "--json")
    assert (answer.code, answer.json["recorded"]) == (0, {"page": 1})
    (row,) = captures(engine)
    assert (row.url, row.portal_id, row.captured_at_is_import) == (url, "ccgp", False)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("noise.bin", bytes(range(256)) * 8, "not a page"),
        ("empty.html", b"", "empty file"),
        ("cut.html.gz", gzip.compress(PAGE.encode())[:-20], "ends too early"),
        ("broken.html.gz", b"\x1f\x8b\x08\x00" + b"\xff" * 64, "damaged gzip"),
        ("bomb.html.gz", gzip.compress(b" " * (70 * 1024 * 1024)), "64 MB once unpacked"),
        ("cut.wacz", b"PK\x03\x04 not a zip", "not a zip"),
    ],
)
def test_bad_files_are_refused_with_one_line_and_the_others_go_in(
    caigou, engine, tmp_path, name, content, says
) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "good.html").write_text(PAGE, encoding="utf-8")
    (folder / name).write_bytes(content)
    answer = caigou("import", folder)
    assert answer.code == 1
    (line,) = one_line(answer)
    assert name in line
    assert says in line
    assert " — " in line
    assert [row.name for row in captures(engine)] == ["good.html"]


def test_a_page_of_100_mb_is_refused(caigou, engine, tmp_path) -> None:
    big = tmp_path / "big.html"
    with big.open("wb") as handle:
        handle.write(b"<html>")
        handle.truncate(100 * 1024 * 1024)
    answer = caigou("import", big)
    assert answer.code == 1
    assert "limit 64 MB" in one_line(answer)[0]
    assert captures(engine) == []


def test_missing_path_and_bad_manifest_are_usage_errors(caigou, tmp_path) -> None:
    assert caigou("import", tmp_path / "absent").code == 2
    manifest = tmp_path / "m.csv"
    manifest.write_text("name\nx\n", encoding="utf-8")
    answer = caigou("import", tmp_path, "--manifest", manifest)
    assert answer.code == 2
    assert len(one_line(answer)) == 1


def test_listed_but_missing_file_is_refused(caigou, engine, tmp_path) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text("file\nabsent.html\n", encoding="utf-8")
    answer = caigou("import", tmp_path, "--manifest", manifest)
    assert answer.code == 1
    assert "absent.html: no such file" in one_line(answer)[0]
    assert captures(engine) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_without_permission_is_refused(caigou, tmp_path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    try:
        answer = caigou("import", closed)
    finally:
        closed.chmod(0o700)
    assert answer.code == 1
    assert "cannot be listed" in one_line(answer)[0]


def _warc(folder, count):
    import datetime as dt

    with Archive(folder) as archive:
        for number in range(count):
            archive.append(
                Exchange(
                    url=f"http://portal.example/{number}.htm",
                    status=200,
                    headers=[("Content-Type", "text/html; charset=utf-8")],
                    body=PAGE.replace("999", str(number)).encode(),
                    captured_at=dt.datetime(2022, 1, 12, tzinfo=dt.UTC),
                )
            )
        return folder / archive.files()[0]


def test_a_warc_file_goes_in_with_its_times(caigou, engine, tmp_path) -> None:
    answer = caigou("import", _warc(tmp_path / "other", 3), "--json")
    assert (answer.code, answer.json["recorded"]) == (0, {"page": 3})
    assert {row.url for row in captures(engine)} == {f"http://portal.example/{n}.htm" for n in range(3)}
    assert not any(row.captured_at_is_import for row in captures(engine))


def test_a_cut_warc_file_gives_what_is_whole_and_says_so(caigou, engine, tmp_path) -> None:
    path = _warc(tmp_path / "other", 3)
    path.write_bytes(path.read_bytes()[:-40])
    answer = caigou("import", path)
    assert answer.code == 1
    assert "2 whole records" in one_line(answer)[0]
    assert len(captures(engine)) == 2


def test_a_wacz_package(caigou, engine, tmp_path) -> None:
    warc = _warc(tmp_path / "other", 2)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.write(warc, "archive/data.warc.gz")
        package.writestr("datapackage.json", "{}")
    path = tmp_path / "pack.wacz"
    path.write_bytes(buffer.getvalue())
    assert caigou("import", path, "--json").json["recorded"] == {"page": 2}


def test_a_dead_database_is_one_line(tmp_path) -> None:
    page = tmp_path / "a.html"
    page.write_text(PAGE, encoding="utf-8")
    answer = run("import", page, home=tmp_path / "home", database_url="postgresql://nobody@127.0.0.1:1/nothing")
    assert answer.code == 1
    assert len(answer.err.strip().splitlines()) == 1
    assert "127.0.0.1" in answer.err
    assert not (tmp_path / "home" / "archive").exists()


def test_a_database_address_of_another_kind_is_refused(tmp_path) -> None:
    answer = run("read", home=tmp_path / "home", database_url="sqlite:///x.db")
    assert answer.code == 1
    assert "CAIGOU_DATABASE_URL" in answer.err
