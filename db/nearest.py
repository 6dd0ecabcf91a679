"""The names in the store nearest to one it does not know, for messages. Not for matching: nearness proves nothing."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from nlp.text import key

_LOOKED_AT = 5_000
"""Names weighed; enough to be helpful, few enough to answer at once."""


def nearest_names(session: Session, value: str, most: int = 3) -> list[str]:
    """Standing names of organisations that share two letters in a row with ``value``, the most alike first."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 -- where a name was mistyped only

    wanted = key(value)[:200]
    pairs = sorted({wanted[at : at + 2] for at in range(max(len(wanted) - 1, 1))} - {""})
    if not pairs:
        return []
    # Trigrams of Chinese depend on the server's locale; pairs of letters do not.
    names = session.execute(
        text("""
            SELECT DISTINCT name FROM (SELECT name FROM organisation_name WHERE superseded_at IS NULL AND key LIKE ANY(:pairs) LIMIT :most) x
        """),
        {
            "pairs": [
                f"%{p}%" for p in (pair.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for pair in pairs)
            ],
            "most": _LOOKED_AT,
        },
    ).scalars()
    folded = {name: key(name) for name in sorted(names)}
    return [name for _, _, name in process.extract(wanted, folded, scorer=fuzz.WRatio, limit=most)]
