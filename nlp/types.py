"""The values that cross the walls of ``nlp``: what goes in, what comes out.

All offsets are Unicode code points into the text they belong to, ``end`` exclusive. Money and quantities are
:class:`decimal.Decimal`. Absent is ``None`` (or an empty tuple), never a made-up value. Every cleaned value has its raw
twin beside it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from decimal import Decimal
from enum import StrEnum

from nlp.values import value

CELL_BORDER = " ¦ "
"""Stands between two cells of one table row in every text this package produces or accepts."""


class PageState(StrEnum):
    """What kind of answer the bytes are (DESIGN section 6)."""

    NOTICE = "notice"
    LIST = "list"
    BLOCKED = "blocked"
    ERROR_PAGE = "error_page"
    EMPTY = "empty"
    UNKNOWN = "unknown"


class NoticeType(StrEnum):
    """Normal form of a notice's type over all portals."""

    INTENTION = "intention"
    PREQUALIFICATION = "prequalification"
    TENDER = "tender"
    CORRECTION = "correction"
    CANDIDATE = "candidate"
    AWARD = "award"
    FAILED = "failed"
    CONTRACT = "contract"
    ACCEPTANCE = "acceptance"
    SINGLE_SOURCE = "single_source"
    IMPORT_REVIEW = "import_review"
    FRAMEWORK = "framework"
    EMALL_ORDER = "emall_order"
    COMPLAINT = "complaint"
    OTHER = "other"


class Stage(StrEnum):
    """OCDS-like stage of the procurement."""

    PLANNING = "planning"
    TENDER = "tender"
    AWARD = "award"
    CONTRACT = "contract"
    IMPLEMENTATION = "implementation"


class PartyRole(StrEnum):
    BUYER = "buyer"
    END_USER = "end_user"
    AGENCY = "agency"
    SUPPLIER = "supplier"
    CANDIDATE = "candidate"
    SUB_SUPPLIER = "sub_supplier"
    PROPOSED_SUPPLIER = "proposed_supplier"


class LotStatus(StrEnum):
    AWARDED = "awarded"
    FAILED = "failed"
    CANDIDATE = "candidate"
    OPEN = "open"
    CANCELLED = "cancelled"


class MentionRole(StrEnum):
    """The one role of a brand mention (DESIGN section 4), and ``unresolved`` for "a person must look"."""

    AWARDED = "awarded"
    CONTRACTED = "contracted"
    CANDIDATE = "candidate"
    REQUIRED = "required"
    REFERENCE = "reference"
    ALTERNATIVE = "alternative"
    INSTALLED = "installed"
    MAINTAINED = "maintained"
    CONSUMABLE_FOR = "consumable_for"
    COMPARED = "compared"
    COMPATIBLE_WITH = "compatible_with"
    EXCLUDED = "excluded"
    SUPPLIER_IS_BRAND = "supplier_is_brand"
    AUTHORISED = "authorised"
    TARGET = "target"
    ENVIRONMENT = "environment"
    NEGATED = "negated"
    INCIDENTAL = "incidental"
    UNRESOLVED = "unresolved"


class Tier(StrEnum):
    """Tier of an organisation (DESIGN section 5). The first five are public security."""

    MINISTRY = "ministry"
    ORGAN = "organ"
    SPECIALISED = "specialised"
    ACADEMY = "academy"
    AFFILIATED = "affiliated"
    PRISON = "prison"
    PROCURATORATE = "procuratorate"
    COURT = "court"
    STATE_SECURITY = "state_security"
    ARMED_POLICE = "armed_police"
    FIRE = "fire"
    URBAN_MANAGEMENT = "urban_management"
    OTHER = "other"


PUBLIC_SECURITY_TIERS = frozenset({Tier.MINISTRY, Tier.ORGAN, Tier.SPECIALISED, Tier.ACADEMY, Tier.AFFILIATED})


class Level(StrEnum):
    NATIONAL = "national"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    SUB_BUREAU = "sub_bureau"
    STATION = "station"
    UNIT = "unit"


# ── input ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@value
class AttachmentText:
    """What an attachment reader got out of one file: text in the same convention as :class:`Document`, and its tables.

    ``pages`` holds the start offset of each page in ``text`` (page 1 first); empty where the format has no pages.
    """

    name: str
    url: str | None
    sha256: str
    media_type: str
    document: Document | None
    pages: tuple[int, ...] = ()
    issues: tuple[Issue, ...] = ()


