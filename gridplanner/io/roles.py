"""What a layer probably is, and which of its fields mean what: a guess from geometry and names, for the planner to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gridplanner.io.fields import FREE_WORDS

_POLYGON = (
    ("station_areas", r"辖区|派出所|station_?area|precinct"),
    ("incidents", r"案件|警情|报警|incident|crime"),
    ("cordons", r"封控|卡口圈|管控圈|cordon"),
    ("exclusive", r"专属|exclusive"),
    ("groups", r"村民小组|villagers?_?group"),
    ("estates", r"小区|楼盘|estate"),
    ("district", r"区界|县界|市界|district|outline"),
    ("barriers", r"水系|水面|河|湖|江|water|river|lake|barrier"),
    ("households", r"建筑|楼|房屋|building|footprint"),
    ("current_grids", r"网格|grid"),
    ("communities", r"社区|村|居委|乡镇|街道|行政区|boundar|communit|municipal|ward|xzq|county|admin"),
)
_LINE = (
    ("cordons", r"封控|卡口圈|管控(圈|线)|cordon"),
    ("fixed_lines", r"固定(界|边)|fixed_?(line|bound)"),
    ("rail_features", r"铁路(设施|要素|沿线)|护路(设施|要素)|桥隧|隧道|护栏|栅栏|rail_?(feature|thing)"),
    ("railway", r"铁路|轨道|rail"),
    ("barriers", r"水系|河|江|渠|围墙|water|river|stream|canal|wall|barrier"),
    ("roads", r"路|街|road|street|highway|edge|way"),
)
_POINT = (
    ("checkpoint_sites", r"卡点|卡口|检查站|check_?point"),
    ("must_stay", r"固定归属|指定网格|must_?stay"),
    ("rail_posts", r"里程|公里标|公里桩|百米标|chainage|milestone|rail_?post|kilomet|kmpost"),
    ("rail_features", r"铁路(设施|要素|沿线)|护路(设施|要素)|道口|桥隧|rail_?(feature|thing)|level_?crossing"),
    ("stations", r"车站|火车站|station"),
    ("depots", r"派出所|警务|巡逻|岗亭|驻点|depot|police|post"),
    ("incidents", r"案件|警情|事件|报警|incident|call|crime|case"),
    ("key_sites", r"要害|重点|学校|医院|银行|key_?site|(?<![a-z])poi(?![a-z])|school"),
    ("households", r"户|住户|居民|人口|地址|门牌|household|address|addr|\bhh\b|\bpop"),
)
_TABLE = (
    ("roster_cells", r"请假|休假|轮休|调休|意愿|愿望|leave|wish|roster_?cells"),
    ("staff", r"人员|值守|值班|花名册|通讯录|网格员|街长|职务|岗位|工作电话|staff|duty|roster|work_?phone"),
    ("indicators", r"指标|满意|月报|考核|评价|indicator|satisf|rating"),
)
_BY_GEOMETRY = {
    "polygon": (_POLYGON, "communities"), "line": (_LINE, "roads"), "point": (_POINT, "households"), "": (_TABLE, ""),
}  # fmt: skip

# words of a mapping and the field names that carry them, the surest first; matched against the whole lower-case name
_FIELDS: dict[str, dict[str, str]] = {
    "communities": {
        "code": r"xzqdm|社区(代|编)码|(代|编)码|.*(代|编)码|comm_?code|adcode|code|geocode|id_?code|.*dm",
        "name": r"xzqmc|社区名称?|名称|村名|comm_?name|name|.*名称|.*mc",
        "street": r"街道(名称|乡镇)?|乡镇(名称)?|所属(街道|乡镇)|jdmc|xzmc|street|town(ship)?",
        "group": r"村民小组|小组|group|xzmc_z",
    },
    "households": {
        "households": r"户数|住户数|总户数|.*户数|hh|households?|hu_?shu|hs|num_hh|families",
        "persons": r"人口(数)?|总人口|人数|.*人口(数)?|pop(ulation)?|persons?|rk(s)?|num_p(eople)?",
        "address": r"地址|详细地址|门牌(号|地址)?|标准地址|.*地址|addr(ess)?|dz|street",
        "group": r"村民小组|小组|group",
    },
    "roads": {
        "class": r"道路(等级|类型|类别)|等级|类型|highway|fclass|road_?class|class|type|dldj",
        "name": r"道路名称?|路名|名称|road_?name|name|street_?name|dlmc|mc",
        "oneway": r"单行(线)?|单向|one_?way|direction",
        "speed": r"限速|速度|max_?speed|speed(_ms|_kmh)?|speed_limit",
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
_NO_INDICATOR = re.compile(r"(object_?)?id|fid|gid|序号|编号|.*(代|编)?码|.*code|.*dm|.*名称?|.*name|.*mc|备注|说明|remarks?|notes?")


def guess_role(geometry: str, names: Iterable[str], count: int) -> str:
    """Return the source key that a layer most likely is; `names` are those of its file, layer and fields.

    A plain table is people on duty or monthly figures, or of a kind that is not known: empty.

    >>> guess_role("polygon", ["xijiao", "XZQDM", "XZQMC"], 6), guess_role("point", ["export", "户数", "人口"], 900)
    ('communities', 'households')
    """
    if geometry not in _BY_GEOMETRY:
        return ""
    patterns, otherwise = _BY_GEOMETRY[geometry]
    words = [name.lower() for name in names]
    for word in words:  # file and layer names come first and say most
        for role, pattern in patterns:
            if re.search(pattern, word):
                return role
    return "district" if geometry == "polygon" and count == 1 else otherwise


def guess_fields(role: str, fields: Iterable[str]) -> dict[str, str]:
    """Return the mapping of a role's words to fields whose names carry them; a field is used once.

    >>> guess_fields("households", ["OBJECTID", "户数", "人口", "地址"])
    {'households': '户数', 'persons': '人口', 'address': '地址'}
    >>> guess_fields("indicators", ["派出所", "月份", "盗窃", "满意度"])
    {'area': '派出所', 'month': '月份', 'satisfaction': '满意度', '盗窃': '盗窃'}
    """
    known = list(fields)
    found: dict[str, str] = {}
    for word, pattern in _FIELDS.get(role, {}).items():
        for one in _alternatives(pattern):
            match = next((name for name in known if name not in found.values() and re.fullmatch(one, name.lower())), None)
            if match:
                found[word] = match
                break
    if role in FREE_WORDS and found:  # every other field is an indicator by its own name, but for numbers of rows, codes and remarks
        found |= {name: name for name in known if name not in found.values() and not _NO_INDICATOR.fullmatch(name.lower())}
    return found


def _alternatives(pattern: str) -> list[str]:
    """Return the alternatives of a pattern at its top level, in their order of preference."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(pattern):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            parts.append(pattern[start:at])
            start = at + 1
    return [*parts, pattern[start:]]
