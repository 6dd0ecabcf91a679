"""Recorded HTTP through the project's own download handler. A missing cassette is recorded from the replica:
delete the file, run once, review, commit. Replayed, no socket is opened.
"""

import datetime as dt
from pathlib import Path

import aiohttp
import pytest
import vcr
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from vcr.record_mode import RecordMode

from jobs.demo_portal import Behaviour, DemoPortal, Fault
from tests.replica.notices import FIRST_DAY, many

CASSETTES = Path(__file__).parents[1] / "cassettes"
PORT = 18765  # of the replica while recording; replaying, nobody listens there
BASE = f"http://127.0.0.1:{PORT}"


class ReplayableHandler(AiohttpDownloadHandler):
    """Scrapy asks a response for the peer and the TLS object of its connection; a recorded one has neither."""

    @staticmethod
    def _build_base_response_args(response, request, headers):
        if not hasattr(response, "_peername"):
            response._peername = ("127.0.0.1", PORT)
            response._ssl_object = None
        return AiohttpDownloadHandler._build_base_response_args(response, request, headers)


def recorder(name: str, *, recording: bool) -> vcr.VCR:
    made = vcr.VCR(
        record_mode=RecordMode.ONCE if recording else RecordMode.NONE,
        match_on=["method", "uri", "body"],
        filter_headers=["User-Agent"],
        decode_compressed_response=False,
    )
    return made.use_cassette(str(CASSETTES / f"{name}.yaml"), allow_playback_repeats=False)


SCENES = {
    "ccgp_day": (many(23, every_attachment=11), Behaviour()),
    "ccgp_throttled": (many(3), Behaviour(faults=[Fault("bxsearch", "throttle"), Fault(r"/t\d+_", "502")])),
    "ccgp_refused": (many(3), Behaviour(faults=[Fault(r"/t\d+_", "challenge", None)])),
    "ccgp_empty": (many(3, start=FIRST_DAY - dt.timedelta(9)), Behaviour()),
}
EXPECTED = {
    "ccgp_day": ("complete", 23, 12),
    "ccgp_throttled": ("complete", 3, 0),
    "ccgp_refused": ("blocked", 0, 0),
    "ccgp_empty": ("suspect", 0, 0),
}


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_recorded(workspace, scene: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = CASSETTES / f"{scene}.yaml"
    options = {"codes": ["zbgg", "gzgg"], "sides": ["dfgg"], "list_pages": 2}
    recording = not path.exists()
    notices, behaviour = SCENES[scene]

    def crawl():
        with recorder(scene, recording=recording):
            return workspace.crawl(None, FIRST_DAY, via=BASE, delay=0, options=options, handler_class=ReplayableHandler)

    if recording:
        with DemoPortal(notices, behaviour, port=PORT):
            crawl()
        pytest.fail(f"recorded {path.name}: review it, then commit it")

    async def no_network(*_args, **_kwargs):
        raise AssertionError("a recorded crawl must open no connection")

    monkeypatch.setattr(aiohttp.TCPConnector, "connect", no_network)
    report = crawl()
    assert (report.verdict, report.captured, report.files) == EXPECTED[scene]
    assert len(workspace.pages) == report.captured


def test_every_cassette_is_played_and_says_that_it_is_constructed() -> None:
    assert {path.stem for path in CASSETTES.glob("*.yaml")} == set(SCENES)
    for path in CASSETTES.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert "constructed" in text.lower()
        assert "BEGIN" not in text
