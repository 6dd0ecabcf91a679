"""Words and character n-grams of short texts: what the classifiers see. A change here needs new models (``FEATURES_VERSION``)."""

from __future__ import annotations

import hashlib
import re

from nlp.patterns import regex
from nlp.text import key

FEATURES_VERSION = "1"
_HAN = regex(r"[一-鿿]+")
_LATIN = regex(r"[a-z][a-z0-9\-./+]*")
_DIGITS = regex(r"\d+")
_BOILERPLATE = regex(
    r"政府采购|公开招标|竞争性(?:磋商|谈判)|单一来源|询价|(?:采购|招标|中标|成交|合同|更正|终止|废标|结果|意向|验收|候选人)+(?:公[告示开])|"
    r"采购项目|项目|采购|购置|公告|公示|\d{4}年度?|第.次|[一二三四五六七八九十]标段|标段|一批|等设备"
)
_MAX_NAME = 80
_MAX_TITLE = 120
_MAX_BODY = 900
_LINE = regex(r"[^\n¦:：。;；]{2,14}(?=[:：])|(?:^|\n)[^\n]{2,18}(?=\n|$)")
_CUES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, regex(pattern))
    for name, pattern in (
        ("plan", r"意向|预计采购时间|年度.{0,4}(?:计划|安排)|计划(?:采购|启动|实施|金额|投资)|初步(?:预算|安排)|估算金额|拟采购内容|先行公开|提前告知"),
        ("prequalify", r"资格预审|资审|预审"),
        ("invite", r"递交.{0,6}(?:投标|响应|报价)|投标截止|响应截止|报价截止|开标|获取.{0,4}文件|报名|潜在(?:投标人|供应商)|最高限价|保证金|资质要求|资格要求|欢迎.{0,8}(?:参加|参与|报价)|邀请|工期要求|踏勘"),
        ("changed", r"更正|变更|修改|澄清|答疑|答复如下|调整|推迟|延期|延至|改为|暂停|恢复|以此为准|其他内容不变|首次公告"),
        ("ranked", r"候选|第一名|第二名|排序|排名|推荐.{0,6}为|拟(?:中标|成交|中选|定|由)|公示期|异议"),
        ("won", r"中标(?:人|单位|供应商|价|金额)|成交(?:供应商|金额|价|单位)|中选(?:人|单位|供应商|价)|确定.{0,20}为|定标|未中标|通知书|供货单位|结果公布"),
        ("failed", r"不足.{0,4}家|废标|流标|终止|失败|取消|重新(?:组织|招标|采购)|不再进行|均超过预算"),
        ("contract", r"甲方|乙方|签订|签约|合同(?:编号|金额|总额|价|期限|备案)|协议书|条款|违约责任|续签|补充协议|付款方式"),
        ("accepted", r"验收|终验|初验|查验|到货|试运行|质保期自|合格.{0,4}付款|履约(?:评价|情况)|实收数量"),
        ("sole", r"唯一|独家|不可替代|专利|专有技术|原厂|单一来源|只能(?:从|由)|添购|直接(?:谈判|采购)|征求.{0,8}供应商意见"),
        ("import", r"进口|国产.{0,6}(?:不能|无法|不足|不满足)|国外品牌|原产地|海关|境外"),
        ("framework", r"框架协议|入围|入库|征集|协议供货|定点|轮候|淘汰比例"),
        ("order", r"订单|网上超市|商城|电子卖场|直接订购|电商|店铺|下单|竞价单|议价成交|实付"),
        ("complaint", r"投诉|质疑|处罚|罚款|违规|违法|不良行为|监督检查|责令|当事人|驳回|行政复议|虚假材料|警告"),
        ("survey", r"调研|市场调查|征求意见|意见反馈|草案|招租|转让|竞买|拍卖|报废|招募|考核|培训会|停机维护|会议强调"),
        ("experts", r"专家(?:论证|姓名|组|意见)|论证意见|专业人员"),
        ("reviewers", r"评审专家|评审小组|小组成员|评审委员会|评标委员会"),
    )
)  # fmt: skip
_TIER_CUES = regex(
    r"(?P<police>公安|警|派出|看守|拘[留役]|刑[侦技事大]|网[安监]|禁毒|[枪械弹]药?库|枪[械弹]|户[籍政]|出入境|执法(?:办案|监督)|办案|案件|涉案|羁押|在押|押解|驾[考管驶]|车(?:管|辆管理)|机动车登记|侦查|物证|人口(?:管理|信息)|巡[逻控防特]|治安|收容审查|强制医疗|被装)|(?P<rail>铁路|乘警|火车)|(?P<port>港|航运|水上|水警|长航)|"
    r"(?P<forest>森林|林区|林业|森警|林警)|(?P<air>机场|民航|空警)|(?P<border>边检|边防|边境|移民|国门)|(?P<customs>海关|[缉辑]私)|(?P<corps>兵团|垦区|师市|^师|团场)|"
    r"(?P<school>学[院校阮园]|警校|警院|干校)|(?P<prison>监狱|监区|劳改|劳教|劳动(?:教养|改造)|戒毒|强戒|狱|罪犯|犯人|服刑|少管|未管|管教所|[男女]监)|(?P<court>法院|法庭|审判|诉讼|法官|[中高]院|中法)|"
    r"(?P<procurator>检察|(?<!特)检院|人民检|[市县区]检$)|(?P<state>国安|国家安全|安全厅)|(?P<armed>武警|武装|海警)|(?P<fire>消防|119)|(?P<urban>城管|市容|城[市巿]管|城市综合)|(?P<ministry>公安部|^部|[一二三]所)|"
    r"(?P<kin>协会|文联|幼儿园|托儿|宾馆|招待所|俱乐部|疗养院|服务社|服务部|印刷|活动中心)|"
    r"(?P<civil>资源|规划|环境|生态|农|牧|文化|旅游|教育|卫生|健康|财政|审计|交通|水[利务]|林草|气象|民政|人力|社会|住房|城乡|建设|大数据|政务|市场|商务|发展|工业|信息化|科技|统战|组织部|宣传|数据)"
)  # fmt: skip
_AREA_CUES = regex(
    r"(?P<surveil>监控|摄像机|摄像头|球机|枪机|录像机|卡口|抓拍|nvr|视频(?:联网|综合|平台|图像)|人脸|布控|执法记录)|(?P<vforensic>模糊图像|图像(?:处理|增强|检验|真伪)|视频(?:侦查|检验|摘要|增强|恢复|取证)|声纹|语音检验|录音资料|画像)|"
    r"(?P<network>交换机|路由|光模块|光纤|网线|布线|无线ap|局域网|网络设备|负载均衡|配线|跳线|收发器|网桥)|(?P<server>服务器|存储|硬盘|阵列|磁带|备份|容灾|虚拟化|超融合|云平台|u盘|优盘)|"
    r"(?P<centre>ups|不间断|机房|精密空调|机柜|蓄电池|动环|配电|发电机|冷通道|微模块|冷水)|(?P<comm>对讲|电台|集群|手台|手持台|车载台|卫星|通信|自组网|图传|视频会议|调度|基站|警务通|屏蔽|电话)|"
    r"(?P<dna>dna|基因|遗传|str|pcr|核酸|扩增|测序|血样|血卡|试剂盒|染色体|唾液采集)|(?P<lab>色谱|质谱|光谱|离心|显微镜|实验|移液|天平|培养|冰箱|通风|试剂|标准品|毒化|理化|萃取)|"
    r"(?P<crime>指纹|痕迹|勘查|物证|足迹|文检|枪弹|解剖|尸|法医|刑事|刑侦|现场|掌纹|测谎|心理测试|血迹|虹膜)|(?P<digital>取证|电子数据|电子物证|只读|复制机|破解|解密|密码恢复|数据恢复|介质)|"
    r"(?P<counter>非线性|窃听|窃密|窃视|窃照|偷拍|线路分析|探杆|反窃|隐藏电子)|(?P<inspect>安检|x光|x射线|金属探测|爆炸物|毒品|炸药|违禁|液体检测|毒剂|查缉|探测门|吗啡)|(?P<eod>排爆|搜爆|防爆(?:罐|毯|围栏|球)|销毁器|水炮)|"
    r"(?P<thermal>热像|热成像|红外热|热瞄)|(?P<optic>望远镜|夜视|瞄准|测距|观察镜|瞄具|观察仪|微光|稳像)|(?P<tactical>防弹|防刺|防割|防暴|盾牌|头盔|手铐|警棍|催泪|战术|作战|单警|特警|特战|破门|破拆|约束|处突|反恐|面具)|"
    r"(?P<air>无人机|直升机|旋翼|机载|吊舱|固定翼|飞行|低空|反无|航空)|(?P<car>警车|车辆|轿车|客车|越野车|囚车|摩托|巡逻车|汽车|指挥车|运兵车|皮卡|装甲车|suv|商务车|拖车|清障|轮胎|警灯)|"
    r"(?P<cyber>防火墙|入侵|网闸|等保|堡垒机|漏洞|边界|安全审计|审计系统|态势|渗透|加密机|密码机|杀毒|防病毒|准入|vpn|waf|光闸|网络安全|密码应用|信息安全)|(?P<breath>酒精|酒检|酒驾|血醇|吹管|吹嘴)|"
    r"(?P<light>照明|手电|路灯|灯具|头灯|强光灯|探照|灯塔|工作灯|灯)|(?P<knife>刀|匕首)|(?P<camera>照相|相机|单反|镜头|摄录|微单|三脚架|摄影|闪光灯|定焦|变焦)|(?P<case>箱)|"
    r"(?P<gpu>gpu|显卡|图形处理|加速卡|算力|cpu|处理器|芯片|推理|fpga|主板|内存条|深度学习)|(?P<osint>舆情|开源情报|暗网|情报|爬取|社交媒体|关联分析|互联网(?:公开|信息|数据)|话单|关系图谱)|(?P<gis>地理信息|地图|pgis|gis|地址|三维|时空|测绘|倾斜摄影|遥感)"
)  # fmt: skip


