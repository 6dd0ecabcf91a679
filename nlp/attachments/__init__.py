"""Attachment bytes to text and tables. Every file gives an answer: what cannot be read is an issue that names the reason."""

from nlp.attachments.limits import Limits
from nlp.attachments.reading import read_attachment

__all__ = ["Limits", "read_attachment"]
