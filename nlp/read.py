"""One archived answer in, everything it says out: the readers of this package in order.

Pure: no file, no network, no clock. Whatever the bytes are, there is a reading with a state; a part that fails is an issue and the rest is kept.
"""

from __future__ import annotations

import bisect
import datetime as dt
import hashlib
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from nlp.brands import FoundMention, Zone, find_mentions
from nlp.classify.areas import AreaReading, area_of_item, area_of_mention, area_of_notice, under
from nlp.classify.notice_types import classify_type
from nlp.classify.units import REVIEW
from nlp.document.decoding import Decoded, decode
from nlp.items import ItemsReading, read_items
from nlp.justification import find_justifications
from nlp.notice.attached import STAGE, attached_type
from nlp.notice.changes import read_changes
from nlp.notice.dates import parse_date
from nlp.notice.fields import Draft, is_award, read_fields
from nlp.notice.notice_type import STAGE_OF
from nlp.notice.parties import Named, split_orgs
from nlp.notice.platforms import read_source
from nlp.notice.related import linked_notices
from nlp.notice.source import RawPage, Source
from nlp.orgs import read_org
from nlp.orgs.parties import find_end_users, find_title_orgs
from nlp.page_state import StateVerdict, recognise_decoded
from nlp.patterns import regex
from nlp.personal import find_personal
from nlp.roles import ItemSpan, LotSpan, RoleContext, RoleDecision, SectionSpan, assign_roles
from nlp.types import (
    AttachmentText,
    BlockKind,
    Document,
    FieldChange,
    Issue,
    Item,
    Lot,
    LotStatus,
    Mention,
    Notice,
    NoticeReading,
    NoticeType,
    OrgReading,
    PageInput,
    PageState,
    Party,
    PartyRole,
    RelatedNotice,
    TextSpan,
    Tier,
    Versions,
)
from nlp.values import changed

if TYPE_CHECKING:
    from nlp.knowledge import Knowledge
    from nlp.notice.profile import PortalProfile

READER_VERSION = "3"
_CURRENT = dt.date.max
"""Names of a notice without a date are read by today's law; a date later than every reform means just that."""
_MAX_ATTACHMENT_TEXT = 2_000_000
_MAX_MENTIONS = 5000
_MAX_LINE_MENTIONS = 100
_MAX_LINE = 30_000
_FIRST_LOOK = 250_000
_LEAST_BLOB = 400
_BLOB_CHAR = regex(r"[0-9A-Za-z+/=_.-]")
_BLOB = regex(rf"[0-9A-Za-z+/=_.-]{{{_LEAST_BLOB},}}")
_RUN = regex(r"[0-9A-Za-z+/=_.-]+")
_MAX_BODY = 64 * 1024 * 1024
_OPENING = regex(r"开标|开启")
_END_USER_SCAN = 20_000
_USER_WORDS = regex("使用单位|最终用户|用户单位|实际用户|需求单位|使用人")
_ORGAN_WORDS = regex(
    "使用单位|最终用户|用户单位|实际用户|需求单位|使用人|公安|派出所|看守所|监狱|法院|检察|缉私|边检|检查站|戒毒|警察|支队|大队"
)
"""Without one of these a text names no end user; the search for one is dear."""
_COMPANY_LEAD = regex(r"^[^公]{0,20}?(?:分公司|有限公司|集团公司)")
_YEAR = regex(r"20\d\d\s*(?:年度?|-\d{4}年?)|[（(].{1,12}?[)）]")
_COUNTERS = regex(r"(?:阅读|访问|点击|浏览|查看)(?:次数|量|数|率)?\s*[::：]?\s*\d+")
_READ_POINTERS = frozenset({"pointer_page"})

T = TypeVar("T")


