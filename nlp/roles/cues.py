"""The cue lexicon: words that say what a brand mention is doing, by group.

One automaton finds the longest cue at each place, so a long cue hides the short ones inside it: 中标候选人 is a cue of
``candidate`` and not of ``award``. The group ``neutral`` exists only to hide (应用 hides 应, 无线 hides 无). A group is evidence, not a verdict; rules and the model weigh it by side and distance.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.values import value

CUES: Final[dict[str, str]] = {
    "award": """中标 成交 中选 中标产品 成交产品 中标品牌 成交品牌 中标结果 成交结果 中标公告 成交公告 定标
        中标（成交） 中标(成交) 中标货物 成交货物 主要中标标的 主要成交标的 中标标的 成交标的 中标内容 成交内容 成交金额 中标金额 中标价
        成交价 中标单价 成交单价 中标总价 定标结果 中标通知书 成交通知书 中选结果 结果公告 结果公示 采购结果 成交明细 中标明细
        中标型号 成交型号 最终成交 最终中标 授予 确定中标 确定成交 询价结果 竞价结果 中标信息 成交信息 成交标的信息 授标""",
    "winner": """中标人 成交人 中标供应商 成交供应商 中标单位 成交单位 中选供应商 中标方 成交方 中选人 中标商 中标企业 中标公司""",
    "contract": """合同 订单 乙方 供货 交货 签订 签约 履约 网超 直购 电子卖场 合同标的 合同金额 合同价 合同公告 采购合同 销售合同 购销合同 订货 下单 采购订单
        送货 交付 合同货物 供货清单 供货商 合同编号 合同总价 合同单价 协议供货 网上超市 政采商城 采购商城 合同签订 合同主要信息 供货范围 发货 结算
        合同公示 订单详情 订单编号 下单时间 订购 商品清单 买卖合同 补充协议 合同变更 甲乙双方 供方 需方 徕采商城 定点采购 收货 供货人 合同清单 合同附件""",
    "acceptance": """验收 验收结果 验收合格 到货验收 履约验收 验收报告 验收公告 验收清单 到货 开箱 初验 终验 验收单 签收""",
    "candidate": """候选 候选人 中标候选人 成交候选人 中标候选 候选品牌 候选供应商 推荐中标人 推荐成交人 推荐中标候选人 入围 入围品牌 入围产品 投标人 投标品牌 所投 所投产品
        所投品牌 投标产品 投标报价 报价产品 响应产品 未中标 未成交 落标 未入围 得分 排名 第一名 第二名 第三名 评审得分 综合得分 拟投 投报 候选公示 排序
        参与竞争 参与投标 响应供应商 投标文件 投标单位 报价品牌 报价人 竞标 未中选 评标结果 评标 评审结果 技术得分 评审情况 评标情况 入围候选 所报
        投标商 响应品牌 第一候选 第二候选 第三候选 得票 备选 落选 所响应 应标 初审 评标报告 开标一览表 开标记录 递交响应 投标响应""",
    "failed": """废标 流标 终止 采购失败 无效标 有效供应商不足 不足三家 未通过 资格审查未通过 符合性审查 否决 取消中标资格 废标公告 流标公告 被否决 失败 作废标处理 重新组织采购""",
    "require": """须 必须 应 应当 应采用 应选用 应为 需为 须为 要求 指定 统一选用 统一采用 配置要求 技术要求 参数要求 品牌要求
         核心产品 不得更换 只能 仅限 必备 技术参数 招标参数 主要参数 指定品牌 统一使用
          限定 要求为
            应使用 应配置 须采用 须选用 须提供 必须为""",
    "reference": """参考 推荐 推荐品牌 参考品牌 参考型号 参照 不低于 相当于 或相当于 同等 同档次 档次 同等档次 优于 等同于 同级别 相当 品牌档次 相当品牌 类似 或以上 及以上档次
        同等品质 建议品牌 建议选用 优选 参照品牌 参考样本 参考产品 参考或相当于 同类型 同等性能 其他品牌 同等级 不限于 或同等 或更优 或优于 同类品牌 一线品牌 知名品牌 参照或相当于 为例
        对标 例如 不亚于 不劣于 达到或超过 品质相当 仅供参考 建议 备选品牌 相近 等同 水平 性能相当 质量相当 档次相当 不逊于""",
    "choose": """任选 任选其一 任选一 三选一 二选一 两选一 四选一 五选一 其中之一 任意一种 任意一个 任意 选一 均可 之一 以下品牌 可选品牌 任一 任一品牌 择一 自选 任选一种 任选一个 中的一种
        以下任一 择优 多选一 皆可 都可以 二者选一 二者选其一 不限品牌 可选 选其一 择其一 一种即可 即可 任选其中 之中 任取 选配其一 择一投标 选择一个 选择其中""",
    "installed": """现有 在用 利旧 已建 原有 已有 已部署 已安装 现用 目前使用 投入使用 已配备 现网 已购 购于 购置于 此前采购 服役 存量 既有 正在使用 原系统 现状 装备有
        已运行 在运行 目前采用 现采用 投运 启用 台账 前期 一期 已建成 已购置 已列装 列装 目前为 现为 原采购 原设备 现配 已使用 年购置 年采购 目前 已采购 建设于 保有 运行中
        已配置 现役 老旧 已接入 原配置 前期建设 使用的 在网 部署有 安装有 配有 目前有 拥有 固定资产 资产 现状说明 现装备 目前配备 前期采购 此前 已于 沿用 继续使用 继续保留""",
    "maintain": """维保 维修 延保 校准 巡检 保养 运维 维护 保修 检修 续保 原厂服务 检定 大修 售后维护 维修保养 原厂维保 维保服务 维护保养 运行维护 技术支持服务 运维服务 维修服务 保修服务 延保服务
        质保服务 续费 年检 驻场 整机保 技术保障 支持服务 订阅服务 续订 翻修 故障维修 应急维修 修理 返修 检测维修 维护服务 设备维保 硬件维保 软件维保 更换备件 备件服务 定期检查 维保期 延长保修 维保费
        维修费 服务续签 原厂续保 校验 标定 计量 点检 全保 技保 人工保 保修期外 延长质保 升级服务 备件更换 故障处理 修复 抢修 代维 零配件 配件更换 预防性维护 健康检查 维护项目 运维项目 维保项目""",
    "consumable": """适用 适用于 耗材 硒鼓 墨盒 碳粉 粉盒 墨粉 色带 墨水 配套耗材 兼容耗材 替换 代用 打印头 定影 滤网 滤芯 通用耗材 色带架 鼓架 感光鼓 碳粉盒 墨仓 墨水盒 配套试剂 配套使用 专用耗材
        打印耗材 加粉 灌粉 硒鼓粉 色带芯 纸盒 废粉盒 转印带 搓纸轮 喷头 适配 易耗品 配套用 适合 耗材包 试剂耗材 色谱柱 粉仓 带芯 鼓组件 硒鼓架 粉筒 显影 载板 吸头 兼容墨盒 国产兼容 配套国产
