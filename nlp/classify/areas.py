"""Technology area of a line of goods or a notice: a closed list, certain rules first, a classifier for the rest.

The area is a property of the item, never of the company: a reagent and a freezer of one house are two areas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from nlp.classify.features import area_features, title_features

if TYPE_CHECKING:
    from nlp.brands.knowledge import BrandKnowledge
    from nlp.classify.model import LinearModel
    from nlp.types import Item


class Area(StrEnum):
    """The 27 areas. What belongs to none of them (furniture, office printers, catering) has no area."""

    VIDEO_SURVEILLANCE = "video_surveillance"
    VIDEO_FORENSICS = "video_forensics"
    NETWORK_INFRASTRUCTURE = "network_infrastructure"
    SERVERS_STORAGE = "servers_storage"
    DATA_CENTRE = "data_centre"
    COMMUNICATIONS = "communications"
    DNA_BIOTECH = "dna_biotech"
    LABORATORY = "laboratory"
    CRIMINAL_FORENSICS = "criminal_forensics"
    DIGITAL_FORENSICS = "digital_forensics"
    COUNTERSURVEILLANCE = "countersurveillance"
    SECURITY_INSPECTION = "security_inspection"
    EOD = "eod"
    THERMAL_IMAGING = "thermal_imaging"
    OPTICS_NIGHT_VISION = "optics_night_vision"
    TACTICAL_GEAR = "tactical_gear"
    AVIATION = "aviation"
    AUTOMOBILES = "automobiles"
    CYBERSECURITY = "cybersecurity"
    BREATH_ALCOHOL = "breath_alcohol"
    LIGHTING = "lighting"
    EDGED_WEAPONS = "edged_weapons"
    CAMERAS = "cameras"
    PROTECTIVE_CASES = "protective_cases"
    GPU_CHIPS = "gpu_chips"
    OSINT_SOFTWARE = "osint_software"
    POLICE_GIS = "police_gis"


OUTSIDE = "outside"
"""The classifier's label for goods of no area."""

AREA_NAMES: Mapping[Area, str] = {
    Area.VIDEO_SURVEILLANCE: "video surveillance",
    Area.VIDEO_FORENSICS: "video and image forensics",
    Area.NETWORK_INFRASTRUCTURE: "network infrastructure",
    Area.SERVERS_STORAGE: "servers and data storage",
    Area.DATA_CENTRE: "data-centre facility",
    Area.COMMUNICATIONS: "communications",
    Area.DNA_BIOTECH: "DNA and biotechnology",
    Area.LABORATORY: "laboratory equipment",
    Area.CRIMINAL_FORENSICS: "criminal forensics",
    Area.DIGITAL_FORENSICS: "digital forensics",
    Area.COUNTERSURVEILLANCE: "countersurveillance",
    Area.SECURITY_INSPECTION: "security inspection, explosives and narcotics detection",
    Area.EOD: "explosive ordnance disposal",
    Area.THERMAL_IMAGING: "thermal imaging",
    Area.OPTICS_NIGHT_VISION: "optics and night vision",
    Area.TACTICAL_GEAR: "tactical gear",
    Area.AVIATION: "aviation, helicopters and UAV",
    Area.AUTOMOBILES: "automobiles",
    Area.CYBERSECURITY: "cybersecurity",
    Area.BREATH_ALCOHOL: "breath alcohol analysis",
    Area.LIGHTING: "lighting",
    Area.EDGED_WEAPONS: "edged weapons",
    Area.CAMERAS: "cameras",
    Area.PROTECTIVE_CASES: "protective cases",
    Area.GPU_CHIPS: "GPU and chips",
    Area.OSINT_SOFTWARE: "open-source intelligence software",
    Area.POLICE_GIS: "police GIS",
}

CLASS_AREAS: Mapping[str, Area] = {
    "surveillance": Area.VIDEO_SURVEILLANCE,
    "nvr": Area.VIDEO_SURVEILLANCE,
    "nas": Area.SERVERS_STORAGE,
    "enterprise": Area.SERVERS_STORAGE,
    "desktop": Area.SERVERS_STORAGE,
    "mobile": Area.SERVERS_STORAGE,
    "portable": Area.SERVERS_STORAGE,
    "ssd": Area.SERVERS_STORAGE,
    "server": Area.SERVERS_STORAGE,
    "storage": Area.SERVERS_STORAGE,
    "switch": Area.NETWORK_INFRASTRUCTURE,
    "router": Area.NETWORK_INFRASTRUCTURE,
    "wireless": Area.NETWORK_INFRASTRUCTURE,
    "firewall": Area.CYBERSECURITY,
    "ups": Area.DATA_CENTRE,
    "thermal_camera": Area.THERMAL_IMAGING,
    "night_vision": Area.OPTICS_NIGHT_VISION,
    "cpu": Area.GPU_CHIPS,
    "gpu": Area.GPU_CHIPS,
    "radio": Area.COMMUNICATIONS,
    "satellite_modem": Area.COMMUNICATIONS,
    "helicopter": Area.AVIATION,
    "drone": Area.AVIATION,
    "vehicle": Area.AUTOMOBILES,
    "genetic_analyzer": Area.DNA_BIOTECH,
    "sequencer": Area.DNA_BIOTECH,
    "pcr": Area.DNA_BIOTECH,
    "dna_extraction": Area.DNA_BIOTECH,
    "str_kit": Area.DNA_BIOTECH,
    "mobile_forensics": Area.DIGITAL_FORENSICS,
    "video_forensics": Area.VIDEO_FORENSICS,
    "nonlinear_junction_detector": Area.COUNTERSURVEILLANCE,
    "explosive_detector": Area.SECURITY_INSPECTION,
}
"""Classes that lie in one area. Camera, reagent, microscope, software and the office classes lie in several or in none: not here."""