def read(page: PageInput, knowledge: Knowledge) -> NoticeReading:
    """The reading of one answer. Never raises on content."""
    issues: list[Issue] = []
    profile = _profile(page, knowledge, issues)
    body = page.body
    if len(body) > _MAX_BODY:
        issues.append(Issue("document_truncated", f"body of {len(body)} bytes cut to {_MAX_BODY}", "document"))
        body = body[:_MAX_BODY]
    decoded = decode(body, page.content_type)
    if decoded.replaced:
        issues.append(
            Issue("undecodable_bytes", f"{decoded.replaced} places are not valid {decoded.charset}", "document")
        )
    value = _json(decoded)
    verdict = _guard(
        "state", lambda: recognise_decoded(decoded, page.url), StateVerdict(PageState.UNKNOWN, "reader_error"), issues
    )
    if verdict.reason == "truncated":
        issues.append(Issue("page_truncated", "the page ends in the middle", "document"))
    readable = (
        verdict.state is PageState.NOTICE or verdict.reason in _READ_POINTERS or verdict.state is PageState.UNKNOWN
    )
    if not readable:
        if verdict.state is not PageState.LIST:
            issues.append(Issue("no_notice", f"not a notice: {verdict.reason}", "state"))
        return _bare(page, knowledge, verdict, issues)
    raw = RawPage(decoded, page.url, profile, value)
    source = _guard("document", lambda: read_source(raw), Source(Document("")), issues)
    if verdict.state is not PageState.NOTICE:
        source.related = source.related[:200]
    draft = _guard(
        "fields",
        lambda: read_fields(source, profile, page.portal, page.url),
        Draft(Notice(page.portal, url=page.url)),
        issues,
    )
    if verdict.state is PageState.NOTICE:
        return _assemble(page, knowledge, profile, verdict, source, draft, issues)
    if verdict.state is PageState.UNKNOWN:
        issues.append(Issue("no_notice", f"not recognised as a notice: {verdict.reason}", "state"))
        return _bare(page, knowledge, verdict, issues, source.document.text)
    # A page of pointers names its project, and leads to the notices.
    notice = changed(draft.notice, type=None, stage=None)
    return changed(
        _bare(page, knowledge, verdict, issues, source.document.text), notice=notice, related=tuple(source.related)
    )


def read_many(pages: Iterable[PageInput], knowledge: Knowledge) -> Iterator[NoticeReading]:
    """Readings in the order of the pages, one at a time."""
    for page in pages:
        yield read(page, knowledge)


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _guard(stage: str, step: Callable[[], T], default: T, issues: list[Issue]) -> T:
    """One broken step must not lose what the others read; the fault is reported, never hidden."""
    try:
        return step()
    except Exception as error:  # noqa: BLE001 - any content must give a reading
        issues.append(Issue("reader_error", f"{stage}: {type(error).__name__}: {error}"[:300], stage))
        return default


def _profile(page: PageInput, knowledge: Knowledge, issues: list[Issue]) -> PortalProfile | None:
    """The portal as given; without one, the portal whose host the address has."""
    if page.portal is not None:
        profile = knowledge.portals.get(page.portal)
        if profile is None:
            issues.append(Issue("unknown_portal", f"no portal {page.portal!r} in the seeds; read by content", "portal"))
        return profile
    if page.url is None:
        return None
    try:
        host = urlsplit(page.url).hostname or ""
    except ValueError:
        return None
    return next((profile for profile in knowledge.portals.values() if host in profile.hosts), None)


def _json(decoded: Decoded) -> Any:
    if decoded.kind != "json":
        return None
    try:
        value = json.loads(decoded.text)
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None


def _bare(
    page: PageInput, knowledge: Knowledge, verdict: StateVerdict, issues: list[Issue], text: str = ""
) -> NoticeReading:
    return NoticeReading(
        notice=Notice(portal=page.portal, url=page.url),
        parties=(),
        lots=(),
        items=(),
        mentions=(),
        attachments=(),
        text=text,
        state=verdict.state,
        issues=tuple(issues),
        versions=_versions(knowledge),
        content_digest=digest(text, ()) if text else None,
    )


