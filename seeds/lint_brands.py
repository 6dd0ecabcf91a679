"""Checks the brand seeds: ``python -m seeds.lint_brands``.

Errors break a count (two brands under one name, a pattern that misses its own sample, an owner before its predecessor has left).
Warnings are work to do (an ambiguous alias nobody wrote a near miss for). Exit code 1 when there is an error.
"""

from __future__ import annotations

import csv
import itertools
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.brands import BrandKnowledge, KnowledgeError, find_mentions
from nlp.brands.fold import fold
from nlp.brands.knowledge import BESIDE, SURE
from nlp.text import key
from seeds.brands import HERE, read_brand_knowledge


@dataclass(frozen=True, slots=True)
class Finding:
    """``level`` is ``error`` or ``warning``; ``where`` names file and row."""

    level: str
    where: str
    message: str


def lint(folder: Path = HERE) -> tuple[Finding, ...]:
    """Everything that is wrong with the brand seeds in ``folder``."""
    try:
        knowledge = read_brand_knowledge(folder)
    except KnowledgeError as error:
        return (Finding("error", str(folder.name), str(error)),)
    return (
        *_sources(folder),
        *_patterns(knowledge),
        *_owners(knowledge),
        *_contexts(knowledge),
        *_near_misses(folder, knowledge),
    )


def _sources(folder: Path) -> Iterator[Finding]:
    for name in ("brands.csv", "aliases.csv", "owners.csv", "models.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as handle:
            for number, row in enumerate(csv.DictReader(handle), start=2):
                if not row["source"]:
                    yield Finding("error", f"{name}:{number}", "no source")
                if row["confidence"] not in {"verified", "report", "knowledge", "low"}:
                    yield Finding("error", f"{name}:{number}", f"confidence {row['confidence']!r}")
                if name == "aliases.csv" and row["confidence"] == "low" and row["strength"] != "beside":
                    yield Finding(
                        "error", f"{name}:{number}", f"{row['alias']}: an unconfirmed alias must not fire alone"
                    )


def _patterns(knowledge: BrandKnowledge) -> Iterator[Finding]:
    for line in knowledge.lines:
        try:
            pattern = re.compile(line.pattern, re.IGNORECASE)
        except re.error as error:
            yield Finding("error", f"models.csv:{line.model_id}", f"pattern: {error}")
            continue
        if not line.samples and "(?=" not in line.pattern:
            yield Finding("error", f"models.csv:{line.model_id}", "no sample")
        for sample in line.samples:
            if pattern.fullmatch(sample) is None:
                yield Finding("error", f"models.csv:{line.model_id}", f"the pattern misses its sample {sample}")
            elif sample[0].lower() not in line.starts:
                yield Finding(
                    "error", f"models.csv:{line.model_id}", f"{sample[0]!r} is not among the starts {line.starts!r}"
                )
            elif not _read_as_family(knowledge, sample, line.brand_id):
                yield Finding(
                    "warning", f"models.csv:{line.model_id}", f"{sample} also fits a longer pattern of another brand"
                )
        for miss in line.near_misses:
            if any(
                hit.start == 0
                for hits in knowledge.models.scan(fold(miss).text, ((0, len(miss)),))
                for hit in hits
                if hit.line is line
            ):
                yield Finding("error", f"models.csv:{line.model_id}", f"the pattern fires on the near miss {miss}")


def _read_as_family(knowledge: BrandKnowledge, sample: str, brand_id: str) -> bool:
    family = knowledge.brands[brand_id].family
    hits = [
        h for options in knowledge.models.scan(fold(sample).text, ((0, len(sample)),)) for h in options if h.start == 0
    ]
    if not hits:
        return True
    longest = max(h.end for h in hits)
    return any(knowledge.brands[h.line.brand_id].family == family for h in hits if h.end == longest)


def _owners(knowledge: BrandKnowledge) -> Iterator[Finding]:
    for owner in knowledge.owners:
        if owner.since and owner.until and owner.since >= owner.until:
            yield Finding("error", f"owners.csv:{owner.brand_id}", f"{owner.owner}: until is not after since")
        if owner.share is not None and not re.fullmatch(r"\d{1,3}(?:\.\d+)?", owner.share):
            yield Finding(
                "error", f"owners.csv:{owner.brand_id}", f"{owner.owner}: share {owner.share!r} is not a number"
            )
    for brand_id in knowledge.brands:
        full = sorted(
            (o for o in knowledge.owners if o.brand_id == brand_id and o.share is None),
            key=lambda o: str(o.since or ""),
        )
        for before, after in itertools.pairwise(full):
            if before.until is None or (after.since is not None and before.until > after.since):
                yield Finding(
                    "error", f"owners.csv:{brand_id}", f"{before.owner} and {after.owner} own it at the same time"
                )


def _contexts(knowledge: BrandKnowledge) -> Iterator[Finding]:
    known = {key(a.text) for a in knowledge.aliases} | {f"brand:{b}" for b in knowledge.brands}
    for rule in knowledge.contexts:
        if key(rule.target) not in known and rule.target not in known:
            yield Finding("error", f"contexts.csv:{rule.target}", "nobody is called that")
        if rule.side not in {"left", "right", "near"}:
            yield Finding("error", f"contexts.csv:{rule.target}", f"side {rule.side!r}")


def _near_misses(folder: Path, knowledge: BrandKnowledge) -> Iterator[Finding]:
    """An alias that is also something else needs a sentence in which it is something else; and there it must be silent."""
    with (folder / "aliases.csv").open(encoding="utf-8", newline="") as handle:
        misses = {row["alias"]: row["near_miss"] for row in csv.DictReader(handle)}
    for alias in knowledge.aliases:
        miss = misses.get(alias.text, "")
        if miss:
            fired = [m for m in find_mentions(miss, knowledge) if m.brand_id == alias.brand_id]
            if fired:
                yield Finding("error", f"aliases.csv:{alias.text}", f"fires in its near miss {miss!r}")
        elif BESIDE < alias.strength < SURE:
            yield Finding("warning", f"aliases.csv:{alias.text}", "no near miss")


def report(findings: Iterable[Finding]) -> str:
    """One line a finding, errors first."""
    ranked = sorted(findings, key=lambda f: (f.level, f.where, f.message))
    return "\n".join(f"{f.level}: {f.where}: {f.message}" for f in ranked)


def main() -> int:
    """Print the findings; 1 when one of them is an error."""
    findings = lint()
    sys.stdout.write(report(findings) + "\n" if findings else "")
    errors = sum(f.level == "error" for f in findings)
    sys.stdout.write(f"{errors} errors, {len(findings) - errors} warnings\n")
    return int(errors > 0)


if __name__ == "__main__":
    sys.exit(main())
