"""Project numbers: what belongs to the number and what does not."""

from __future__ import annotations

from nlp.notice.norm import even
from nlp.patterns import regex

_OPEN = {"(": ")", "[": "]", "【": "】", "{": "}", "<": ">", "《": "》"}
_CLOSE = frozenset(_OPEN.values())
_END = regex(
    r"[;。!?\"“”|¦\n]|、(?=[\u4e00-\u9fff])|[,，](?=\s*[\u4e00-\u9fff])|\s+(?=[\u4e00-\u9fff(])|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]\)|\([^()]{0,20}:"
)
_JUNK_END = " \t.,:;、。-_/\\"
_HAS_DIGIT = regex(r"\d")
_PHONE = regex(r"1[3-9]\d{9}|0\d{2,3}-\d{7,8}")
_MAX = 90


def clean_project_no(value: str) -> str | None:
    """The number without the words around it, in its own spelling; null when there is none (``/``, a sentence, a telephone number).

    A list (``16A4937,16A5022``) stays one value; blanks inside go, since they only come from the page's layout.
    """
    text = even(value).lstrip(" :.,、#")
    end = _END.search(text)
    # A bracket that opens the value may hold blanks and Chinese: [231025]FAGC, （2021）第30号.
    if end is not None:
        text = text[: end.start()]
        value = value[len(value) - len(even(value).lstrip(" :.,、#")) :][: end.start()]
    else:
        value = value[len(value) - len(text) :]
    stop = len(text)
    expected: list[str] = []
    for index, char in enumerate(text):
        if char in _OPEN:
            expected.append(_OPEN[char])
        elif char in _CLOSE:
            if not expected or expected[-1] != char:
                stop = index
                break
            expected.pop()
    else:
        if expected:
            opener = max(text.rfind(mark) for mark in _OPEN)
            stop = opener if opener > 0 else stop
    number = "".join(value[:stop].split()).rstrip(_JUNK_END)
    if not number or len(number) > _MAX or _HAS_DIGIT.search(number) is None or len(number) < 3:
        return None
    if _PHONE.fullmatch(number) is not None:
        return None
    return number