def _versions(knowledge: Knowledge) -> Versions:
    return Versions(READER_VERSION, knowledge.version, knowledge.model_version)


def digest(text: str, names: Iterable[str]) -> str:
    """sha256 over the content's text and the names of its attachments; click counters are no content."""
    total = hashlib.sha256(_COUNTERS.sub("", text).encode("utf-8", "surrogatepass"))
    for name in sorted(names):
        total.update(b"\0")
        total.update(name.encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def _assemble(
    page: PageInput,
    knowledge: Knowledge,
    profile: PortalProfile | None,
    verdict: StateVerdict,
    source: Source,
    draft: Draft,
    issues: list[Issue],
) -> NoticeReading:
    document = source.document
    issues.extend(document.issues)
    issues.extend(draft.issues)
    if draft.notice.type is None:
        draft.notice = _guard(
            "type", lambda: _classified(draft.notice, document, knowledge, issues), draft.notice, issues
        )
    on = draft.notice.published_on or _CURRENT
    items = _guard("items", lambda: read_items(document, draft.notice, profile, knowledge), ItemsReading(), issues)
    issues.extend(items.issues)
    lots = list(items.lots)
    parties = _parties(draft, items, knowledge, on, lots)
    no_parties: list[Party] = []
    parties.extend(
        _guard("end users", lambda: _end_users(document, draft.notice, parties, knowledge, on), no_parties, issues)
    )
    issues.extend(
        Issue("unit_review", f"no rule says what {party.name} is; read as other", f"parties.{party.role.value}")
        for party in parties
        if party.role in {PartyRole.BUYER, PartyRole.END_USER} and party.org is not None and party.org.reason == REVIEW
    )
    rows = list(items.items)
    text, offsets = _with_attachments(document, page.attachments, issues)
    for attachment, offset in offsets:
        rows.extend(_attachment_items(attachment, offset, draft.notice, profile, knowledge, issues))
    notice = _placed(draft.notice, parties)
    rows, notice = _guard("areas", lambda: _with_areas(rows, notice, knowledge), (rows, notice), issues)
    no_mentions: tuple[Mention, ...] = ()
    no_spans: tuple[TextSpan, ...] = ()
    no_changes: tuple[FieldChange, ...] = ()
    mentions = _guard(
        "mentions",
        lambda: _mentions(text, len(document.text), document, notice, parties, lots, rows, offsets, knowledge, issues),
        no_mentions,
        issues,
    )
    spans = list(_guard("personal", lambda: find_personal(text), no_spans, issues))
    if notice.type in {NoticeType.SINGLE_SOURCE, NoticeType.IMPORT_REVIEW}:
        spans.extend(_guard("justification", lambda: find_justifications(text), no_spans, issues))
    changes = no_changes
    if notice.type is NoticeType.CORRECTION:
        changes = _guard("changes", lambda: read_changes(document), no_changes, issues)
        notice = _corrected(notice, changes)
    attachments = tuple({item.url: item for item in source.attachments}.values())
    return NoticeReading(
        notice=notice,
        parties=tuple(parties),
        lots=tuple(lots),
        items=tuple(rows),
        mentions=mentions,
        attachments=attachments,
        text=text,
        state=verdict.state,
        issues=tuple(dict.fromkeys(issues)),
        versions=_versions(knowledge),
        related=_related(source, notice),
        changes=changes,
        content_digest=digest(document.text, (item.name for item in attachments)),
        spans=tuple(spans),
    )


def _classified(notice: Notice, document: Document, knowledge: Knowledge, issues: list[Issue]) -> Notice:
    """The type title and text speak for, where no rule gave one; the issue stays either way, for a person to confirm."""
    kind = classify_type(notice.title, document.text, knowledge.types) if knowledge.types is not None else None
    if kind is None:
        return notice
    issues[:] = [issue for issue in issues if issue.code != "type_unknown"]
    issues.append(Issue("type_classified", f"no rule gives the type; the classifier says {kind.value}", "type"))
    return changed(notice, type=kind, stage=STAGE_OF[kind])


def _with_areas(rows: list[Item], notice: Notice, knowledge: Knowledge) -> tuple[list[Item], Notice]:
    """Each line with its technology area, and the notice with the one its lines agree on. Equal lines are read once."""
    model = knowledge.areas
    if model is None:
        return rows, notice
    title = notice.project_name or notice.title
    above = under(title) if rows else ()
    known: dict[tuple[str | None, ...], AreaReading] = {}
    out = []
    for item in rows:
        mark = (item.name, item.model_raw, item.product_class, item.brand_id)
        if mark not in known:
            known[mark] = area_of_item(item, above, knowledge.brands, model)
        found = known[mark]
        out.append(changed(item, area=found.area, area_rule=found.rule, area_score=round(found.score, 4)))
    found = area_of_notice(title, out, model)
    return out, changed(notice, area=found.area, area_rule=found.rule, area_score=round(found.score, 4))


def _corrected(notice: Notice, changes: tuple[FieldChange, ...]) -> Notice:
    """The opening a correction sets, not the one it takes back."""
    for change in changes:
        if _OPENING.search(change.field) is not None and change.after:
            day = parse_date(change.after)
            if day is not None and day.on is not None:
                return changed(notice, opening_on=day.on)
    return notice


def _related(source: Source, notice: Notice) -> tuple[RelatedNotice, ...]:
    found = list(source.related)
    known = {item.source_id for item in found if item.source_id is not None}
    found.extend(item for item in linked_notices(source.document, notice.source_id) if item.source_id not in known)
    return tuple(found)


# ── parties ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _parties(draft: Draft, items: ItemsReading, knowledge: Knowledge, on: dt.date, lots: list[Lot]) -> list[Party]:
    """Parties of the fields and of the outcomes, each name read once for the notice's date."""
    found: list[Party] = []
    proposed = any(party.role is PartyRole.PROPOSED_SUPPLIER for party in items.suppliers)
    for named in draft.parties:
        if named.role is PartyRole.PROPOSED_SUPPLIER and proposed:
            continue
        found.extend(_named(named))
    winners = [party for party in items.suppliers if party.role is PartyRole.SUPPLIER]
    if not winners and draft.suppliers and is_award(draft.notice.type):
        total = draft.notice.award_total_cny if len(draft.suppliers) == 1 else None
        for name in draft.suppliers:
            found.append(Party(PartyRole.SUPPLIER, name, name))
            if not any(lot.status is LotStatus.AWARDED for lot in lots):
                raw = draft.notice.award_total_raw if total is not None else None
                lots.append(Lot(None, None, LotStatus.AWARDED, name, total, raw))
    found.extend(items.suppliers)
    found.extend(items.candidates)
    readings: dict[str, Any] = {}
    parties: list[Party] = []
    for party in found:
        if party.org is None:
            if party.name not in readings:
                readings[party.name] = read_org(party.name, knowledge.orgs, on)
            org = readings[party.name]
            party = Party(party.role, party.name, party.name_raw, org, party.start, party.end, party.lot)  # noqa: PLW2901 - the party with its reading
        parties.append(party)
    return parties


def _end_users(
    document: Document, notice: Notice, parties: list[Party], knowledge: Knowledge, on: dt.date
) -> list[Party]:
    """Organs the text says the goods are for; and the organ a title names behind a buyer that is none itself."""
    if any(party.role is PartyRole.END_USER for party in parties):
        return []
    buyers = [party for party in parties if party.role is PartyRole.BUYER]
    served = any(party.org is not None and _useful(party.org) for party in buyers)
    text = document.text[:_END_USER_SCAN]
    if (_USER_WORDS if served else _ORGAN_WORDS).search(text) is None:
        return []
    known = {"".join(party.name.split()) for party in parties}
    found: dict[str, Party] = {}
    for named in find_end_users(text, knowledge.orgs, on):
        name = document.text[named.start : named.end]
        if "".join(name.split()) not in known and _useful(named.org):
            found.setdefault(name, Party(PartyRole.END_USER, name, name, named.org, named.start, named.end))
    if found or served or not buyers:
        return list(found.values())
    for name_or_title in (notice.project_name, notice.title):
        rest = name_or_title or ""
        for party in buyers:
            rest = rest.replace(party.name, " ")
        pieces = [
            _COMPANY_LEAD.sub("", piece)
            for piece in _YEAR.sub(" ", rest).replace("关于", " ").split()
            if len(piece) > 4
        ]
        for piece in pieces:
            for named in find_title_orgs(piece, knowledge.orgs, on):
                name = piece[named.start : named.end]
                if named.org.is_public_security and name not in known:
                    start = document.text.find(name)
                    end = start + len(name) if start >= 0 else None
                    return [Party(PartyRole.END_USER, name, name, named.org, start if start >= 0 else None, end)]
    return []


def _useful(org: OrgReading) -> bool:
    return org.tier is not None and org.tier is not Tier.OTHER


def _named(named: Named) -> list[Party]:
    names = split_orgs(named.name)
    if len(names) == 1:
        return [Party(named.role, named.name, named.raw, None, named.start, named.end)]
    parties = []
    for name in names:
        at = named.name.find(name)
        start = named.start + at if named.start is not None and at >= 0 else None
        parties.append(
            Party(named.role, name, named.raw, None, start, start + len(name) if start is not None else None)
        )
    return parties


def _placed(notice: Notice, parties: list[Party]) -> Notice:
    """Without a code of the portal's own, the notice belongs where its buyer does."""
    if notice.region_code is not None:
        return notice
    for party in parties:
        if party.role is PartyRole.BUYER and party.org is not None and party.org.division_code is not None:
            return changed(notice, region_code=party.org.division_code)
    return notice


# ── attachments ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_attachments(
    document: Document, attachments: tuple[AttachmentText, ...], issues: list[Issue]
) -> tuple[str, list[tuple[AttachmentText, int]]]:
    """The notice's text with the texts of its attachments behind it, and where each begins."""
    if not attachments:
        return document.text, []
    pieces = [document.text]
    at = len(document.text)
    offsets: list[tuple[AttachmentText, int]] = []
    for attachment in attachments:
        issues.extend(attachment.issues)
        if attachment.document is None or not attachment.document.text:
            continue
        if at + len(attachment.document.text) > _MAX_ATTACHMENT_TEXT:
            issues.append(Issue("attachment_left_out", "the attachments together are too long", attachment.name))
            continue
        pieces.append(attachment.document.text)
        offsets.append((attachment, at + 1))
        at += 1 + len(attachment.document.text)
    return "\n".join(pieces), offsets


