"""Brand mentions in a text: which spans name a brand, and why we think so."""

from __future__ import annotations

import bisect
import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlp.brands.context import is_han
from nlp.brands.fold import Folded, fold
from nlp.brands.gazetteer import Hit
from nlp.brands.knowledge import BESIDE, CONTEXT, LIKELY, SURE, Alias, ModelLine
from nlp.brands.zones import Zone, infer_zones
from nlp.patterns import regex
from nlp.values import value

if TYPE_CHECKING:
    from nlp.brands.knowledge import BrandKnowledge

_JOIN = regex(r"[\s/()·,\-|&:：\[\]【】<>*]{0,3}")
"""What may stand between two names of one brand: 希捷(Seagate), HP/惠普."""
_MODEL_GAP = regex(r"[^\n¦。；;]{0,24}")
_LIST_GAP = regex(
    r"\s*(?:[、/,，或和及与]|以及|或者)\s*(?:[a-z0-9一二三四五六七八九十]{1,2}[.、)])?\s*(?:【|\[|\(|“|\")?"
)
_ELEMENT = regex(r"[、/,，或和及与；;\n¦|]|以及|或者")
_FAR = 400
_SEPARATE = regex(r"[、/,，;；。]|或|以及")
_SET_APART = regex(r"[ \t](?=[\u4e00-\u9fff])(?<=[\u4e00-\u9fff][ \t])(?<![\u4e00-\u9fff]{2}[ \t])")
"""A blank between two Chinese characters, of which the first stands alone."""
_GOODS_END = regex(r"[，,。；;\n]|(?<=[盘机器仪备统剂盒卡板线灯枪车柜屏件])[、/／和与及或]")
_SPACED = regex(r"[\u4e00-\u9fff](?:[ \t][\u4e00-\u9fff]){1,4}(?![\u4e00-\u9fff])")
_ADDRESS = regex(r"[@.]|//|www")
_DOMAIN_END = regex(r"\.(?:com|cn|net|org|gov|edu)|[a-z0-9_.-]{0,24}@[a-z0-9]")
_NO_NAME_RIGHT = regex(r"[式村镇街](?![\w])|式[\u4e00-\u9fff]|村[\u4e00-\u9fff]")
"""Behind a Latin name: an IBM式 thing is not IBM's, BOSE村 is a village."""
_MEASURE_LEFT = regex(r"(?:\d|[≥≤><=~～±×*+]|大于|小于|不少于|不低于|约)\s*$")

_SCORES = {
    "brand_cell": 0.99, "paired": 0.99, "beside_model": 0.98, "name": 0.97, "brand_cue": 0.97, "model": 0.97, "beside_noun": 0.95,
    "own_context": 0.95, "list": 0.95, "company_name": 0.95, "name_clean": 0.85,
}  # fmt: skip


@value
class FoundMention:
    """One span of the text as given that names a brand.

    ``start``/``end`` are code points, ``end`` exclusive. ``rule`` names the reason (``docs/brands.md``); ``field`` where it stands;
    ``model`` the model number beside the name (or the span itself where the number stands alone).
    """

    brand_id: str
    brand: str
    surface: str
    start: int
    end: int
    rule: str
    score: float
    field: str
    product_line: str | None = None
    product_class: str | None = None
    model: str | None = None
    origin: str = ""


@dataclass(slots=True)
class _Candidate:
    """A hit on its way to a verdict. ``rule`` stays null while nothing speaks for it; ``dead`` once something speaks against it."""

    start: int
    end: int
    family: str
    alias: Alias | None
    line: ModelLine | None = None
    rule: str | None = None
    dead: bool = False
    field: str = "text"

    @property
    def strength(self) -> int:
        return self.alias.strength if self.alias is not None else SURE


