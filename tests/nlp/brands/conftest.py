from __future__ import annotations

import pytest

from nlp.brands import BrandKnowledge
from seeds.brands import load_brand_knowledge


@pytest.fixture(scope="session")
def knowledge() -> BrandKnowledge:
    return load_brand_knowledge()
