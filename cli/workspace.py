"""Settings for a command; a workspace of constructed data says so on every screen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cli.output import say

if TYPE_CHECKING:
    from db.settings import Settings

MARKER = "CONSTRUCTED"
WORDS = "CONSTRUCTED SAMPLE 构造数据 — invented bureaus, suppliers and notices; not evidence of anything"


def open_settings() -> Settings:
    """The settings of the environment. In a home that is marked as constructed the invented places are known, and a line says so."""
    from db.settings import load_settings

    settings = load_settings()
    if (settings.home / MARKER).exists():
        enter_constructed()
        say(WORDS)
    return settings


def enter_constructed() -> None:
    """Make the invented province known to this process and to those it starts."""
    from seeds import ROOT

    os.environ["CAIGOU_DIVISIONS"] = str(ROOT / "demo" / "divisions.csv")
