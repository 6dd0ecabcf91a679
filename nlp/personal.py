"""Personal data in a notice: contact persons, telephone numbers, e-mail addresses, identity numbers, names of experts.

The spans let everything that leaves the house be redacted. Nothing here is used to build anything about a person.
"""

from __future__ import annotations

from nlp.patterns import regex
from nlp.types import TextSpan

MAX_SPANS = 5000
_NUMBER_RUN = regex(r"[+(（\d][\d()（）\-—－– /、+转]{6,60}")
_LEAST_PHONE = 9
"""The shortest telephone number, 400-123-456 without its hyphens; and below, the shortest identity number."""
_LEAST_ID = 15
_PHONE = regex(
    r"(?<![\d.\-/A-Za-z])(?:(?:\+?86[- ]?)?1[3-9]\d(?:[ -]?\d{4}){2}|(?:[(（]?0\d{2,3}[)）]?\s?[-—－–\s]{0,2}\s?)[1-9]\d{6,7}(?:\s?(?:转|[-—－])\s?\d{1,6})?(?:[/、]\d{4,8})*|[48]00[- ]?\d{3,4}[- ]?\d{3,4})(?![\d.])"
)
_MAIL = regex(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}\s?@\s?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_ID = regex(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])")
_OLD_ID = regex(r"(?<!\d)[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_ID_LABEL = regex(r"身份证")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阎阿"
_NAME = rf"(?:[{_SURNAMES}]|欧阳|上官|司徒|诸葛|司马|夏侯|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|端木|东方)[\u4e00-\u9fff]{{0,2}}?(?:先生|女士|老师|工程师|经理|主任|科长|处长|警官|同志|工|小姐|总|队长|所长|部长)|(?:[{_SURNAMES}]|欧阳|上官|司徒|诸葛|司马|夏侯|皇甫|尉迟|慕容)[\u4e00-\u9fff·]{{1,3}}|[\u4e00-\u9fff]{{2,5}}·[\u4e00-\u9fff·]{{2,12}}"
_NAME_TOKEN = regex(_NAME)
# Both begin with plain words, so that the search for them is fast; what stands before (项目, 采购人 …) does not matter.
_CONTACT_LABEL = regex(
    r"(?:联\s{0,4}系\s{0,4}人|经办人|负责人|联系老师|法定代表人|法人代表|项目经理|采购人代表|监标人|授权代表|建造师|施工员|质量员|质检员|安全员|材料员|资料员|机械员|劳务员|标准员)"
    r"(?:姓名|及联系方式|及电话)?\s*(?:[(（][^()（）]{1,10}[)）])?\s*(?:[:：]|\s¦\s)\s*"
)
_EXPERT_LABEL = regex(
    r"(?:专家|委员会|评委|小组|成员)(?:组)?(?:成员|专家)?(?:\s?[(（][^()（）]{1,20}[)）])?(?:及?(?:采购人)?(?:代表)?)(?:名单|人员|姓名)?(?:及单一来源采购人员名单)?\s*(?:[:：]|\s¦\s|\n)\s*"
)
_EXPERT_BEFORE = regex(r"(?:论证|评审|评标|专业)(?:专家|人员)\s+")
_LIST_GAP = regex(r"[\s、,，;；/]{1,3}(?:¦\s)?|\s?[(（][^()（）\n]{1,14}[)）][\s、,，;；]{0,3}")
_MAX_NAMES = 800
_NOT_NAMES = frozenset(
    {
        "采购单位",
        "采购人",
        "代理机构",
        "联系电话",
        "地址",
        "电话",
        "传真",
        "项目部",
        "办公室",
        "详见附件",
        "详见公告",
        "公告期限",
        "无",
        "项目负责人",
        "单位",
        "名单",
    }
)
_NOT_IN_NAME = regex(
    r"公司|中心|单位|采购|项目|电话|联系|部门|办公|附件|公告|地址|代理|招标|服务|管理|时间|标准|收费|评审|专家|名单|组长|代表|工程|姓名|职务|方式|金额|供应|文件"
)


def id_number_valid(number: str) -> bool:
    """Checksum of an 18-digit identity number (GB 11643)."""
    if len(number) != 18 or not number[:17].isdecimal() or not number.isascii():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == number[17].upper()


def find_personal(text: str) -> tuple[TextSpan, ...]:
    """Spans ``personal:phone``, ``personal:email``, ``personal:id``, ``personal:name``, ``personal:expert``; in order, not overlapping."""
    spans: list[TextSpan] = []
    for run in _NUMBER_RUN.finditer(text):
        start, end = run.span()
        if end - start >= _LEAST_PHONE:
            _numbers(text, start, min(end + 1, len(text)), spans)
    if "@" in text:
        spans.extend(TextSpan("personal:email", m.start(), m.end()) for m in _MAIL.finditer(text))
    for match in _CONTACT_LABEL.finditer(text):
        _names(text, match.end(), "personal:name", spans, limit=8)
    for match in _EXPERT_LABEL.finditer(text):
        _names(text, match.end(), "personal:expert", spans, limit=_MAX_NAMES)
    if "专家" in text or "人员" in text:
        for match in _EXPERT_BEFORE.finditer(text):
            _names(text, match.end(), "personal:expert", spans, limit=20)
    return _disjoint(spans)


def _numbers(text: str, start: int, end: int, spans: list[TextSpan]) -> None:
    """Identity and telephone numbers in one run of digits and what may stand between them."""
    if end - start >= _LEAST_ID:
        spans.extend(
            TextSpan("personal:id", m.start(), m.end())
            for m in _ID.finditer(text, start, end)
            if id_number_valid(m.group())
        )
        spans.extend(
            TextSpan("personal:id", m.start(), m.end())
            for m in _OLD_ID.finditer(text, start, end)
            if _ID_LABEL.search(text, max(0, m.start() - 20), m.start()) is not None
        )
    spans.extend([TextSpan("personal:phone", m.start(), m.end()) for m in _PHONE.finditer(text, start, end)])


def _names(text: str, at: int, label: str, spans: list[TextSpan], limit: int) -> None:
    """The run of names that begins at ``at``: names with separators and remarks between them."""
    for _ in range(limit):
        match = _NAME_TOKEN.match(text, at)
        if match is None:
            return
        end = match.end()
        # A name ends where a separator, a figure or the line ends; three characters are tried before two.
        while end < len(text) and end - match.start() < 4 and _is_han(text[end]) and "先" not in text[end]:
            end += 1
        name = text[match.start() : end]
        if end < len(text) and _is_han(text[end]) and end - match.start() >= 4:
            name = match.group()
            end = match.end()
        if name in _NOT_NAMES or _NOT_IN_NAME.search(name) is not None:
            return
        spans.append(TextSpan(label, match.start(), end))
        gap = _LIST_GAP.match(text, end)
        if gap is None:
            return
        at = gap.end()


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _disjoint(spans: list[TextSpan]) -> tuple[TextSpan, ...]:
    spans.sort(key=lambda span: (span.start, -span.end))
    kept: list[TextSpan] = []
    end = -1
    for span in spans:
        if span.start >= end and len(kept) < MAX_SPANS:
            kept.append(span)
            end = span.end
    return tuple(kept)
