"""An item as the page words it, and the step to the item row: money, quantity, brand and model read from those words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from nlp.brands import BrandKnowledge, read_brand_cell, read_model
from nlp.money import parse_money
from nlp.patterns import regex
from nlp.quantity import parse_quantity, quantity_header_unit
from nlp.types import Item, LotStatus

_PLACEHOLDER = regex(
    r"(?:详?见|参见|按|同).{0,16}(?:附件|公告|正文|文件|清单|合同|附表|采购文件|明细|报价表|响应文件|投标文件|招标文件|原文|如下|上|要求)?.{0,6}|.{0,8}(?:详见|见)附件.{0,6}|附件|/+|／+|\\+|-+|—+|_+|无(?:品牌|型号)?|暂无|空|不适用|null|undefined|none|n/?a|\*+|[.．…]+|待定|其他报价.*",
    re.IGNORECASE | re.DOTALL,
)
_YES = regex(r"^(?:是|进口|进口产品|√|✓|y|yes|true|允许|■是.*|☑是.*|.*☑进口.*)$", re.IGNORECASE)
_NO = regex(r"^(?:否|国产|国内|非进口.*|不是|不允许|×|n|no|false|不接受|非|本国产品|国产产品|不|☑否.*)$", re.IGNORECASE)
_LABELLED = regex(
    r"品\s?牌\s?[:：]\s?(?P<brand>[^\s;；,，/、]+(?: [A-Za-z]+)?)[\s;；,，/、]*(?:(?:规格)?型\s?号(?:规格)?|规格)\s?[:：]\s?(?P<model>.+)",
    re.DOTALL,
)
_BRAND_THEN_MODEL = regex(
    r"(?P<brand>[\u4e00-\u9fff·]{2,10}(?:\s?[（(][A-Za-z][A-Za-z\s\-]*[)）])?|[A-Za-z][A-Za-z\-&]{1,20}(?:\s?[（(/]\s?[\u4e00-\u9fff]{2,8}\s?[)）]?)?)"
    r"(?:牌)?(?:\s*[/、,，;；|:：]\s*|\s+|(?<=[\u4e00-\u9fff)）])(?=[A-Za-z0-9]))(?P<model>(?=.*[\dA-Za-z]).+)",
    re.DOTALL,
)
_COMPATIBLE = regex(r"适用|兼容|专用|通用|适配|for\b|用于|配套", re.IGNORECASE)
_MODEL_LIKE = regex(r"\d|[A-Za-z]{3}")
_LATIN = regex(r"[A-Za-z0-9]")
_PER_UNIT = regex(r"元\s*[/／]\s*([\u4e00-\u9fff]{1,3})")
_SHORT_HAN = regex(r"[\u4e00-\u9fff·]{2,8}")
_LEADING = regex(r"^\s*(?:[【\[（(][^】\])）]{0,16}[】\])）]\s*)*")


@dataclass(slots=True)
class RawItem:
    """Words of one line. Offsets point into the document's text."""

    start: int
    end: int
    name: str | None = None
    brand: str | None = None
    brand_start: int | None = None
    brand_end: int | None = None
    model: str | None = None
    brand_model: str | None = None
    quantity: str | None = None
    quantity_header: str | None = None
    unit: str | None = None
    unit_price: str | None = None
    unit_price_header: str | None = None
    total: str | None = None
    total_header: str | None = None
    imported: str | None = None
    supplier: str | None = None
    lot: str | None = None
    group: str | None = None
    status: LotStatus | None = None
    source: str = "table"
    own_spans: tuple[tuple[int, int], ...] = ()
    """Where the words of this line stand when its row holds several goods."""


def blank(text: str | None) -> bool:
    """Whether a cell of a brand, model or name says nothing."""
    return text is None or not text.strip() or _PLACEHOLDER.fullmatch(text.strip()) is not None


def _words(text: str | None) -> str | None:
    return None if text is None or blank(text) else " ".join(text.split())


def declared_imported(text: str | None) -> bool | None:
    """What an import column says; null where it says neither yes nor no."""
    if text is None:
        return None
    value = "".join(text.split())
    if _YES.match(value):
        return True
    return False if _NO.match(value) else None


def split_brand_model(text: str) -> tuple[str | None, str | None]:
    """Brand and model of a combined cell; the whole as model where the two cannot be told apart."""
    value = " ".join(text.split())
    if blank(value):
        return None, None
    match = _LABELLED.search(value) or _BRAND_THEN_MODEL.fullmatch(value)
    if match is None:
        return (value, None) if _SHORT_HAN.fullmatch(value) else (None, value)
    brand, model = match["brand"].strip(), match["model"].strip(" ;；,，")
    return (None if blank(brand) else brand), (None if blank(model) else model)


Known = dict[
    tuple[str | None, str | None, str | None], tuple[str | None, str | None, str | None, str | None, str | None]
]
"""What brand, model and name of the lines read so far say: a table says the same in many of its rows."""


