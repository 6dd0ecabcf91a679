"""What the reader knows, as one immutable value.

Each reader defines the part it needs beside its own code (``nlp.brands.knowledge``, ``nlp.orgs.knowledge``); ``seeds`` builds the
parts from its files and puts them together with the digest of everything that went in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlp.brands.knowledge import BrandKnowledge
    from nlp.notice.profile import PortalProfile
    from nlp.orgs.knowledge import OrgKnowledge
    from nlp.roles.model import RoleModel


@dataclass(frozen=True)
class Knowledge:
    """``version`` is the lexicon digest stored with every reading; ``roles.version`` the model's."""

    version: str
    brands: BrandKnowledge
    orgs: OrgKnowledge
    roles: RoleModel
    portals: dict[str, PortalProfile]
