"""Units for the machine's own scheduler."""

import datetime as dt
import plistlib
import shlex
import shutil
import subprocess
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jobs.schedule import KINDS, quiet_time, schedule

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
    assert "OnCalendar=*-*-* 01:30:00 Asia/Shanghai" in text
    assert "OnCalendar=*-*-* 04:05:00\n" in schedule("systemd", PROGRAM, HOME, ENV, "04:05")
    assert 'Environment="CAIGOU_HOME=/data/cai gou"' in text
    assert r"p%%40\"x" in text


@pytest.mark.parametrize(
    ("zone", "day", "at"),
    [
        ("America/New_York", "2026-07-01", "13:30"),
        ("America/New_York", "2026-01-05", "12:30"),
        ("Europe/Berlin", "2026-07-01", "19:30"),
        ("Asia/Shanghai", "2026-07-01", "01:30"),
    ],
)
def test_without_a_time_it_is_night_in_beijing(zone: str, day: str, at: str) -> None:
    assert quiet_time(ZoneInfo(zone), dt.date.fromisoformat(day)) == at


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    program = tmp_path / "my $tools%" / "caigou"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    text = schedule("systemd", program, HOME, ENV)
    service, timer = (part.split("\n", 1)[1] for part in text.split("# ~/.config/systemd/user/")[1:])
    (tmp_path / "caigou-nightly.service").write_text(service)
    (tmp_path / "caigou-nightly.timer").write_text(timer)
    for unit in ("caigou-nightly.service", "caigou-nightly.timer"):
        found = subprocess.run(
            ["systemd-analyze", "verify", str(tmp_path / unit)], capture_output=True, text=True, check=False
        )
        assert "caigou-nightly" not in found.stderr, found.stderr
    when = timer.split("OnCalendar=")[1].splitlines()[0]
    assert subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, check=False).returncode == 0


def test_the_cron_line_runs_in_a_bare_shell(tmp_path: Path) -> None:
    program = tmp_path / "my tools" / "caigou"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$1 $CAIGOU_HOME $CAIGOU_DATABASE_URL"\n')
    program.chmod(0o755)
    line = schedule("cron", program, tmp_path / "cai gou", ENV, "3:05").splitlines()[-1]
    command = line.split(" * * * ")[1].replace(r"\%", "%")  # as cron hands it to the shell
    subprocess.run(["/bin/sh", "-c", command], check=True, env={"PATH": "/usr/bin:/bin"})
    said = (tmp_path / "cai gou" / "logs" / "nightly.log").read_text()
    assert said == f"nightly {tmp_path / 'cai gou'} {ENV['CAIGOU_DATABASE_URL']}\n"


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
