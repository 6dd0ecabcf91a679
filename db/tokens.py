"""Chinese full text: jieba tokens with positions.

A position is the place of the token's first character, counted in characters from 1. Words, the words inside longer words, and single characters that
stand alone all keep their places, so a phrase is found however the sentence around it was cut: distances in the question are distances in
the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_POSITION = 16_383
"""Postgres keeps no position beyond; a phrase further back is found by substring."""
MAX_PLACES = 255
MAX_LEXEME = 2_000
_WORD = re.compile(r"\w")
_LATIN_PARTS = re.compile(r"[^\W_\u3400-\u9fff]+")
_LATIN_RUN = re.compile(r"[^\W_\u3400-\u9fff]+(?:[-./_+][^\W_\u3400-\u9fff]+)*")
_CJK = re.compile(r"[\u3400-\u9fff]")


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _cut(text: str) -> list[tuple[str, int]]:
    """Tokens and the place of their first character (from 0), dictionary only: without guessing new words, one text is cut one way."""
    import rjieba  # noqa: PLC0415 -- the dictionary loads once, where it is needed

    tokens = [(word, start) for word, start, _ in rjieba.tokenize(text, "search", hmm=False) if _CJK.search(word)]
    for run in _LATIN_RUN.finditer(text):
        whole, at = run.group(), run.start()
        tokens.append((whole, at))
        parts = list(_LATIN_PARTS.finditer(whole))
        if len(parts) > 1:
            tokens.extend((part.group(), at + part.start()) for part in parts)
    return tokens


def vector(text: str) -> str:
    """The text of a ``tsvector`` for ``text``."""
    places: dict[str, list[int]] = {}
    for word, start in _cut(fold(text)):
        if len(word) > MAX_LEXEME:
            continue
        where = places.setdefault(word, [])
        if len(where) < MAX_PLACES:
            where.append(start + 1 if start < MAX_POSITION else MAX_POSITION)
    return " ".join(f"'{_escape(word)}':{','.join(map(str, sorted(set(where))))}" for word, where in places.items())


@dataclass(frozen=True, slots=True)
class TextQuery:
    """``tsquery`` is null where the words leave nothing to look up; ``needles`` are the folded words a hit shows."""

    tsquery: str | None
    needles: tuple[str, ...]


def query(text: str) -> TextQuery:
    """What a person typed, as a ``tsquery``: words are joined by AND, each word of several tokens is a phrase.

    ``"…"`` keeps white space inside a phrase; a word that ends in ``*``, or looks like a model number, matches as a prefix.
    Operators and metacharacters of ``tsquery`` have no meaning here: everything is quoted.
    """
    clauses: list[str] = []
    needles: list[str] = []
    for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', fold(text)):
        word = quoted.strip() or bare.strip('"')
        if not _WORD.search(word):
            continue
        prefix = word.endswith("*") or (not quoted and _looks_like_a_model(word))
        word = word.rstrip("*")
        clause = _phrase(word, prefix=prefix)
        if clause:
            clauses.append(clause)
            needles.append(word)
    return TextQuery(" & ".join(clauses) or None, tuple(needles))


def _looks_like_a_model(word: str) -> bool:
    return len(word) >= 4 and word.isascii() and any(c.isdigit() for c in word) and any(c.isalpha() for c in word)


def _phrase(word: str, *, prefix: bool) -> str:
    if _LATIN_RUN.fullmatch(word):
        return f"'{_escape(word)}'" + (":*" if prefix else "")
    finest = _finest(_cut(word))
    if not finest:
        return ""
    out, last = "", 0
    for token, start in finest:
        lexeme = f"'{_escape(token)}'" + (":*" if prefix and start + len(token) == len(word) else "")
        out = lexeme if not out else f"{out} <{start - last}> {lexeme}"
        last = start
    return f"({out})" if len(finest) > 1 else out


def _finest(tokens: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """A chain of the shortest tokens that covers the word: the form most ways of cutting agree on."""
    shortest: dict[int, str] = {}
    for token, start in tokens:
        if start not in shortest or len(token) < len(shortest[start]):
            shortest[start] = token
    chain: list[tuple[str, int]] = []
    end = 0
    for start in sorted(shortest):
        if start >= end:
            chain.append((shortest[start], start))
            end = start + len(shortest[start])
    return chain


def _escape(word: str) -> str:
    return word.replace("\\", "\\\\").replace("'", "''")
