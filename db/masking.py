"""Words of a notice without the people in it: for everything that leaves the store to be judged or learnt from."""

from __future__ import annotations

from nlp.personal import find_personal

MASK = "*"


def masked(text: str, keep: tuple[int, int] = (0, 0)) -> str:
    """Telephone and identity numbers, addresses of mail, contacts and experts as stars, one a character: offsets stay true.

    The span ``keep`` is left as it is.
    """
    out, last = [], 0
    for span in find_personal(text):
        if span.start < keep[1] and keep[0] < span.end:
            continue
        out += [text[last : span.start], MASK * (span.end - span.start)]
        last = span.end
    return "".join((*out, text[last:]))
