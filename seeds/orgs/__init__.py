"""Organisations: places, terms, known organs and reforms, restated in our own tables beside this file.

Every fact carries its source and a confidence: ``high`` (published list, official gazette, a report), ``medium`` (general knowledge,
consistent in several places) or ``low`` (one source or uncertain). ``restate.py`` makes ``divisions.csv`` and ``pinyin.csv``.
"""

from __future__ import annotations

from seeds.orgs.load import FILES, load_org_knowledge, more_divisions

__all__ = ["FILES", "load_org_knowledge", "more_divisions"]
