"""Ready units that start a night: cron, systemd, launchd, with the right paths and environment."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

KINDS = ("cron", "systemd", "launchd")
PASSED_ON = (
    "CAIGOU_HOME", "CAIGOU_DATABASE_URL", "CAIGOU_CONTACT", "CAIGOU_USER_AGENT", "CAIGOU_VIA", "http_proxy", "https_proxy", "no_proxy",
)  # fmt: skip
BEIJING = ZoneInfo("Asia/Shanghai")
QUIET = dt.time(1, 30)
"""Beijing: yesterday is over, and nobody works."""


def quiet_time(zone: dt.tzinfo | None = None, day: dt.date | None = None) -> str:
    """The quiet hour on a clock of ``zone`` (default: this machine's), HH:MM."""
    day = day or dt.datetime.now(BEIJING).date()
    return f"{dt.datetime.combine(day, QUIET, BEIJING).astimezone(zone):%H:%M}"


def schedule(kind: str, program: Path, home: Path, environment: Mapping[str, str], at: str | None = None) -> str:
    """The unit's text. ``at`` is HH:MM of this machine's clock; without it a quiet hour in Beijing. Raises ValueError for an
    unknown kind or a time that is none.
    """
    hour, minute = _time(quiet_time() if at is None else at)
    passed = {name: environment[name] for name in PASSED_ON if environment.get(name)}
    passed.setdefault("CAIGOU_HOME", str(home))
    log = home / "logs" / "nightly.log"
    match kind:
        case "cron":
            return _cron(program, passed, log, hour, minute)
        case "systemd":
            when = f"{hour:02d}:{minute:02d}:00" if at is not None else f"{QUIET:%H:%M}:00 {BEIJING.key}"
            return _systemd(program, passed, when)
        case "launchd":
            return _launchd(program, passed, log, hour, minute)
    raise ValueError(f"unknown scheduler {kind!r}: one of {', '.join(KINDS)}")


def _time(at: str) -> tuple[int, int]:
    hour, _, minute = at.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60):
        raise ValueError(f"{at!r} is not a time: write HH:MM")
    return int(hour), int(minute)


def _cron(program: Path, passed: Mapping[str, str], log: Path, hour: int, minute: int) -> str:
    # In a crontab an unescaped % ends the command.
    words = " ".join(f"{name}={shlex.quote(value)}" for name, value in passed.items()).replace("%", r"\%")
    command = f"mkdir -p {shlex.quote(str(log.parent))} && {words} {shlex.quote(str(program))} nightly >> {shlex.quote(str(log))} 2>&1"
    return f"# Add with `crontab -e`. Exit code 1 = deficit or block: see {log} and {log.parent.parent / 'reports'}\n{minute} {hour} * * * {command}\n"


def _systemd(program: Path, passed: Mapping[str, str], when: str) -> str:
    def quoted(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'

    environment = "\n".join(f"Environment={quoted(f'{name}={value}')}" for name, value in passed.items())
    return f"""# ~/.config/systemd/user/caigou-nightly.service
[Unit]
Description=Caigou: nightly crawl
After=network-online.target

[Service]
Type=oneshot
{environment}
ExecStart={quoted(str(program))} nightly
KillSignal=SIGINT
TimeoutStopSec=120

# ~/.config/systemd/user/caigou-nightly.timer
[Unit]
Description=Caigou: every night

[Timer]
OnCalendar=*-*-* {when}
Persistent=true

[Install]
WantedBy=timers.target

# then: systemctl --user enable --now caigou-nightly.timer && loginctl enable-linger
"""


def _launchd(program: Path, passed: Mapping[str, str], log: Path, hour: int, minute: int) -> str:
    environment = "".join(
        f"<key>{escape(name)}</key><string>{escape(value)}</string>" for name, value in passed.items()
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- ~/Library/LaunchAgents/caigou.nightly.plist; then: launchctl load ~/Library/LaunchAgents/caigou.nightly.plist -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>Label</key><string>caigou.nightly</string>
<key>ProgramArguments</key><array><string>{escape(str(program))}</string><string>nightly</string></array>
<key>EnvironmentVariables</key><dict>{environment}</dict>
<key>StartCalendarInterval</key><dict><key>Hour</key><integer>{hour}</integer><key>Minute</key><integer>{minute}</integer></dict>
<key>StandardOutPath</key><string>{escape(str(log))}</string>
<key>StandardErrorPath</key><string>{escape(str(log))}</string>
</dict></plist>
"""
