"""One short text read by itself: a model number or title, the brand cell of an item table, the unknown names of a 品牌 column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nlp.brands.finder import FoundMention, mentions_of
from nlp.brands.fold import fold
from nlp.brands.knowledge import BESIDE
from nlp.brands.zones import Zone
from nlp.patterns import regex
from nlp.text import fold_space, key
from nlp.values import value

if TYPE_CHECKING:
    from nlp.brands.knowledge import BrandKnowledge, ModelLine

_SQUEEZE = regex(r"[\s\-]+")
_LETTER = regex(r"[a-z]")
_SPLIT = regex(r"[、/,，;；|\n]|或者|或|\s和\s")
_NOTHING = regex(
    r"(?:无|/|-+|\*+|—+|不限|品牌不限|国产|进口|国产优质|定制|详见.*|见附件.*|同上|无品牌|自制|其他|其它|待定|\d+(?:\.\d+)?|暂无|null|none|n/?a)?"
)

_ORIGIN = regex(
    r"(?:美国|德国|日本|英国|法国|瑞士|瑞典|荷兰|意大利|韩国|芬兰|丹麦|挪威|奥地利|比利时|西班牙|加拿大|以色列|澳大利亚|新加坡|中国|台湾|香港|进口|国产|原装|原产)+"
)
"""Where goods come from, written into the brand cell (美国BD, 进口/3M): no part of a name."""


@value
class ModelReading:
    """What a model number or title says. ``product_line`` and ``product_class`` are null where only the brand is known."""

    brand_id: str | None
    brand: str | None
    product_line: str | None
    product_class: str | None
    product_kind: str | None
    model: str | None = None


@value
class BrandCell:
    """A brand cell read. ``brand_ids`` holds the alternatives in order (A/B/C); ``candidates`` names nobody knows, never guessed to be foreign or domestic."""

    raw: str
    brand_id: str | None
    brand: str | None
    brand_ids: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()

    @property
    def alternatives(self) -> bool:
        return len(self.brand_ids) > 1


@value
class LexiconCandidate:
    """An unknown string of a 品牌 column: how often it was seen, and one of its spellings."""

    text: str
    count: int


def _line_reading(line: ModelLine, knowledge: BrandKnowledge, model: str) -> ModelReading:
    brand = knowledge.brands[line.brand_id]
    return ModelReading(
        brand_id=brand.brand_id,
        brand=brand.name,
        product_line=line.product_line,
        product_class=line.product_class,
        product_kind=line.product_kind,
        model=model,
    )


def _kind(product_class: str | None, knowledge: BrandKnowledge, text: str) -> str | None:
    noun = knowledge.class_noun(text)
    if noun is not None and noun.product_kind is not None:
        return noun.product_kind
    if product_class in {"surveillance", "nas", "enterprise", "desktop", "mobile"}:
        return "hdd"
    if product_class in {"ssd", "portable"}:
        return product_class
    return "other" if product_class is not None else None


def read_model(text: str, knowledge: BrandKnowledge) -> ModelReading | None:
    """Brand, line and class of a model number or a product title; null when it is neither.

    Blanks and hyphens that a typist put into the number do not matter (``ST 8000 VX004``).
    """
    form = fold(text)
    folded = form.text
    mentions = mentions_of(form, knowledge)
    whole = _whole(folded, knowledge)
    if not mentions:
        return _line_reading(whole, knowledge, text.strip()) if whole is not None else None
    best = max(
        mentions, key=lambda m: (m.model is not None, m.product_line is not None, m.product_class is not None, -m.start)
    )
    line = None
    if best.model is not None:
        line = next(
            (
                h.line
                for hits in knowledge.models.scan(fold(best.model).text, ((0, len(best.model)),))
                for h in hits
                if knowledge.brands[h.line.brand_id].family == knowledge.brands[best.brand_id].family
            ),
            None,
        )
    elif whole is not None and knowledge.brands[whole.brand_id].family == knowledge.brands[best.brand_id].family:
        line = whole
    if line is not None:
        reading = _line_reading(line, knowledge, best.model or text.strip())
        if best.rule == "model" or line.brand_id == best.brand_id:
            return reading
        return ModelReading(
            best.brand_id, best.brand, reading.product_line, reading.product_class, reading.product_kind, reading.model
        )
    product_class = best.product_class or knowledge.class_of(folded)
    return ModelReading(
        brand_id=best.brand_id,
        brand=best.brand,
        product_line=best.product_line,
        product_class=product_class,
        product_kind=_kind(product_class, knowledge, folded),
        model=best.model,
    )


def _whole(text: str, knowledge: BrandKnowledge) -> ModelLine | None:
    """The line whose pattern is the whole folded text, blanks and hyphens put aside; weak patterns count, for somebody asks about this very string."""
    folded = text.strip()
    if not folded or len(folded) > 40 or _LETTER.search(folded) is None:
        return None  # a bare number is a price or a quantity
    models = knowledge.models
    return models.whole(folded) or models.whole(_SQUEEZE.sub("", folded))


def read_brand_cell(text: str, knowledge: BrandKnowledge) -> BrandCell:
    """What a cell of a 品牌 column says. A string nobody knows is a candidate for the lexicon, never a guess."""
    raw = fold_space(text)
    form = fold(raw)
    if _NOTHING.fullmatch(form.text):
        return BrandCell(raw, None, None)
    mentions = mentions_of(form, knowledge, (Zone(0, len(raw), "table_brand"),))
    if not mentions:
        name = _ORIGIN.sub("", raw).strip(" ()（）/、")
        if name and name != raw:
            inner = read_brand_cell(name, knowledge)
            return BrandCell(raw, inner.brand_id, inner.brand, inner.brand_ids, inner.candidates)
    ids: list[str] = []
    for mention in mentions:
        if mention.brand_id not in ids:
            ids.append(mention.brand_id)
    unknown = tuple(_unknown(raw, mentions))
    if not ids:
        exact = knowledge.resolve(raw)
        if exact is not None and knowledge.strength_of(raw) != BESIDE:
            ids.append(exact.brand_id)
            unknown = ()
    first = ids[0] if len(ids) == 1 else None
    return BrandCell(raw, first, knowledge.brands[first].name if first else None, tuple(ids), unknown)


def _unknown(raw: str, mentions: tuple[FoundMention, ...]) -> Iterable[str]:
    at = 0
    for piece in _SPLIT.split(raw):
        start = raw.find(piece, at)
        end = start + len(piece)
        at = end
        if any(m.start < end and start < m.end for m in mentions):
            continue
        name = piece.strip(' ()（）“”"')
        if name and not _NOTHING.fullmatch(fold(name).text) and not _ORIGIN.fullmatch(name):
            yield name


def lexicon_candidates(cells: Iterable[str], knowledge: BrandKnowledge) -> tuple[LexiconCandidate, ...]:
    """The unknown strings of 品牌 columns, most frequent first; spellings that differ in case, width or blanks count as one."""
    counts: dict[str, int] = {}
    spelling: dict[str, str] = {}
    for cell in cells:
        for name in read_brand_cell(cell, knowledge).candidates:
            mark = key(name)
            counts[mark] = counts.get(mark, 0) + 1
            spelling.setdefault(mark, name)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(LexiconCandidate(spelling[mark], count) for mark, count in ranked)