class _Reader:
    """One text, one knowledge."""

    def __init__(self, folded: Folded, knowledge: BrandKnowledge, given: Sequence[Zone], *, tables: bool) -> None:
        self.knowledge = knowledge
        self.folded = folded
        self.text = self.folded.text
        self.evidence = knowledge.evidence
        self._given = given
        self._tables = tables
        self._begins: frozenset[int] = frozenset()
        self._ends: frozenset[int] = frozenset()
        """Where some name begins and ends: two names side by side do not cut each other."""

    @functools.cached_property
    def zones(self) -> list[Zone]:
        """Looked for at the first name: most texts hold none."""
        inferred = infer_zones(self.folded.source) if self._tables else ()
        return sorted((*inferred, *self._given), key=lambda z: (z.start, z.end))

    @functools.cached_property
    def _zone_starts(self) -> list[int]:
        return [z.start for z in self.zones]

    # ── candidates ───────────────────────────────────────────────────────────────────────────────────────────────

    def family(self, brand_id: str) -> str:
        return self.knowledge.brands[brand_id].family

    def names(self) -> list[_Candidate]:
        hits = [*self.knowledge.gazetteer.scan(self.folded), *self._spaced()]
        if not hits:
            return []
        hits.sort(key=lambda h: h.start)
        self._begins = frozenset(h.start for h in hits)
        self._ends = frozenset(h.end for h in hits)
        return [
            _Candidate(h.start, h.end, self.family(h.alias.brand_id), h.alias, field=self.field_at(h.start))
            for h in hits
        ]

    def _spaced(self) -> list[Hit]:
        """希 捷: the characters of a name set apart, with nothing Chinese touching them."""
        found: list[Hit] = []
        text = self.text
        for gap in _SET_APART.finditer(text):
            match = _SPACED.match(text, gap.start() - 1)
            if match is None:
                continue
            squeezed = match.group().replace(" ", "").replace("\t", "")
            found.extend(
                Hit(match.start(), match.end(), hit.alias)
                for hit in self.knowledge.gazetteer.scan(Folded(squeezed, squeezed, squeezed, None))
                if hit.start == 0
                and hit.end == len(squeezed)
                and hit.alias.strength >= (LIKELY if len(squeezed) < 4 else CONTEXT)
            )
        return found

    def field_at(self, position: int) -> str:
        """The innermost zone over a folded position (zones are in source offsets)."""
        if not self.zones:
            return "text"
        source = position if self.folded.offsets is None else self.folded.offsets[position]
        at = bisect.bisect_right(self._zone_starts, source) - 1
        while at >= 0 and at > bisect.bisect_right(self._zone_starts, source) - 4:
            zone = self.zones[at]
            if zone.start <= source < zone.end:
                return zone.field
            at -= 1
        return "text"

    def line(self, start: int, end: int) -> tuple[int, int]:
        """The line around a folded span, at most :data:`_FAR` characters each side: nobody looks further, and lines can be megabytes long."""
        low = max(0, start - _FAR)
        high = min(len(self.text), end + _FAR)
        before = self.text.rfind("\n", low, start)
        after = self.text.find("\n", end, high)
        return (low if before < 0 else before + 1), (high if after < 0 else after)

    def cell(self, position: int) -> tuple[int, int]:
        """The table cell, or the line, around a folded position."""
        start, end = self.line(position, position)
        before = self.text.rfind("¦", start, position)
        after = self.text.find("¦", position, end)
        return (start if before < 0 else before + 1), (end if after < 0 else after)

    # ── verdicts ─────────────────────────────────────────────────────────────────────────────────────────────────

    def judge(self, c: _Candidate) -> None:
        """Evidence a name has by itself; lists and pairs come after."""
        alias = c.alias
        if alias is None:
            return
        hit = Hit(c.start, c.end, alias)
        han = is_han(self.text[c.start])
        if c.field == "table_brand" and alias.strength > BESIDE and self._whole_cell(c):
            c.rule = "brand_cell"
            return
        if alias.strength > BESIDE and self.evidence.stated(self.text, hit):
            c.rule = "brand_cue"
            return
        if self.evidence.denied(self.text, hit):
            c.dead = True
            return
        if han:
            self._judge_chinese(c, hit)
        else:
            self._judge_latin(c, hit)

    def _whole_cell(self, c: _Candidate) -> bool:
        """The name is the cell, or one of the names the cell lists."""
        start, end = self.cell(c.start)
        before = self.text[start : c.start].strip()
        after = self.text[c.end : end].strip()
        return (not before or _ELEMENT.match(before[-1]) is not None or before[-1] == "(") and (
            not after or _ELEMENT.match(after[0]) is not None or after[0] in "()"
        )

    def _judge_chinese(self, c: _Candidate, hit: Hit) -> None:
        alias = hit.alias
        text, evidence = self.text, self.evidence
        if alias.kind != "company":
            if evidence.is_place(text, hit):
                c.dead = True
                return
            organisation = evidence.organisation(text, hit)
            if organisation is not None:
                if c.end not in self._begins and evidence.cut_right(text, hit):
                    c.dead = True
                    return
                brand = self.knowledge.brands[alias.brand_id]
                if evidence.own_firm(hit, organisation, text, brand.domains):
                    c.rule = "company_name"
                else:
                    c.dead = True
                return
        tokens = evidence.tokens(text, hit) if len(alias.text) <= 2 or alias.strength < SURE else []
        if tokens and evidence.straddled(text, hit, tokens):
            c.dead = True
            return
        if alias.strength == BESIDE:
            return
        brand = self.knowledge.brands[alias.brand_id]
        left = evidence.clean_left(text, hit)
        right = evidence.clean_right(text, hit)
        touched = evidence.noun_touches(text, hit, brand.domains)
        cut = (not left and c.start not in self._ends and evidence.cut_left(text, hit)) or (
            not right and not touched and c.end not in self._begins and evidence.cut_right(text, hit)
        )
        if alias.strength == SURE:
            c.dead = cut
            if not cut:
                c.rule = "company_name" if alias.kind == "company" else "name"
            return
        left = left or evidence.clean_by_words(hit, tokens)
        if left and evidence.allowed_near(text, hit):
            c.rule = "own_context"
            return
        if evidence.cue(text, hit) and (left or right):
            c.rule = "brand_cue"
            return
        if touched and not cut and len(alias.text) > 2:
            c.rule = "beside_noun"
            return
        if left and right and len(alias.text) > 3:
            c.rule = "name_clean"
            return
        if self._touching(c, hit, left=left):
            return
        domains = brand.domains if alias.strength == CONTEXT else brand.domains | {"goods"}
        if left and evidence.noun_right(text, hit, domains):
            c.rule = "beside_noun"
            return
        if left and right and evidence.noun_near(text, hit, brand.domains):
            c.rule = "beside_noun"
            return
        if alias.strength == LIKELY and left and right:
            c.rule = "name_clean"

    def _judge_latin(self, c: _Candidate, hit: Hit) -> None:
        alias = hit.alias
        text, evidence = self.text, self.evidence
        if self._in_address(c) or _NO_NAME_RIGHT.match(text, c.end) is not None:
            c.dead = True
            return
        if len(alias.text) <= 3 and self._in_model_token(c) and not evidence.allowed_near(text, hit):
            c.dead = True
            return
        if alias.strength == SURE:
            c.rule = "name"
            return
        if alias.strength == BESIDE:
            return
        if evidence.allowed_near(text, hit):
            c.rule = "own_context"
            return
        if evidence.cue(text, hit):
            c.rule = "brand_cue"
            return
        if _MEASURE_LEFT.search(text, max(0, c.start - 4), c.start) is not None:
            c.dead = True
            return
        if self._touching(c, hit, left=True):
            return
        brand = self.knowledge.brands[alias.brand_id]
        if evidence.noun_near(text, hit, brand.domains):
            c.rule = "beside_noun"
            return
        if alias.strength == LIKELY and evidence.noun_near(text, hit, frozenset({"goods"})):
            c.rule = "beside_noun"
        elif alias.strength == LIKELY and self.folded.cased[c.start].isupper():
            c.rule = "name_clean"

    def _touching(self, c: _Candidate, hit: Hit, *, left: bool) -> bool:
        """Evidence for an ambiguous name with words of its own: a product noun of its field must touch it, or stand beside its brackets
        or cell, or in the phrase of a name that nothing else touches (车辆选用大众).

        True where the case is closed, whichever way.
        """
        if hit.alias.strength != CONTEXT or not self.evidence.has_own_words(hit):
            return False
        domains = self.knowledge.brands[hit.alias.brand_id].domains
        clean = left and self.evidence.clean_right(self.text, hit) and is_han(self.text[hit.start])
        if (
            (left and self.evidence.noun_touches(self.text, hit, domains))
            or (clean and self.evidence.noun_in_phrase(self.text, hit, domains))
        ) or (self.evidence.enclosed(self.text, hit) and self.evidence.noun_near(self.text, hit, domains)):
            c.rule = "beside_noun"
        return True

    def _in_address(self, c: _Candidate) -> bool:
        """Part of a web or mail address."""
        left = self.text[max(0, c.start - 1) : c.start]
        if left in {".", "@"} and c.start > 1 and self.text[c.start - 2].isascii() and self.text[c.start - 2].isalnum():
            return True
        return _DOMAIN_END.match(self.text, c.end) is not None

    def _in_model_token(self, c: _Candidate) -> bool:
        """WD in WDF-500 is no token; WD in X4-WD or WD-40 is one, but part of a number."""
        text = self.text
        before = (
            c.start > 1 and text[c.start - 1] in "-_." and text[c.start - 2].isascii() and text[c.start - 2].isalnum()
        )
        after = (
            c.end + 1 < len(text) and text[c.end] in "-_." and text[c.end + 1].isascii() and text[c.end + 1].isalnum()
        )
        return before or after

    def lists(self, candidates: list[_Candidate]) -> None:
        """A name that is one element of an enumeration whose neighbour fires: 三菱、通力、奥的斯."""
        ordered = [c for c in candidates if c.alias is not None]
        for forward in (True, False):
            chain = ordered if forward else ordered[::-1]
            for near, c in itertools.pairwise(chain):
                if (
                    c.rule is not None
                    or c.dead
                    or c.strength == BESIDE
                    or near.rule is None
                    or near.rule == "company_name"
                ):
                    continue
                first, second = (near, c) if forward else (c, near)
                if second.start - first.end > 20:
                    continue
                between = self.text[first.end : second.start]
                if "\n" in between or "。" in between:
                    continue
                if not self._element_start(c) or not self._element_start(near, loose=True):
                    continue
                parts = _ELEMENT.findall(between)
                tight = _LIST_GAP.fullmatch(between) is not None
                if tight or len(parts) == 1:
                    hit = Hit(c.start, c.end, c.alias) if c.alias is not None else None
                    if hit is not None and (tight or self.evidence.clean_right(self.text, hit)):
                        c.rule = "list"

    def _element_start(self, c: _Candidate, *, loose: bool = False) -> bool:
        """Nothing Chinese touches the left of the name but a separator or a word a name may follow."""
        if loose or c.alias is None:
            return True
        return self.evidence.clean_left(self.text, Hit(c.start, c.end, c.alias))

    # ── models ───────────────────────────────────────────────────────────────────────────────────────────────────

    def model_candidates(self, names: list[_Candidate]) -> list[_Candidate]:
        """Model numbers; weak ones only where a live or possible name of the family, or a noun of their field, is near."""
        found: list[_Candidate] = []
        last = 0
        starts = [n.start for n in names]
        windows = _windows([(n.start, n.end) for n in names], len(self.text))
        for options in self.knowledge.models.scan(self.text, windows):
            if options[0].start < last:
                continue
            chosen = None
            others = False
            for hit in options:
                family = self.family(hit.line.brand_id)
                near = self._names_near(names, starts, hit.start, hit.end)
                own = any(n.family == family for n in near)
                foreign = any(
                    n.family != family and n.rule is not None and n.end <= hit.start and hit.start - n.end <= 6
                    and "\n" not in self.text[n.end : hit.start]
                    for n in near
                )  # fmt: skip
                if own:
                    chosen, others = hit, False
                    break
                if foreign:
                    others = True
                    continue
                alone = hit.line.strong or (hit.line.needs and self._needs(hit.start, hit.end, hit.line.needs))
                if chosen is None and alone:
                    chosen = hit
            if chosen is None or (others and not chosen.line.strong):
                continue
            last = chosen.end
            found.append(
                _Candidate(
                    chosen.start,
                    chosen.end,
                    self.family(chosen.line.brand_id),
                    None,
                    chosen.line,
                    field=self.field_at(chosen.start),
                )
            )
        return found

    def _needs(self, start: int, end: int, domain: str) -> bool:
        blank = Alias("", "", "line")
        return self.evidence.noun_near(self.text, Hit(start, end, blank), frozenset(domain.split("|")))

    def _names_near(self, names: list[_Candidate], starts: list[int], start: int, end: int) -> list[_Candidate]:
        low = bisect.bisect_left(starts, start - 60)
        high = bisect.bisect_right(starts, end + 60)
        line_start, line_end = self.line(start, end)
        return [n for n in names[low:high] if line_start <= n.start and n.end <= line_end and not n.dead]

    # ── together ─────────────────────────────────────────────────────────────────────────────────────────────────

    def pairs(self, names: list[_Candidate], models: list[_Candidate]) -> None:
        """A name beside another form of itself, or beside one of its own model numbers, is meant."""
        for a, b in itertools.pairwise(names):
            if a.family != b.family or a.dead or b.dead:
                continue
            if a.alias is not None and b.alias is not None and a.alias.text.casefold() == b.alias.text.casefold():
                continue
            if (
                (a.rule is None or b.rule is None)
                and _JOIN.fullmatch(self.text, a.end, b.start)
                and a.strength + b.strength > BESIDE
            ):
                a.rule = a.rule or "paired"
                b.rule = b.rule or "paired"
        if not models:
            return
        starts = [n.start for n in names]
        for model in models:
            if model.line is None:
                continue
            for name in self._names_near(names, starts, model.start, model.end):
                if name.rule is not None or name.family != model.family:
                    continue
                first, second = (name, model) if name.start < model.start else (model, name)
                gap = self.text[first.end : second.start]
                if (
                    len(gap) <= 24
                    and "\n" not in gap
                    and "。" not in gap
                    and (name.strength > BESIDE or model.line.strong)
                ):
                    name.rule = "beside_model"

    def read(self) -> tuple[FoundMention, ...]:
        names = self.names()
        for c in names:
            self.judge(c)
        models = self.model_candidates(names)
        if not names and not models:
            return ()
        covered = [(m.start, m.end) for m in models]
        names = [n for n in names if not _inside(n, covered)]
        self.pairs(names, models)
        self.lists(names)
        live = [n for n in names if n.rule is not None and not n.dead]
        return self._mentions(live, models)

    def _mentions(self, names: list[_Candidate], models: list[_Candidate]) -> tuple[FoundMention, ...]:
        """Names of one brand side by side become one mention; lines and numbers attach to the name beside them."""
        heads: list[list[_Candidate]] = []
        for c in names:
            if heads and heads[-1][-1].family == c.family and _JOIN.fullmatch(self.text, heads[-1][-1].end, c.start):
                heads[-1].append(c)
            else:
                heads.append([c])
        attached: dict[int, _Candidate] = {}
        lines: dict[int, _Candidate] = {}
        alone: list[_Candidate] = []
        order = [h[0].start for h in heads]
        for model in models:
            home = self._home(heads, order, model)
            if home is None:
                alone.append(model)
            else:
                attached.setdefault(home, model)
        # a product name in a head of its own joins a name of the brand in the same line
        drop: set[int] = set()
        for at, head in enumerate(heads):
            if all(c.alias is not None and c.alias.kind == "line" for c in head):
                home = self._home(heads, order, head[0], skip=at)
                if home is not None and not self._listed(heads[home], head):
                    lines.setdefault(home, head[0])
                    if at in attached:
                        attached.setdefault(home, attached[at])
                    drop.add(at)
        found = [self._head_mention(h, attached.get(i), lines.get(i)) for i, h in enumerate(heads) if i not in drop]
        found.extend(self._model_mention(m) for m in alone)
        found.sort(key=lambda m: (m.start, m.end))
        return tuple(found)

    def _listed(self, a: list[_Candidate], b: list[_Candidate]) -> bool:
        """The two stand as elements of one enumeration (Oracle、MySQL): two mentions."""
        first, second = (a, b) if a[0].start < b[0].start else (b, a)
        return _SEPARATE.search(self.text, first[-1].end, second[0].start) is not None

    def _home(self, heads: list[list[_Candidate]], order: list[int], c: _Candidate, skip: int = -1) -> int | None:
        """Index of the head a model or product name belongs to: nearest of the family in the same line, at most 60 characters away (a row: anywhere in it)."""
        line_start, line_end = self.line(c.start, c.end)
        reach = 400 if "¦" in self.text[max(line_start, c.start - 400) : min(line_end, c.end + 400)] else 60
        low = bisect.bisect_left(order, max(line_start, c.start - reach))
        high = bisect.bisect_right(order, min(line_end, c.end + reach))
        best: tuple[int, int] | None = None
        for at in range(low, high):
            head = heads[at]
            if at == skip or head[0].family != c.family or head[-1].end > line_end:
                continue
            if all(x.alias is not None and x.alias.kind == "line" for x in head):
                continue
            distance = c.start - head[-1].end if head[-1].end <= c.start else head[0].start - c.end + 8
            if best is None or distance < best[0]:
                best = (distance, at)
        if best is None:
            return None
        return best[1]

    def _span(self, start: int, end: int) -> tuple[int, int]:
        return self.folded.span(start, end)

    def _head_mention(self, head: list[_Candidate], model: _Candidate | None, line: _Candidate | None) -> FoundMention:
        named = [c for c in head if c.alias is not None and c.alias.kind != "line"] or head
        main = max(named, key=lambda c: _SCORES.get(c.rule or "", 0.0))
        assert main.alias is not None
        brand = self.knowledge.brands[main.alias.brand_id]
        first, last = named[0], named[-1]
        start, end = first.start, last.end
        if len(named) > 1 and end < len(self.text) and self.text[end] == ")" and "(" in self.text[start:end]:
            end += 1
        product_line = product_class = None
        for c in (*head, line):
            if c is not None and c.alias is not None and c.alias.line:
                product_line, product_class = c.alias.line, c.alias.product_class
        number = None
        if model is not None and model.line is not None:
            product_line = model.line.product_line or product_line
            product_class = model.line.product_class or product_class
            number = self._source(model.start, model.end)
        if product_class is None:
            product_class = self._class_noun(end)
        a, b = self._span(start, end)
        rule = main.rule or "name"
        return FoundMention(
            brand_id=brand.brand_id, brand=brand.name, surface=self.folded.source[a:b], start=a, end=b, rule=rule,
            score=_SCORES.get(rule, 0.9), field=main.field, product_line=product_line, product_class=product_class, model=number,
            origin=brand.origin,
        )  # fmt: skip

    def _model_mention(self, c: _Candidate) -> FoundMention:
        assert c.line is not None
        brand = self.knowledge.brands[c.line.brand_id]
        a, b = self._span(c.start, c.end)
        return FoundMention(
            brand_id=brand.brand_id, brand=brand.name, surface=self.folded.source[a:b], start=a, end=b, rule="model",
            score=_SCORES["model"] if c.line.strong else 0.85, field=c.field, product_line=c.line.product_line,
            product_class=c.line.product_class, model=self.folded.source[a:b], origin=brand.origin,
        )  # fmt: skip

    def _source(self, start: int, end: int) -> str:
        a, b = self._span(start, end)
        return self.folded.source[a:b]

    def _class_noun(self, end: int) -> str | None:
        """What the goods right of a name are: up to the end of the clause, or of the goods themselves (希捷硬盘与另一家的直升机)."""
        right = self.text[end : end + 24]
        stop = _GOODS_END.search(right)
        return self.knowledge.class_of(right[: stop.start()] if stop is not None else right)


