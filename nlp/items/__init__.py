"""Lots, outcomes, suppliers and items: ``Document`` and ``Notice`` in, rows with their places in the text out."""

from nlp.items.model import ItemsReading
from nlp.items.reading import read_items

__all__ = ["ItemsReading", "read_items"]