def _attachment_items(
    attachment: AttachmentText,
    offset: int,
    notice: Notice,
    profile: PortalProfile | None,
    knowledge: Knowledge,
    issues: list[Issue],
) -> list[Item]:
    document = attachment.document
    assert document is not None
    kind, differs = attached_type(attachment.name, notice.type)
    as_read = changed(notice, type=kind, stage=STAGE.get(kind)) if differs and kind else notice
    found = _guard(
        "attachment items", lambda: read_items(document, as_read, profile, knowledge), ItemsReading(), issues
    )

    def moved(at: int | None) -> int | None:
        return at + offset if at is not None else None

    return [
        changed(
            item,
            source=f"attachment:{attachment.name}",
            start=moved(item.start),
            end=moved(item.end),
            brand_start=moved(item.brand_start),
            brand_end=moved(item.brand_end),
            own_spans=tuple((begin + offset, end + offset) for begin, end in item.own_spans),
        )
        for item in found.items
    ]


# ── mentions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _mentions(
    text: str,
    body_end: int,
    document: Document,
    notice: Notice,
    parties: list[Party],
    lots: list[Lot],
    items: list[Item],
    attached: Sequence[tuple[AttachmentText, int]],
    knowledge: Knowledge,
    issues: list[Issue],
) -> tuple[Mention, ...]:
    title = _title_span(document, notice)
    suppliers = tuple(
        sorted(
            (party.start, party.end)
            for party in parties
            if party.start is not None
            and party.end is not None
            and party.role not in {PartyRole.BUYER, PartyRole.END_USER, PartyRole.AGENCY}
        )
    )
    known_zones = [Zone(start, end, "supplier") for start, end in suppliers]
    if title is not None:
        known_zones.append(Zone(*title, "title"))
    found, more = _found(_searched(text, issues), known_zones, knowledge)
    if not found:
        return ()
    kept = _bounded(text, found)
    if more or len(kept) < len(found):
        count = f"{'more than ' if more else ''}{len(found)}"
        issues.append(Issue("mentions_cut", f"{count} brand names; only {len(kept)} are read", "mentions"))
        found = kept
    spans = tuple(
        sorted(
            (
                ItemSpan(item.start, item.end, item.status, index)
                for index, item in enumerate(items)
                if item.start is not None and item.end is not None
            ),
            key=lambda span: (span.start, span.end),
        )
    )
    context = RoleContext(
        notice_type=notice.type,
        stage=notice.stage,
        title_span=title,
        lots=tuple(
            sorted(
                (
                    LotSpan(lot.start, lot.end, lot.status)
                    for lot in lots
                    if lot.start is not None and lot.end is not None
                ),
                key=lambda span: (span.start, span.end),
            )
        ),
        item_spans=spans,
        supplier_spans=suppliers,
        sections=_sections(document),
    )
    decisions = _decide_roles(text, found, context, attached, knowledge)
    mentions = []
    reach = list(itertools.accumulate((entry.end for entry in spans), max))
    for span, decision in zip(found, decisions, strict=True):
        # The first item that reaches beyond the mention is the one around it, or there is none.
        at = bisect.bisect_right(reach, span.start)
        item = _item_at(spans, at, span.start, items) if at < len(spans) and spans[at].start <= span.start else None
        area, area_rule = _mention_area(span, items[item] if item is not None else None, knowledge)
        mentions.append(
            Mention(
                brand=span.brand,
                brand_id=span.brand_id,
                surface=span.surface,
                start=span.start,
                end=span.end,
                field="attachment" if span.start > body_end and span.field == "text" else span.field,
                role=decision.role,
                score=decision.score,
                rule=decision.rule,
                best_role=decision.best_role,
                product_line=span.product_line,
                product_class=span.product_class,
                origin=span.origin,
                item=item,
                lot=items[item].lot if item is not None else None,
                area=area,
                area_rule=area_rule,
            )
        )
    return tuple(mentions)


