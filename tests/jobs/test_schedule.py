"""Units for the machine's own scheduler."""

import plistlib
import shlex
from pathlib import Path

import pytest

from jobs.schedule import KINDS, schedule

PROGRAM = Path("/opt/my tools/caigou")
HOME = Path("/data/cai gou")
ENV = {
    "CAIGOU_CONTACT": "mailto:a@b.org",
    "CAIGOU_DATABASE_URL": 'postgresql://u:p%40"x@h/db',
    "HOME": "/root",
    "CAIGOU_VIA": "",
}


def test_cron_line_runs_what_it_says() -> None:
    line = schedule("cron", PROGRAM, HOME, ENV, "03:05").splitlines()[-1]
    when, command = line.split(" * * * ")
    assert when == "5 3"
    words = shlex.split(command.replace(r"\%", "%").split("&&")[1].split(">>")[0])
    assert words[-2:] == [str(PROGRAM), "nightly"]
    assert f"CAIGOU_HOME={HOME}" in words
    assert f"CAIGOU_DATABASE_URL={ENV['CAIGOU_DATABASE_URL']}" in words
    assert "%" not in line.replace(r"\%", "")


def test_systemd_unit() -> None:
    text = schedule("systemd", PROGRAM, HOME, ENV)
    assert 'ExecStart="/opt/my tools/caigou" nightly' in text
    assert "OnCalendar=*-*-* 22:30:00" in text
    assert 'Environment="CAIGOU_HOME=/data/cai gou"' in text
    assert r"p%%40\"x" in text


def test_launchd_list() -> None:
    data = plistlib.loads(schedule("launchd", PROGRAM, HOME, ENV, "4:30").encode())
    assert data["ProgramArguments"] == [str(PROGRAM), "nightly"]
    assert data["EnvironmentVariables"]["CAIGOU_DATABASE_URL"] == ENV["CAIGOU_DATABASE_URL"]
    assert data["StartCalendarInterval"] == {"Hour": 4, "Minute": 30}


@pytest.mark.parametrize("kind", KINDS)
def test_only_our_environment_and_only_what_is_set(kind: str) -> None:
    text = schedule(kind, PROGRAM, HOME, ENV)
    assert "CAIGOU_VIA" not in text
    assert "/root" not in text
    assert "CAIGOU_HOME" in schedule(kind, PROGRAM, HOME, {})


@pytest.mark.parametrize("at", ["", "25:00", "12", "12:5", "x:10", "12:60"])
def test_times_that_are_none(at: str) -> None:
    with pytest.raises(ValueError, match="HH:MM"):
        schedule("cron", PROGRAM, HOME, {}, at)


def test_unknown_scheduler() -> None:
    with pytest.raises(ValueError, match="unknown scheduler"):
        schedule("at", PROGRAM, HOME, {})
