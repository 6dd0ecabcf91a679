"""What the reader knows, as one immutable value.

Each reader defines the part it needs beside its own code (``nlp.brands.knowledge``, ``nlp.orgs.knowledge``); ``seeds`` builds the
parts from its files and puts them together with the digest of everything that went in.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlp.brands.knowledge import BrandKnowledge
    from nlp.classify.model import LinearModel
    from nlp.notice.profile import PortalProfile
    from nlp.orgs.knowledge import OrgKnowledge
    from nlp.roles.model import RoleModel


@dataclass(frozen=True)
class Knowledge:
    """``version`` is the lexicon digest stored with every reading; ``model_version`` that of the models.

    ``areas`` and ``types`` are the classifiers of technology areas and notice types; without one its question stays open.
    """

    version: str
    brands: BrandKnowledge
    orgs: OrgKnowledge
    roles: RoleModel
    portals: dict[str, PortalProfile]
    areas: LinearModel | None = None
    types: LinearModel | None = None

    @functools.cached_property
    def model_version(self) -> str:
        """The role model's version, and a digest of the classifiers' versions."""
        small = [model.version for model in (self.areas, self.types, self.orgs.open_names) if model is not None]
        if not small:
            return self.roles.version
        return f"{self.roles.version}-{hashlib.sha256(' '.join(small).encode()).hexdigest()[:8]}"
