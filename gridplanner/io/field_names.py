"""The names that fields go by, in Chinese, pinyin and English: for each word of a source, the surest first."""

from __future__ import annotations

from collections.abc import Mapping

from gridplanner.io.fields import cut_names

# words of a mapping and the field names that carry them; patterns for the whole lower-case name
FIELDS: Mapping[str, Mapping[str, str]] = {
    "communities": {
        "code": r"xzqdm|社区(代|编)码|行政区划?(代|编)码|(代|编)码|.*(代|编)码|sqbm|comm(unity)?_?code|village_?code|adcode|pac|code"
                r"|geocode"
                r"|id_?code|adm\d?_?p?code|.*dm",
        "name": r"xzqmc|社区名称?|名称|村名|村居名称?|(行政)?村名称?|comm(unity)?_?name|village_?name|name|.*名称|.*mc|社区|村居"
                r"|行政村|居委会|municipality"
                r"|community|village",
        "street": r"街道(名称|乡镇)?|乡镇(名称)?|(所属|所在)(街道|乡镇)(名称)?|乡镇街道(名称)?|街道办(事处)?(名称)?|jdmc|xzmc|ssjd"
                  r"|ssxz|street(_?name)?|town(ship)?"
                  r"|subdistrict",
        "group": r"村民小组|小组|group|xzmc_z",
    },
    "households": {
        "households": r"户数|住户数|总户数|常住户数|户籍户数|.*户数|家庭户|住户总数|户籍数|hh|hh_?(count|num|total)|households?"
                      r"|house_?holds?(_?count)?|hu_?shu|hs"
                      r"|[zc]?[zhj]hs|num_?(hh|households)|families|dwellings?",
        "persons": r"人口(数)?|总人口(数)?|常住人口(数)?|户籍人口(数)?|人数|.*人口(数)?|pop(ulation)?(_?total)?|total_?pop(ulation)?"
                   r"|persons?|rk(s)?|[zc]?[zhj]rks?|residents"
                   r"|num_?p(eople|ersons)?|people|.*人数",
        "address": r"地址|详细地址|门牌(号|地址)?|标准地址|.*地址|.*门牌号码?|addr(ess)?|full_?addr(ess)?|dz|xxdz|mpdz|mph|dzmc|street",
        "group": r"村民小组|小组|group",
    },
    "roads": {
        "class": r"道路(等级|类型|类别|级别)|等级|类型|公路等级|技术等级|highway|fclass|(road|street|func|rd|r)_?class|road_?type"
                 r"|rd_?type|class|type|dldj|dllx|kind",
        "name": r"道路名称?|路名|名称|街路名称|.*道路名称?|(road|street|rd|r|st)_?name|name|full_?name|dlmc|mc",
        "oneway": r"单行(线|道)?|单向(通行|行驶)?|单双行|通行方向|是否单行|one_?way|direction|dir",
        "speed": r"限速(值)?|最高限速|限制速度|速度|max_?speed|speed(_ms|_kmh)?|speed_?lim(it)?|spd_?lim(it)?",
        "level": r"层级?|layer|level|z_?level",
        "bridge": r"(是否)?桥梁?|bridge",
        "tunnel": r"(是否)?隧道?|tunnel",
    },
    "barriers": {"kind": r"类型|类别|kind|type", "name": r"名称|.*名称|name"},
    "railway": {
        "name": r"线(路)?名称?|名称|name|line", "main": r"正线|main", "bridge": r"桥梁?|bridge", "tunnel": r"隧道?|tunnel",
        "track": r"行别|上下行|track",
    },
    "stations": {
        "name": r"站名|车站名称?|名称|name|station", "chainage_km": r"里程|公里|chainage(_km)?|km", "line": r"线路|线名|line",
        "track": r"行别|上下行|track", "system": r"里程(系统|体系|冠号)|冠号|system", "height": r"高程|海拔|height|elev(ation)?|ele",
    },
    "rail_posts": {
        "name": r"名称|name", "chainage_km": r"里程|公里标?|chainage(_km)?|km(_?post)?", "line": r"线路|线名|line",
        "track": r"行别|上下行|track", "system": r"里程(系统|体系|冠号)|冠号|system", "height": r"高程|海拔|height|elev(ation)?|ele",
    },
    "rail_features": {
        "kind": r"类型|类别|种类|.*类(型|别)|kind|type|class", "name": r"名称|.*名称|name|.*mc",
        "amount": r"数量|户数|长度|坡度|起数|件数|.*数|amount|length|count|number|value",
    },
    "key_sites": {
        "name": r"名称|单位名称|.*名称|name", "visits": r"次数|频次|visits?", "dwell_min": r"停留|时长|dwell(_min)?",
        "from": r"开始|from|start", "to": r"结束|to|end", "weight": r"权重|weight",
    },
    "depots": {"name": r"名称|.*名称|name", "kind": r"类型|kind|type", "crews": r"车组|班组|组数|crews?"},
    "incidents": {
        "weight": r"数量|起数|件数|次数|.*数|weight|counts?|cases?|number",
        "month": r"月份?|发案月份?|年月|.*月份?|month|.*日期|.*时间|date|time",
        "kind": r"类型|类别|案件类(型|别)|.*类(型|别)|kind|type|category",
    },
    "station_areas": {"code": r"派出所(代|编)码|(代|编)码|.*(代|编)码|.*code|.*dm", "name": r"派出所(名称)?|名称|.*名称|.*name|.*mc"},
    "indicators": {
        "area": r"派出所(名称)?|警务区|责任区|单位|区域|辖区|.*名称|area|station|beat|zone|unit|name",
        "month": r"月份?|年月|.*月份?|month|date",
        "satisfaction": r".*满意(度|率)|satisf.*",
    },
    "staff": {
        "name": r"姓名|名字|人员(姓名)?|.*姓名|name",
        "role": r"职务|岗位|角色|职责|身份|role|post|duty|title",
        "work_phone": r"(工作|办公|值班)(电话|手机|号码)|电话|联系电话|(work_?|office_?)?phone|tel(ephone)?",
        "unit": r"单位|网格(代|编)?码?|网格(名称)?|责任(区|网格|单位)|所属.*|辖区|警务区|unit|grid(_?code)?|area",
    },
    "checkpoint_sites": {"name": r"名称|卡点(名称)?|.*名称|name", "kind": r"类型|状态|.*类型|kind|type|status"},
    "roster_cells": {
        "person": r"(人员|队员|员工|警员)?(编号|编码|代码|工号)|人员|队员|person|guard|member|code",
        "day": r"(开始|起始|起)?日期?|开始|起|.*日期|day|date|from|start|first",
        "until": r"(截止|结束|终止|止)(日期?)?|until|to|end|last",
        "kind": r"类型|类别|事项|kind|type", "shift": r"班次|班别|班|shift",
    },
    "cordons": {"name": r"名称|.*名称|name", "count": r"数量|卡点数|个数|.*数|count|number|n"},
    "current_grids": {"code": r"网格(代|编)码|编码|.*code", "name": r"网格名称?|名称|name"},
    "district": {"name": r"名称|.*名称|name|.*mc"},
    "estates": {"name": r"小区(名称?)?|名称|.*名称|name|.*mc"},
    "exclusive": {"name": r"单位名称|名称|.*名称|name|.*mc"},
    "groups": {"name": r"村民小组(名称)?|小组(名称)?|名称|.*名称|group|name"},
    "fixed_lines": {"name": r"名称|.*名称|name"},
    "must_stay": {"code": r"网格(代|编)码|(代|编)码|.*code", "name": r"名称|.*名称|name"},
}  # fmt: skip

