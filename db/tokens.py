"""Chinese full text: jieba tokens with positions.

A position is the place of the token's first character, counted in characters from 1. Words, the words inside longer words, and single characters that
stand alone all keep their places, so a phrase is found however the sentence around it was cut: distances in the question are distances in
the text. Two single characters side by side are a token more: names are made of them, and each alone stands in every other notice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

MAX_POSITION = 16_383
"""Postgres keeps no position beyond; a phrase further back is found by substring."""
_MAX_LEXEME = 2_046
_MAX_BYTES = 1_000_000
"""Bytes of UTF-8 that Postgres takes for one lexeme, and for all before they are brought together."""
_WORD = re.compile(r"\w")
_LATIN_PARTS = re.compile(r"[^\W_\u3400-\u9fff]+")
_LATIN_RUN = re.compile(r"[^\W_\u3400-\u9fff]+(?:[-./_+][^\W_\u3400-\u9fff]+)*")
_FIRST_CJK, _LAST_CJK = "\u3400", "\u9fff"
_CJK = re.compile(r"[\u3400-\u9fff]")


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _tokens(text: str) -> list[tuple[str, int]]:
    """Every token with the place of its first character (from 0). Dictionary only: without guessing new words, one text is cut one way."""
    import rjieba  # noqa: PLC0415 -- the dictionary loads once, where it is needed

    # The search mode gives the words inside a word of the dictionary too.
    cut = [
        (word, at)
        for word, at, _ in rjieba.tokenize(text, "search", hmm=False)
        if _FIRST_CJK <= word[0] <= _LAST_CJK or (not word.isascii() and _CJK.search(word))
    ]
    cut += [
        (left + right, at)
        for (left, at), (right, next_at) in pairwise(cut)
        if next_at - at == 1 == len(left) == len(right)
    ]
    for run in _LATIN_RUN.finditer(text):
        whole, at = run.group(), run.start()
        cut.append((whole, at))
        if not whole.isalnum():
            cut.extend((part.group(), at + part.start()) for part in _LATIN_PARTS.finditer(whole))
    if len(text) > _MAX_LEXEME // 4:
        return [(word, at) for word, at in cut if len(word) <= _MAX_LEXEME // 4 or _size(word) <= _MAX_LEXEME]
    return cut


def vector(text: str) -> str:
    """The text of a ``tsvector`` for ``text``: one entry for each place of a token; the server brings those of a token together."""
    folded = fold(text)
    found = _tokens(folded)
    if len(folded) > MAX_POSITION:
        found = _bounded(found)
    if "'" in folded or "\\" in folded:
        found = [(_escape(word), at) for word, at in found]
    return " ".join([f"'{word}':{at + 1}" for word, at in found])


def _bounded(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Of a long text what a ``tsvector`` can hold: one last place for all beyond it, and of more than a megabyte of words the first."""
    kept: dict[tuple[str, int], None] = {}
    room = _MAX_BYTES
    for word, at in found:
        entry = word, min(at, MAX_POSITION - 1)
        if entry not in kept:
            room -= _size(word) + 6  # how many places, the place, and what aligns them
            if room < 0:
                break
            kept[entry] = None
    return list(kept)


def _size(word: str) -> int:
    return len(word.encode("utf-8", "surrogatepass"))


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
    finest = _finest(_tokens(word), prefix=prefix)
    if not finest:
        return ""
    out, last = "", 0
    for token, start in finest:
        lexeme = f"'{_escape(token)}'" + (":*" if prefix and start + len(token) == len(word) else "")
        out = lexeme if not out else f"{out} <{start - last}> {lexeme}"
        last = start
    return f"({out})" if len(finest) > 1 else out


def _finest(tokens: Iterable[tuple[str, int]], *, prefix: bool) -> list[tuple[str, int]]:
    """A chain of the shortest tokens that covers the word: the form most ways of cutting agree on.

    Of single characters side by side the pairs stand in it; the last character before a ``*`` stays alone.
    """
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
    if prefix and chain:
        return [*_in_pairs(chain[:-1]), chain[-1]]
    return _in_pairs(chain)


def _in_pairs(chain: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Neighbouring single characters as pairs that overlap."""
    made: list[tuple[str, int]] = []
    for at, (token, start) in enumerate(chain):
        following = chain[at + 1] if at + 1 < len(chain) else ("", -1)
        if _is_single(token) and _is_single(following[0]) and following[1] == start + 1:
            made.append((token + following[0], start))
        elif not (_is_single(token) and made and len(made[-1][0]) == 2 and made[-1][1] == start - 1):
            made.append((token, start))
    return made


def _is_single(token: str) -> bool:
    return len(token) == 1 and _CJK.match(token) is not None


def _escape(word: str) -> str:
    return word.replace("\\", "\\\\").replace("'", "''")
