"""The unified social credit code (GB 32100-2015): eighteen characters, the last a check character."""

from __future__ import annotations

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))


def valid_credit_code(code: str) -> bool:
    """Whether ``code`` is a well-formed code: length, alphabet and check character."""
    code = code.strip().upper()
    if len(code) != 18 or any(char not in _VALUES for char in code):
        return False
    total = sum(_VALUES[char] * weight for char, weight in zip(code, _WEIGHTS, strict=False))
    return _ALPHABET[(31 - total % 31) % 31] == code[17]
