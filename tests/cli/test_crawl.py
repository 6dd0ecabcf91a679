"""From the network to the table as a researcher does it: crawl through a gateway, read, ask; then the same from the archive alone."""

import dataclasses
import datetime as dt
import hashlib
import json

import pytest
from rich.console import Console
from sqlalchemy import text

from cli.commands.crawling import _print_status, day_lines, print_days
from crawler.types import Verdict, WindowResult
from jobs.demo_portal import Behaviour, DemoPortal, Fault
from jobs.portal_status import PortalStatus
from seeds.demo.load import load_demo_notices
from tests.conftest import database

DAYS = ("--since", "2022-01-10", "--until", "2022-01-14")
LISTED = {n.source_id for n in load_demo_notices() if "2022-01-10" <= n.day.isoformat() <= "2022-01-14"}


@pytest.fixture
def portal():
    with DemoPortal(load_demo_notices()) as portal:
        yield portal


def digest(engine_or_connection) -> str:
    """Everything that was read, whatever ids and times of recording it has."""
    rows = engine_or_connection.execute(
        text(
            "select n.portal_id, n.source_id, n.url, v.content_digest, r.title, r.type, r.published_on, r.project_no, b.text, "
            '(select json_agg(json_build_array(m.brand, m.start, m."end", m.role, m.score) order by m.position) from mention m where m.reading_id = r.id), '
            "(select json_agg(json_build_array(i.name, i.brand, i.model_raw, i.quantity, i.unit_price_cny, i.supplier) order by i.position) from item i where i.reading_id = r.id), "
            "(select json_agg(json_build_array(p.role, p.name, p.tier, p.division_code) order by p.id) from party p where p.reading_id = r.id) "
            "from reading r join revision v on v.id = r.revision_id join notice n on n.id = v.notice_id join body b on b.id = r.body_id "
            "where r.superseded_at is null order by n.portal_id, n.source_id"
        )
    ).all()
    assert rows
    return hashlib.sha256(json.dumps([list(map(str, row)) for row in rows], ensure_ascii=False).encode()).hexdigest()


def test_crawl_read_ask_and_replay(caigou, engine, portal, server_url, template_database, tmp_path) -> None:
    crawled = caigou("crawl", "ccgp", *DAYS, "--via", portal.base, "--delay", "0", "--json")
    assert crawled.code == 0, crawled.err
    assert crawled.json["verdict"] == "complete"
    assert caigou("read").code == 0
    rows = caigou("bought", "--json").lines
    assert {int(r["notice"].removeprefix("ccgp/")) for r in rows} <= LISTED
    assert {(r["brand"], r["model"], r["quantity"]) for r in rows} >= {
        ("Seagate", "ST8000VX004", "120"),
        ("Seagate", "酷鹰 ST6000VX001", "66"),
    }
    with engine.connect() as connection:
        notices = set(connection.execute(text("select source_id::int from notice")).scalars())
        first = digest(connection)
    assert notices == LISTED

    archive = next((tmp_path / "home" / "archive").rglob("*.warc.gz"))
    from tests.cli.conftest import run

    with database(server_url, template_database) as other:
        url = other.render_as_string(hide_password=False)
        elsewhere = {"home": tmp_path / "other", "database_url": url}
        again = run("crawl", "ccgp", *DAYS, "--replay", archive, "--json", **elsewhere)
        assert again.code == 0, again.err
        assert run("read", **elsewhere).code == 0
        from db.engine import make_engine

        replayed = make_engine(other)
        with replayed.connect() as connection:
            assert digest(connection) == first
        replayed.dispose()


def test_what_is_missing_is_named_and_the_next_run_brings_it(caigou, portal) -> None:
    portal.behaviour = Behaviour(faults=[Fault(r"t20220111_90000101", "502", times=None)])
    deficit = caigou("crawl", "ccgp", *DAYS, "--via", portal.base, "--delay", "0")
    assert deficit.code == 1
    assert "90000101" in deficit.err
    days = [line for line in deficit.err.splitlines() if line.startswith("ccgp 2022-01-")]
    assert any(line.startswith("ccgp 2022-01-11: deficit, ") for line in days)
    portal.behaviour = Behaviour()
    mended = caigou("crawl", "ccgp", *DAYS, "--via", portal.base, "--delay", "0")
    assert mended.code == 0, mended.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ccgp-nowhere", *DAYS), "unknown portal"),
        (("ccgp", "--since", "2022-01-14", "--until", "2022-01-10"), "is after"),
        (("ccgp", "--since", "yesterday", "--until", "2022-01-10"), "not a date"),
        (("ccgp", *DAYS, "--delay", "0"), "--via or --replay"),
        (("ccgp", *DAYS, "--via", "no address"), "--via"),
        (("ccgp", *DAYS, "--replay", "absent.warc.gz"), "no such file"),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_exit_code_2(caigou, arguments, says) -> None:
    answer = caigou("crawl", *arguments)
    assert answer.code == 2
    assert len(answer.err.strip().splitlines()) == 1
    assert says in answer.err


