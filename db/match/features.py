"""What linking compares of one reading, and the keys under which readings meet. Pure: a reading always gives the same features."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.keys import number_key, organisation_key, url_key
from nlp.text import normalise
from nlp.types import NoticeReading, PartyRole

SKETCH_SIZE = 8
_SHINGLE = 8
_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_N = r"[一二两三四五六七八九十]|\d{1,2}"
_CORRECTION_ORDINAL = re.compile(
    rf"(?:更正|变更|澄清|补充|答疑|延期)(?:公告|通知|公示)?\s*[(\[]?\s*第?({_N})次?\s*[)\]]?(?:更正|变更)?|第({_N})次(?:更正|变更|澄清)"
)
_ROUND = re.compile(
    rf"第?(?P<a>{_N})次(?:公开)?(?:招标|采购|公告|挂网|磋商|谈判|询价|询比|发布|竞价)|[(\[【（]\s*第?(?P<b>{_N})次[^)\]】）]{{0,6}}[)\]】）]"
    rf"|第(?P<c>{_N})次(?![^\s]*更正)|(?P<d>{_N})次$|重新(?:招标|采购|公告|磋商|谈判|询价)|重招|再次(?:招标|采购|公告)"
)
"""A bare 二次 inside a name (二次供水) is no round: it stands in brackets, at the end, or before what is done again."""
_LOT = re.compile(
    rf"第?\s*({_N}|[a-z])\s*(?:包|标段|分包|标包|合同包)|(?:包|标段|分包|标包|合同包|包组|标项|品目)(?:号|件)?\s*[::]?\s*({_N}|[a-z])(?![a-z0-9])"
)
_YEAR = re.compile(r"(?<!\d)(20[0-3]\d|19[89]\d)(?=年|度|-|—|\D|$)")
_PHASE = re.compile(r"([一二三四五六七八九十])期|第([一二三四五六七八九十])批")
_NOISE = re.compile(r"[\s\[\]()【】〔〕<>《》「」\"“”'‘’,.。、:;·\-_/|]+")
_TAIL = re.compile(
    r"(?:公开招标|邀请招标|竞争性(?:谈判|磋商)|单一来源|询价|询比|网上竞价|竞价|政府采购|采购|招标|中标|成交|中选|入围|结果|废标|流标|终止|"
    r"更正|变更|澄清|答疑|补充|延期|候选人|候选|合同|履约|验收|意向|公开|公示|公告|通知|预告|文件|资格预审|论证|进口产品|电子卖场|的|及|和)$"
)
_PREFIX = re.compile(r"^(?:[\[【][^\]】]{1,12}[\]】]|关于)+")
_MASK = re.compile(r"\*{2,}|×{2,}|[xX]{3,}|某某|某单位|某部")


@dataclass(frozen=True, slots=True)
class Features:
    """Comparison forms. ``sketch`` holds the least hash of each of eight classes of text shingles; empty where numbers tell enough."""

    portal: str
    identity: str
    type: str | None
    date: str | None
    """Day of publication, else of signature or award."""
    number: str | None
    contract: str | None
    buyer: str | None
    core: str | None
    """Project name or title without type words, round and punctuation."""
    round: int = 1
    ordinal: int | None = None
    lots: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    phase: str | None = None
    suppliers: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    text: int = 0
    """Hash of the whole text."""
    sketch: tuple[int, ...] = ()
    related: tuple[str, ...] = ()
    """Keys of notices the page names as belonging to it."""

    def as_json(self) -> dict[str, Any]:
        found = ((name, getattr(self, name)) for name in self.__slots__)
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in found
            if value not in {None, (), ""}
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Features:
        fields: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in value.items()}
        for name in ("type", "date", "number", "contract", "buyer", "core"):
            fields.setdefault(name, None)
        return cls(**fields)

    @property
    def day(self) -> dt.date | None:
        return dt.date.fromisoformat(self.date) if self.date else None

    @property
    def year(self) -> int | None:
        return int(self.date[:4]) if self.date else None

    @property
    def key(self) -> str:
        return f"{self.portal}/{self.identity}"


def features(
    reading: NoticeReading, portal: str, identity: str, organisations: Mapping[str, str] | None = None
) -> Features:
    """``organisations`` gives an organisation's own key by the comparison form of any of its names."""
    filed = organisations or {}
    notice = reading.notice
    title = normalise(notice.title or "", casefold=True).text
    name = normalise(notice.project_name or "", casefold=True).text
    number, number_round = _split_round(number_key(notice.project_no))
    contract = number_key(notice.contract_no)
    day = notice.published_on or notice.signed_on or notice.award_on
    suppliers = {_filed(p.name, filed) for p in reading.parties if p.role is PartyRole.SUPPLIER}
    amounts = {lot.amount_cny for lot in reading.lots if lot.amount_cny} | {notice.award_total_cny}
    total = sum((lot.amount_cny for lot in reading.lots if lot.amount_cny), Decimal(0))
    shown = f"{title} {name}"
    return Features(
        portal=portal,
        identity=identity,
        type=notice.type.value if notice.type is not None else None,
        date=day.isoformat() if day is not None else None,
        number=number,
        contract=contract,
        buyer=_buyer(reading, filed),
        core=_core(name or title) or None,
        round=max(_round(title), _round(name), number_round),
        ordinal=_ordinal(title),
        lots=tuple(sorted({lot.lot.casefold() for lot in reading.lots if lot.lot} | set(_lots(shown)))),
        years=tuple(sorted(set(_YEAR.findall(shown)))),
        phase=_phase(shown),
        suppliers=tuple(sorted(suppliers)),
        amounts=tuple(sorted(_plain(a) for a in {*amounts, total} if a)),
        text=_hash(reading.text),
        sketch=_sketch(reading.text) if number is None and contract is None else (),
        related=tuple(sorted(_related(reading, portal))),
    )


