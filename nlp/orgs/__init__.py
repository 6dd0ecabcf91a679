"""Organisation names: unit class, tier, level, place, English name. See ``docs/units.md``."""

from __future__ import annotations

from nlp.orgs.analysis import OrgAnalysis, analyse
from nlp.orgs.reader import read_org

__all__ = ["OrgAnalysis", "analyse", "read_org"]