def _item_at(spans: Sequence[ItemSpan], at: int, start: int, items: Sequence[Item]) -> int:
    """The item of ``spans[at]``; of several goods in one row the one whose own words stand there."""
    first = spans[at]
    for span in itertools.takewhile(lambda span: (span.start, span.end) == (first.start, first.end), spans[at:]):
        if any(begin <= start < end for begin, end in items[span.index].own_spans):
            return span.index
    return first.index


def _mention_area(span: FoundMention, item: Item | None, knowledge: Knowledge) -> tuple[str | None, str | None]:
    """The item's area. Where there is none, what is certain of the mention itself; the notice's other goods say nothing of it."""
    if item is not None and item.area is not None:
        return item.area, item.area_rule
    own = area_of_mention(span.product_class, span.brand_id, knowledge.brands)
    if own is not None:
        return own.area, own.rule
    return None, item.area_rule if item is not None else None


def _found(text: str, zones: list[Zone], knowledge: Knowledge) -> tuple[tuple[FoundMention, ...], bool]:
    """Mentions of a text, and whether there may be more: where the beginning of a long one holds as many as are read, the rest is not searched."""
    end = text.rfind("\n", 0, _FIRST_LOOK) if len(text) > _FIRST_LOOK else -1
    if end > 0:
        head = text[:end]
        found = find_mentions(head, knowledge.brands, [zone for zone in zones if zone.end <= end], tables=True)
        if len(found) >= _MAX_MENTIONS:
            return found, True
    return find_mentions(text, knowledge.brands, zones, tables=True), False


