"""The place a name begins with, and the places inside a larger one.

A place is believed where it is written in full (喀什地区), or in an abbreviation as good as that (巴州). Short names (福田, 安康)
are also words and parts of other names: they count only inside a place already known or before a word that asks for one.
"""

from __future__ import annotations

from nlp.orgs.knowledge import Division, OrgKnowledge, XpccDivision
from nlp.patterns import regex
from nlp.types import Level
from nlp.values import value


@value
class Written:
    """One place as it stands in the name. ``division`` is null where the name fits several; then ``level`` is what they share."""

    start: int
    end: int
    division: Division | None
    level: Level | None
    short: bool = False
    xpcc: XpccDivision | None = None
    corps: bool = False


@value
class Place:
    """What was read from ``start`` to ``end``. ``division`` is the deepest one that is certain."""

    end: int
    division: Division | None
    written: tuple[Written, ...]
    xpcc: XpccDivision | None = None
    corps: bool = False
    ambiguous: bool = False

    @property
    def level(self) -> Level | None:
        return self.written[-1].level if self.written else None


NOWHERE = Place(0, None, ())

_NUMERALS = {
    **{name: number for number, name in enumerate("一二三四五六七八九", 1)},
    "十": 10,
    "十一": 11,
    "十二": 12,
    "十三": 13,
    "十四": 14,
}
_CORPS = regex(
    r"(?=[中新维生兵第农建十一二三四五六七八九1-9])(?:(?:中国)?(?:新疆)?(?:维吾尔自治区)?(?:生产建设)?兵团(?!分行|支行|路|大厦)"
    r"|(?=第?(?:十[一二三四]?|[一二三四五六七八九]|1[0-4]|[1-9])师(?![范大附院资傅生姑])|农(?:十[一二三四]?|[一二三四五六七八九])师|建工师|建筑工程师))"
)
"""The characters in front are all that it can begin with: most names begin with another place."""
_CORPS_DIVISION = regex(r"[农第]?(?:(十[一二三四]?|[一二三四五六七八九])|(1[0-4]|[1-9]))师|建工师|建筑工程师")
_STREET_AFTER = regex(r"[路街镇乡村桥巷里庄屯]|大道|大街|大厦|广场")
_AFTER_SHORT = regex(
    r"(?:市|区|县|州)?(?:公安|GA|交警|交管|刑警|特警|巡警|巡特警|网安|经侦|禁毒|边防|边境|出入境|边检|消防|森林|铁路|机场|民航|海关|海警|缉私|看守所|拘留所|戒毒|监狱|人民|中级|铁路|国家安全|"
    r"支队|大队|总队|中队|警|口岸|保安服务|派出所|城管|车管|车辆管理|武警|地委|市委|州委|县委|区委|行署|国安|检察|法院|经济|高新|开发区|工业园|综合保税|物证|反诈|垦区|港(?=公安|口|航|务)|交通警察|巡逻|治安)"
)
_ZONE_AFTER = regex(r"[一-鿿]{0,8}?(?:新区|开发区|高新区|经开区|经济区|管理区|园区|示范区|保税区|度假区)")


def at(
    text: str, pos: int, knowledge: OrgKnowledge, within: str, year: int, *, full: bool
) -> tuple[int, tuple[Division, ...]]:
    """Longest place name at ``pos`` that lies within the code prefix ``within`` (empty: anywhere). Returns its end and the candidates.

    Of candidates some are in force in ``year``, the others are dropped; of a prefecture and a county the prefecture stays.
    """
    if pos >= len(text):
        return pos, ()
    names, lengths = (knowledge.full, knowledge.full_lengths) if full else (knowledge.short, knowledge.short_lengths)
    for length in lengths.get(text[pos], ()):
        found = names.get(text[pos : pos + length])
        if found is None:
            continue
        if within:
            found = tuple(d for d in found if _inside(d, within))
            if not found:
                continue
        if len(found) > 1:
            found = _likeliest(found, year)
        return pos + length, found
    return pos, ()


def _inside(division: Division, within: str) -> bool:
    """Below ``within`` by the code it had or the code it has today; not ``within`` itself."""
    if division.current.startswith(within):
        return division.prefix != within and division.current != within.ljust(6, "0")
    return division.code.startswith(within) and division.prefix != within


def _likeliest(found: tuple[Division, ...], year: int) -> tuple[Division, ...]:
    now = tuple(d for d in found if d.in_force(year)) or tuple(d for d in found if d.until is None) or found
    if len(now) > 1:
        best = min(_RANK[d.level] for d in now)
        now = tuple(d for d in now if _RANK[d.level] == best)
    return now


_RANK = {Level.PROVINCE: 0, Level.PREFECTURE: 1, Level.COUNTY: 2}


def _corps(text: str, pos: int, knowledge: OrgKnowledge) -> Written | None:
    if not (match := _CORPS.match(text, pos)):
        return None
    end = match.end()
    xpcc: XpccDivision | None = None
    if division := _CORPS_DIVISION.match(text, end):
        number = 11
        if division[1]:
            number = _NUMERALS[division[1]]
        elif division[2]:
            number = int(division[2])
        xpcc = knowledge.xpcc_by_name[str(number)]
        end = division.end()
    elif match.end() == pos:
        return None
    code = (xpcc.city_code if xpcc else None) or "650000"
    return Written(
        pos, end, knowledge.divisions[code], Level.PREFECTURE if xpcc else Level.PROVINCE, xpcc=xpcc, corps=True
    )