""",
    "compatible": """兼容 对接 纳管 接入 互通 互联 集成 兼容性 联动 无缝 统一管理 互操作 级联 互认 兼容现有 互联互通 无缝对接 混合组网 组网 接口开发 协议互通 混插 混用 统一纳管 匹配 完全兼容 接入现有
        能够接入 可接入 兼容主流 接口对接 对接现有 数据对接 扩容 融合 适配现有 平台对接 支持接入 可管理 同网 识别并管理""",
    "exclude": """不接受 不允许 不得选用 不得采用 禁止 拒绝 排除 国产化替代 替代 仅限国产 谢绝 淘汰 国产化 信创 替换原有 去IOE 不采购 不予采购 不得使用 严禁 一律不 退出 国产替代 信创替代
        不得采购 不得投标 不得含有 禁用 停用 负面清单 限制使用 拆除 下线 停止使用 清退 替代原有 替换现有 国产替换 更换为国产 不选用 不予接受 拒绝接受 非国产 自主可控 自主品牌 黑名单 禁止采购 剥离 平滑替代 下架
        不考虑 杜绝 不再使用 不再采购 替换为国产 替换为 作无效投标处理 按无效投标处理 安全审查 禁止使用 不支持采购 替换掉 取代 不得为 不得包含 不得提供 逐步替代 退网 退役""",
    "negate": """非 不含 不包括 不包含 未指定 并非 不是 没有 未采购 未发现 未提供 取消 删除 笔误 误写 有误 误将 更正前 原文 不带 不指定 不再 撤销 核减 剔除 未使用 原为 改为 更正为 变更为 修改为 调整为
        未限定 未要求 不涉及 未涉及 无 未配置 未见 不属于 未购买 误填 误植 错写 写错 未安装 不配 不提供 未使用过 并未 不限定 不存在 不需 无需 不需要 未投 原招标文件 应为 更正后 现更正 更正 变更前 变更后 勘误 修改前 原内容
        澄清前 与事实不符 不成立 未列入 虚假 冒用 并无 从未 未曾 假冒 错误 误 不实 刊误 未供货 不予 未能提供""",
    "compare": """相比 对比 比较 差距 论证 专家意见 测评 不如 无法 不可替代 横向 落后 高于 逊于 指标对比 同类产品 相较 优势 劣势 调研 专家论证 论证意见 市场调研 差异 评测 进口论证 理由 国产设备 国产品牌 国产仪器
        优劣 实测 同类进口 技术比较 唯一 分别为 领先 弱于 强于 更低 对标测试 同等条件 市场上 占有率 测试表明 难以满足 无法满足 性能对比 论证专家 国产同类 均能 次之 劣于 较差 稳定性 满足不了 胜过 超过 技术水平 选型""",
    "authorise": """授权 授权书 授权函 原厂授权 认证工程师 授权经销商 代理 代理商 经销商 总代理 认证 原厂证明 资质 授权服务商 合作伙伴 制造商授权 服务承诺函 厂家授权 代理证 资格证书 认证证书 经销授权 授权代理 金牌
        承诺函 原厂商授权 厂商授权 代理权 授权证明 证书 授权的 经销 特约 授权维修 授权文件 工程师证书 认证专家 代理资格 总经销 分销商 售后服务承诺 原厂盖章 盖章 证明函 供货证明 唯一代理 持有 授权链 原厂工程师 工程师 原厂出具 出具 特约维修
        代理商证书 服务网点 专项授权 厂家证明 原厂商 CCIE CCNP OCP OCM MCSE RHCE VCP""",
    "target": """取证 提取 破解 解锁 解密 恢复 镜像 绕过 机型 解析 检材 车型 品牌手机 手机型号 数据提取 勘查 还原 仿真 密码破解 屏幕锁 锁屏密码 芯片级 嫌疑人 涉案 物证 手机取证 电子取证 查扣 扣押 鉴定 暗点码 无损提取 备份提取
        聊天记录 案件 支持主流 拆机 文件系统 逆向 侦查 监听 反制 侦测 查获 涉嫌 查缴 缴获 绕过密码 恶意代码 痕迹 抓取 免密 免root 镜像获取 被盗 开锁 车机 数据恢复 打印文件 加密容器""",
    "environment": """操作系统 浏览器 运行环境 软件平台 客户端 服务器端 中间件 运行于 运行在 系统环境 虚拟化平台 开发环境 及以上版本 版本 部署环境 服务器操作系统 软件环境 客户机 运行平台 跨平台 数据库支持 支持主流操作系统 主流数据库 主流浏览器
        系统要求 部署在 安装在 系统平台 数据库系统 软硬件环境 客户端支持 软件应支持 软件支持 安卓 系统支持 驱动支持 双系统 多平台 数据库 系统软件 应用服务器 虚拟机 办公软件 终端支持 预装 兼容浏览器 操作界面 软件运行""",
    "supplier": """有限公司 公司 集团 株式会社 分公司 办事处 供应商 供应商名称 有限责任公司 股份 制造商 生产厂家 生产厂商 厂商 厂家 供货方 服务商 代表处 国际贸易 拟定供应商 商贸""",
    "import": """进口 原装进口 进口产品 原装 产地 美国 日本 德国 原产国 国外 境外""",
    "chrome": """技术支持 版权所有 备案 扫一扫 下载 主办单位 网站 建议使用 分辨率 关注 公众号 ICP 网页 二维码 浏览本站 访问本站 推荐使用 网站地图 本站""",
    "complaint": """投诉 质疑 投诉人 被投诉人 投诉事项 处理决定 质疑函 答复 投诉处理 举报 监督检查 行政处罚 驳回 复议""",
    "score_rule": """加分 加2分 得2分 评分标准 评分办法 评分细则 得分标准 分值 每提供 不得分 得1分 得3分 得5分 最高得 评审因素 评分因素 满分""",
    "want": """拟采购 拟购 拟购置 拟采用 拟选用 需采购 采购需求 采购意向 采购标的需 采购清单 需求清单 采购内容 招标内容 采购货物 拟配备 采购数量 配置清单 单一来源 需购置 计划采购 计划购置 拟申购
        申购 预算 最高限价 控制价 项目概况 招标公告 采购公告 询价公告 磋商公告 谈判公告 采购预算 主要规格 采购计划 需求 采购进口 拟进口 采购需求表 预采购 拟以单一来源 货物需求 购置 需配置 需求公示
        意向公开 采购申请 拟从 单一来源采购 单一来源公示 采购前公示 采购的货物 拟招标 征求意见 竞争性磋商 竞争性谈判 公开招标 询价采购 比选 竞价公告 采购项目""",
    "goods": """主要标的 主要标的信息 主要标的名称 采购标的 规格型号 货物名称 标的名称 货物清单 设备清单 产品名称 商品名称""",
    "use": """采用 选用 使用 配备 配置 用""",
    "phone": """手机 智能终端 平板 机型号""",
    "accessory": """电池 支架 配件 保护壳 保护套 钢化膜 充电器 手机壳 表带 键盘膜 遮光罩 肩带 转接 数据线 底座 保护膜 适配器 遥控器""",
    "neutral": """比对 人脸比对 指纹比对 比对显微镜 比对系统 对比显微镜 对比度 应用 应急 供应 响应 相应 适应 对应 反应 感应 效应 应答 响应时间 无线 无人机 无损 无菌 无锡 无纸 无源 无故 无限 无效 无异议 无盘 无尘 无水 无影灯 无创 无障碍 无偿
        无形 无霜 无极 无毒 无刷 无油 无人 非常 非线性 非接触 非洲 除非 非制冷 非标 非法 误差 误码 企业级 应用于 信用 费用 用户 用于 通用 民用 警用 军用 专用 商用 家用 用途 用纸 用品 用电 备用 公用 实用 用车 费用 作用 用房
        用量 使用寿命 使用说明 使用单位 使用年限 使用部门 公司简介 要求详见 需求书 推荐性 应收 应付 软件适配 供应链 供应量 预算单位 预算管理 比例 分辨率 无线网 无线电 应变 应力 应届 对应的 用途 服务项目""",
}
"""Group → words. Words stand in one group only; the longest match wins."""

GROUPS: Final = tuple(CUES)


def _table() -> tuple[tuple[str, ...], tuple[int, ...]]:
    words: dict[str, int] = {}
    for index, group in enumerate(GROUPS):
        for word in CUES[group].split():
            words.setdefault(word, index)
    return tuple(words), tuple(words.values())


_WORDS, _GROUP_OF = _table()
_NEUTRAL = GROUPS.index("neutral")
_AUTOMATON = AhoCorasick(list(_WORDS), matchkind=MatchKind.LeftmostLongest)

CUES_FINGERPRINT: Final = hashlib.sha256(repr((_WORDS, _GROUP_OF)).encode()).hexdigest()[:16]
"""Digest of every cue and its group; part of the model card."""


@value
class CueHits:
    """All cues of one text in order. Parallel arrays: group index, start, end."""

    groups: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def within(self, start: int, end: int) -> range:
        """Indexes of the cues that lie wholly inside ``[start, end)``."""
        if start >= end:
            return range(0)
        first = bisect_left(self.starts, start)
        last = bisect_left(self.starts, end)
        while last > first and self.ends[last - 1] > end:
            last -= 1
        return range(first, last)

    def groups_within(self, start: int, end: int) -> frozenset[str]:
        """Names of the groups with a cue inside ``[start, end)``."""
        return frozenset(GROUPS[self.groups[index]] for index in self.within(start, end))


def find_cues(text: str) -> CueHits:
    """Every longest, non-overlapping cue of the text; one linear pass."""
    found = [hit for hit in _AUTOMATON.find_matches_as_indexes(text) if _GROUP_OF[hit[0]] != _NEUTRAL]
    return CueHits(
        groups=tuple(_GROUP_OF[pattern] for pattern, _, _ in found),
        starts=tuple(start for _, start, _ in found),
        ends=tuple(end for _, _, end in found),
    )


def groups_of(text: str) -> frozenset[str]:
    """Groups with a cue in a short text (a heading, a column title, a label)."""
    found = {_GROUP_OF[pattern] for pattern, _, _ in _AUTOMATON.find_matches_as_indexes(text)}
    return frozenset(GROUPS[group] for group in found if group != _NEUTRAL)
