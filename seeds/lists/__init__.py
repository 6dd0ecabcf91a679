"""Government lists at a date: who was listed when, under which citation.

``entries.csv`` holds the public-security organs and the vendors of the US Entity List that matter here, and two designations of
the SDN list. Each vocabulary (``entity_list``, ``sdn``, ``meu``, ``cmic``, ``1260h``, ``uflpa``, ``uvl``) stays apart. "Listed on the day of the award" is computed from
these rows, never stored. A subordinate organ of a listed one is not listed by that; :meth:`ListIndex.above` says so in so many words.
"""

from __future__ import annotations

from seeds.lists.importers import read_consolidated_screening_list, read_opensanctions
from seeds.lists.index import FILES, ListIndex, Listing, Match, load_lists

__all__ = [
    "FILES",
    "ListIndex",
    "Listing",
    "Match",
    "load_lists",
    "read_consolidated_screening_list",
    "read_opensanctions",
]
