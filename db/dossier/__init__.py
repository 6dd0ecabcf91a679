"""Dossiers: everything the store knows about one supplier, one buyer or one brand, as one JSON-ready value."""

from db.dossier.build import KINDS, dossier

__all__ = ["KINDS", "dossier"]