def _windows(spans: list[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Sixty characters around each span, overlapping ones joined."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        low, high = max(0, start - 60), min(size, end + 60)
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def _inside(c: _Candidate, spans: list[tuple[int, int]]) -> bool:
    at = bisect.bisect_right(spans, (c.start, 1 << 62)) - 1
    return (
        at >= 0
        and spans[at][0] <= c.start
        and c.end <= spans[at][1]
        and (c.alias is not None and c.alias.kind == "line")
    )


def find_mentions(
    text: str, knowledge: BrandKnowledge, zones: Sequence[Zone] = (), *, tables: bool = False
) -> tuple[FoundMention, ...]:
    """Every span of ``text`` that names a brand, in order of start; spans do not overlap.

    ``text`` follows the convention of :class:`nlp.types.Document`. ``zones`` say what is known about parts of it; without any, or with
    ``tables``, table columns are inferred from header rows in the text.
    """
    return mentions_of(fold(text), knowledge, zones, tables=tables)


def mentions_of(
    folded: Folded, knowledge: BrandKnowledge, zones: Sequence[Zone] = (), *, tables: bool = False
) -> tuple[FoundMention, ...]:
    """What :func:`find_mentions` says of a text that is folded already."""
    return _Reader(folded, knowledge, zones, tables=tables or not zones).read()
