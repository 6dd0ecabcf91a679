"""Attachments in a child process: answers equal the reader's own; harm ends with the child. All files are made here."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent / "nlp" / "attachments"))

import make_files as make
import test_hostile_files as hostile

from jobs.attachment_worker import AttachmentWorker, WorkerLimits, attachment_from_json, attachment_to_json, tools
from nlp.attachments import Limits, read_attachment


def codes(found: object) -> list[str]:
    return [issue.code for issue in found.issues]  # type: ignore[attr-defined]


def test_answers_equal_the_readers_own() -> None:
    files = {
        "报价表.docx": make.word(),
        "清单.xlsx": make.workbook([["品牌", "数量"], ["希捷", 28]]),
        "公告.pdf": make.pdf([make.ruled_table([make.HEADER, *make.GOODS])]),
        "空.pdf": b"",
        "锁.zip": make.locked_zip("a.txt", b"x" * 50),
    }
    with AttachmentWorker(ocr=False) as worker:
        for name, body in files.items():
            assert worker.read(name, body, "https://example.invalid/" + name) == read_attachment(
                name, body, "https://example.invalid/" + name
            )


def test_one_child_serves_many_files_and_is_replaced() -> None:
    with AttachmentWorker(WorkerLimits(files=2), ocr=False) as worker:
        children = set()
        for _ in range(4):
            worker.read("a.txt", b"abc")
            if worker._child is not None:
                children.add(worker._child.pid)
        assert len(children) == 2


def test_time_runs_out_and_the_next_file_is_read() -> None:
    with AttachmentWorker(WorkerLimits(seconds=0.02), ocr=False) as worker:
        found = worker.read("慢.pdf", make.pdf([make.ruled_table([make.HEADER, *make.GOODS])]))
        assert codes(found) == ["attachment_timeout"]
        assert found.document is None
        worker._limits = WorkerLimits(seconds=60)
        assert worker.read("a.txt", b"abc").document is not None


@pytest.mark.slow
def test_a_drawing_that_takes_for_ever_still_gives_its_words() -> None:
    """Pages of squared paper: to look for a table in twelve thousand squares takes seconds, and there are a dozen of them."""
    grid = "\n".join(f"{n} 10 m {n} 570 l S\n10 {n} m 570 {n} l S" for n in range(10, 571, 5))
    words = "\n".join(make.text_at(20, 800 - 12 * n, f"货物名称：硬盘，品牌：希捷，数量：{n}块", 8) for n in range(60))
    body = make.pdf([words + "\n" + grid] * 12)
    with AttachmentWorker(WorkerLimits(seconds=12), ocr=False) as worker:
        found = worker.read("图纸.pdf", body)
    assert codes(found) == ["attachment_truncated"]
    assert "words only" in found.issues[0].message
    assert found.document is not None
    assert "希捷" in found.document.text


def test_memory_runs_out_and_the_next_file_is_read() -> None:
    limits = WorkerLimits(
        memory_bytes=400_000_000, reading=Limits(unpacked_bytes=10**10, ratio=10**9, file_bytes=10**9)
    )
    bomb = make.zipped_names({"a.txt": b"0" * 420_000_000})
    with AttachmentWorker(limits, ocr=False) as worker:
        found = worker.read("大.zip", bomb)
        assert codes(found) == ["attachment_memory"]
        assert worker.read("a.txt", b"abc").document is not None


def test_a_child_that_dies_is_an_issue() -> None:
    with AttachmentWorker(ocr=False) as worker:
        worker.read("a.txt", b"abc")
        assert worker._child is not None
        os.kill(worker._child.pid, 9)
        worker._child.wait()
        # a dead child is replaced before the question is put
        assert worker.read("b.txt", b"abc").document is not None


def test_closing_ends_the_child_and_twice_is_no_fault() -> None:
    worker = AttachmentWorker(ocr=False)
    worker.read("a.txt", b"abc")
    child = worker._child
    assert child is not None
    worker.close()
    worker.close()
    assert child.poll() is not None


def converter(folder: Path, script: str) -> str:
    program = folder / "soffice"
    program.write_text(
        f"#!{sys.executable}\nimport sys, shutil, time\nfrom pathlib import Path\nout = Path(sys.argv[sys.argv.index('--outdir') + 1])\n{script}\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


LEGACY = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "WordDocument".encode("utf-16-le")


def test_a_legacy_document_goes_through_the_converter(tmp_path: Path) -> None:
    (tmp_path / "made.docx").write_bytes(make.word())
    program = converter(tmp_path, f"shutil.copy({str(tmp_path / 'made.docx')!r}, out / 'document.docx')")
    with AttachmentWorker(ocr=False, converter=program) as worker:
        found = worker.read("旧.doc", LEGACY)
    assert found.document is not None
    assert "ST8000VX004" in found.document.text
    assert found.media_type == "application/msword"
    assert found.sha256 == read_attachment("旧.doc", LEGACY).sha256
    assert codes(found) == []


@pytest.mark.parametrize(
    ("script", "code", "seconds"), [("pass", "attachment_damaged", 30.0), ("time.sleep(60)", "attachment_timeout", 1.0)]
)
def test_a_converter_that_fails_is_an_issue(tmp_path: Path, script: str, code: str, seconds: float) -> None:
    with AttachmentWorker(WorkerLimits(seconds=30.0), ocr=False, converter=converter(tmp_path, script)) as worker:
        worker.read("a.txt", b"abc")
        worker._limits = WorkerLimits(seconds=seconds)
        found = worker.read("旧.doc", LEGACY)
    assert codes(found) == [code]


def test_without_a_converter_the_reason_is_said() -> None:
    with AttachmentWorker(ocr=False, converter="") as worker:
        worker._converter = None
        assert codes(worker.read("旧.doc", LEGACY)) == ["attachment_no_reader"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=4), min_size=1, max_size=4))
def test_json_brings_everything_back(rows: list[list[str]]) -> None:
    html = (
        "<table border=1>"
        + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
        + "</table>"
    )
    found = read_attachment("a.html", f"<html><p>一、标题</p>{html}</html>".encode("utf-8", "replace"))
    assert attachment_from_json(json.loads(json.dumps(attachment_to_json(found)))) == found


def test_tools_are_those_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "office" not in tools()
    assert "rar" not in tools()
    for name in ("soffice", "unar"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    assert {"office", "rar"} <= set(tools())


def test_a_packed_rar_without_an_unpacker_names_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    packed = bytearray(make.rar("a.txt", b"packed"))
    at = packed.index(b"a.txt") - 7
    assert packed[at] == 0x30
    packed[at] = 0x33
    head = packed.index(b"\x74", 20)
    size = int.from_bytes(packed[head + 3 : head + 5], "little")
    packed[head - 2 : head] = (zlib.crc32(packed[head : head - 2 + size]) & 0xFFFF).to_bytes(2, "little")
    monkeypatch.setenv("PATH", str(tmp_path))
    with AttachmentWorker(ocr=False) as worker:
        found = worker.read("附件.rar", bytes(packed))
    assert codes(found) == ["attachment_no_unpacker"]
    assert "unar" in found.issues[0].message


def test_what_a_killed_child_left_behind_is_removed() -> None:
    with AttachmentWorker(ocr=False) as worker:
        worker.read("a.txt", b"abc")
        assert worker._folder is not None
        folder = Path(worker._folder)
        (folder / "half").write_bytes(b"x")
        assert worker._child is not None
        os.kill(worker._child.pid, 9)
        worker._child.wait()
        assert worker.read("b.txt", b"abc").document is not None
        assert not folder.exists()


@pytest.fixture(scope="module")
def bending() -> Iterator[AttachmentWorker]:
    with AttachmentWorker(
        WorkerLimits(seconds=60, memory_bytes=1_000_000_000, reading=hostile.SMALL), ocr=False
    ) as worker:
        yield worker


@pytest.mark.parametrize("kind", sorted(hostile.IN_A_CHILD))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_bent_workbooks_cost_a_child_at_most(bending: AttachmentWorker, kind: str, data: st.DataObject) -> None:
    body = hostile.samples()[kind]
    bend = data.draw(st.sampled_from([hostile.bent, hostile.bent_part])) if kind == "xlsx" else hostile.bent
    hostile.check(bending.read(f"x.{kind}", bend(body, data)))


ASKER = """
import os, sys, time
from multiprocessing import get_context
sys.path[:0] = [{folder!r}]
from jobs.attachment_worker import AttachmentWorker