def keys(value: Features) -> list[str]:
    """Where this reading meets others. Each key is narrow enough that all its readings can be compared with each other."""
    found = [f"s:{value.key}", *(f"s:{other}" for other in value.related)]
    if value.number:
        found.append(f"p:{value.number}")
    if value.contract:
        found.append(f"c:{value.contract}")
    if value.core and value.buyer:
        found.append(f"t:{_hash(value.core):08x}:{_hash(value.buyer):08x}")
    found.extend(
        f"a:{_hash(supplier):08x}:{amount}"
        for supplier in value.suppliers[:4]
        for amount in value.amounts[:4]
        if len(amount) >= 5
    )
    if value.sketch and value.core:
        # A template shares its sketch with thousands: the title narrows it.
        found.extend(
            f"m:{_hash(value.core):08x}:{band}:{value.sketch[2 * band]:08x}{value.sketch[2 * band + 1]:08x}"
            for band in range(SKETCH_SIZE // 2)
        )
    return sorted(set(found))


def _related(reading: NoticeReading, portal: str) -> Iterable[str]:
    for other in reading.related:
        if other.source_id:
            yield f"{portal}/id:{other.source_id}"
        elif other.url:
            yield f"{portal}/url:{url_key(other.url)}"


def is_masked(name: str) -> bool:
    """A name that names nobody: ***, 某单位."""
    return _MASK.search(name) is not None


def _filed(name: str, organisations: Mapping[str, str]) -> str:
    key = organisation_key(name)
    return organisations.get(key, key).removeprefix("name:")


def _buyer(reading: NoticeReading, organisations: Mapping[str, str]) -> str | None:
    for party in reading.parties:
        if party.role is PartyRole.BUYER:
            return None if is_masked(party.name) else _filed(party.name, organisations)
    return None


def _split_round(number: str | None) -> tuple[str | None, int]:
    if number is None:
        return None, 1
    match = re.search(rf"[-_]?(?:第?({_N})次|重招|重)$", number)
    if match is None:
        return number, 1
    return number[: match.start()] or number, _ordinal_value(match[1])


def _without_corrections(text: str) -> str:
    return _CORRECTION_ORDINAL.sub("", text)


def _round(text: str) -> int:
    match = _ROUND.search(_without_corrections(text))
    if match is None:
        return 1
    return _ordinal_value(next((value for value in match.groups() if value), None))


def _ordinal_value(text: str | None) -> int:
    if text is None:
        return 2
    return _NUMERALS.get(text) or (int(text) if text.isdigit() else 2)


def _ordinal(text: str) -> int | None:
    match = _CORRECTION_ORDINAL.search(text)
    return _ordinal_value(match[1] or match[2]) if match is not None else None


def _lots(text: str) -> Iterable[str]:
    for match in _LOT.finditer(text):
        value = match[1] or match[2]
        yield str(_NUMERALS.get(value, value))


def _phase(text: str) -> str | None:
    match = _PHASE.search(text)
    return match.group() if match is not None else None


def _core(text: str) -> str:
    text = _PREFIX.sub("", text.strip())
    text = _NOISE.sub("", _ROUND.sub("", _without_corrections(text)))
    while True:
        shorter = _TAIL.sub("", text)
        if shorter == text or len(shorter) < 4:
            break
        text = shorter
    return text.removesuffix("项目")


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "replace"))


def _sketch(text: str) -> tuple[int, ...]:
    """One-permutation MinHash over character shingles: equal texts agree in all eight, half-equal texts in about half."""
    folded = _NOISE.sub("", normalise(text[:3000], casefold=True).text)
    if len(folded) < 4 * _SHINGLE:
        return ()
    data = folded.encode("utf-16-le", "replace")
    least = [0xFFFFFFFF] * SKETCH_SIZE
    for start in range(0, len(data) - 2 * _SHINGLE, 2):
        value = zlib.crc32(data[start : start + 2 * _SHINGLE])
        bucket = value & (SKETCH_SIZE - 1)
        least[bucket] = min(least[bucket], value)
    return tuple(least)
