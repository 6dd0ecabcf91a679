"""The contract of this package: names in, :class:`nlp.types.OrgReading` out."""

from __future__ import annotations

import datetime as dt

from nlp.classify.units import tier_of
from nlp.orgs.analysis import OrgAnalysis, analyse
from nlp.orgs.english import english
from nlp.orgs.knowledge import OrgKnowledge
from nlp.types import PUBLIC_SECURITY_TIERS, OrgReading, Tier


def read_org(name: str, knowledge: OrgKnowledge, on: dt.date) -> OrgReading:
    """What ``name`` says about the organisation, read as of ``on``. Pure; never raises on bad input."""
    return reading(analyse(name, knowledge, on), knowledge)


def reading(analysis: OrgAnalysis, knowledge: OrgKnowledge) -> OrgReading:
    """The short form of an analysis. A name no rule decides goes to the classifier; below its threshold it stays ``other``, reason ``review``."""
    if analysis.reason == "no_rule" and analysis.tier is Tier.OTHER and knowledge.open_names is not None:
        tail = analysis.canonical[analysis.place.end :] or analysis.canonical
        opened = tier_of(tail, knowledge.open_names)
        return OrgReading(
            name=analysis.name,
            is_public_security=opened.tier in PUBLIC_SECURITY_TIERS,
            tier=opened.tier,
            unit_class=opened.unit_class,
            level=analysis.level,
            division_code=analysis.division_code,
            name_en=english(analysis, knowledge),
            reason=opened.reason,
        )
    return OrgReading(
        name=analysis.name,
        is_public_security=analysis.is_public_security,
        tier=analysis.tier,
        unit_class=analysis.unit_class,
        level=analysis.level,
        division_code=analysis.division_code,
        name_en=english(analysis, knowledge),
        reason=analysis.reason,
    )
