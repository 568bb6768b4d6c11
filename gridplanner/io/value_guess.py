"""Which fields of a layer mean what, told by what is in them where their names do not say it: a guess for the planner to confirm."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gridplanner.io.fields import number_column, text_column
from gridplanner.io.private_numbers import private_unmapped
from gridplanner.io.reading import Reading
from gridplanner.io.table import Column, Table
from gridplanner.model.lines import Floats

LEAST = 3  # filled values that a guess needs
_ROAD = re.compile(
    r".+(路|街|巷|道|胡同|弄|环线|大桥|立交|高速)([东南西北中]段?|[一二三四五六七八九十]+段)?|.+\b(st|street|rd|road|ave?|avenue|dr|drive|ln|lane|ct|court|blvd|"
    r"way|pkwy|hwy|trl|cir|pl|place)\.?|.+(straße|strasse|str\.?|weg|gasse|platz|rue .+)|(?:rue|via|calle|avenue) .+", re.IGNORECASE,
)  # fmt: skip
_CLASSES = re.compile(
    r"(城市)?(快速|主干|次干|支)(路|道)|主路|辅路|干道|干路|支线|(高速|国道|省道|县道|乡道|村道|专用公路|等外公路)(公路)?|[一二三四]级公路|高速公路|"
    r"小区(内部)?路|内部道路|人行道|步行街|步道|街巷|胡同|巷道|匝道|乡村(道)?路|机耕路|小路|"
    r"(motorway|trunk|primary|secondary|tertiary)(_link)?|residential|unclassified|living_street|service|pedestrian|track(_grade\d)?|"
    r"footway|cycleway|path|steps|bridleway|road|arterial|collector|local|highway|expressway", re.IGNORECASE,
)  # fmt: skip
_SMALL_GROUPS = r".+([一二三四五六七八九十\d]+组|小组|社|生产队)"
_ENDS = {  # how values of a word end, or what they are
    ("communities", "name"): r".+(社区|村|居委会?|村委会?|居民委员会|村民委员会|街道|镇|乡|县|区|市|旗|州|嘎查|林场|农场)",
    ("communities", "street"): r".+(街道(办事处)?|镇|乡|苏木|办事处)",
    ("station_areas", "name"): r".+派出所(辖区)?",
    ("current_grids", "name"): r".+网格|.*第?[\d一二三四五六七八九十]+网格.*",
    ("groups", "name"): r".+(小组|组|社|队|屯|庄|湾|寨)",
    ("communities", "group"): _SMALL_GROUPS,
    ("households", "group"): _SMALL_GROUPS,
    ("stations", "name"): r".+(站|所|乘降所|线路所)",
    ("depots", "name"): r".+(派出所|警务室|警务站|岗亭|大队|中队|驻点|执勤点|分局|驻勤点|警务区)",
    ("key_sites", "name"): (
        r".+(学校|小学|中学|幼儿园|大学|学院|医院|卫生院|银行|信用社|加油站|商场|超市|市场|广场|公园|机关|政府|委员会|车站|酒店|宾馆|公司|厂)"
    ),
    ("estates", "name"): (r".+(小区|花园|花苑|苑|家园|家属院|公寓|新村|新城|城|府|庭|郡|院|里|湾|山庄|名邸|大厦|广场)"),
    ("exclusive", "name"): r".+(学校|小学|中学|大学|学院|医院|公司|厂|市场|商场|园区|基地|监狱|机场|车站|机关)",
    ("staff", "role"): (
        r"(专职|兼职|社区)?(网格员|网格长|街长|路长|楼长|楼栋长|组长|所长|副所长|教导员|民警|辅警|队员|队长|护路员|护路队员|志愿者|协管员|书记|主任)"
    ),
    ("roads", "name"): _ROAD.pattern,
}
_ADDRESS = re.compile(
    r".*[\d一二三四五六七八九十]+(号|栋|幢|楼|单元|室|弄|组).*|.+(路|街|巷|道|村|小区|社区)\D*\d.*|"
    r"\d+[a-z]?\s+.+|.+\s\d+\s?[a-z]?", re.IGNORECASE,
)  # fmt: skip
_CHAINAGE = re.compile(r"[A-Z]{0,4}K?\d{1,4}\s*[+＋]\s*\d{3}(\.\d+)?|[A-Z]{0,3}K\d{1,4}(\.\d+)?", re.IGNORECASE)
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:：][0-5]\d([:：][0-5]\d)?")
_MONTH = re.compile(r"(19|20)\d\d\s*[-/.年]?\s*(0?[1-9]|1[0-2])\s*月?([-/.]?\d{1,2}日?)?")
_PHONE = re.compile(r"[ +()\d-]{7,20}")
_YES_NO = (
    {"0", "1"}, {"-1", "0", "1"}, {"yes", "no"}, {"y", "n"}, {"是", "否"}, {"t", "f"}, {"true", "false"}, {"单行", "双行"}, {"b", "f", "t"},
    {"ft", "tf", "b"}, {"ft", "tf", "n"}, {"单向", "双向"},
)  # fmt: skip
_DIRECTIONS = {"-1", "单行", "双行", "单向", "双向", "b", "ft", "tf"}
_MUTE_NAME = re.compile(r"[a-z]{1,2}_?\d*|(field|column|col|attr|字段|列|属性)_?\d*", re.IGNORECASE)
_NO_COUNT = re.compile(
    r"hn|house_?n\w*|.*(id|fid|gid|序号|编号|编码|代码|号|楼层|层数?|层高|floors?|lvl|levels?|stor(e|i)y.*|年份?|年代|year|month|月|日|类型?|等级|class|type|code|单元数?|"
    r"高度?|height|面积|area|shape.*|length|长度?|rank|角度|angle|zip|邮编|objectid.*|num(ber)?|no|status|flag|状态)", re.IGNORECASE,
)  # fmt: skip
_NO_FLAG = re.compile(r".*(桥|隧|层|lvl|level|layer|bridge|tunnel|正线|main|toll|收费|paved|lit|del|valid|flag|access)", re.IGNORECASE)


def guess_fields_by_values(role: str, table: Table, names: Mapping[str, str]) -> dict[str, str]:
    """Return the mapping of a role's words to fields: what the names say, without what the values gainsay, and more by values alone.

    `table` holds some rows with all their columns, `names` the mapping that the field names gave. Columns that hold what planning must
    not know are never proposed, nor is a column where two fit equally well.
    """
    columns = {name: _Values(table, name) for name in table.columns}
    phones = names.get("work_phone")
    private = {name for name in columns if private_unmapped(table, name, key=role, work_phone=name == phones) is not None}
    found = {
        word: name for word, name in names.items()
        if name not in private and (name not in columns or not _gainsaid(role, word, columns[name]))
    }  # fmt: skip
    free = {name: values for name, values in columns.items() if name not in private and values.texts}

    def rest() -> dict[str, _Values]:
        return {name: values for name, values in free.items() if name not in found.values()}

    for word, is_one in _tests_of(role):
        if word in found:
            continue
        fitting = [name for name, values in rest().items() if is_one(values)]
        if word in {"from", "to"} and len(fitting) == 2 and "from" not in found and "to" not in found:
            found["from"], found["to"] = fitting
        elif len(fitting) == 1:
            found[word] = fitting[0]
    if role == "households":
        found |= _counts(found, rest(), columns)
    return found


def role_by_values(geometry: str, table: Table) -> str:
    """Return what a layer is by what its columns hold, empty where they do not say it."""
    columns = [_Values(table, name) for name in table.columns]

    def any_of(key: str, word: str) -> bool:
        return any(values.share(_ENDS[(key, word)]) >= 0.6 for values in columns)

    if geometry == "point":
        if any(values.share(_CHAINAGE) >= 0.6 and "+" in " ".join(values.texts) for values in columns):
            return "stations" if any_of("stations", "name") else "rail_posts"
        return "depots" if any_of("depots", "name") else ""
    if geometry == "polygon":
        if any_of("station_areas", "name"):
            return "station_areas"
        return "communities" if any_of("communities", "name") or any(values.are_area_codes for values in columns) else ""
    if geometry == "line":
        return "roads" if any(values.share(_CLASSES) >= 0.8 for values in columns) else ""
    return "staff" if any_of("staff", "role") else ""


@dataclass(frozen=True, eq=False)
class _Values:
    """The filled values of one column."""

    table: Table
    name: str

    @cached_property
    def texts(self) -> list[str]:
        return [text for text in text_column(self.table, self.name).tolist() if text]

    @cached_property
    def numbers(self) -> Floats:
        """The values as numbers; empty where more than a few of them are none."""
        column: Column = self.table.columns[self.name]
        if column.dtype.kind in "mM":
            return np.zeros(0)
        numbers, _odd = number_column(self.table, self.name, "", Reading())
        known = numbers[np.isfinite(numbers)]
        return known if len(known) >= max(0.95 * len(self.texts), 1) else np.zeros(0)

    @cached_property
    def different(self) -> int:
        return len(set(self.texts))

    def share(self, pattern: str | re.Pattern[str]) -> float:
        """The share of the filled values that a pattern matches whole; 0 where there are too few."""
        test = re.compile(pattern, re.IGNORECASE) if isinstance(pattern, str) else pattern
        return sum(test.fullmatch(text) is not None for text in self.texts) / len(self.texts) if len(self.texts) >= LEAST else 0.0

    @property
    def are_area_codes(self) -> bool:
        """True for six to fifteen digits, all as long, all different, that begin as Chinese areas do."""
        if len(self.texts) < LEAST or self.different < len(self.texts):
            return False
        return len({len(text) for text in self.texts}) == 1 and self.share(r"[1-8]\d{5}(\d{3}){0,3}") == 1.0

    @property
    def are_counts(self) -> bool:
        """True for small whole numbers that are no row numbers, levels or years."""
        numbers = self.numbers
        if len(numbers) < LEAST or _NO_COUNT.fullmatch(self.name) or (numbers < 0).any() or (numbers != np.floor(numbers)).any():
            return False
        running = len(numbers) > 5 and len(np.unique(numbers)) == len(numbers)
        return not running and self.different > 1 and 1 <= float(np.median(numbers)) <= 50 and float(numbers.max()) <= 5_000


def _gainsaid(role: str, word: str, values: _Values) -> bool:
    """True where what is in a column cannot be what its name says."""
    if len(values.texts) < LEAST:
        return False
    if (role, word) in {("households", "households"), ("households", "persons"), ("roads", "speed"), ("depots", "crews")}:
        return not len(values.numbers) and values.share(r".*\d.*") < 0.5
    if word in {"name", "street", "address"} and role not in {"rail_posts"}:
        return values.share(r"[+-]?\d+\.\d{3,}") > 0.9  # decimals are no names
    if word == "code":  # decimals, or the same again and again: a postcode
        return values.share(r"[+-]?\d*\.\d*[1-9]\d*") > 0.9 or (len(values.texts) > 5 and values.different < 0.3 * len(values.texts))
    return False


def _tests_of(role: str) -> Iterable[tuple[str, Callable[[_Values], bool]]]:
    """Return the words of a role with what tells them by their values, the surest first."""
    if role in {"communities", "station_areas", "current_grids"}:
        yield "code", lambda values: values.are_area_codes
    if role == "communities":
        yield "street", lambda values: values.share(_ENDS[("communities", "street")]) >= 0.8 and values.different < len(values.texts)
    if role == "roads":
        yield "class", lambda values: values.share(_CLASSES) >= 0.8
        yield "speed", _are_speeds
        yield "oneway", lambda values: _are_flags(values) and not _NO_FLAG.fullmatch(values.name)
        yield "level", _are_levels
    if role in {"stations", "rail_posts"}:
        yield "chainage_km", lambda values: values.share(_CHAINAGE) >= 0.6
    if role == "key_sites":
        yield "from", lambda values: values.share(_CLOCK) >= 0.8
        yield "to", lambda values: values.share(_CLOCK) >= 0.8
    if role in {"incidents", "indicators"}:
        yield "month", lambda values: values.share(_MONTH) >= 0.9
    if role == "staff":
        yield "work_phone", lambda values: values.share(_PHONE) >= 0.9 and not len(values.numbers[values.numbers < 1e6])
    if role == "households":
        yield "address", _are_addresses
    for (key, word), pattern in _ENDS.items():
        if key == role and (key, word) != ("communities", "street"):
            yield word, lambda values, pattern=pattern: values.share(pattern) >= 0.6  # type: ignore[misc]


def _are_addresses(values: _Values) -> bool:
    return not len(values.numbers) and values.share(_ADDRESS) >= 0.6 and values.different > 0.3 * len(values.texts)


def _are_speeds(values: _Values) -> bool:
    numbers = values.numbers
    if len(numbers) < LEAST or values.different < 2 or _NO_COUNT.fullmatch(values.name):
        return False
    return bool(((numbers >= 5) & (numbers <= 130)).all() and (numbers % 5 == 0).mean() >= 0.95 and values.different <= 20)


def _are_flags(values: _Values) -> bool:
    """True for words of a direction; a mere yes or no could answer anything, and counts only where the name of the field says nothing."""
    words = {text.lower() for text in values.texts}
    if len(values.texts) < LEAST or len(words) < 2 or not any(words <= flags for flags in _YES_NO):
        return False
    if "-1" in words and "1" not in words:  # below the ground, rather than against the line
        return False
    return bool(words & _DIRECTIONS) or bool(_MUTE_NAME.fullmatch(values.name))


def _are_levels(values: _Values) -> bool:
    numbers = values.numbers
    if len(numbers) < LEAST or values.different < 3:
        return False
    return bool(
        (np.abs(numbers) <= 5).all() and (numbers < 0).any() and (numbers == 0).mean() > 0.5 and (numbers == np.floor(numbers)).all()
    )


def _counts(found: Mapping[str, str], rest: Mapping[str, _Values], columns: Mapping[str, _Values]) -> dict[str, str]:
    """Return households and persons where small whole numbers say them: one column, or two of which one is some times the other."""
    counts = [name for name, values in rest.items() if values.are_counts]
    if "households" in found:
        homes = columns.get(found["households"])
        more = [name for name in counts if homes is not None and "persons" not in found and _are_persons(homes, rest[name])]
        return {"persons": more[0]} if len(more) == 1 else {}
    if len(counts) == 1:
        return {"households": counts[0]}
    if len(counts) == 2 and "persons" not in found:
        for few, many in (counts, counts[::-1]):
            if _are_persons(rest[few], rest[many]):
                return {"households": few, "persons": many}
    return {}


def _are_persons(few: _Values, many: _Values) -> bool:
    """True where one column is as many persons as the households of another: row by row alike, some times as many."""
    one, other = few.numbers, many.numbers
    if len(one) != len(other) or len(one) < LEAST or not one.std() or not other.std():
        return False
    return 1.3 <= float(other.sum() / max(one.sum(), 1.0)) <= 6.0 and float(np.corrcoef(one, other)[0, 1]) > 0.6
