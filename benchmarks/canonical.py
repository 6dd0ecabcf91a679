"""How well names are merged, over constructed aliases and twins: pair precision >= 0.995, recall >= 0.95.

Run: ``python -m benchmarks.canonical``. Places are real, everything built on them is constructed.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import sys
from collections.abc import Iterator

from nlp.orgs.canonical import Answer, compare, named
from nlp.orgs.knowledge import OrgKnowledge

ON = dt.date(2026, 1, 1)
# (spellings of the place, province before it, a district or county below with its short name)
PLACES = (
    (("乌鲁木齐市", "乌市"), "新疆维吾尔自治区", ("天山区", "天山")),
    (("博尔塔拉蒙古自治州", "博州"), "新疆维吾尔自治区", None),
    (("巴音郭楞蒙古自治州", "巴州"), "新疆维吾尔自治区", None),
    (("克孜勒苏柯尔克孜自治州", "克州"), "新疆", None),
    (("喀什地区", "喀什行署"), "新疆", None),
    (("昌吉回族自治州", "昌吉州"), "新疆", None),
    (("融水苗族自治县", "融水县"), "广西壮族自治区", None),
    (("焉耆回族自治县", "焉耆县"), "新疆", None),
    (("石家庄市",), "河北省", ("长安区", "长安")),
    (("福州市",), "福建省", ("鼓楼区", "鼓楼")),
    (("南京市",), "江苏省", ("鼓楼区", "鼓楼")),
    (("海口市",), "海南省", ("龙华区", "龙华")),
    (("深圳市",), "广东省", ("龙华区", "龙华")),
    (("西安市",), "陕西省", ("长安区", "长安")),
    (("黔东南苗族侗族自治州", "黔东南州"), "贵州省", None),
    (("凉山彝族自治州", "凉山州"), "四川", None),
    (("公安县",), "湖北省", None),
    (("喀什市",), "新疆", None),
    (("和田市",), "新疆", None),
    (("和田县",), "新疆", None),
    (("和田地区", "和田行署"), "新疆", None),
    (("吉安市",), "江西省", ("青原区", "青原")),
    (("吉安县",), "江西省", None),
)
UNITS = (
    ("公安局", "公安局（本级）", "公安局 本级", "公安局机关", "公安局(机关)", "GAJ"),
    ("公安局交通警察支队", "公安局交警支队", "交警支队", "公安交通警察支队", "公安局（交警支队）"),
    ("公安局刑事侦查支队", "公安局刑侦支队"),
    ("公安局网络安全保卫支队", "公安局网安支队"),
    ("公安局看守所", "看守所"),
    ("公安局警务保障处", "公安局（警务保障处）"),
    ("人民法院",),
    ("财政局",),
)
COMPANIES = (
    ("云岭明远科技有限公司", "云岭明远科技有限责任公司", "云岭明远科技 有限公司", "云岭明远科技有限公司 "),
    ("明川（上海）贸易有限公司", "明川(上海)贸易有限公司", "明川（上海)贸易有限公司"),
    ("明川（北京）贸易有限公司", "明川(北京)贸易有限公司"),
    ("云岭明远科技有限公司明川分公司",),
    ("云岭明远信息科技有限公司",),
    ("清河安达电子有限公司", "清河安达电子有限公司（盖章）"),
    ("清河安达电子工程有限公司",),
    ("新疆清河安达电子有限公司",),
)
CORPS = (
    (
        "第八师石河子市公安局",
        "石河子市公安局",
        "新疆生产建设兵团第八师公安局",
        "农八师公安局",
        "兵团第八师石河子市公安局",
    ),
    ("第一师阿拉尔市公安局", "阿拉尔市公安局", "新疆生产建设兵团第一师公安局"),
    ("阿克苏地区公安局", "阿克苏行署公安局"),
    ("新疆生产建设兵团公安局", "兵团公安局", "新疆兵团公安局"),
    ("新疆维吾尔自治区公安厅", "新疆公安厅"),
)


def organisations() -> Iterator[tuple[str, ...]]:
    """Each item: the spellings of one organisation."""
    for spellings, province, below in PLACES:
        for unit in UNITS:
            yield tuple(
                dict.fromkeys(
                    [place + form for place in spellings for form in unit] + [province + spellings[0] + unit[0]]
                )
            )
        if below is not None:
            full, short = below
            city = spellings[0]
            yield (
                f"{city}公安局{full}分局",
                f"{city}公安局{short}分局",
                f"{city}{full}公安分局",
                *(f"{other}公安局{full}分局" for other in spellings[1:]),
            )
            yield (f"{city}公安局{full}分局城东派出所", f"{city}{full}公安分局城东派出所")
    yield from COMPANIES
    yield from CORPS


def score(knowledge: OrgKnowledge) -> dict[str, object]:
    """Precision and recall of merged pairs over all pairs of all spellings."""
    items = [(index, named(name, knowledge, ON)) for index, names in enumerate(organisations()) for name in names]
    right = wrong = missed = 0
    errors: list[str] = []
    for (i, one), (j, other) in itertools.combinations(items, 2):
        if one.identity.key != other.identity.key and i != j:
            continue  # never merged: compare() merges equal keys only, and no credit codes are given
        merged = compare(one, other).answer is Answer.SAME
        if merged and i == j:
            right += 1
        elif merged:
            wrong += 1
            errors.append(f"merged: {one.analysis.name} | {other.analysis.name}")
        elif i == j:
            missed += 1
            errors.append(f"missed: {one.analysis.name} | {other.analysis.name}")
    return {
        "names": len(items),
        "precision": right / (right + wrong),
        "recall": right / (right + missed),
        "errors": errors,
    }


def main() -> int:
    from seeds.orgs import load_org_knowledge

    result = score(load_org_knowledge())
    print(json.dumps(result, ensure_ascii=False))
    return 0 if float(str(result["precision"])) >= 0.995 and float(str(result["recall"])) >= 0.95 else 1


if __name__ == "__main__":
    sys.exit(main())
