"""Money texts: one text (with the header or label above it) becomes an amount in CNY, or null with the reason."""

from nlp.money.reading import find_amounts, header_unit, parse_money

__all__ = ["find_amounts", "header_unit", "parse_money"]
