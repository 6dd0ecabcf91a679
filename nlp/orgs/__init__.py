"""Organisation names: unit class, tier, level, place, English name. See ``docs/units.md``."""

from __future__ import annotations

from nlp.orgs.analysis import OrgAnalysis, analyse
from nlp.orgs.identity import Identity, company_key, identify, key
from nlp.orgs.parties import NamedOrg, find_end_users, find_title_orgs, read_party
from nlp.orgs.reader import read_org

__all__ = [
    "Identity",
    "NamedOrg",
    "OrgAnalysis",
    "analyse",
    "company_key",
    "find_end_users",
    "find_title_orgs",
    "identify",
    "key",
    "read_org",
    "read_party",
]
