"""Write ``docs/units.md``: the rules and unit classes as the code has them. Run ``python docs/_units.py`` from the root of the tree with it on the path."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from nlp.orgs.knowledge import Sign
from nlp.orgs.rules import RULES, nothing
from seeds.orgs import load_org_knowledge

HERE = Path(__file__).parent

HEAD = """# Organisations

`caigou unit NAME` and every party of a notice go through the same reader. It answers: is this public security, which tier and kind, which level,
which place, what is it called in English, and which rule said so.

## How a name is read

1. **Spelling.** Width, spaces, brackets and contacts are mended; GAJ, G安局 are 公安局; 本级, 机关 and (盖章) say nothing. A department in brackets belongs
   to the name: 公安局（警务保障处）.
2. **No organisation.** Empty, masked (某单位, ***), a person, several parties, another script: no tier, and the reason says which.
3. **Known organs.** `seeds/orgs/known.csv` holds those whose name does not tell: ministry institutes, universities, companies of institutes.
4. **Place.** Province, prefecture, county from GB/T 2260 with its history since 1981; the Corps (兵团), its divisions and cities; abbreviations (乌市, 巴州, 融水县). A place is
   believed in full; a short name (福田, 安康) only inside a known place or in front of a word that asks for one. A name several places share (鼓楼区)
   gives no code. The place is then taken out, so 公安县 says nothing about police. Codes are those of today: 库车县 reads as 652902.
5. **Terms.** `seeds/orgs/terms.csv` says what each word means. The rules below look at the terms and their order; the first rule that answers decides.
6. **Level.** A bureau has its place's level. 分局 is `sub_bureau`, 派出所 and 警务站 `station`, detachments and departments `unit`, 边防检查总站 `province`.
7. **English.** Places in official romanisation (Kashgar, Hotan, Ili, Urumqi), else pinyin; organs in the words of the published reports (Zongdui, Zhidui, Dadui, Sub-bureau, Detention Center).
   `seeds/orgs/names_en.csv` and `seeds/suppliers/suppliers.csv` win over the rules. No rule for a word: no English name.

Names are read for a date. 公安消防 was public security until 9 October 2018 and is `fire` since;森林消防 was `armed_police` until then. A place name that two places had at different
times (哈密市) is the one of that date.

XPCC has no GB/T code. Its bureaus get the code of the division's city (659001 石河子市), and 650000 where there is none; `nlp.orgs.analyse` says which division it is.

## One organ, many spellings

`nlp.orgs.key` gives one key to all spellings of one organ; `identify` adds the chain of organs above it, for `--under`. 天山区公安分局 and
乌鲁木齐市公安局天山区分局 share a key; 喀什市公安局 and 喀什地区公安局 do not. `nlp.orgs.canonical` decides about pairs of names and says why.

## Rules

| # | rule | what it says |
|---|---|---|
"""


def page() -> str:
    """The text of ``docs/units.md``."""
    lines = [HEAD.rstrip("\n")]
    lines.extend(
        f"| {number} | `{rule.__name__}` | {' '.join((rule.__doc__ or '').split())} |"
        for number, rule in enumerate((*RULES, nothing), 1)
    )
    lines += ["", "## Unit classes", "", "| unit class | tier | terms |", "|---|---|---|"]
    classes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for term in load_org_knowledge().terms:
        if term.sign not in {Sign.FORM, Sign.DEPARTMENT, Sign.TRAP}:
            classes[term.tier.value if term.tier else "", term.kind].append(term.text)
    lines.extend(f"| {kind} | {tier} | {'、'.join(terms)} |" for (tier, kind), terms in sorted(classes.items()))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (HERE / "units.md").write_text(page(), encoding="utf-8")
