"""What leaves the office: the exported layers and their fields, with names for the planner, units and meanings (contracts.md)."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.i18n import N_

TEXT, WHOLE, REAL = "text", "whole", "real"
TABLE = "None"  # the geometry type of a layer without places, as the drivers call it


@dataclass(frozen=True)
class Field:
    """One field: its ASCII name of ten characters at most, kind, width in bytes (decimals for numbers), names, unit and meaning.

    `separator` is what stands between the items of a list: where a shapefile has no room for all of them, whole ones are left out.
    `was` is its name here where an export profile gave it another.
    """

    name: str
    kind: str
    width: int
    chinese: str
    english: str
    unit: str = ""
    meaning: str = ""
    decimals: int = 0
    separator: str = ""
    was: str = ""

    @property
    def origin(self) -> str:
        """Its name here, whatever a profile calls it."""
        return self.was or self.name


@dataclass(frozen=True)
class Schema:
    """One layer: its file name, geometry type and fields in order; `was` is its name here where an export profile gave it another."""

    name: str
    geometry: str
    fields: tuple[Field, ...]
    was: str = ""

    @property
    def origin(self) -> str:
        """Its name here, whatever a profile calls it."""
        return self.was or self.name

    def field_of(self, origin: str) -> Field | None:
        """Return the field that is called `origin` here, None where a profile dropped it."""
        return next((part for part in self.fields if part.origin == origin), None)


def _text(name: str, width: int, chinese: str, english: str, meaning: str = "") -> Field:
    return Field(name, TEXT, width, chinese, english, "", meaning)


def _list(name: str, separator: str, chinese: str, english: str, meaning: str) -> Field:
    return Field(name, TEXT, 254, chinese, english, "", meaning, separator=separator)


def _whole(name: str, chinese: str, english: str, unit: str = "", meaning: str = "") -> Field:
    return Field(name, WHOLE, 10, chinese, english, unit, meaning)


def _real(name: str, decimals: int, chinese: str, english: str, unit: str = "", meaning: str = "") -> Field:
    return Field(name, REAL, 18, chinese, english, unit, meaning, decimals)


_GRID_CODE = _text("grid_code", 24, "网格编码", "grid code", N_("code of the grid by the profile in use"))
_COMM_CODE = _text("comm_code", 12, "社区编码", "community code", N_("twelve digits"))
_HOUSEHOLDS = _real("households", 1, "户数", "households", N_("households"), N_("sum of the addresses"))
_AT_ADDRESS = _real("households", 3, "户数", "households", N_("households"))  # estimates have fractions, and their sums must agree
_PERSONS = _real("persons", 1, "人口", "persons", N_("persons"), N_("counted, or 2.6 a household"))
_ROUTE_CODE = _text("route_code", 32, "路线编码", "route code")
_ZONE_CODE = _text("zone_code", 32, "巡区编码", "patrol zone code")

_MEAN = N_("from the community's households divided by its number of grids")
_ON_STREETS = N_("on streets of class residential and up, railways, water or the limits of the community")
_INNER = N_("of the boundary inside the community, on any drivable way")
_INTERVAL = N_("between two visits, the last day being followed by the first; empty: none")
_STATUS = N_("split: pieces that could be one; over, under: out of the band; parts: as its community; ok")

SCHEMAS = {
    schema.name: schema
    for schema in (
        Schema("units", "Polygon", (
            _whole("unit_id", "单元编号", "unit number"), _GRID_CODE, _HOUSEHOLDS, _PERSONS, _COMM_CODE,
        )),
        Schema("grids", "Polygon", (
            _GRID_CODE,
            _text("name", 120, "网格名称", "name"),
            _COMM_CODE,
            _text("comm_name", 120, "社区名称", "community"),
            _text("street", 120, "街道（乡镇）", "street office or township"),
            _HOUSEHOLDS,
            _PERSONS,
            _real("deviation", 2, "偏差", "deviation", "%", N_("from the target, signed")),
            _real("dev_mean", 2, "均值偏差", "deviation from mean", "%", _MEAN),
            _real("area_m2", 1, "面积", "area", "m²", N_("planar")),
            _real("compact", 4, "紧凑度", "compactness", "", N_("Polsby–Popper, 0 to 1")),
            _real("street_pct", 2, "街道边界比", "boundary on streets", "%", _ON_STREETS),
            _real("inner_pct", 2, "内部边界比", "inner boundary on ways", "%", _INNER),
            _text("beat_code", 32, "警务区编码", "beat code"),
            _ZONE_CODE,
            _whole("workers", "网格员数", "grid workers", N_("persons")),
            _text("status", 8, "状态", "status", _STATUS),
            _text("prev_code", 200, "原编码", "previous code", N_("the grids it was made from")),
            _text("valid_from", 10, "启用日期", "valid from"),
            _text("limits", 254, "四至", "limits", N_("what bounds it to the east, south, west and north")),
        )),
        Schema("addresses", "Point", (_GRID_CODE, _AT_ADDRESS, _PERSONS)),
        Schema("beats", "Polygon", (
            _text("beat_code", 32, "警务区编码", "beat code"),
            _text("name", 120, "警务区名称", "name"),
            _HOUSEHOLDS,
            _PERSONS,
            _whole("grids", "网格数", "grids"),
            _real("workload", 2, "工作量", "workload", "", N_("the mix of the patrol zones' settings")),
            _real("deviation", 2, "偏差", "deviation", "%", N_("of the persons, from the target, signed")),
            _text("area", 120, "所属派出所（片区）", "police station or area"),
        )),
        Schema("zones", "Polygon", (
            _ZONE_CODE,
            _text("name", 120, "巡区名称", "name"),
            _real("workload", 2, "工作量", "workload"),
            _real("dev_pct", 2, "工作量偏差", "deviation of the workload", "%", N_("from the mean of the zones")),
            _real("street_km", 3, "道路里程", "streets", "km", N_("of class residential and up")),
            _whole("key_sites", "要害部位数", "key sites"),
            _text("depot", 120, "驻点", "depot"),
            _real("resp_p90", 1, "到达时间", "response", "min", N_("to reach 90 % of the demand")),
        )),
        Schema("checkpts", "Point", (
            _text("id", 32, "卡点编号", "number"),
            _text("road", 120, "道路", "street"),
            _text("class", 32, "道路等级", "class"),
            _text("direction", 8, "方向", "direction", N_("both, in or out")),
            _whole("rank", "次序", "rank", "", N_("order in which they are taken up")),
            _real("flow_pct", 2, "流量占比", "share of the flow", "%", N_("that it sees beside those ranked before it")),
            _text("cordon", 120, "封控线", "cordon", N_("empty: the boundary of the district")),
            _text("status", 12, "状态", "status", N_("existing or new")),
        )),
        Schema("crossings", "Point", (
            _text("road", 120, "道路", "street"),
            _text("class", 32, "道路等级", "class"),
            _text("direction", 8, "方向", "direction", N_("both, in or out")),
            _text("cordon", 120, "封控线", "cordon", N_("empty: the boundary of the district")),
            _real("through", 2, "过境流量", "through flow", "%"),
            _real("outbound", 2, "出境流量", "outbound flow", "%"),
            _text("held", 32, "卡点编号", "checkpoint", N_("empty: open")),
            _text("note", 32, "备注", "note", N_("existing, forbidden, or no arterial")),
        )),
        Schema("rings", "Polygon", (
            _text("code", 32, "驻点编号", "post"),
            _text("name", 120, "驻点名称", "name"),
            _real("minutes", 1, "时间", "time", "min", N_("reached within so many minutes")),
            _HOUSEHOLDS,
            _PERSONS,
        )),
        Schema("ratings", "Polygon", (
            _text("code", 32, "编码", "code"),
            _text("name", 120, "名称", "name"),
            _text("month", 8, "月份", "month"),
            _real("value", 4, "得分", "score", "", N_("0 best, 1 worst")),
            _text("colour", 12, "颜色", "colour", N_("green, blue, yellow, red or black; empty: not rated")),
            _text("change", 8, "变化", "change", N_("up: worse than the month before, down: better, same, or new")),
            _HOUSEHOLDS,
            _PERSONS,
        )),
        Schema("streets", "LineString", (
            _text("street_id", 32, "路段编号", "number"),
            _text("name", 120, "道路", "street"),
            _text("chief", 120, "街长", "street chief"),
            _real("length_m", 1, "长度", "length", "m"),
            _real("workload", 3, "工作量", "workload", "km", N_("kilometre-equivalents")),
            _list("grids_l", ",", "左侧网格", "grids on the left", N_("in the direction of the line")),
            _list("grids_r", ",", "右侧网格", "grids on the right", N_("in the direction of the line")),
        )),
        Schema("crosstab", TABLE, (
            _GRID_CODE,
            _text("grid_name", 120, "网格名称", "grid"),
            _text("beat_code", 32, "警务区编码", "beat code"),
            _text("beat_name", 120, "警务区名称", "beat"),
            _ZONE_CODE,
            _text("zone_name", 120, "巡区名称", "patrol zone"),
            _COMM_CODE,
            _text("comm_name", 120, "社区名称", "community"),
            _text("station", 120, "派出所", "police station"),
            _HOUSEHOLDS,
            _PERSONS,
            _list("on_duty", "; ", "值守人员", "people on duty", N_("name (role) work phone; from the grid up to the station")),
        )),
        Schema("coverage", "LineString", (
            _whole("edge_id", "路段编号", "number"),
            _text("name", 120, "道路", "street"),
            _text("class", 32, "道路等级", "class"),
            _whole("visits", "经过次数", "visits", "", N_("drives along it within all days of the draw")),
            _real("interval_h", 2, "最长间隔", "longest interval", "h", _INTERVAL),
            _ZONE_CODE,
            _whole("required", "要求次数", "required", "", N_("visits a shift that are asked for; 0: none")),
            _whole("patrolled", "巡逻次数", "patrolled", "", N_("visits at patrol speed")),
        )),
        Schema("routes", "LineString", (
            _ROUTE_CODE,
            _ZONE_CODE,
            _text("depot", 120, "驻点", "depot"),
            _whole("variant", "方案", "variant"),
            _text("shift", 40, "班次", "shift"),
            _real("length_km", 3, "里程", "length", "km"),
            _real("minutes", 1, "用时", "time", "min"),
            _real("req_km", 3, "必巡里程", "required", "km"),
            _real("dead_km", 3, "空驶里程", "deadheading", "km"),
            _whole("sites", "要害部位数", "key sites"),
            _whole("crew", "巡组", "crew", "", N_("counted from 1 in each zone")),
            _real("outside_km", 3, "区外里程", "outside the zone", "km"),
            _whole("locked", "锁定", "locked", "", N_("1: kept as it is when routes are planned again")),
        )),
        Schema("stops", "Point", (
            _ROUTE_CODE,
            _whole("seq", "顺序", "order"),
            _text("kind", 16, "类型", "kind", N_("depot, street, site or rest")),
            _text("name", 120, "名称", "name"),
            _text("arrive", 8, "到达时刻", "arrival", N_("HH:MM")),
            _real("dwell_min", 1, "停留", "stay", "min"),
            _whole("variant", "方案", "variant"),
            _ZONE_CODE,
        )),
        Schema("sitevisits", "Point", (
            _text("name", 120, "要害部位", "key site"),
            _whole("wanted", "要求次数", "wanted", "", N_("visits a shift that are asked for")),
            _whole("visits", "到访次数", "visits", "", N_("within all days of the draw")),
            _real("interval_h", 2, "最长间隔", "longest interval", "h", _INTERVAL),
            _ZONE_CODE,
        )),
        Schema("railsegs", "LineString", (
            _text("seg_code", 32, "护路段编码", "segment code"),
            _whole("seq", "顺序", "order", "", N_("along the line")),
            _text("plan", 16, "方案", "plan", N_("day, night …")),
            _text("squad", 40, "中队", "squad"),
            _text("guard", 40, "队员", "guard", N_("responsible, not on duty")),
            _text("line", 120, "线路", "line"),
            _text("from_km", 20, "起点里程", "from"),
            _text("to_km", 20, "终点里程", "to"),
            _real("length_m", 1, "长度", "length", "m", N_("drawn")),
            _real("workload", 3, "工作量", "workload", "km", N_("kilometre-equivalents")),
            _real("dev_pct", 2, "工作量偏差", "deviation of the workload", "%", N_("from the mean of its plan")),
            _real("access_min", 1, "到达时间", "access", "min"),
            _text("base", 120, "驻地", "base"),
            _text("gate_km", 20, "上线点里程", "entry point", N_("where guards come to the line")),
            _text("post", 120, "固定执勤点", "fixed post"),
            _whole("guards", "同行人数", "guards together"),
            _whole("rounds", "每班趟数", "rounds a shift"),
            _real("round_min", 1, "每趟用时", "minutes of a round", "min", N_("there and back")),
            _whole("locked", "已锁定", "locked", "", N_("1: stays when the line is divided again")),
        )),
        Schema("corridor", "Polygon", (
            _text("code", 32, "护路段编码", "segment code"),
            _text("name", 120, "名称", "name", N_("the line and its chainages")),
            _real("minutes", 1, "到达时间", "access", "min"),
            _real("value", 2, "每公里户数", "households a kilometre"),
            _text("colour", 12, "颜色", "colour", N_("households a kilometre: green below half of the mean, red above twice")),
            _HOUSEHOLDS,
            _PERSONS,
            _whole("villages", "村庄", "villages", "", N_("a village in two corridors counts in both")),
            _whole("schools", "学校", "schools"),
            _text("vill_names", 254, "村名", "names of the villages"),
        )),
        Schema("roster", TABLE, (
            _text("date", 10, "日期", "date"),
            _text("weekday", 12, "星期", "day of the week"),
            _text("shift", 40, "班次", "shift"),
            _text("squad", 40, "中队（巡区）", "squad or zone"),
            _text("guard", 40, "人员", "person on duty", N_("by code, never by name")),
            _list("seg_code", ";", "护路段编码", "segment code", N_("covered in line order")),
            _list("route_code", ";", "路线编码", "route code", N_("driven on that day")),
            _real("hours", 2, "工时", "hours", "h"),
            _text("starts", 8, "上班时刻", "begins", N_("HH:MM")),
            _text("ends", 8, "下班时刻", "ends", N_("HH:MM; not after the beginning: on the next day")),
        )),
        Schema("transfers", TABLE, (
            _text("address", 254, "地址", "address"),
            _AT_ADDRESS,
            _text("from_code", 24, "原网格编码", "earlier grid", N_("empty: in no grid before")),
            _text("to_code", 24, "新网格编码", "grid now"),
        )),
        Schema("retired", TABLE, (
            _GRID_CODE,
            _text("name", 120, "网格名称", "name"),
            _COMM_CODE,
            _text("new_codes", 200, "接续网格编码", "successors", N_("the grids that took it over, most households first")),
            _text("retired", 10, "停用日期", "retired"),
        )),
        Schema("issues", "Point", (
            _text("level", 8, "级别", "level", N_("error, warning or info")),
            _text("kind", 24, "类型", "kind"),
            _text("message", 254, "说明", "message"),
            _text("layer", 32, "图层", "layer"),
            _text("ref", 64, "对象", "about"),
        )),
    )
}  # fmt: skip