@value
class PageInput:
    """One archived answer.

    ``content_type`` is the HTTP header when known; ``portal`` an id from ``seeds/portals`` (unknown ids are read by content and raise the
    issue ``unknown_portal``); ``name`` stands in messages where there is no URL.
    """

    body: bytes
    url: str | None = None
    portal: str | None = None
    content_type: str | None = None
    name: str | None = None
    attachments: tuple[AttachmentText, ...] = ()


# ── the visible document ─────────────────────────────────────────────────────────────────────────────────────────────


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ROW = "row"
    """One table row, cells joined by :data:`CELL_BORDER`."""


@value
class Block:
    """One line of :attr:`Document.text`. ``level`` is 1 for a top heading, 0 for text. ``table`` indexes ``Document.tables`` for rows."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    table: int | None = None
    hints: tuple[str, ...] = ()
    """Field codes the page itself carries for this block or its children (政采云 ``code-00004``, gpcms ``noticePurchase-…``)."""


@value
class Cell:
    """One cell of a table after rowspan and colspan are laid out.

    A spanning cell appears in every grid position it covers; only its first position has ``origin`` true and a span in the text.
    ``text`` holds a line feed where the page breaks the line inside the cell (``<br>``, paragraphs); ``Document.text`` has a space in
    that place, so the lengths agree.
    """

    text: str
    start: int
    end: int
    header: bool = False
    origin: bool = True
    hints: tuple[str, ...] = ()


@value
class Table:
    """A rectangular grid: ``rows[r][c]``. ``section`` is the nearest heading above, ``caption`` the line directly above."""

    rows: tuple[tuple[Cell, ...], ...]
    start: int
    end: int
    section: str | None = None
    caption: str | None = None


@value
class Document:
    """The visible text: blocks separated by one line feed, cells of a row by :data:`CELL_BORDER`. Style, script and hidden chrome are not in it.

    The text keeps the page's own words (entities resolved, runs of white space folded); normalised forms are made where they are
    needed and mapped back.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    title: str | None = None
    links: tuple[Link, ...] = ()
    hinted: tuple[HintedSpan, ...] = ()
    issues: tuple[Issue, ...] = ()
    """What had to be cut: ``document_truncated``, ``table_too_large``, ``nesting_too_deep``."""


@value
class HintedSpan:
    """A span of :attr:`Document.text` that the page's markup names itself: ``code`` is the class (``code-00004``)."""

    code: str
    start: int
    end: int
    text: str


@value
class Link:
    text: str
    url: str


# ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@value
class Issue:
    """Something a person should know: ``code`` from ``docs/issues.md``, ``where`` the field, cell or file it is about."""

    code: str
    message: str
    where: str | None = None


@value
class Money:
    """A reading of a money text. ``cny`` is null exactly when ``reason`` says why there is no amount (``rate``, ``placeholder``, ``empty`` …)."""

    cny: Decimal | None
    raw: str
    reason: str | None = None
    unit_source: str | None = None
    """Where the unit was found: ``value``, ``header``, ``label``, ``caption`` or ``portal_default``."""


@value
class OrgReading:
    """What a name says about the organisation, read for one date."""

    name: str
    is_public_security: bool
    tier: Tier | None
    unit_class: str | None
    level: Level | None
    division_code: str | None
    name_en: str | None
    reason: str


@value
class Notice:
    portal: str | None = None
    source_id: str | None = None
    url: str | None = None
    title: str | None = None
    type: NoticeType | None = None
    type_raw: str | None = None
    stage: Stage | None = None
    published_on: dt.date | None = None
    published_at: dt.datetime | None = None
    """Timezone-aware (Asia/Shanghai) where the page gives a time of day, else null."""
    published_raw: str | None = None
    opening_on: dt.date | None = None
    award_on: dt.date | None = None
    signed_on: dt.date | None = None
    first_notice_on: dt.date | None = None
    project_no: str | None = None
    project_no_raw: str | None = None
    project_name: str | None = None
    contract_no: str | None = None
    method: str | None = None
    """OCDS-like: open, invited, negotiation, consultation, inquiry, single_source, framework, emall, other."""
    method_raw: str | None = None
    region_code: str | None = None
    region_raw: str | None = None
    category_raw: str | None = None
    budget_cny: Decimal | None = None
    budget_raw: str | None = None
    ceiling_cny: Decimal | None = None
    ceiling_raw: str | None = None
    award_total_cny: Decimal | None = None
    award_total_raw: str | None = None
    area: str | None = None
    """Technology area (``nlp.classify.areas``) all lines agree on, or the title speaks for; null = none, or not sure."""
    area_rule: str | None = None
    area_score: float | None = None
    page_url: str | None = None
    """The page a person opens, where the answer came from an interface for programs and the portal's form of it is known."""