BRAND_AREAS: Mapping[str, Area] = {
    "surveillance": Area.VIDEO_SURVEILLANCE,
    "video forensics": Area.VIDEO_FORENSICS,
    "network infrastructure": Area.NETWORK_INFRASTRUCTURE,
    "servers": Area.SERVERS_STORAGE,
    "data storage": Area.SERVERS_STORAGE,
    "power and cooling": Area.DATA_CENTRE,
    "communications": Area.COMMUNICATIONS,
    "satellite": Area.COMMUNICATIONS,
    "DNA analysis": Area.DNA_BIOTECH,
    "laboratory equipment": Area.LABORATORY,
    "criminal forensics": Area.CRIMINAL_FORENSICS,
    "digital forensics": Area.DIGITAL_FORENSICS,
    "countersurveillance": Area.COUNTERSURVEILLANCE,
    "explosives and narcotics detection": Area.SECURITY_INSPECTION,
    "EOD": Area.EOD,
    "thermal imaging": Area.THERMAL_IMAGING,
    "optics": Area.OPTICS_NIGHT_VISION,
    "tactical equipment": Area.TACTICAL_GEAR,
    "aviation": Area.AVIATION,
    "UAV": Area.AVIATION,
    "vehicles": Area.AUTOMOBILES,
    "cybersecurity": Area.CYBERSECURITY,
    "breath alcohol analysis": Area.BREATH_ALCOHOL,
    "lighting": Area.LIGHTING,
    "edged weapons": Area.EDGED_WEAPONS,
    "cameras": Area.CAMERAS,
    "protective cases": Area.PROTECTIVE_CASES,
    "computing components": Area.GPU_CHIPS,
}
"""The brand table's own words for fields of business, where they are one of the areas."""


@dataclass(frozen=True, slots=True)
class AreaReading:
    """``area`` is null where the goods belong to none or the score is too low.

    ``rule``: ``product_class``, ``brand``, ``items`` (the notice's lines agree), ``model@<version>``, ``outside`` (the classifier says: none),
    ``below_threshold``, ``no_words`` (nothing the classifier knows). ``score`` is 1 for certain rules.
    """

    area: Area | None
    rule: str
    score: float


def area_of_item(item: Item, above: Sequence[str], brands: BrandKnowledge, model: LinearModel) -> AreaReading:
    """The area of one line of goods. ``above`` is what :func:`under` says of the title it stands under."""
    if item.product_class is not None and (by_class := CLASS_AREAS.get(item.product_class)) is not None:
        return AreaReading(by_class, "product_class", 1.0)
    fields = _fields(item.brand_id, brands)
    if len(fields) == 1 and fields[0] is not None:
        return AreaReading(fields[0], "brand", 1.0)
    return area_of_text(item.name or "", item.model_raw, above if item.name else (), model)


def area_of_mention(product_class: str | None, brand_id: str, brands: BrandKnowledge) -> AreaReading | None:
    """What is certain of a brand named outside any line; null = nothing is.

    Its class is that of the next noun in the running text, which may belong to the next brand: it counts where the brand is in that field.
    """
    fields = _fields(brand_id, brands)
    if len(fields) == 1 and fields[0] is not None:
        return AreaReading(fields[0], "brand", 1.0)
    by_class = CLASS_AREAS.get(product_class) if product_class is not None else None
    if by_class is not None and by_class in fields:
        return AreaReading(by_class, "product_class", 1.0)
    return None


def _fields(brand_id: str | None, brands: BrandKnowledge) -> tuple[Area | None, ...]:
    """The areas of a brand's fields of business; null for a field that is none of them."""
    brand = brands.brands.get(brand_id) if brand_id is not None else None
    return tuple(BRAND_AREAS.get(field) for field in brand.areas) if brand is not None else ()


def under(title: str | None) -> tuple[str, ...]:
    """The features of a title, made once for all lines under it."""
    return tuple(title_features(title)) if title else ()


def area_of_text(name: str, model_raw: str | None, above: Sequence[str], model: LinearModel) -> AreaReading:
    """What the classifier says of a name, with the model number and the title above it."""
    answer = model.answer([*area_features(name, model_raw, None), *above])
    if answer is None:
        return AreaReading(None, "no_words", 0.0)
    if not answer.decided:
        return AreaReading(None, "below_threshold", answer.score)
    if answer.label == OUTSIDE:
        return AreaReading(None, OUTSIDE, answer.score)
    return AreaReading(Area(answer.label), f"model@{model.version}", answer.score)


def area_of_notice(title: str | None, items: Iterable[Item], model: LinearModel) -> AreaReading:
    """The one area of the notice's lines; without lines, what the title says. Lines of several areas give none."""
    found = [item.area for item in items]
    if found:
        seen = Counter(found)
        areas = [area for area in seen if area is not None]
        if len(areas) == 1 and 2 * seen[areas[0]] >= seen.total():
            return AreaReading(Area(areas[0]), "items", 1.0)
        if areas:
            return AreaReading(None, "several", 0.0)
    return area_of_text(title or "", None, (), model)
