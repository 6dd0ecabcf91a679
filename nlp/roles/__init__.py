"""The role of every brand mention: bought, wanted, compared, refused … with a score and the rule or model that says so."""

from nlp.roles.assign import assign_roles
from nlp.roles.model import RoleModel
from nlp.roles.types import (
    FoundMention,
    ItemSpan,
    LotSpan,
    RoleContext,
    RoleDecision,
    SectionSpan,
)

__all__ = [
    "FoundMention",
    "ItemSpan",
    "LotSpan",
    "RoleContext",
    "RoleDecision",
    "RoleModel",
    "SectionSpan",
    "assign_roles",
]
