"""What a layer probably is, and which of its fields mean what: a guess from geometry and names, for the planner to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable

_POLYGON = (
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
    ("fixed_lines", r"固定(界|边)|fixed_?(line|bound)"),
    ("railway", r"铁路|轨道|rail"),
    ("barriers", r"水系|河|江|渠|围墙|water|river|stream|canal|wall|barrier"),
    ("roads", r"路|街|road|street|highway|edge|way"),
)
_POINT = (
    ("must_stay", r"固定归属|指定网格|must_?stay"),
    ("rail_posts", r"里程|公里标|公里桩|百米标|chainage|milestone|rail_?post|kilomet|kmpost"),
    ("stations", r"车站|火车站|station"),
    ("depots", r"派出所|警务|巡逻|岗亭|驻点|depot|police|post"),
    ("incidents", r"案件|警情|事件|报警|incident|call|crime|case"),
    ("key_sites", r"要害|重点|学校|医院|银行|key_?site|(?<![a-z])poi(?![a-z])|school"),
    ("households", r"户|住户|居民|人口|地址|门牌|household|address|addr|\bhh\b|\bpop"),
)
_BY_GEOMETRY = {"polygon": (_POLYGON, "communities"), "line": (_LINE, "roads"), "point": (_POINT, "households")}

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
    },
    "barriers": {"kind": r"类型|类别|kind|type", "name": r"名称|.*名称|name"},
    "railway": {"name": r"线(路)?名称?|名称|name|line", "main": r"正线|main"},
    "stations": {
        "name": r"站名|车站名称?|名称|name|station", "chainage_km": r"里程|公里|chainage(_km)?|km", "line": r"线路|线名|line",
    },
    "rail_posts": {"name": r"名称|name", "chainage_km": r"里程|公里标?|chainage(_km)?|km(_?post)?", "line": r"线路|线名|line"},
    "key_sites": {
        "name": r"名称|单位名称|.*名称|name", "visits": r"次数|频次|visits?", "dwell_min": r"停留|时长|dwell(_min)?",
        "from": r"开始|from|start", "to": r"结束|to|end", "weight": r"权重|weight",
    },
    "depots": {"name": r"名称|.*名称|name", "kind": r"类型|kind|type", "crews": r"车组|班组|组数|crews?"},
    "incidents": {"weight": r"数量|次数|weight|count", "month": r"月份?|month", "kind": r"类型|类别|kind|type"},
    "current_grids": {"code": r"网格(代|编)码|编码|.*code", "name": r"网格名称?|名称|name"},
    "district": {"name": r"名称|.*名称|name|.*mc"},
    "estates": {"name": r"小区(名称?)?|名称|.*名称|name|.*mc"},
    "exclusive": {"name": r"单位名称|名称|.*名称|name|.*mc"},
    "groups": {"name": r"村民小组(名称)?|小组(名称)?|名称|.*名称|group|name"},
    "fixed_lines": {"name": r"名称|.*名称|name"},
    "must_stay": {"code": r"网格(代|编)码|(代|编)码|.*code", "name": r"名称|.*名称|name"},
}  # fmt: skip


def guess_role(geometry: str, names: Iterable[str], count: int) -> str:
    """Return the source key that a layer most likely is, empty for a plain table; `names` are those of its file, layer and fields.

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
    """
    known = list(fields)
    found: dict[str, str] = {}
    for word, pattern in _FIELDS.get(role, {}).items():
        for one in _alternatives(pattern):
            match = next((name for name in known if name not in found.values() and re.fullmatch(one, name.lower())), None)
            if match:
                found[word] = match
                break
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