@value
class Party:
    role: PartyRole
    name: str
    name_raw: str
    org: OrgReading | None = None
    start: int | None = None
    end: int | None = None
    lot: str | None = None


@value
class Lot:
    """``lot`` is the bare number or letter. ``supplier`` joins consortium members by 、, lead first."""

    lot: str | None = None
    name: str | None = None
    status: LotStatus | None = None
    supplier: str | None = None
    amount_cny: Decimal | None = None
    amount_raw: str | None = None
    amount_reason: str | None = None
    start: int | None = None
    end: int | None = None


@value
class Item:
    lot: str | None = None
    name: str | None = None
    brand_raw: str | None = None
    brand: str | None = None
    """Canonical English name. ``brand_id`` is the seed id."""
    brand_id: str | None = None
    model_raw: str | None = None
    product_line: str | None = None
    product_class: str | None = None
    quantity: Decimal | None = None
    quantity_raw: str | None = None
    unit: str | None = None
    unit_price_cny: Decimal | None = None
    unit_price_raw: str | None = None
    total_cny: Decimal | None = None
    total_raw: str | None = None
    declared_imported: bool | None = None
    supplier: str | None = None
    status: LotStatus | None = None
    source: str = "table"
    """Where the line stands: ``table``, ``text``, ``title`` or ``attachment:<name>``."""
    system: str | None = None
    """Heading of the system or section the line belongs to, in component lists."""
    start: int | None = None
    end: int | None = None
    brand_start: int | None = None
    brand_end: int | None = None
    area: str | None = None
    """Technology area (``nlp.classify.areas``); null = none of the areas, or not sure: ``area_rule`` says which."""
    area_rule: str | None = None
    area_score: float | None = None
    own_spans: tuple[tuple[int, int], ...] = ()
    """Where the line's own words stand when its row holds several goods; empty = the row is its own."""


@value
class Mention:
    """One span that names a brand. ``field`` is where it stands: title, text, table_brand, table_model, table_name, table, supplier, attachment."""

    brand: str
    brand_id: str
    surface: str
    start: int
    end: int
    field: str
    role: MentionRole
    score: float
    rule: str
    best_role: MentionRole | None = None
    """Best guess where ``role`` is unresolved; equals ``role`` otherwise."""
    product_line: str | None = None
    product_class: str | None = None
    item: int | None = None
    """Index into ``NoticeReading.items`` of the line this mention stands in."""
    lot: str | None = None
    origin: str | None = None
    """Country of the brand (ISO 3166), so that a reader tells foreign from domestic at a glance."""
    area: str | None = None
    """Technology area: the item's; outside an item, what brand or product class say for certain, else null."""
    area_rule: str | None = None


@value
class Attachment:
    name: str
    url: str


@value
class RelatedNotice:
    """A link to another notice of the same project that the page itself states."""

    source_id: str | None
    url: str | None
    type_raw: str | None
    published_on: dt.date | None = None


@value
class FieldChange:
    """One line of a correction: the field named, before and after, as the page says it."""

    field: str
    before: str | None
    after: str | None


@value
class Versions:
    reader: str
    lexicon: str
    model: str


@value
class NoticeReading:
    """What one revision says. Reading the same bytes with the same versions gives an equal value."""

    notice: Notice
    parties: tuple[Party, ...]
    lots: tuple[Lot, ...]
    items: tuple[Item, ...]
    mentions: tuple[Mention, ...]
    attachments: tuple[Attachment, ...]
    text: str
    state: PageState
    issues: tuple[Issue, ...]
    versions: Versions
    related: tuple[RelatedNotice, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    content_digest: str | None = None
    """sha256 of the portal's declared content node, volatile parts left out: equal digests = the same revision."""
    spans: tuple[TextSpan, ...] = field(default=())


@value
class TextSpan:
    """A labelled span of the text: ``personal:phone``, ``personal:name``, ``justification:patent`` …"""

    label: str
    start: int
    end: int