def _searched(text: str, issues: list[Issue]) -> str:
    """The text in which brands are looked for. Encoded data and runs of digits name none, and a word or line of a megabyte is dear to look into;
    blanks keep the offsets.
    """
    # A run of so many characters covers one of every so many.
    sampled = any(map(_BLOB_CHAR.match, text[_LEAST_BLOB - 1 :: _LEAST_BLOB]))
    if sampled and max(map(len, _RUN.findall(text))) >= _LEAST_BLOB:
        text = _BLOB.sub(_blank, text)
    if len(text) <= _MAX_LINE:
        return text
    lines = text.split("\n")
    longest = max(map(len, lines))
    if longest <= _MAX_LINE:
        return text
    issues.append(
        Issue(
            "mentions_cut", f"a line of {longest} characters; only {_MAX_LINE} are looked into for brands", "mentions"
        )
    )
    return "\n".join([line[:_MAX_LINE].ljust(len(line)) for line in lines])


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _bounded(text: str, found: tuple[FoundMention, ...]) -> tuple[FoundMention, ...]:
    """At most so many mentions in one text and one line: the role of each is read in the light of its whole line."""
    if len(found) <= _MAX_LINE_MENTIONS:
        return found
    lines: Counter[int] = Counter()
    kept: list[FoundMention] = []
    for span in found[:_MAX_MENTIONS]:
        line = text.rfind("\n", 0, span.start)
        lines[line] += 1
        if lines[line] <= _MAX_LINE_MENTIONS:
            kept.append(span)
    return tuple(kept)


