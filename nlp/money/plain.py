"""The normal form of a short text whose places nobody asks for: the same as :func:`nlp.text.normalise`, without the map back."""

from __future__ import annotations

import unicodedata

from nlp.width import ODD, narrow

_LOOK_ALIKE = {"釆": "采", "\u2f00": "一", "﹣": "-", "－": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"}
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_TABLE = str.maketrans({**dict.fromkeys(_INVISIBLE, ""), **_LOOK_ALIKE})


def plain(text: str) -> str:
    """NFKC with look-alikes mended and invisible characters dropped."""
    if text.isascii() or ODD.search(text) is None:
        return text
    text = narrow(text)
    if ODD.search(text) is None:
        return text
    return unicodedata.normalize("NFKC", text.translate(_TABLE)).translate(_TABLE)