def ask(told):
    worker = AttachmentWorker(ocr=False)
    worker.read("a.txt", b"abc")
    with open(told, "w") as out:
        out.write(str(worker._child.pid) + " " + worker._folder)
    globals()["kept"] = worker
"""


def told_by(path: Path) -> tuple[int, Path]:
    for _ in range(600):
        if path.exists() and " " in path.read_text():
            pid, folder = path.read_text().split()
            return int(pid), Path(folder)
        time.sleep(0.05)
    raise AssertionError


def vanishes(pid: int, folder: Path) -> bool:
    for _ in range(200):
        try:
            ended = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except FileNotFoundError:
            ended = True
        if ended and not folder.exists():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("end", ["killed", "pool"])
def test_nothing_is_left_of_a_reader_that_ends_without_a_word(tmp_path: Path, end: str) -> None:
    (tmp_path / "asker.py").write_text(ASKER.format(folder=str(tmp_path)))
    told = tmp_path / "told"
    if end == "killed":
        code = f"import asker, time; asker.ask({str(told)!r}); time.sleep(600)"
    else:
        code = f"import asker\nif __name__ == '__main__':\n    with asker.get_context('spawn').Pool(1) as pool:\n        pool.apply(asker.ask, ({str(told)!r},))\n        pool.close()\n        pool.join()"
    (tmp_path / "start.py").write_text(code)
    root = str(Path(__file__).parents[2])
    asker = subprocess.Popen([sys.executable, str(tmp_path / "start.py")], env={**os.environ, "PYTHONPATH": root})
    pid, folder = told_by(told)
    if end == "killed":
        asker.kill()
    assert asker.wait(60) in {0, -9}
    assert vanishes(pid, folder)


def test_the_made_files_are_whole() -> None:
    """The zero case of the tests above: what they feed in is what it claims to be."""
    import io

    assert zipfile.ZipFile(io.BytesIO(make.word())).testzip() is None
    assert make.pdf(["x"]).startswith(b"%PDF")