def _quick(pattern: re.Pattern[str], first: str) -> re.Pattern[str]:
    """The same pattern, asked for only where it can begin: ``first`` are the first characters of all its words."""
    return regex(f"(?=[{first}])(?:{pattern.pattern})")


_QUICK_BOILERPLATE = _quick(_BOILERPLATE, r"\d一七三中九二五候八公六十单合四废意成招政更标竞第等终结询购采项验")
_QUICK_TIER_CUES = _quick(
    _TIER_CUES,
    "1一三中乘二交人住侦信俱健公兵农出刑办劳区协卫印县发商团国在垦城大女学安审宣宾少巡工市师干幼建弹强戒户托执押拘招收政教数文旅服未机林枪案械检森武民气水治法活派海消涉港火牧物犯狱环生男疗监看社禁科移空管组统缉网罪羁航被规警诉财资车辑边部铁长驾高",
)
_QUICK_AREA_CUES = _quick(
    _AREA_CUES,
    "cdfgnpsuvwx三不主云互交人介优低作信倾偷催光入关内冰冷准刀刑加动勘匕单卡卫反发取变只吊吗吹唾商囚固图地培基堡声处备复夜天头存安定实审客容密对尸局屏巡工布开强录微心态情战手执扩抓拖指掌排探推搜摄摩收数文旋无时显暗"
    "服望机杀枪染查标核模毒水汽法测液深清渗漏灯炸热照爆爬物特现球理电画痕皮监直相盾瞄破硬磁社离移稳窃等算箱精红约线网自舆航色芯萃蓄虚虹血装观视解警试话语调负质超越足路跳车轮轿边运违通遗遥配酒金销镜闪防阵隐集非面飞",
)
_PROBE = (
    "西部数据中心机房扩容及监控硬盘采购",
    "明川市公按局刑事侦查大队执法办案中心",
    "拟定供应商名单及论证意见",
    "遗传分析仪配套试剂盒",
)