def test_a_gateway_that_is_not_there_is_a_failure_in_words(caigou) -> None:
    answer = caigou("crawl", "ccgp", *DAYS, "--via", "http://127.0.0.1:9", "--delay", "0")
    assert answer.code == 1
    assert "Traceback" not in answer.err


def result(day: int, verdict: Verdict = Verdict.COMPLETE, portal: str = "ccgp", **more) -> WindowResult:
    date = dt.date(2026, 5, day)
    return WindowResult(
        portal, date, date, "", verdict, 2, 2, 2, 1, 3, more.pop("deficit", ()), more.pop("reasons", {}), **more
    )


def test_a_line_a_portal_and_day_and_one_for_days_alike() -> None:
    windows = [
        result(14, Verdict.OPEN, over=False),
        result(12),
        result(11),
        result(13, Verdict.DEFICIT),
        result(12, portal="plap"),
        result(14, portal="plap"),
    ]
    assert day_lines(windows) == [
        "ccgp 2026-05-11 to 2026-05-12: complete, 4 notices (2 new), 6 files",
        "ccgp 2026-05-13: deficit, 2 notices (1 new), 3 files",
        "ccgp 2026-05-14: open, 2 notices (1 new), 3 files; not over yet in Beijing, it stays due",
        "plap 2026-05-12: complete, 2 notices (1 new), 3 files",
        "plap 2026-05-14: complete, 2 notices (1 new), 3 files",
    ]


def test_files_above_the_cap_are_named_in_a_line(capsys) -> None:
    lost = tuple((f"http://f/{n}", f"http://f/{n}", "too_large") for n in range(2))
    assert print_days([result(11, Verdict.DEFICIT, deficit=lost, reasons={"too_large": 2})]) == (0, 1)
    assert "ccgp: 2 files above 50 MB not fetched: http://f/0, http://f/1" in capsys.readouterr().err


def test_the_status_is_one_line_a_portal_on_eighty_columns(capsys, monkeypatch) -> None:
    monkeypatch.setattr("cli.output.console", lambda: Console(width=80, markup=False))
    row = PortalStatus(
        "ccgp-heilongjiang", 1234567, dt.date(2026, 5, 11), 12, "unknown_total", 30, 12345, 12345, (), 300, 0, (), None, too_large=2
    )  # fmt: skip
    _print_status([row, dataclasses.replace(row, portal="ccgp-neimenggu", too_large=0)])
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert len(lines) == 2 + 2
    assert lines[2].split()[:2] == ["ccgp-heilongjiang", "deficit"]
    assert lines[2].split()[-1] == "12345"
    assert "ccgp-heilongjiang: 2 files above the cap not fetched" in shown.err


def test_nothing_ever_crawled_is_said(caigou) -> None:
    rows = caigou("portals", "status", "--json").lines
    assert rows
    assert {row["health"] for row in rows} == {"never"}


def test_a_night_through_a_gateway(caigou, portal, engine) -> None:
    answer = caigou("nightly", "ccgp", "--via", portal.base, "--delay", "0", "--json")
    # the replica has nothing for these days: a night without a single notice is not called complete
    assert answer.code == 1
    assert answer.json["verdict"] == "suspect"


def test_schedule_units_name_program_and_home(caigou, tmp_path) -> None:
    for kind in ("cron", "systemd", "launchd"):
        answer = caigou("schedule", kind, "--at", "01:30")
        assert answer.code == 0
        assert "nightly" in answer.out
        assert str(tmp_path / "home") in answer.out
    assert caigou("schedule", "cron", "--at", "25:00").code == 2
    assert caigou("schedule", "alarm").code == 2


def test_archive_verify_finds_damage(caigou, portal, tmp_path) -> None:
    assert caigou("crawl", "ccgp", *DAYS, "--via", portal.base, "--delay", "0").code == 0
    assert caigou("archive", "verify", "--json").json["ok"] is True
    path = next((tmp_path / "home" / "archive").rglob("*.warc.gz"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    answer = caigou("archive", "verify")
    assert answer.code == 1
    assert path.name in answer.err
