"""What a layer probably is, and which of its fields mean what: a guess from geometry and names, for the planner to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gridplanner.io.field_names import CUT, FIELDS
from gridplanner.io.fields import FREE_WORDS
from gridplanner.io.private_numbers import private_name

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

_NO_INDICATOR = re.compile(r"(object_?)?id|fid|gid|序号|编号|.*(代|编)?码|.*code|.*dm|.*名称?|.*name|.*mc|备注|说明|remarks?|notes?")


def guess_role(geometry: str, names: Iterable[str], count: int) -> str:
    """Return the source key that a layer most likely is; `names` are those of its file, layer and fields.

    A plain table is people on duty or monthly figures, or of a kind that is not known: empty.

    >>> guess_role("polygon", ["xijiao", "XZQDM", "XZQMC"], 6), guess_role("point", ["export", "户数", "人口"], 900)
    ('communities', 'households')
    """
    named = role_by_names(geometry, names)
    return named or ("district" if geometry == "polygon" and count == 1 else _BY_GEOMETRY.get(geometry, ((), ""))[1])


def role_by_names(geometry: str, names: Iterable[str]) -> str:
    """Return the source key that one of the names says, empty where none does."""
    for word in (name.lower() for name in names):  # file and layer names come first and say most
        for role, pattern in _BY_GEOMETRY.get(geometry, ((), ""))[0]:
            if re.search(pattern, word):
                return role
    return ""


def guess_fields(role: str, fields: Iterable[str]) -> dict[str, str]:
    """Return the mapping of a role's words to fields whose names carry them, also cut to ten bytes; a field is used once.

    Fields called after identity numbers are never proposed, nor those of names of persons but for people on duty.

    >>> guess_fields("households", ["OBJECTID", "户数", "人口", "地址"])
    {'households': '户数', 'persons': '人口', 'address': '地址'}
    >>> guess_fields("indicators", ["派出所", "月份", "盗窃", "满意度"])
    {'area': '派出所', 'month': '月份', 'satisfaction': '满意度', '盗窃': '盗窃'}
    """
    known = [name for name in fields if not private_name(name, role)]
    found: dict[str, str] = {}
    for word, pattern in FIELDS.get(role, {}).items():
        for one in _alternatives(pattern):
            match = next((name for name in known if name not in found.values() and re.fullmatch(one, name.lower())), None)
            if match:
                found[word] = match
                break
    for (key, word), cut in CUT.items():
        if key == role and word not in found:
            match = next((name for name in known if name not in found.values() and name.strip("_0123456789") in cut), None)
            found |= {word: match} if match else {}
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