def _decide_roles(
    text: str,
    found: Sequence[FoundMention],
    context: RoleContext,
    attached: Sequence[tuple[AttachmentText, int]],
    knowledge: Knowledge,
) -> list[RoleDecision]:
    """Roles of all mentions; those inside a file of another kind (a tender document under an award) are read as that kind."""
    others: dict[NoticeType, list[int]] = {}
    for attachment, offset in attached:
        kind, differs = attached_type(attachment.name, context.notice_type)
        if differs and kind is not None and attachment.document is not None:
            end = offset + len(attachment.document.text)
            others.setdefault(kind, []).extend(i for i, span in enumerate(found) if offset <= span.start < end)
    apart = {index for group in others.values() for index in group}
    decisions: dict[int, RoleDecision] = {}
    for kind, chosen in [(None, [i for i in range(len(found)) if i not in apart]), *others.items()]:
        asked = context if kind is None else changed(context, notice_type=kind, stage=STAGE.get(kind), title_span=None)
        spans = [found[i] for i in chosen]
        decisions.update(zip(chosen, assign_roles(text, spans, asked, knowledge.roles) if spans else (), strict=True))
    return [decisions[i] for i in range(len(found))]


def _title_span(document: Document, notice: Notice) -> tuple[int, int] | None:
    if not document.blocks or not notice.title:
        return None
    wanted = "".join(notice.title.split())
    for block in document.blocks[:4]:
        if "".join(document.text[block.start : block.end].split()) == wanted:
            return block.start, block.end
    return None


def _sections(document: Document) -> tuple[SectionSpan, ...]:
    heads = [block for block in document.blocks if block.kind is BlockKind.HEADING]
    if not heads:
        return ()
    ends = [*(block.start for block in heads[1:]), len(document.text)]
    return tuple(
        SectionSpan(block.start, end, document.text[block.start : block.end])
        for block, end in zip(heads, ends, strict=True)
    )
