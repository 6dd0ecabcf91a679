"""Bytes to the visible document."""

from nlp.document.decoding import Decoded, decode
from nlp.document.html import html_document
from nlp.document.plain import text_document

__all__ = ["Decoded", "decode", "html_document", "text_document"]
