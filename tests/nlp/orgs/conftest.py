"""The knowledge every test of this folder reads with."""

from __future__ import annotations

import datetime as dt

import pytest

from nlp.orgs.knowledge import OrgKnowledge
from seeds.orgs import load_org_knowledge


@pytest.fixture(scope="session")
def orgs() -> OrgKnowledge:
    return load_org_knowledge()


@pytest.fixture(scope="session")
def today() -> dt.date:
    return dt.date(2026, 1, 1)
