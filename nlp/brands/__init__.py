"""Brand mentions, model numbers and brand cells: ``text`` + :class:`BrandKnowledge` in, spans and readings out."""

from nlp.brands.finder import FoundMention, find_mentions
from nlp.brands.knowledge import BrandKnowledge, KnowledgeError
from nlp.brands.reading import (
    BrandCell,
    LexiconCandidate,
    ModelReading,
    lexicon_candidates,
    read_brand_cell,
    read_model,
)
from nlp.brands.zones import Zone

__all__ = [
    "BrandCell", "BrandKnowledge", "FoundMention", "KnowledgeError", "LexiconCandidate", "ModelReading", "Zone", "find_mentions",
    "lexicon_candidates", "read_brand_cell", "read_model",
]  # fmt: skip
