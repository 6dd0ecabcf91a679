"""The little we ask of compound files ourselves: whether a Word document is locked by a password."""

from __future__ import annotations

import struct

_HEADER = 512
_ENTRY = 128
_FIB = 0xA5EC
_ENCRYPTED = 0x0100
_NAME = "WordDocument".encode("utf-16-le")


def is_locked_doc(body: bytes) -> bool:
    """Whether the flags at the head of the main stream say so. False for what cannot be followed: the converter will tell."""
    if len(body) < _HEADER:
        return False
    sector = 1 << min(struct.unpack_from("<H", body, 30)[0], 16)
    at = body.find(_NAME)
    while at >= 0:
        if at % _ENTRY == 0 and at + _ENTRY <= len(body):
            start = (struct.unpack_from("<I", body, at + 116)[0] + 1) * sector
            if start + 12 <= len(body) and struct.unpack_from("<H", body, start)[0] == _FIB:
                return bool(struct.unpack_from("<H", body, start + 10)[0] & _ENCRYPTED)
        at = body.find(_NAME, at + 1)
    return False
