"""LibreOffice on a short lead. Where it is not installed, a program of ours stands in for what can be asked of any converter."""

from __future__ import annotations

import http.server
import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobs.attachment_worker import AttachmentWorker, WorkerLimits
from jobs.office_converter import ConversionError, convert, find_converter
from nlp.items import read_items
from nlp.types import Notice, NoticeType

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "fixtures" / "attachments"
OFFICE = find_converter()
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
MEMORY = 2_000_000_000


def converter(folder: Path, script: str) -> str:
    program = folder / "soffice"
    program.write_text(
        f"#!{sys.executable}\nimport os, subprocess, sys, time\nfrom pathlib import Path\nout = Path(sys.argv[sys.argv.index('--outdir') + 1])\n{script}\n"
    )
    program.chmod(0o755)
    return str(program)


def run(program: str, *, seconds: float = 30, memory: int = MEMORY, file: int = 10**8, body: bytes = b"x") -> bytes:
    return convert(program, body, "doc", "docx", seconds=seconds, memory_bytes=memory, file_bytes=file)


def eventually(holds: Callable[[], bool], *, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def gone(pid: int) -> bool:
    """Ended, or ended and not yet collected by its parent."""

    def ended() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except (FileNotFoundError, ProcessLookupError):
            return True

    return eventually(ended)


def test_the_profile_is_private_and_switches_macros_and_links_off(tmp_path: Path) -> None:
    script = f"""
profile = next(a for a in sys.argv if a.startswith('-env:UserInstallation=file://')).partition('file://')[2]
assert Path(profile).parent == out.parent == Path(os.environ['HOME']) == Path(os.environ['TMPDIR'])
Path({str(tmp_path / "folder")!r}).write_text(str(out.parent))
(out / 'document.docx').write_text((Path(profile) / 'user' / 'registrymodifications.xcu').read_text())
"""
    said = run(converter(tmp_path, script)).decode()
    for setting in ("DisableMacrosExecution", "BlockUntrustedRefererLinks"):
        assert f'oor:name="{setting}" oor:op="fuse"><value>true</value>' in said
    assert not Path((tmp_path / "folder").read_text()).exists()


def test_time_runs_out_and_nothing_is_left(tmp_path: Path) -> None:
    script = f"""
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
Path({str(tmp_path / "told")!r}).write_text(f'{{os.getpid()}} {{child.pid}} {{out.parent}}')
time.sleep(600)
"""
    with pytest.raises(ConversionError) as caught:
        run(converter(tmp_path, script), seconds=6)
    assert caught.value.code == "attachment_timeout"
    first, second, folder = (tmp_path / "told").read_text().split()
    assert gone(int(first))
    assert gone(int(second))
    assert not Path(folder).exists()


def test_when_the_one_who_asked_is_killed_nothing_is_left(tmp_path: Path) -> None:
    told = tmp_path / "told"
    script = f"Path({str(told)!r}).write_text(f'{{os.getpid()}} {{out.parent}}')\ntime.sleep(600)"
    program = converter(tmp_path, script)
    code = f"from jobs.office_converter import convert; convert({program!r}, b'x', 'doc', 'docx', seconds=600, memory_bytes={MEMORY}, file_bytes=10**8)"
    asker = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    while not told.exists() or " " not in told.read_text():
        assert asker.poll() is None
        time.sleep(0.05)
    asker.kill()
    asker.wait()
    pid, folder = told.read_text().split()
    assert gone(int(pid))
    # The keeper ends the program first and removes the folder after it.
    assert eventually(lambda: not Path(folder).exists())


@pytest.mark.parametrize(
    ("script", "code", "limits"),
    [
        ("(out / 'document.docx').write_bytes(b'0' * 3_000_000)", "attachment_too_large", {"file": 2_000_000}),
        ("x = bytearray(600_000_000); (out / 'document.docx').write_bytes(b'x')", "attachment_damaged", {"memory": 300_000_000}),
        ("sys.exit(3)", "attachment_damaged", {}),
    ],
    ids=["disk", "memory", "failure"],
)  # fmt: skip
def test_too_much_of_anything_ends_it(tmp_path: Path, script: str, code: str, limits: dict[str, int]) -> None:
    with pytest.raises(ConversionError) as caught:
        run(converter(tmp_path, script), **limits)
    assert caught.value.code == code


def test_enough_of_everything_lets_it_live(tmp_path: Path) -> None:
    """The zero case of the limits."""
    script = "x = bytearray(100_000_000); (out / 'document.docx').write_bytes(b'0' * 1_000_000)"
    assert len(run(converter(tmp_path, script), file=2_000_000, memory=600_000_000)) == 1_000_000


# ── the real program ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def worker() -> Iterator[AttachmentWorker]:
    with AttachmentWorker(WorkerLimits(seconds=100), ocr=False) as made:
        yield made


RTF = r"{\rtf1\ansi\ansicpg936 " + "".join(
    rf"\trowd\cellx1500\cellx3000\cellx4500\cellx6000\intbl {a}\cell {b}\cell {c}\cell {d}\cell\row"
    for a, b, c, d in (
        tuple("".join(f"\\u{ord(char)}?" for char in cell) for cell in row)
        for row in (("货物名称", "品牌", "规格型号", "数量"), ("监控级硬盘", "希捷", "ST8000VX004", "28块"), ("交换机", "思科", "C9200L-24T", "2台"))
    )
) + r"\pard\par}"  # fmt: skip


@needs_office
@pytest.mark.parametrize(
    ("name", "body", "codes"),
    [
        ("报价.doc", (SAMPLES / "quote.doc").read_bytes(), []),
        ("报价.wps", (SAMPLES / "quote.doc").read_bytes(), []),
        ("报价.doc", RTF.encode("ascii"), ["attachment_wrong_extension"]),
    ],
    ids=["doc", "wps", "rtf-as-doc"],
)
def test_legacy_documents_give_their_goods(worker: AttachmentWorker, name: str, body: bytes, codes: list[str]) -> None:
    found = worker.read(name, body)
    assert found.document is not None
    assert [issue.code for issue in found.issues] == codes
    items = read_items(found.document, Notice(type=NoticeType.AWARD), None, None).items
    assert [(i.brand_raw, i.model_raw, str(i.quantity), i.unit) for i in items] == [
        ("希捷", "ST8000VX004", "28", "块"),
        ("思科", "C9200L-24T", "2", "台"),
    ]


@needs_office
def test_a_damaged_legacy_document_is_an_issue_and_the_next_is_read(worker: AttachmentWorker) -> None:
    body = (SAMPLES / "quote.doc").read_bytes()
    broken = worker.read("坏.doc", body[:700] + "WordDocument".encode("utf-16-le"))
    assert [issue.code for issue in broken.issues] == ["attachment_damaged"]
    assert worker.read("b.txt", b"abc").document is not None


class Server(http.server.ThreadingHTTPServer):
    asked: list[str]


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if self.parse_request():
                made.asked.append(self.path)
                self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    made = Server(("127.0.0.1", 0), Handler)
    made.asked = []
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def beacon(url: str) -> bytes:
    """An OpenDocument text with a picture that lies elsewhere: opening it tells the owner of the address."""
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
        'office:version="1.2"><office:body><office:text><text:p>中标公告<draw:frame svg:width="2cm" svg:height="2cm" text:anchor-type="as-char">'
        f'<draw:image xlink:href="{url}" xlink:type="simple"/></draw:frame></text:p></office:text></office:body></office:document-content>'
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


@needs_office
def test_nothing_a_document_links_to_is_asked_for(worker: AttachmentWorker, server: Server, tmp_path: Path) -> None:
    body = beacon(f"http://127.0.0.1:{server.server_port}/picture.png")
    found = worker.read("公告.odt", body)
    assert found.document is not None
    assert found.document.text == "中标公告"
    assert server.asked == []
    # The same document in an ordinary LibreOffice: it would have asked.
    (tmp_path / "a.odt").write_bytes(body)
    assert OFFICE is not None
    subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "docx", "--outdir", str(tmp_path), str(tmp_path / "a.odt")],
        capture_output=True, env={**os.environ, "HOME": str(tmp_path)}, timeout=120,
    )  # fmt: skip
    assert "/picture.png" in server.asked
