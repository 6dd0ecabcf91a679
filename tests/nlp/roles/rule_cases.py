"""Cases of every rule. All texts are constructed.

``⟦…⟧`` marks the mentions found; the first one is the one asked about. A leading ``@type `` gives the notice type, a leading
``#status `` makes the whole text one line of goods of a lot with that status, a leading ``^ `` makes the first line the title.
"""

from __future__ import annotations

from typing import NamedTuple


class Cases(NamedTuple):
    applies: list[tuple[str, str]]
    does_not_apply: list[str]
    not_applicable: list[str]


CASES: dict[str, Cases] = {
    "domestic_replacement": Cases(
        [
            ("国产化替代项目：替换原有⟦思科⟧交换机30台", "excluded"),
            ("将⟦Oracle⟧数据库整体迁移至国产数据库", "excluded"),
        ],
        ["信创办公终端采购，打印机须兼容⟦惠普⟧驱动", "国产替代硒鼓，适用⟦惠普⟧M1005"],
        ["采购⟦思科⟧交换机2台"],
    ),
    "connects_to": Cases(
        [
            ("系统支持对接⟦Oracle⟧、⟦SAP⟧等数据源", "compatible_with"),
            ("视频平台须与市局⟦海康⟧平台级联", "compatible_with"),
            ("可接驳⟦霍尼韦尔⟧消防主机信号", "compatible_with"),
        ],
        ["全市已接入⟦海康⟧摄像机1.2万路", "中标产品与⟦思科⟧交换机完成对接"],
        ["采购⟦思科⟧交换机2台"],
    ),
    "deleted_statement": Cases(
        [
            ("删除评分项“提供⟦Oracle⟧ OCP证书得2分”", "negated"),
            ("原招标文件第12页“须采用⟦西门子⟧PLC”删除", "negated"),
            ("需求变更：撤销⟦英伟达⟧T4显卡配置", "negated"),
        ],
        ["删除⟦三星⟧手机中的视频文件后进行恢复", "取消⟦思科⟧产品的成交资格"],
        ["采购⟦思科⟧交换机2台"],
    ),
    "before_correction": Cases(
        [
            ("更正前：品牌⟦惠普⟧；更正后：品牌佳能", "negated"),
            ("更正内容 ¦ 更正前 ¦ 更正后\n打印机 ¦ ⟦惠普⟧ ¦ 佳能", "negated"),
            ("原⟦戴尔⟧服务器现更正为联想服务器", "negated"),
        ],
        ["更正后：品牌⟦惠普⟧，交货期调整为30天", "⟦思科⟧交换机数量由2台更正为3台"],
        ["采购⟦思科⟧交换机2台"],
    ),
    "clerical_error": Cases(
        [("附件中“⟦东芝⟧”系笔误", "negated"), ("公告将品牌误写为⟦东芝⟧", "negated")],
        ["⟦东芝⟧硬盘容错阵列，误码率低"],
        ["⟦东芝⟧硬盘4块"],
    ),
    "supplier_name": Cases(
        [
            ("供应商：⟦飞利浦⟧（中国）投资有限公司", "supplier_is_brand"),
            ("中标人：浙江⟦大华⟧技术股份有限公司", "supplier_is_brand"),
        ],
        ["须提供⟦飞利浦⟧（中国）投资有限公司出具的授权书", "明川市清河区东岭⟦大华⟧科技有限公司"],
        ["⟦飞利浦⟧监护仪2台", "中标人：石桥⟦戴尔⟧通达工贸有限公司"],
    ),
    "several_brands": Cases(
        [
            ("@award 名称 ¦ 品牌 ¦ 数量\n监控级硬盘 ¦ ⟦希捷⟧或⟦西部数据⟧ ¦ 24块", "alternative"),
            ("@contract 名称 ¦ 品牌 ¦ 数量\n监控级硬盘 ¦ ⟦希捷⟧、⟦西部数据⟧、⟦东芝⟧ ¦ 30块", "alternative"),
        ],
        ["@award 名称 ¦ 品牌 ¦ 数量\n服务器、打印机 ¦ ⟦戴尔⟧、⟦惠普⟧ ¦ 2台、3台"],
        ["@award 名称 ¦ 品牌 ¦ 数量\n监控级硬盘 ¦ ⟦希捷⟧ ¦ 24块", "采购⟦希捷⟧、⟦西部数据⟧硬盘"],
    ),
    "failed_lot": Cases(
        [("#failed 监控硬盘 ¦ ⟦希捷⟧ ¦ 40块", "candidate"), ("#cancelled 监控硬盘 ¦ ⟦希捷⟧ ¦ 40块", "candidate")],
        ["#awarded 监控硬盘 ¦ ⟦希捷⟧ ¦ 40块"],
        ["监控硬盘 ¦ ⟦希捷⟧ ¦ 40块"],
    ),
    "candidate_lot": Cases(
        [("#candidate 监控硬盘 ¦ ⟦希捷⟧ ¦ 40块", "candidate")],
        ["#awarded 监控硬盘 ¦ ⟦希捷⟧ ¦ 40块"],
        ["监控硬盘 ¦ ⟦希捷⟧ ¦ 40块"],
    ),
    "row_outcome": Cases(
        [("供应商 ¦ 品牌 ¦ 结果\n甲 ¦ ⟦惠普⟧ ¦ 未中标", "candidate")],
        ["供应商 ¦ 品牌 ¦ 结果\n甲 ¦ ⟦惠普⟧ ¦ 中标"],
        ["⟦惠普⟧未中标"],
    ),
    "excluded_statement": Cases(
        [
            ("本包不接受⟦派诺特⟧等国外无人机", "excluded"),
            ("⟦戴尔⟧、⟦惠普⟧等品牌不予接受", "excluded"),
            ("除⟦西门子⟧外，其他品牌均可参与", "excluded"),
        ],
        ["不接受非⟦思科⟧品牌", "不接受⟦思科⟧以外的品牌"],
        ["采购⟦思科⟧交换机2台", "电梯须为⟦三菱⟧原装，不接受国内组装"],
    ),
    "authorisation": Cases(
        [
            ("投标人须提供⟦思科⟧原厂授权书", "authorised"),
            ("具有⟦红帽⟧认证工程师证书", "authorised"),
            ("经⟦尼康⟧（中国）有限公司授权的维修点", "authorised"),
        ],
        ["⟦VMware⟧软件经销商授权20套"],
        ["⟦思科⟧交换机2台"],
    ),
    "forensic_target": Cases(
        [
            ("支持⟦苹果⟧、⟦三星⟧手机数据提取", "target"),
            ("可对⟦西部数据⟧加密硬盘进行密码恢复，破解速度快", "target"),
        ],
        ["采购⟦Cellebrite⟧手机取证设备2套"],
        ["⟦苹果⟧笔记本2台"],
    ),
    "consumable_for": Cases(
        [
            ("硒鼓（适用于⟦佳能⟧LBP2900）", "consumable_for"),
            ("兼容⟦惠普⟧12A硒鼓", "consumable_for"),
            ("耗材 ¦ 适用机型 ¦ 数量\n硒鼓 ¦ ⟦惠普⟧M405 ¦ 4支", "consumable_for"),
        ],
        ["⟦惠普⟧原装硒鼓10支"],
        ["软件适用于⟦Windows⟧系统"],
    ),
    "negated_statement": Cases(
        [
            ("本次中标产品非⟦思科⟧产品", "negated"),
            ("配置不含⟦微软⟧操作系统", "negated"),
            ("问：是否包含⟦VMware⟧许可？答：不包含", "negated"),
        ],
        ["非⟦思科⟧品牌不予接受"],
        ["采购⟦思科⟧交换机", "问：是否包含⟦VMware⟧许可？答：包含"],
    ),
    "after_correction": Cases(
        [
            ("更正前：品牌惠普；更正后：品牌⟦佳能⟧", "required"),
            ("中标结果更正：原品牌有误，现更正为⟦佳能⟧", "awarded"),
            ("更正后：参考品牌⟦佳能⟧", "reference"),
        ],
        ["品牌有误，更正为⟦佳能⟧，后又调整为联想"],
        ["采购⟦佳能⟧打印机"],
    ),
    "choose_one": Cases(
        [
            ("硬盘：⟦希捷⟧、⟦西部数据⟧任选其一", "alternative"),
            ("三选一：⟦惠普⟧、⟦戴尔⟧、联想", "alternative"),
        ],
        ["任选一天到现场勘察⟦思科⟧设备", "数据库可选⟦Oracle⟧、⟦MySQL⟧任一"],
        ["硬盘：⟦希捷⟧、⟦西部数据⟧"],
    ),
    "comparison_table": Cases(
        [("技术比较表\n指标 ¦ 国产设备 ¦ ⟦FLIR⟧设备\n灵敏度 ¦ 60 ¦ 30", "compared")],
        ["技术偏离表\n招标要求 ¦ 投标响应 ¦ 偏离\n交换机 ¦ ⟦思科⟧ ¦ 无"],
        ["与⟦FLIR⟧相比"],
    ),
    "reference_statement": Cases(
        [
            ("参考品牌：⟦戴尔⟧、⟦惠普⟧", "reference"),
            ("性能不低于⟦思科⟧C9300", "reference"),
            ("⟦施耐德⟧或同等档次产品", "reference"),
            ("摄像机 ¦ ⟦大华⟧ ¦ 同档次亦可", "reference"),
        ],
        ["推荐中标人：甲公司，专家测评显示性能不低于⟦思科⟧"],
        ["评审推荐中标候选人为⟦戴尔⟧"],
    ),
    "software_platform": Cases(
        [
            ("客户端支持⟦Windows⟧、麒麟等操作系统", "environment"),
            ("运行环境：⟦Windows⟧ Server", "environment"),
            ("建议使用⟦Windows7⟧及以上操作系统", "environment"),
            ("投标时须使用⟦谷歌浏览器⟧登录", "environment"),
        ],
        ["取证软件支持⟦Windows⟧操作系统痕迹提取"],
        ["采购⟦微软⟧办公软件"],
    ),
    "maintenance_title": Cases(
        [("明川市公安局⟦IBM⟧小型机维保服务采购项目成交公告", "maintained")],
        ["明川市公安局⟦IBM⟧小型机采购项目成交公告", "临泽市公安局⟦贝尔⟧路维修工程"],
        ["一、项目概况。\n⟦IBM⟧小型机维保服务"],
    ),
    "maintenance_service": Cases(
        [("合同标的：⟦思科⟧核心交换机延保两年", "maintained")],
        ["⟦戴尔⟧服务器提供三年维保服务", "具有⟦思科⟧设备维保服务资质"],
        ["⟦思科⟧核心交换机2台"],
    ),
    "maintenance_line": Cases(
        [
            ("@award 名称 ¦ 品牌 ¦ 规格型号 ¦ 数量\n遗传分析仪维保服务 ¦ ⟦ABI⟧ ¦ 3500xL ¦ 1项", "maintained"),
            ("@contract 标的名称 ¦ 品牌 ¦ 数量\n服务器维修（第二次） ¦ ⟦戴尔⟧ ¦ 2台", "maintained"),
            ("@award 核心设备延保 ¦ ⟦思科⟧ ¦ C9300 ¦ 2", "maintained"),
        ],
        [
            "@award 名称 ¦ 品牌 ¦ 数量\n服务器及三年维保 ¦ ⟦戴尔⟧ ¦ 2台",
            "@award 名称 ¦ 品牌 ¦ 服务要求\n服务器 ¦ ⟦戴尔⟧ ¦ 三年维保",
            "@award 名称 ¦ 品牌 ¦ 数量\n维修工具 ¦ ⟦博世⟧ ¦ 2套",
        ],
        ["⟦思科⟧核心交换机延保两年"],
    ),
    "installed_statement": Cases(
        [("机房现有⟦思科⟧路由器两台", "installed"), ("目前使用的⟦EMC⟧存储容量不足", "installed")],
        ["采购人现有⟦思科⟧路由器，新设备须与之兼容", "现有⟦思科⟧路由器维保到期"],
        ["采购⟦思科⟧路由器两台", "须与现有⟦思科⟧路由器兼容"],
    ),
    "contract_line": Cases(
        [
            ("@contract 货物名称 ¦ 品牌 ¦ 数量\n交换机 ¦ ⟦思科⟧ ¦ 2", "contracted"),
            ("防护面罩 ¦ ⟦3M⟧ ¦ 60套 ¦ 合同单价 780", "contracted"),
            ("@emall_order ^title ⟦希捷⟧ 4TB 监控硬盘", "contracted"),
        ],
        ["@contract 货物名称 ¦ 技术参数 ¦ 数量\n笔记本 ¦ 预装⟦Windows⟧ ¦ 2", "@contract ⟦思科⟧交换机维保服务。"],
        ["货物名称 ¦ 品牌 ¦ 数量\n交换机 ¦ ⟦思科⟧ ¦ 2"],
    ),
    "award_line": Cases(
        [
            ("主要中标标的\n名称 ¦ 品牌 ¦ 数量\n硬盘 ¦ ⟦希捷⟧ ¦ 24", "awarded"),
            ("@award 名称 ¦ 品牌 ¦ 数量\n硬盘 ¦ ⟦希捷⟧ ¦ 24", "awarded"),
            ("#awarded @award 硬盘 ¦ ⟦希捷⟧ ¦ 24", "awarded"),
        ],
        [
            "@award 名称 ¦ 参考品牌 ¦ 数量\n硬盘 ¦ ⟦希捷⟧ ¦ 24",
            "@award 名称 ¦ 技术参数\n软件 ¦ 支持⟦Windows⟧",
            "@award 评审结果\n供应商 ¦ 品牌 ¦ 得分\n甲 ¦ ⟦希捷⟧ ¦ 88",
        ],
        ["名称 ¦ 品牌 ¦ 数量\n硬盘 ¦ ⟦希捷⟧ ¦ 24"],
    ),
    "import_list": Cases(
        [
            ("@import_review 货物名称 ¦ 品牌 ¦ 数量 ¦ 是否进口产品\n夜视仪 ¦ ⟦L3Harris⟧ ¦ 2台 ¦ 是", "required"),
            (
                "@import_review 序号 ¦ 产品名称 ¦ 拟采购品牌型号 ¦ 预算（万元）\n1 ¦ 遗传分析仪 ¦ ⟦赛默飞⟧3500 ¦ 180",
                "required",
            ),
        ],
        [
            "@import_review 指标 ¦ 国产品牌 ¦ 进口品牌 ¦ 数量\n分辨率 ¦ 低 ¦ ⟦赛默飞⟧高 ¦ 1",
            "@import_review 产品名称 ¦ 品牌 ¦ 数量\n显微镜 ¦ ⟦徕卡⟧或同类进口产品 ¦ 1台",
            "@import_review 产品名称 ¦ 备注 ¦ 数量\n显微镜 ¦ 现用⟦徕卡⟧ ¦ 1台",
        ],
        ["货物名称 ¦ 品牌 ¦ 数量\n夜视仪 ¦ ⟦L3Harris⟧ ¦ 2台", "@import_review 夜视仪采用⟦L3Harris⟧产品"],
    ),
    "listed_under": Cases(
        [
            ("利旧设备清单\n服务器 ¦ ⟦IBM⟧ ¦ 4", "installed"),
            ("维保设备清单\n服务器 ¦ ⟦IBM⟧ ¦ 4", "maintained"),
            ("中标清单\n⟦大华⟧球机 ¦ 31台", "awarded"),
            ("合同货物清单\n⟦大华⟧球机 ¦ 31台", "contracted"),
            ("建议品牌\n⟦大华⟧/⟦宇视⟧ ¦ 摄像机", "reference"),
        ],
        [
            "中标候选人清单\n⟦大华⟧球机 ¦ 31台",
            "合同货物清单\n笔记本 ¦ 支持⟦Windows⟧",
            "@tender 合同货物清单\n⟦大华⟧球机 ¦ 31台",
        ],
        ["利旧设备清单：⟦IBM⟧服务器"],
    ),
    "goods_field": Cases(
        [
            ("中标标的名称：交换机；品牌：⟦思科⟧；数量：2台", "awarded"),
            ("合同信息：主要标的名称：台式机；规格型号：⟦戴尔⟧ 7010", "contracted"),
        ],
        ["中标结果：某公司；投标品牌：⟦思科⟧", "@tender 上期中标情况；品牌：⟦思科⟧"],
        ["中标产品系⟦思科⟧交换机"],
    ),
    "goods_list": Cases(
        [
            ("中标产品：交换机（华为）2台；服务器（⟦戴尔⟧）4台", "awarded"),
            ("合同标的：交换机2台；服务器⟦戴尔⟧4台", "contracted"),
        ],
        ["中标产品：交换机2台；须兼容⟦戴尔⟧服务器", "原中标产品：服务器（⟦戴尔⟧）4台"],
        ["服务器（⟦戴尔⟧）4台"],
    ),
    "award_statement": Cases(
        [
            ("经评审，甲公司成交，成交产品为⟦安捷伦⟧8890", "awarded"),
            ("中标供应商所投产品：色谱仪，⟦安捷伦⟧", "awarded"),
            ("最终定标为⟦H3C⟧ S12500", "awarded"),
        ],
        ["中标候选人的中标产品为⟦安捷伦⟧", "原中标产品为⟦惠普⟧"],
        ["采购⟦安捷伦⟧8890", "成交 ¦ ⟦安捷伦⟧"],
    ),
    "candidate_statement": Cases(
        [
            ("拟中标结果公示：⟦惠普⟧台式机，公示期内接受质疑", "candidate"),
            ("两家投⟦京瓷⟧，一家投理光", "candidate"),
            ("乙公司所投产品为⟦岛津⟧，得分78", "candidate"),
            ("投标人 ¦ 所投品牌 ¦ 报价\n甲 ¦ ⟦岛津⟧ ¦ 38万", "candidate"),
        ],
        ["所投产品须为⟦岛津⟧", "中标人所投产品为⟦岛津⟧"],
        ["采购⟦岛津⟧色谱仪"],
    ),
    "contract_statement": Cases(
        [
            ("甲方向乙方采购⟦戴尔⟧工作站3台，合同总价9万元", "contracted"),
            ("乙方供应⟦Comtech⟧卫星调制解调器2台", "contracted"),
        ],
        ["乙方供应的软件应支持⟦Windows⟧", "拟签订合同采购⟦戴尔⟧服务器"],
        ["⟦戴尔⟧工作站3台", "甲方 ¦ ⟦戴尔⟧"],
    ),
    "goods_title": Cases(
        [
            ("明川市公安局购置⟦赛默飞⟧遗传分析仪项目成交公告", "awarded"),
            ("明川市公安局⟦戴尔⟧服务器采购合同公告", "contracted"),
            ("明川市公安局采购⟦赛默飞⟧遗传分析仪项目公开招标公告", "required"),
        ],
        ["明川市公安局⟦赛默飞⟧遗传分析仪试剂采购成交公告", "明川市公安局⟦IBM⟧小型机维保项目成交公告"],
        ["⟦赛默飞⟧遗传分析仪", "说明：采购⟦赛默飞⟧遗传分析仪成交公告"],
    ),
    "required_statement": Cases(
        [
            ("核心交换机须采用⟦思科⟧品牌", "required"),
            ("拟采购⟦赛默飞⟧遗传分析仪1台", "required"),
            ("品牌要求：⟦戴尔⟧", "required"),
            ("非⟦思科⟧品牌不予接受", "required"),
            ("不接受⟦思科⟧以外的品牌", "required"),
        ],
        ["备份软件须采用兼容⟦VMware⟧的接口", "须采用⟦施耐德⟧或同等产品"],
        ["⟦思科⟧交换机", "@award 须采用⟦思科⟧品牌"],
    ),
}