def leading(text: str, pos: int, knowledge: OrgKnowledge, year: int, *, company: bool = False) -> Place:
    """Read the places a name begins with: province, prefecture, county; or the Corps, its division and city."""
    written: list[Written] = []
    division: Division | None = None
    xpcc: XpccDivision | None = None
    corps = ambiguous = False
    start = pos
    while pos < len(text):
        if not written or (
            len(written) == 1 and written[0].division is not None and written[0].division.code == "650000"
        ):
            found_corps = _corps(text, pos, knowledge)
            if found_corps is not None:
                written.append(found_corps)
                corps, xpcc, division, pos = True, found_corps.xpcc, found_corps.division, found_corps.end
                continue
        if corps:
            city = _corps_city(text, pos, knowledge, xpcc)
            if city is None:
                break
            written.append(city)
            division, pos = city.division, city.end
            xpcc = xpcc or city.xpcc
            break
        within = division.prefix if division else ""
        end, found = at(text, pos, knowledge, within, year, full=True)
        short = False
        if not found and not ambiguous:
            end, found = at(text, pos, knowledge, within, year, full=False)
            short = bool(found)
            if found and not _believed(
                text, end, found, division, company=company, first=pos == start, knowledge=knowledge, year=year
            ):
                found = ()
        if not found:
            break
        if len(found) > 1:
            written.append(Written(pos, end, None, found[0].level, short))
            ambiguous = True
            pos = end
            break
        division = found[0]
        written.append(Written(pos, end, division, division.level, short))
        pos = end
        if division.level is Level.COUNTY:
            break
    if not written:
        return NOWHERE
    if division is not None and not corps and (of_city := knowledge.xpcc_by_city.get(division.current)):
        xpcc, corps = of_city, True
    return Place(pos, division, tuple(written), xpcc, corps, ambiguous)


def _corps_city(text: str, pos: int, knowledge: OrgKnowledge, xpcc: XpccDivision | None) -> Written | None:
    for division in knowledge.xpcc:
        if xpcc is not None and division.number != xpcc.number:
            continue
        if division.city is None or division.city_code is None:
            continue
        for name in (division.city, division.city.removesuffix("市")):
            if text.startswith(name, pos):
                return Written(
                    pos,
                    pos + len(name),
                    knowledge.divisions[division.city_code],
                    Level.PREFECTURE,
                    short=name != division.city,
                    xpcc=division,
                )
    return None


def _believed(
    text: str,
    end: int,
    found: tuple[Division, ...],
    parent: Division | None,
    *,
    company: bool,
    first: bool,
    knowledge: OrgKnowledge,
    year: int,
) -> bool:
    """A short name counts: of a province at the beginning; of a prefecture before a word that asks for a place; of a county likewise, if unique."""
    if end >= len(text) or _STREET_AFTER.match(text, end):
        return False
    if parent is None and text[end - 2 : end] in knowledge.words:
        return False
    if found[0].level is Level.PROVINCE:
        return first
    if len(found) > 1:
        return False
    if company:
        return found[0].level is Level.PREFECTURE and first
    if match := _AFTER_SHORT.match(text, end):
        # 广东省北江监狱: a prison of the province has a name of its own, not a place.
        if match[0] in {"监狱", "戒毒"}:
            return parent is None and found[0].level is Level.PREFECTURE
        return found[0].until is None or parent is not None
    if found[0].level is Level.PREFECTURE and _ZONE_AFTER.match(text, end):
        return True
    if found[0].level is Level.PREFECTURE:
        # 广州天河区…: the next name in full, inside the one written short.
        after, inner = at(text, end, knowledge, found[0].prefix, year, full=True)
        return bool(inner) and after - end > 2
    return False


def anywhere(text: str, pos: int, knowledge: OrgKnowledge, year: int) -> Place:
    """The first place written in full, with three characters or more, after ``pos``: 国家税务总局故城县税务局."""
    for at_pos in range(pos, min(len(text) - 2, pos + 40)):
        if text[at_pos] not in knowledge.full_lengths:
            continue
        end, found = at(text, at_pos, knowledge, "", year, full=True)
        if found and end - at_pos >= 3:
            return leading(text, at_pos, knowledge, year)
    return NOWHERE


_SUB = regex(
    r"(?:市|区|县)?(?:公安)?(?:边境|边防|出入境|缉私|森林|铁路|交通支队|交通大队|交通管理|巡特警|特警|巡警|治安|分局|分处|大队|中队|派出所|支队|交警|交通警察|刑警|看守所|局|车管所|法院|检察)"
)


def inside(text: str, pos: int, knowledge: OrgKnowledge, parent: Division, year: int) -> Written | None:
    """A place inside ``parent`` at ``pos``, in full or short before a unit: 天山区分局, 海淀分局, 东港大队."""
    within = parent.prefix
    if len(within) == 6:
        return None
    end, found = at(text, pos, knowledge, within, year, full=True)
    if len(found) == 1:
        return Written(pos, end, found[0], found[0].level)
    end, found = at(text, pos, knowledge, within, year, full=False)
    if len(found) > 1 and text.startswith("分局", end):
        found = tuple(
            d for d in found if d.name.endswith("区")
        )  # a sub-bureau is a district's, not the county's of the same name
    if len(found) == 1 and _SUB.match(text, end):
        return Written(pos, end, found[0], found[0].level, short=True)
    return None
