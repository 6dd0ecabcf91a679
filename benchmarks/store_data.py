"""Generated notices for the store's benchmarks: invented bureaus, suppliers and projects with the skew of real ones. Constructed data.

Buyers, suppliers, brands, goods and portals follow Zipf–Mandelbrot laws; words follow the frequencies of jieba's dictionary, so that an
index of words has a long tail. A quarter of the announcements stand on two portals, a tenth of the awards have several lots; where asked, one page
in twenty is captured again and one in a hundred has changed by then.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Generic, TypeVar

from db.ingest import CaptureRow
from nlp.types import (
    Item,
    Level,
    Lot,
    LotStatus,
    Mention,
    MentionRole,
    Notice,
    NoticeReading,
    NoticeType,
    OrgReading,
    PageState,
    Party,
    PartyRole,
    Stage,
    Tier,
    Versions,
)

VERSIONS = Versions("benchmark", "benchmark", "benchmark")
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
PORTALS = (
    "ccgp", "ccgp-guangdong", "ggzy", "ccgp-henan", "ccgp-jiangsu", "ccgp-xinjiang", "ccgp-shandong", "ccgp-zhejiang", "ccgp-sichuan",
    "ccgp-gansu", "ccgp-yunnan", "ccgp-hubei", "ccgp-anhui", "ccgp-bingtuan", "ggzy-guangdong", "ccgp-hunan", "ccgp-hebei",
    "ccgp-guangxi", "ggzy-shandong", "ccgp-shaanxi", "ccgp-jilin", "ggzy-xinjiang", "ccgp-qinghai", "ccgp-ningxia",
)  # fmt: skip
BRANDS = (
    ("hikvision", "Hikvision", "海康威视", "camera"), ("dahua", "Dahua", "大华", "camera"), ("lenovo", "Lenovo", "联想", "computer"),
    ("hp", "HP", "惠普", "printer"), ("seagate", "Seagate", "希捷", "surveillance"), ("h3c", "H3C", "新华三", "switch"),
    ("dell", "Dell", "戴尔", "server"), ("wd", "Western Digital", "西部数据", "enterprise"), ("cisco", "Cisco", "思科", "switch"),
    ("canon", "Canon", "佳能", "printer"), ("thermofisher", "Thermo Fisher Scientific", "赛默飞", "reagent"),
    ("motorola", "Motorola Solutions", "摩托罗拉", "radio"), ("toshiba", "Toshiba", "东芝", "surveillance"),
    ("intel", "Intel", "英特尔", "cpu"), ("promega", "Promega", "普洛麦格", "str_kit"), ("cellebrite", "Cellebrite", "Cellebrite", "mobile_forensics"),
    *((f"maker{n}", f"Maker {n}", f"造物{n}号", ("other", "software", "laptop", "ups", "nas", "scanner")[n % 6]) for n in range(184)),
)  # fmt: skip
CODES = [f"{p}{c:02d}{d:02d}" for p in (65, 44, 41, 62, 32, 11, 53) for c in range(1, 15) for d in range(0, 12, 2)]
_SYLLABLES = "云岭明川清河东山北原长溪石桥青林白沙金湖永安平江新源玉泉海丰天宁广德昌宁和顺宝坻临泽"
_GOODS = (
    "监控硬盘",
    "网络摄像机",
    "服务器",
    "交换机",
    "打印机",
    "台式计算机",
    "检测试剂",
    "执法记录仪",
    "对讲机",
    "存储阵列",
    "警用无人机",
    "办公家具",
    "制式服装",
    "车辆维修",
)
_SENTENCES = (
    "本项目采用公开招标方式组织采购，欢迎符合条件的供应商参加投标。", "供应商应当具备独立承担民事责任的能力，并提供有效的营业执照。", "评标委员会依据采购文件规定的方法和标准进行评审。",
    "公告期限为自本公告发布之日起一个工作日。", "如对公告内容有异议，请以书面形式向采购代理机构提出质疑。", "落实节能产品、环境标志产品以及中小企业扶持等政府采购政策。",
    "投标文件递交截止时间及开标地点详见采购文件。", "合同履行期限自合同签订之日起至质保期满为止。", "代理服务费按照相关收费标准由成交供应商支付。", "技术参数和服务要求以采购文件第三章为准。",
    "交货地点为采购人指定地点，安装调试完成后组织验收。", "本次采购不接受联合体参加，不允许转包或者违法分包。", "供应商须在中国境内注册并依法缴纳税收和社会保障资金。", "采购人保留对采购数量进行适当调整的权利。",
)  # fmt: skip


_T = TypeVar("_T")


class Skewed(Generic[_T]):
    """Draws by a Zipf–Mandelbrot law: the weight of rank r is 1 / (r + flat)."""

    def __init__(self, chance: random.Random, values: Sequence[_T], flat: float) -> None:
        self.chance, self.values = chance, values
        self.weights = list(itertools.accumulate(1 / (rank + flat) for rank in range(1, len(values) + 1)))

    def one(self) -> _T:
        return self.chance.choices(self.values, cum_weights=self.weights)[0]


def _sentences(chance: random.Random, count: int) -> list[str]:
    """Sentences nobody wrote, of words as frequent as jieba's dictionary says."""
    import jieba

    words, weights = [], []
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, times, _ = line.split(" ")
        words.append(word)
        weights.append(int(times))
    sums = list(itertools.accumulate(weights))
    return ["".join(chance.choices(words, cum_weights=sums, k=chance.randrange(8, 24))) + "。" for _ in range(count)]