def fingerprint() -> str:
    """Digest of what the features are made of: this code's version and its patterns."""
    parts: tuple[object, ...] = (
        FEATURES_VERSION,
        _BOILERPLATE.pattern,
        _LINE.pattern,
        _MAX_NAME,
        _MAX_TITLE,
        _MAX_BODY,
    )
    parts = (*parts, [(name, cue.pattern) for name, cue in _CUES], _TIER_CUES.pattern, _AREA_CUES.pattern)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def dictionary_fingerprint() -> str:
    """Digest of how the segmenter cuts a fixed set of sentences. Loads the segmenter (0.1 s)."""
    return hashlib.sha256(repr([_cut(sentence) for sentence in _PROBE]).encode()).hexdigest()[:16]


def _cut(text: str) -> list[str]:
    import rjieba  # noqa: PLC0415 -- a tenth of a second, which a question about one ruled name need not wait for

    words: list[str] = rjieba.cut(text)
    return words


def _words(text: str) -> list[str]:
    """The Chinese words of two characters and more."""
    return [word for word in _cut(text) if len(word) > 1 and "一" <= word[0] <= "鿿"]


def unit_features(tail: str) -> list[str]:
    """Of an organisation's name without its place: words, character pairs and triples, the last characters."""
    text = _DIGITS.sub("0", key(tail))[:_MAX_NAME]
    out = [f"w:{word}" for word in _cut(text)]
    out += [f"c:{match.lastgroup}" for match in _QUICK_TIER_CUES.finditer(text)]
    _grams(text, "g:", out)
    out += [f"s:{left}{right}" for left, right in zip(text, text[2:], strict=False)]
    out.extend(f"e:{text[-size:]}" for size in (1, 2, 3) if len(text) >= size)
    return out