def finish(raw: RawItem, knowledge: BrandKnowledge | None, known: Known | None = None) -> Item:
    """The item row of raw words. A combined brand and model cell is taken apart; a title gives a brand only where it begins with it."""
    brand_raw, model_raw, name = _words(raw.brand), _words(raw.model), _words(raw.name)
    brand_start, brand_end = (raw.brand_start, raw.brand_end) if brand_raw is not None else (None, None)
    if raw.brand_model is not None:
        cell_brand, cell_model = split_brand_model(raw.brand_model)
        if brand_raw is None and cell_brand is not None:
            brand_raw, brand_start, brand_end = cell_brand, raw.brand_start, raw.brand_end
        model_raw = model_raw or cell_model
    quantity = parse_quantity(raw.quantity, raw.quantity_header) if raw.quantity is not None else None
    unit = quantity.unit if quantity is not None else None
    if raw.unit is not None and unit is None and not blank(raw.unit) and len(raw.unit.strip()) <= 8:
        unit = raw.unit.strip().strip("()（）")
    if unit is None and raw.unit_price_header:
        unit = _unit_of_price(raw.unit_price_header)
    price = parse_money(raw.unit_price, raw.unit_price_header or "单价") if raw.unit_price is not None else None
    total = parse_money(raw.total, raw.total_header) if raw.total is not None else None
    brand_id = brand = line = product_class = None
    if knowledge is not None:
        asked = (brand_raw, model_raw, name)
        found = known.get(asked) if known is not None else None
        if found is None:
            found = _known(brand_raw, model_raw, name, knowledge)
            if known is not None:
                known[asked] = found
        brand_id, brand, line, product_class, model = found
        if raw.model is None and raw.brand_model is None and model is not None and name is not None and model in name:
            # a product title: the model stands in it
            model_raw = model
    return Item(
        lot=raw.lot,
        name=name,
        brand_raw=brand_raw,
        brand=brand,
        brand_id=brand_id,
        model_raw=model_raw,
        product_line=line,
        product_class=product_class,
        quantity=quantity.value if quantity is not None else None,
        quantity_raw=raw.quantity.strip() or None if raw.quantity is not None else None,
        unit=unit,
        unit_price_cny=price.cny if price is not None else None,
        unit_price_raw=raw.unit_price.strip() or None if raw.unit_price is not None else None,
        total_cny=total.cny if total is not None else None,
        total_raw=raw.total.strip() or None if raw.total is not None else None,
        declared_imported=declared_imported(raw.imported),
        supplier=raw.supplier,
        status=raw.status,
        source=raw.source,
        system=raw.group,
        start=raw.start,
        end=raw.end,
        brand_start=brand_start,
        brand_end=brand_end,
        own_spans=raw.own_spans,
    )


def _unit_of_price(header: str) -> str | None:
    match = _PER_UNIT.search(header)
    return match[1] if match else None


def _known(
    brand_raw: str | None, model_raw: str | None, name: str | None, knowledge: BrandKnowledge
) -> tuple[str | None, str | None, str | None, str | None, str | None]:
    """Brand id, canonical name, product line, class and model number. The brand cell decides; model, then title, where it is silent."""
    brand_id = brand = None
    if brand_raw is not None:
        cell = read_brand_cell(brand_raw, knowledge)
        brand_id, brand = cell.brand_id, cell.brand
    title = name if name is not None and _COMPATIBLE.search(name) is None else None
    for words in _contexts(brand_raw, model_raw, title):
        reading = read_model(words, knowledge)
        if reading is None or (brand_id is not None and reading.brand_id not in {None, brand_id}):
            continue
        if (
            brand_raw is None
            and brand_id is None
            and (words is not title or _begins_with_brand(words, reading.brand, knowledge))
        ):
            brand_id, brand = reading.brand_id, reading.brand
        if reading.product_class is not None or reading.product_line is not None:
            return brand_id, brand, reading.product_line, reading.product_class, reading.model
    return brand_id, brand, None, knowledge.class_of_goods(title) if title is not None else None, None


def _contexts(brand_raw: str | None, model_raw: str | None, title: str | None) -> list[str]:
    out = []
    if model_raw is not None and _MODEL_LIKE.search(model_raw):
        out.append(f"{brand_raw} {model_raw}" if brand_raw is not None else model_raw)
        if title is not None:
            out.append(f"{brand_raw or ''} {model_raw} {title}".strip())
    if title is not None and _LATIN.search(title):
        out.append(f"{brand_raw} {title}" if brand_raw is not None else title)
    elif brand_raw is not None and title is not None:
        out.append(f"{brand_raw} {title}")
    return out


def _begins_with_brand(title: str, brand: str | None, knowledge: BrandKnowledge) -> bool:
    if brand is None:
        return False
    head = _LEADING.sub("", title)[:16]
    cell = read_brand_cell(head, knowledge)
    return cell.brand == brand


def plausible(item: Item) -> bool:
    """A line of goods or services has a name, a brand or a model; dots and ellipses are rows left empty."""
    return item.name is not None or item.brand_raw is not None or item.model_raw is not None


def amount_of(item: Item) -> Decimal | None:
    """Total of the line: stated, or quantity times unit price."""
    if item.total_cny is not None:
        return item.total_cny
    if item.quantity is not None and item.unit_price_cny is not None:
        return item.quantity * item.unit_price_cny
    return None


def header_unit_of(header: str | None) -> str | None:
    return quantity_header_unit(header)