# names longer than the ten bytes that a shapefile keeps of them
_LONG: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("communities", "code"): (
        "社区编码", "社区代码", "社区居委会代码", "社区居委会编码", "行政区代码", "行政区划代码", "行政区编码", "村居代码",
        "村居编码", "居委会代码", "居委会编码",
        "统计用区划代码", "区划代码", "community_code", "village_code",
    ),
    ("communities", "name"): (
        "社区名称", "社区居委会名称", "社区（村）名称", "行政区名称", "行政区划名称", "村居名称", "村（居）名称", "居委会名称",
        "村委会名称", "行政村名称", "community_name",
        "village_name",
    ),
    ("communities", "street"): (
        "所属街道", "所属街道名称", "所属乡镇", "所属乡镇街道", "街道名称", "街道办事处", "乡镇名称", "乡镇街道名称",
        "street_office", "subdistrict_name",
    ),
    ("communities", "group"): ("村民小组名称", "村民小组"),
    ("households", "households"): (
        "总户数", "住户数量", "常住户数", "户籍户数", "住户总数", "家庭户数", "居民户数", "楼栋户数", "household_count",
        "households_total",
    ),
    ("households", "persons"): (
        "常住人口", "常住人口数", "户籍人口", "户籍人口数", "总人口数", "人口总数", "实有人口数", "居住人数", "population_total",
        "total_population",
    ),
    ("households", "address"): ("详细地址", "标准地址", "门牌地址", "门牌号码", "楼栋地址", "居住地址", "地址名称", "full_address",
    "address_full"),
    ("roads", "class"): ("道路等级", "道路类型", "道路类别", "道路级别", "公路等级", "技术等级", "road_class_name", "functional_class"),
    ("roads", "name"): ("道路名称", "街路名称", "street_name", "road_name_full"),
    ("roads", "oneway"): ("单行线", "单向通行", "是否单行", "通行方向", "is_one_way_street"),
    ("roads", "speed"): ("最高限速", "限制速度", "限速值（km/h）", "speed_limit_kmh", "max_speed_kmh"),
    ("station_areas", "name"): ("派出所名称", "辖区派出所"),
    ("station_areas", "code"): ("派出所代码", "派出所编码"),
    ("current_grids", "code"): ("网格编码", "网格代码", "网格统一编码"),
    ("current_grids", "name"): ("网格名称",),
    ("stations", "chainage_km"): ("中心里程", "车站里程", "里程桩号"),
    ("stations", "name"): ("车站名称",),
    ("key_sites", "name"): ("单位名称", "要害部位名称", "重点单位名称"),
}  # fmt: skip


def _cut() -> dict[tuple[str, str], frozenset[str]]:
    """Return what is left of the long names, without what may be left of two words of one source."""
    cut = {word: {short for name in names for short in cut_names(name)} for word, names in _LONG.items()}
    of_role: dict[tuple[str, str], int] = {}
    for (key, _word), names in cut.items():
        for name in names:
            of_role[key, name] = of_role.get((key, name), 0) + 1
    return {(key, word): frozenset(name for name in names if of_role[key, name] == 1) for (key, word), names in cut.items()}


CUT: Mapping[tuple[str, str], frozenset[str]] = _cut()
