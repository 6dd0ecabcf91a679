"""What stands around a name, and what it says: for the brand, or for the ordinary word, place, person or company.

All words come from the seeds. Nothing here knows a brand.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from nlp.brands.knowledge import LIKELY, SURE
from nlp.patterns import regex
from nlp.values import value

if TYPE_CHECKING:
    from nlp.brands.gazetteer import Hit
    from nlp.brands.knowledge import BrandKnowledge

_HAN = regex(r"[\u4e00-\u9fff]")
_BREAK = "\n¦"
_CLAUSE = regex(r"[\n¦。；;！？!?]")
_BETWEEN = regex(r"\s?(?:(?:品牌|牌|原装|进口|系列)|[a-z0-9][a-z0-9\-+.]{0,14}\s?)*")
NEAR = 24
PHRASE = 14
_CLAUSE_BORDER = regex(r"[\n，,。；;！!？?]")


def is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _alternation(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


@value
class Organisation:
    """An organisation's name around a brand's name: the rest ``before`` it once a place is taken off (``placed``), and all ``after`` it."""

    before: str
    placed: bool
    after: str


class Evidence:
    """Compiled context rules of one knowledge."""

    def __init__(self, knowledge: BrandKnowledge) -> None:
        self._knowledge = knowledge
        self._rules: dict[tuple[str, str, bool], tuple[str, ...]] = {}
        self._noun_patterns: dict[frozenset[str], re.Pattern[str] | None] = {}
        for rule in knowledge.contexts:
            mark = (rule.target.casefold(), rule.side, rule.allow)
            self._rules[mark] = self._rules.get(mark, ()) + tuple(w.casefold() for w in rule.words)

    @functools.cached_property
    def _place_right(self) -> re.Pattern[str]:
        suffix = _alternation(self._words("place_suffix")) or r"(?!)"
        unless = _alternation(self._words("place_suffix_unless"))
        guard = rf"(?!{unless})" if unless else ""
        return re.compile(rf"(?:[东西南北中新老上下前后一二三四五六七八九十]{{0,2}}){guard}(?:{suffix})")

    @functools.cached_property
    def _tail(self) -> re.Pattern[str]:
        stop = _alternation(self._words("organisation_stop"))
        guard = rf"(?!{stop})" if stop else ""
        tails = _alternation(self._words("organisation_tail")) or r"(?!)"
        return re.compile(rf"(?:{guard}[\u4e00-\u9fffa-z()·&.\-]){{0,22}}?(?:{tails})")

    @functools.cached_property
    def _any_tail(self) -> re.Pattern[str]:
        return re.compile(_alternation(self._words("organisation_tail")) or r"(?!)")

    @functools.cached_property
    def _places(self) -> re.Pattern[str]:
        places = _alternation(self._words("place_prefix")) or r"(?!)"
        return re.compile(rf"(?:{places})(?:省|市|区|县|自治区|特别行政区)?|[\u4e00-\u9fff]{{2,4}}(?:省|市|区|县|州)")

    @functools.cached_property
    def _org_left_ok(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{_alternation(self._words('organisation_left')) or '(?!)'})$")

    @functools.cached_property
    def _own_firm(self) -> re.Pattern[str]:
        kinds = _alternation(self._words("firm_kind")) or r"(?!)"
        where = _alternation(self._words("place_prefix")) or r"(?!)"
        place = rf"\((?:{where}|中国|大中华|香港)(?:省|市|自贸区|保税区)?\)"
        return re.compile(rf"(?:{kinds}){{0,3}}{place}|(?:{kinds}){{0,2}}中国(?:{kinds}){{0,3}}(?:有限|公司)")

    @functools.cached_property
    def _placed(self) -> re.Pattern[str]:
        where = _alternation(self._words("place_prefix")) or r"(?!)"
        return re.compile(rf"[\u4e00-\u9fff]{{0,10}}\((?:{where}|大中华|香港)(?:省|市|自贸区|保税区)?\)")

    @functools.cached_property
    def _bare_firm(self) -> re.Pattern[str]:
        kinds = _alternation(self._words("firm_kind")) or r"(?!)"
        return re.compile(rf"(?:{kinds}){{0,2}}(?:股份有限公司|有限责任公司|有限公司|公司|集团)")

    @functools.cached_property
    def _cue_left(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{_alternation(self._words('brand_cue_left')) or '(?!)'})\s*[:：]?\s*[\"“'‘(]?$")

    @functools.cached_property
    def _stated_left(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{_alternation(self._words('brand_cue_left')) or '(?!)'})\s*[:：]\s*$")

    @functools.cached_property
    def _cue_right(self) -> re.Pattern[str]:
        return re.compile(rf"[)\"”'’]?\s*(?:{_alternation(self._words('brand_cue_right')) or '(?!)'})")

    @functools.cached_property
    def _left_clean(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{_alternation(self._words('left_boundary')) or '(?!)'})$")

    @functools.cached_property
    def _right_clean(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{_alternation(self._words('right_boundary')) or '(?!)'})")

    @functools.cached_property
    def _firm_right(self) -> re.Pattern[str]:
        """Words of two characters and more that may follow a name (产品, 原厂): firm enough against a chance word across the border."""
        words = tuple(w for w in self._words("right_boundary") if len(w) > 1)
        return re.compile(rf"(?:{_alternation(words) or '(?!)'})")

    @functools.cached_property
    def _gap(self) -> re.Pattern[str]:
        """What may stand between a name and its product noun: no clause border, and no word that ends an organisation or a place."""
        stop = _alternation(self._words("gap_stop"))
        guard = rf"(?!{stop})" if stop else ""
        return re.compile(rf"(?:{guard}[^\n¦。；;！？!?，,、:：]){{0,16}}")

    def _nouns(self, domains: frozenset[str]) -> re.Pattern[str] | None:
        if domains not in self._noun_patterns:
            self._noun_patterns[domains] = self._compile_nouns(domains)
        return self._noun_patterns[domains]

    def _compile_nouns(self, domains: frozenset[str]) -> re.Pattern[str] | None:
        words: list[str] = []
        for domain in domains:
            words.extend(w.casefold() for w in self._knowledge.nouns.get(domain, ()))
        if not words:
            return None
        latin = [re.escape(w) for w in words if w.isascii()]
        han = [re.escape(w) for w in words if not w.isascii()]
        parts = []
        if han:
            parts.append("|".join(sorted(han, key=len, reverse=True)))
        if latin:
            parts.append(rf"(?<![a-z])(?:{'|'.join(sorted(latin, key=len, reverse=True))})(?![a-z])")
        return re.compile("|".join(parts))

    def _words(self, name: str) -> tuple[str, ...]:
        return tuple(w.casefold() for w in self._knowledge.words.get(name, ()))

    def _rule(self, hit: Hit, side: str, *, allow: bool) -> tuple[str, ...]:
        alias = hit.alias.text.casefold()
        brand = f"brand:{hit.alias.brand_id}"
        return self._rules.get((alias, side, allow), ()) + self._rules.get((brand, side, allow), ())

    # ── against ──────────────────────────────────────────────────────────────────────────────────────────────────

    def denied(self, text: str, hit: Hit) -> bool:
        """A word of the seeds touches the name, or stands near it, that says it is something else."""
        right = self._rule(hit, "right", allow=False)
        if right and text.startswith(right, hit.end):
            return True
        left = self._rule(hit, "left", allow=False)
        if left and self._denied_left(text[max(0, hit.start - 12) : hit.start], left):
            return True
        near = self._rule(hit, "near", allow=False)
        if near:
            window = self.window(text, hit)
            return any(w in window for w in near)
        return False

    def _denied_left(self, before: str, words: tuple[str, ...]) -> bool:
        """A word of the seeds stands before the name, and no longer word that a name may follow (合|理光, but 适合|理光)."""
        denying = max((len(w) for w in words if before.endswith(w)), default=0)
        if not denying:
            return False
        border = self._left_clean.search(before, max(0, len(before) - 6))
        return border is None or len(border.group()) <= denying

    def is_place(self, text: str, hit: Hit) -> bool:
        """A street, village, hospital, school or building is called that."""
        return self._place_right.match(text, hit.end) is not None

    def tokens(self, text: str, hit: Hit) -> list[tuple[int, int, str]]:
        """The segmentation of the Chinese run around the name, ten characters each side."""
        start = hit.start
        while start > 0 and hit.start - start < 10 and is_han(text[start - 1]):
            start -= 1
        end = hit.end
        while end < len(text) and end - hit.end < 10 and is_han(text[end]):
            end += 1
        if start == hit.start and end == hit.end:
            return []
        import rjieba  # noqa: PLC0415 -- loads its dictionary when first asked

        tokens = []
        at = start
        for token in rjieba.cut(text[start:end]):
            tokens.append((at, at + len(token), token))
            at += len(token)
        return tokens

    def straddled(self, text: str, hit: Hit, tokens: list[tuple[int, int, str]]) -> bool:
        """The segmentation cuts through the name: its characters belong to other words (北京|瓷砖).

        A name that is sure is only given up where the dictionary knows it and still preferred other words (明|基层), where a word takes
        its beginning (系统|信创), or where longer words take all of it; a guessed new word is no witness against it.
        """
        inside = [t for t in tokens if t[0] < hit.end and hit.start < t[1]]
        # a word that begins with the whole name (本田雅阁, 格力空调) is the name and its goods, not a cut through it
        crossing = [t for t in inside if t[0] < hit.start or (t[1] > hit.end and t[0] > hit.start)]
        if not crossing:
            return hit.alias.strength < SURE and self._begins_a_word(text, hit, inside)
        left = self.clean_left(text, hit)
        domains = self._knowledge.brands[hit.alias.brand_id].domains
        if left and (self._firm_right.match(text, hit.end) is not None or self.noun_touches(text, hit, domains)):
            return False
        if (
            hit.alias.strength == SURE
            and (hit.start == 0 or not is_han(text[hit.start - 1]))
            and self.clean_right(text, hit)
        ):
            return False
        import rjieba  # noqa: PLC0415

        words = [t for t in crossing if rjieba.has_word(t[2])]
        if hit.alias.strength < LIKELY:
            return bool(words) or not (left and (self.clean_right(text, hit) or self.noun_right(text, hit, domains)))
        if hit.alias.strength == LIKELY and len(hit.alias.text) < 3:
            return bool(words)
        if words and (rjieba.has_word(text[hit.start : hit.end]) or any(t[0] < hit.start for t in words)):
            return True
        return all(len(t[2]) > 1 and rjieba.has_word(t[2]) for t in inside)

    def cut_left(self, text: str, hit: Hit) -> bool:
        """The character before the name is left alone by the words before it and makes a word with the name's first (关|爱普生)."""
        before = _han_run(text, max(0, hit.start - 6), hit.start, last=True)
        if not before:
            return False
        import rjieba  # noqa: PLC0415

        return len(rjieba.cut(before, False)[-1]) == 1 and rjieba.has_word(before[-1] + text[hit.start])

    def cut_right(self, text: str, hit: Hit) -> bool:
        """The character behind the name is left alone by the words behind it and makes a word with the name's last (赛默飞|行体验)."""
        after = _han_run(text, hit.end, hit.end + 6, last=False)
        if not after:
            return False
        import rjieba  # noqa: PLC0415

        last = text[hit.end - 1]
        return len(rjieba.cut(after, False)[0]) == 1 and (
            rjieba.has_word(last + after[0]) or (len(after) > 1 and rjieba.has_word(last + after[:2]))
        )

    def _begins_a_word(self, text: str, hit: Hit, inside: list[tuple[int, int, str]]) -> bool:
        """The name is the beginning of a longer word of the dictionary (三星期, 奔驰如飞) that does not go on with goods or a firm."""
        import rjieba  # noqa: PLC0415

        longer = [t for t in inside if t[0] == hit.start and t[1] > hit.end and rjieba.has_word(t[2])]
        if not longer or self._firm_right.match(text, hit.end) is not None:
            return False
        domains = self._knowledge.brands[hit.alias.brand_id].domains | {"goods"}
        return not self.noun_touches(text, hit, domains)

    def clean_by_words(self, hit: Hit, tokens: list[tuple[int, int, str]]) -> bool:
        """The word before the name stands in the dictionary and ends where the name begins (公安网|思科)."""
        import rjieba  # noqa: PLC0415

        return any(
            end == hit.start and end - start > 1 and rjieba.has_word(token) for start, end, token in tokens
        ) and any(start == hit.start for start, _, _ in tokens)

    def organisation(self, text: str, hit: Hit) -> Organisation | None:
        """The organisation's name that the brand's name stands in, if it stands in one."""
        if self._any_tail.search(text, hit.end, hit.end + 30) is None:
            return None
        match = self._tail.match(text, hit.end)
        if match is None:
            return None
        start = hit.start
        while start > 0 and hit.start - start < 14 and (is_han(text[start - 1]) or text[start - 1] in "()"):
            start -= 1
        left = text[start : hit.start]
        cue = self._org_left_ok.search(left)
        if cue is not None:
            left = ""
        elif left.startswith("("):
            left = left[1:]
        left = left.replace("(", "").replace(")", "")
        rest = self._places.sub("", left, count=2)
        return Organisation(rest, left != rest, match.group())

    def own_firm(self, hit: Hit, organisation: Organisation, text: str, domains: frozenset[str]) -> bool:
        """The organisation reads like a firm of the brand's own house, not like a shop that bears the word.

        An ambiguous name asks for the shape of a foreign house (a place in brackets after the trade). A sure one of three characters is
        nobody else's; a shorter one may also be followed by its own goods, or by a bare trade where no town stands before it.
        """
        if hit.alias.strength == SURE and len(hit.alias.text) > 2:
            return True
        if organisation.before:
            return False
        if self._own_firm.match(organisation.after) is not None:
            return True
        if hit.alias.strength < SURE:
            return False
        return (
            self._placed.match(organisation.after) is not None
            or self.noun_touches(text, hit, domains)
            or (not organisation.placed and self._bare_firm.match(organisation.after) is not None)
        )

    # ── for ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def window(self, text: str, hit: Hit) -> str:
        """The line around the name, at most :data:`NEAR` characters each side; the name itself is blanked out."""
        low = max(0, hit.start - NEAR)
        high = min(len(text), hit.end + NEAR)
        left = text[low : hit.start].rpartition("\n")[2]
        right = text[hit.end : high].partition("\n")[0]
        return f"{left}\n{right}"

    def has_own_words(self, hit: Hit) -> bool:
        """The seeds list words that speak for this very alias: then the general nouns of its field are not enough."""
        return bool(self._rule(hit, "near", allow=True) or self._rule(hit, "right", allow=True))

    def allowed_near(self, text: str, hit: Hit) -> bool:
        """A word of the seeds that speaks for this very alias touches it or stands near it."""
        right = self._rule(hit, "right", allow=True)
        if right and text.startswith(right, hit.end):
            return True
        left = self._rule(hit, "left", allow=True)
        if left and text[max(0, hit.start - 12) : hit.start].endswith(left):
            return True
        near = self._rule(hit, "near", allow=True)
        if near:
            window = self.window(text, hit)
            return any(w in window for w in near)
        return False

    def cue(self, text: str, hit: Hit) -> bool:
        """品牌： before it, or 牌, 品牌, 原装 after it."""
        left = text[max(0, hit.start - 12) : hit.start]
        return self._cue_left.search(left) is not None or self._cue_right.match(text, hit.end) is not None

    def noun_right(self, text: str, hit: Hit, domains: frozenset[str]) -> bool:
        """A product noun of ``domains`` follows in the same phrase."""
        nouns = self._nouns(domains)
        if nouns is None:
            return False
        gap = self._gap.match(text, hit.end)
        reach = gap.end() if gap is not None else hit.end
        found = nouns.search(text, hit.end, min(len(text), reach + 6))
        return found is not None and found.start() <= reach

    def noun_touches(self, text: str, hit: Hit, domains: frozenset[str]) -> bool:
        """A product noun of ``domains`` follows at once, or after 牌, a model number and the like."""
        nouns = self._nouns(domains)
        between = _BETWEEN.match(text, hit.end)
        at = between.end() if between is not None else hit.end
        return nouns is not None and (nouns.match(text, at) is not None or nouns.match(text, hit.end) is not None)

    def enclosed(self, text: str, hit: Hit) -> bool:
        """The name stands alone in brackets or in a table cell."""
        before = text[max(0, hit.start - 3) : hit.start].rstrip(" ")[-1:]
        after = text[hit.end : hit.end + 3].lstrip(" ")[:1]
        return (before in ("(", "[") and after in (")", "]", ",", "、")) or (
            (before == "¦" and after in ("¦", "", "\n")) or (before in ("", "\n") and after == "¦")
        )

    def stated(self, text: str, hit: Hit) -> bool:
        """品牌：X and nothing else: as good as a brand cell."""
        return self._stated_left.search(text, max(0, hit.start - 12), hit.start) is not None and (
            hit.end >= len(text) or not (is_han(text[hit.end]) or text[hit.end].isalnum())
        )

    def noun_near(self, text: str, hit: Hit, domains: frozenset[str]) -> bool:
        """A product noun of ``domains`` stands in the same line, at most :data:`NEAR` characters away."""
        nouns = self._nouns(domains)
        return nouns is not None and nouns.search(self.window(text, hit)) is not None

    def noun_in_phrase(self, text: str, hit: Hit, domains: frozenset[str]) -> bool:
        """A product noun of ``domains`` stands in the same clause, at most :data:`PHRASE` characters away."""
        nouns = self._nouns(domains)
        if nouns is None:
            return False
        left = _CLAUSE_BORDER.split(text[max(0, hit.start - PHRASE) : hit.start])[-1]
        right = _CLAUSE_BORDER.split(text[hit.end : hit.end + PHRASE], maxsplit=1)[0]
        return nouns.search(left) is not None or nouns.search(right) is not None

    def clean_left(self, text: str, hit: Hit) -> bool:
        """Nothing touches the name on the left, or a word that a name may follow."""
        if hit.start == 0 or not is_han(text[hit.start - 1]):
            return True
        return self._left_clean.search(text, max(0, hit.start - 6), hit.start) is not None

    def clean_right(self, text: str, hit: Hit) -> bool:
        """Nothing touches the name on the right, or a word that may follow a name."""
        if hit.end >= len(text) or not is_han(text[hit.end]):
            return True
        return self._right_clean.match(text, hit.end) is not None


def _han_run(text: str, low: int, high: int, *, last: bool) -> str:
    """The Chinese characters that touch the end (``last``) or the beginning of ``text[low:high]``."""
    high = min(high, len(text))
    if last:
        start = high
        while start > low and is_han(text[start - 1]):
            start -= 1
        return text[start:high]
    end = low
    while end < high and is_han(text[end]):
        end += 1
    return text[low:end]
