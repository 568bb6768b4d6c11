"""Made names, of the kind Chinese county towns have."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STREET_WORDS = _words("""
    幸福 和平 光明 团结 胜利 新华 人民 红旗 东风 前进 永安 长庆 安康 富民 兴业 民生 育才 崇文 尚德 明德
    仁和 泰和 嘉禾 丰收 振兴 康乐 福寿 春晖 秋实 晨光 朝晖 金桥 银川 玉泉 清泉 甘泉 柳荫 槐荫 松柏 梧桐
    桃园 杏林 梨园 石榴 丁香 牡丹 芙蓉 翠屏 凤凰 麒麟 望湖 观澜 听涛 映月 龙泉 虎丘 鹤鸣 飞雁 天河 星光
    瑞雪 祥云 长虹 彩虹 创新 科技 工农 劳动 青年 先锋 建国 国庆 开元 贞观 太平 永宁 定远 怀远 思源 致远
    宏图 鸿运 万寿 百花 千禧 世纪 时代 新源 新安 新兴 新民 爱民 利民 惠民 便民 安民 裕民 乐业 勤业 敬业
    弘文 博学 笃行 慎思 明志 立新 立德 景明 景德 景和 华阳 华光 向阳 朝云 暮云 白云 青云 凌云 南园 北园
    东园 中和 大同 顺和 兴隆 兴盛 昌盛 繁荣 富强 文明 友爱 互助 合作 丰乐 丰和 双桥 三桥 石桥 木桥 沙河
    长堤 新堤 柳堤 桑园 果园 菜园 花园 竹园 文苑 书香 翰林 状元 金榜 宏志 鼓楼 钟鼓 教场 校场 驿站 官道
    茶马 丝路 河西 陇东 秦川 渭水 关山 六盘 贺兰 祁连 天水 张掖 金昌 白银 定西 陇南 临夏 甘南 武威 嘉峪
    玉门 敦煌 阳关 安定 静宁 庄浪 崇信 华亭 灵台 泾川 庆城 合水 宁州 环江 镇原 正宁
""")
LANE_WORDS = _words("""
    油坊 铁匠 磨坊 水井 城隍庙 关帝庙 砖塔 染坊 豆腐 醋坊 酒坊 皮坊 毡匠 木匠 银匠 鞋匠 纸坊 碾子 马号
    骡马市 羊市 柴市 盐店 茶店 布店 当铺 药铺 书铺 笔墨 粮仓 官仓 义仓 县署 都司 参将 学门 贡院 文昌 魁星
    三官庙 火神庙 马神庙 龙王庙 土地庙 娘娘庙 铁塔 古槐 双槐 老槐 柳树 榆树 椿树 枣树 桑树 杨家 李家 王家
    张家 赵家 陈家 刘家 孙家 周家 吴家 郑家 马家 韩家 许家 何家 吕家 孔家 曹家 金家 魏家 陶家 姜家 谢家
    邹家 窦家 云家 苏家 潘家 葛家 范家 彭家 鲁家 韦家 昌家 苗家 凤家 花家 方家 任家 袁家 柳家 唐家 费家
    薛家 雷家 贺家 汤家 罗家 毕家 郝家 安家 常家 乐家 傅家 齐家 康家 伍家 余家 顾家 孟家 黄家 穆家 萧家
    尹家 姚家 邵家 汪家 祁家 毛家 狄家 米家 明家 成家 戴家 谈家 宋家 茅家 庞家 熊家 纪家 舒家 屈家 项家
    祝家 董家 梁家 杜家
""")
ESTATE_FIRST = _words("""
    锦绣 阳光 清河 翠湖 金桂 紫薇 丽景 盛世 安居 嘉和 佳和 恒泰 瑞祥 世纪 东方 滨河 枫林 香樟 御景 华庭
    福泽 明珠 玫瑰 星河 绿洲 天润 祥和 惠泽 春熙 康宁 书香 金色 银河 柳湾 塬上
""")
ESTATE_LAST = _words("""
    家园 花园 小区 新村 苑 名城 雅居 公馆
""")
COURT_OWNERS = _words("""
    农机厂 纺织厂 面粉厂 水泥厂 食品厂 印刷厂 运输公司 供销社 邮电局 电力局 水利局 粮食局 林业局 教师 医药公司
    百货公司 建筑公司 地质队 税务局 银行 车辆段 机务段 工务段 供电段 砖瓦厂 酒厂 毛纺厂 化肥厂 汽修厂 制药厂
""")
DIGITS = "零一二三四五六七八九"


def numeral(count: int) -> str:
    """A number below a hundred in Chinese numerals.

    >>> numeral(12), numeral(30)
    ('十二', '三十')
    """
    tens, ones = divmod(count, 10)
    head = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十"
    return head + (DIGITS[ones] if ones or not tens else "")


def lane_name(parent: str, count: int) -> str:
    """The name of the n-th lane off a street.

    >>> lane_name("幸福路", 3), lane_name("西大街", 1)
    ('幸福三巷', '西大街一巷')
    """
    stem = parent[:-1] if len(parent) >= 3 and not parent.endswith(("大街", "大道")) else parent
    return f"{stem}{numeral(count)}巷"


def estate_name(count: int) -> str:
    """The name of the n-th estate; all differ."""
    first = ESTATE_FIRST[count % len(ESTATE_FIRST)]
    return first + ESTATE_LAST[(count // len(ESTATE_FIRST) + count % len(ESTATE_FIRST)) % len(ESTATE_LAST)]


def court_name(count: int) -> str:
    """The name of the n-th works' or office's housing; all differ."""
    again, index = divmod(count, len(COURT_OWNERS))
    owner = COURT_OWNERS[index]
    return f"{owner}家属院" if again == 0 else f"{owner}{'东南西北'[(again - 1) % 4]}院" if again < 5 else f"{owner}{numeral(again)}院"