def area_features(name: str, model: str | None, title: str | None) -> list[str]:
    """Of one line of goods: the name in full, latin words of the model, words of the title it stands under."""
    out: list[str] = []
    text = without_boilerplate(name)[:_MAX_NAME]
    words = _words(text)
    cues = [str(match.lastgroup) for match in _QUICK_AREA_CUES.finditer(text)]
    out += [f"c:{cue}" for cue in cues]
    if cues:
        out.append(f"z:{cues[-1]}")
    out += [f"w:{word}" for word in words]
    if words:
        out.append(f"l:{words[-1]}")
    for run in _HAN.findall(text):
        _grams(run, "g:", out)
        out.append(f"e:{run[-1]}")
        out.append(f"e:{run[-2:]}")
    out.extend(f"x:{_DIGITS.sub('0', word)}" for word in _LATIN.findall(text))
    if model:
        out.extend(f"m:{_DIGITS.sub('0', word)}" for word in _LATIN.findall(key(model))[:6])
    if title:
        out.extend(title_features(title))
    return out


def title_features(title: str) -> list[str]:
    """Words of the title a line stands under; the same for all its lines."""
    return [f"t:{word}" for word in _words(without_boilerplate(title)[:_MAX_TITLE])]


def without_boilerplate(text: str) -> str:
    """The folded text without the words every title has."""
    return _QUICK_BOILERPLATE.sub(" ", key(text))


def type_features(title: str | None, text: str) -> list[str]:
    """Of a notice: cues, words and last characters of the title; cues, words and labels of the beginning of the text."""
    out: list[str] = []
    head = _DIGITS.sub("0", key(title or ""))[-_MAX_TITLE:]
    body = _DIGITS.sub("0", text[: _MAX_BODY * 2].casefold())[:_MAX_BODY]
    for name, cue in _CUES:
        if cue.search(head) is not None:
            out.append(f"ct:{name}")
        found = {match.group() for match in cue.finditer(body)}
        out.extend(f"c:{name}:{count}" for count in range(1, min(len(found), 4) + 1))
    if head:
        out.extend(f"t:{word}" for word in _cut(head) if len(word) > 1)
        out.extend(f"e:{head[-size:]}" for size in (2, 3, 4) if len(head) >= size)
    out += [f"b:{word}" for word in _words(body)]
    out.extend(f"k:{key(label)}" for label in _LINE.findall(body))
    return out


def _grams(text: str, prefix: str, out: list[str]) -> None:
    for size in (2, 3):
        out += [prefix + text[at : at + size] for at in range(len(text) - size + 1)]
