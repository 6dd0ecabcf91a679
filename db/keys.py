"""Comparison forms of addresses, names and numbers. For equality, never for display."""

from __future__ import annotations

import functools
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from nlp.text import key, normalise

_OWN_LEVEL = re.compile(r"\((?:本级|机关|本部)\)$|本级$")
_EDGES = "。.,,;;::、·'\"“”‘’"
_NUMBER_NOISE = re.compile(r"[\s\[\]()【】〔〕（）「」<>《》]")
_NUMBER_LABEL = re.compile(r"^(?:采购|招标|项目|合同|标段|包)*(?:编号|号)[::]?")


def storable(value: str) -> str:
    """Postgres holds no NUL and no lone surrogate (bytes of an argument that are no UTF-8): a mark stands in for each."""
    if "\x00" in value:
        value = value.replace("\x00", "\ufffd")
    try:
        value.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in value)
    return value


def url_key(url: str) -> str:
    """An address without what does not tell two pages apart: scheme, case of the host, default port, fragment, order of the query."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        # Brackets of an address that is none: the text itself is all there is to compare.
        return url.strip().casefold()
    host = (parts.hostname or "").rstrip(".")
    try:
        port = parts.port
    except ValueError:
        port = None
    if port not in {None, 80, 443}:
        host = f"{host}:{port}"
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    path = parts.path or "/"
    return f"{host}{path}?{query}" if query else f"{host}{path}"


@functools.lru_cache(maxsize=1 << 16)
def organisation_key(name: str) -> str:
    """A name without case, width, white space, and the words that only say "the bureau itself"."""
    folded = key(name).strip(_EDGES)
    shorter = _OWN_LEVEL.sub("", folded)
    return shorter or folded


def number_key(number: str | None) -> str | None:
    """A project or contract number without brackets, space, label and case; null where what is left tells nothing apart."""
    if number is None:
        return None
    folded = _NUMBER_LABEL.sub("", normalise(number, casefold=True).text.strip())
    folded = _NUMBER_NOISE.sub("", folded).strip(_EDGES + "-_/")
    if len(folded) < 4 or sum(char.isdigit() for char in folded) < 3:
        return None
    return folded


def short_name_key(name: str) -> str:
    """Key of a brand's or owner's name."""
    return key(name)