class Generator:
    """Repeatable: the same seed gives the same notices in the same order. ``first`` keeps the numbers of a second lot apart;
    with ``again`` some pages are captured twice."""

    def __init__(
        self,
        seed: int = 1,
        since: dt.date = dt.date(2013, 1, 1),
        days: int = 4900,
        first: int = 0,
        *,
        again: bool = False,
    ) -> None:
        chance = self.chance = random.Random(seed)
        self.since, self.days, self.again = since, days, again
        self.buyers = Skewed(chance, [self._buyer(n) for n in range(60_000)], 50)
        self.suppliers = Skewed(chance, [f"{self._place(n)}{n % 997}号科技有限公司" for n in range(100_000)], 50)
        self.brands = Skewed(chance, BRANDS, 0.5)
        self.goods = Skewed(chance, _GOODS, 2)
        self.portals = Skewed(chance, PORTALS, 1)
        self.sentences = Skewed(chance, _sentences(random.Random(0), 60_000), 1000)
        self.number = first

    def _place(self, n: int) -> str:
        return _SYLLABLES[n % 40] + _SYLLABLES[(n * 7 + n // 40) % 40] + _SYLLABLES[(n // 1600) % 40]

    def _buyer(self, n: int) -> Party:
        code = CODES[n % len(CODES)]
        if n % 3 == 0:
            name, tier, kind = f"{self._place(n)}县公安局", Tier.ORGAN, "public_security_bureau"
        elif n % 17 == 0:
            name, tier, kind = f"{self._place(n)}监狱", Tier.PRISON, "prison"
        else:
            name, tier, kind = f"{self._place(n)}县第{n % 50}中学", Tier.OTHER, "school"
        org = OrgReading(name, tier is Tier.ORGAN, tier, kind, Level.COUNTY, code, None, "constructed")
        return Party(PartyRole.BUYER, name, name, org)

    def _few(self, size: int) -> int:
        """Below ``size``; small numbers often, large ones seldom."""
        return min(int(size * self.chance.random() ** 3), size - 1)

    def processes(self) -> Iterator[list[tuple[str, NoticeReading, dt.datetime]]]:
        while True:
            yield list(self._process())

    def notices(self, count: int) -> Iterator[tuple[str, NoticeReading, dt.datetime]]:
        made = 0
        for process in self.processes():
            for page in process:
                if made == count:
                    return
                made += 1
                yield page

    def _process(self) -> Iterator[tuple[str, NoticeReading, dt.datetime]]:
        chance = self.chance
        self.number += 1
        buyer = self.buyers.one()
        parts = 1 + chance.randrange(1, 4) if chance.random() < 0.1 else 1
        shops = [self.suppliers.one() for _ in range(parts)]
        day = self.since + dt.timedelta(days=chance.randrange(self.days))
        goods = self.goods.one()
        number = f"{chance.choice('ABCDE')}ZC{day.year}-{self.number:07d}"
        name = f"{buyer.name}{self.number % 971}号{goods}采购项目"
        lines = [self._line(goods, parts) for _ in range(parts + self._few(8))] if chance.random() < 0.6 else []
        amounts = [Decimal(chance.randrange(10_000, 3_000_000)) for _ in shops]
        stages = chance.choice(
            ((NoticeType.TENDER, NoticeType.AWARD), (NoticeType.TENDER, NoticeType.AWARD, NoticeType.CONTRACT), (NoticeType.AWARD,),
             (NoticeType.TENDER, NoticeType.CORRECTION, NoticeType.AWARD), (NoticeType.CONTRACT,), (NoticeType.TENDER, NoticeType.FAILED))
        )  # fmt: skip
        for step, type_ in enumerate(stages):
            when = day + dt.timedelta(days=25 * step + chance.randrange(5))
            home = self.portals.one()
            for copy in range(2 if chance.random() < 0.25 else 1):
                portal = home if copy == 0 else PORTALS[(PORTALS.index(home) + 1) % len(PORTALS)]
                published = when + dt.timedelta(days=copy * chance.randrange(3))
                page = self._reading(
                    portal, type_, buyer, shops, published, number, name, lines, amounts, f"{self.number}{step}{copy}"
                )
                seen = dt.datetime.combine(published, dt.time(2), SHANGHAI)
                yield portal, page, seen
                if self.again and chance.random() < 0.05:
                    yield portal, page, seen + dt.timedelta(days=7)
                if self.again and chance.random() < 0.01:
                    yield portal, _changed(page), seen + dt.timedelta(days=chance.randrange(10, 300))

    def _line(self, goods: str, parts: int) -> tuple[Item, tuple[str, str, str, str] | None]:
        chance = self.chance
        brand = self.brands.one() if chance.random() < 0.5 else None
        count = None if chance.random() < 0.05 else Decimal(1 + self._few(200))
        price = Decimal(chance.randrange(100, 20_000))
        item = Item(
            lot=str(1 + chance.randrange(parts)), name=goods, brand=brand[1] if brand else None, brand_id=brand[0] if brand else None, brand_raw=brand[2] if brand else None,
            model_raw=f"{chance.choice(('ST4000VX', 'DS-2CD2T', 'S5735-', 'WD40PUR'))}{chance.randrange(1000):03d}" if brand else None,
            product_class=brand[3] if brand else None, quantity=count, quantity_raw=f"{count}块" if count else "1批", unit="块" if count else None,
            unit_price_cny=price, total_cny=price * count if count else None,
        )  # fmt: skip
        return item, brand

    def _reading(
        self, portal: str, type_: NoticeType, buyer: Party, shops: list[str], day: dt.date, number: str, name: str,
        lines: list[tuple[Item, tuple[str, str, str, str] | None]], amounts: list[Decimal], id_: str,
    ) -> NoticeReading:  # fmt: skip
        chance = self.chance
        closing = type_ in {NoticeType.AWARD, NoticeType.CONTRACT}
        title = f"{name}{ {NoticeType.TENDER: '公开招标公告', NoticeType.AWARD: '中标公告', NoticeType.CONTRACT: '合同公告', NoticeType.CORRECTION: '更正公告', NoticeType.FAILED: '终止公告'}[type_] }"
        parts = [title, f"项目编号：{number}", f"采购人：{buyer.name}", f"发布日期：{day.isoformat()}"]
        items: list[Item] = []
        mentions: list[Mention] = []
        at = sum(map(len, parts)) + len(parts)
        role = (
            MentionRole.AWARDED
            if type_ is NoticeType.AWARD
            else MentionRole.CONTRACTED
            if closing
            else MentionRole.REQUIRED
        )
        if type_ in {NoticeType.AWARD, NoticeType.CONTRACT, NoticeType.TENDER}:
            for item, brand in lines:
                row = f"{item.name} ¦ {item.brand_raw or ''} ¦ {item.model_raw or ''} ¦ {item.quantity_raw} ¦ {item.total_cny or ''}"
                if brand is not None:
                    start = at + row.index(brand[2])
                    decided = chance.random() < 0.95
                    mentions.append(
                        Mention(
                            brand[1], brand[0], brand[2], start, start + len(brand[2]), "table_brand", role if decided else MentionRole.UNRESOLVED,
                            0.9 if decided else 0.4, "benchmark", role, product_class=brand[3], item=len(items), lot=item.lot,
                        )
                    )  # fmt: skip
                items.append(item)
                parts.append(row)
                at += len(row) + 1
        # Lengths, and different words for a length, as in real notices: most is said in the same words everywhere.
        length = chance.lognormvariate(0, 0.7)
        parts.extend(chance.choices(_SENTENCES, k=4 + int(20 * length)))
        parts.extend(chance.choices(self.sentences.values, cum_weights=self.sentences.weights, k=1 + int(6 * length)))
        parts.append(f"联系地址：{self._place(chance.randrange(40_000))}路{chance.randrange(900)}号")
        text = "\n".join(parts)
        parties = [buyer]
        if closing:
            parties.extend(Party(PartyRole.SUPPLIER, shop, shop) for shop in dict.fromkeys(shops))
        return NoticeReading(
            notice=Notice(
                portal=portal, source_id=id_, title=title, type=type_, stage=Stage.AWARD if closing else Stage.TENDER, published_on=day,
                project_no=number, project_name=name, award_total_cny=sum(amounts, Decimal(0)) if closing else None,
                contract_no=f"HT-{number}" if type_ is NoticeType.CONTRACT else None, region_code=buyer.org.division_code if buyer.org else None,
            ),
            parties=tuple(parties), lots=tuple(
                Lot(str(n), name, LotStatus.AWARDED, shop, amount, str(amount)) for n, (shop, amount) in enumerate(zip(shops, amounts, strict=True), 1)
            ) if type_ is NoticeType.AWARD else (),
            items=tuple(items), mentions=tuple(mentions), attachments=(), text=text, state=PageState.NOTICE, issues=(), versions=VERSIONS,
            content_digest=hashlib.sha256(text.encode()).hexdigest(),
        )  # fmt: skip


def _changed(page: NoticeReading) -> NoticeReading:
    """The page as it stands later: a line more at its end."""
    text = f"{page.text}\n本公告内容已更新。"
    return replace(page, text=text, content_digest=hashlib.sha256(text.encode()).hexdigest())


def capture_row(portal: str, page: NoticeReading, at: dt.datetime, offset: int) -> CaptureRow:
    body = hashlib.sha256(f"{portal}{page.notice.source_id}{page.content_digest}".encode()).hexdigest()
    return CaptureRow(
        portal=portal, url=f"http://{portal}.example.cn/{page.notice.source_id}.html", captured_at=at, sha256=body, media_type="text/html",
        http_status=200, warc_file="generated.warc.gz", warc_offset=offset, warc_length=2000,
    )  # fmt: skip
