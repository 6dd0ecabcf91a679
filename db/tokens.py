"""Chinese full text: jieba tokens with positions.

A position is the place of the token's first character, counted in characters from 1. Words, the words inside longer words, and single characters that
stand alone all keep their places, so a phrase is found however the sentence around it was cut: distances in the question are distances in
the text. Two single characters side by side are a token more: names are made of them, and each alone stands in every other notice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

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


@lru_cache(maxsize=1 << 18)
def _inside(word: str) -> tuple[tuple[str, int], ...]:
    """The words inside a word of the dictionary, and itself, with their places in it: what the search mode of jieba adds. Kept: words repeat."""
    import rjieba  # noqa: PLC0415 -- the dictionary loads once, where it is needed

    if len(word) < 3:
        return ((word, 0),) if _CJK.search(word) else ()
    return tuple((token, start) for token, start, _ in rjieba.tokenize(word, "search", hmm=False) if _CJK.search(token))


def _places(text: str) -> dict[str, list[int]]:
    """Tokens and the places of their first characters (from 0), dictionary only: without guessing new words, one text is cut one way."""
    import rjieba  # noqa: PLC0415

    places: dict[str, list[int]] = {}
    at, single = 0, ""
    for word in rjieba.cut(text, hmm=False):
        inside = _inside(word)
        if len(inside) == 1:
            if word in places:
                places[word].append(at)
            else:
                places[word] = [at]
            if len(word) > 1:
                single = ""
            else:
                if single:
                    places.setdefault(single + word, []).append(at - 1)
                single = word
        else:
            for token, start in inside:
                places.setdefault(token, []).append(at + start)
            single = ""
        at += len(word)
    for run in _LATIN_RUN.finditer(text):
        whole, at = run.group(), run.start()
        places.setdefault(whole, []).append(at)
        if not whole.isalnum():
            for part in _LATIN_PARTS.finditer(whole):
                places.setdefault(part.group(), []).append(at + part.start())
    return places


def vector(text: str) -> str:
    """The text of a ``tsvector`` for ``text``."""
    folded = fold(text)
    quoting = "'" in folded or "\\" in folded
    near = len(folded) < MAX_POSITION
    parts = []
    for word, where in _places(folded).items():
        if near and len(where) == 1:
            at = str(where[0] + 1)
        else:
            at = ",".join(map(str, sorted({min(start + 1, MAX_POSITION) for start in where[:MAX_PLACES]})))
        if len(word) <= MAX_LEXEME:
            parts.append(f"'{_escape(word) if quoting else word}':{at}")
    return " ".join(parts)


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
    finest = _finest(_places(word), prefix=prefix)
    if not finest:
        return ""
    out, last = "", 0
    for token, start in finest:
        lexeme = f"'{_escape(token)}'" + (":*" if prefix and start + len(token) == len(word) else "")
        out = lexeme if not out else f"{out} <{start - last}> {lexeme}"
        last = start
    return f"({out})" if len(finest) > 1 else out


def _finest(places: Mapping[str, Iterable[int]], *, prefix: bool) -> list[tuple[str, int]]:
    """A chain of the shortest tokens that covers the word: the form most ways of cutting agree on.

    Of single characters side by side the pairs stand in it; the last character before a ``*`` stays alone.
    """
    shortest: dict[int, str] = {}
    for token, starts in places.items():
        for start in starts:
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
