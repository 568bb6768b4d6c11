"""Things along a railway from a layer of points and lines: crossings, bridges, villages, schools, fences and what else makes work."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.cleaning import fitting_rows
from gridplanner.io.fields import number_column, text_column
from gridplanner.io.reading import Reading
from gridplanner.io.table import LINE, POINT, POLYGON, Table, finite_rows
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools, Floats, Lines, Texts
from gridplanner.model.places import RailThings, texts
from gridplanner.rail_settings import RAIL_WEIGHTS

KINDS = (*(kind for kind in RAIL_WEIGHTS if kind != "length"), "limit", "gate")
# parts of the words that are written for each kind, the telling ones first: 栅栏门 is a gate, 道口护栏 a crossing
_PARTS = (
    ("gate", ("通道门", "通道口", "作业门", "栅栏门", "护栏门", "防护门", "上线点", "上线口")),
    ("tunnel", ("隧", "tunnel", "明洞")),
    ("crossing", ("道口", "crossing", "交叉", "过道")),
    ("gate", ("gate", "entrance", "entry")),
    ("bridge", ("桥", "涵", "bridge", "viaduct", "culvert")),
    ("fence", ("护栏", "栅栏", "围栏", "封闭网", "防护网", "隔离网", "围墙", "fence", "wall", "barrier")),
    ("school", ("学校", "小学", "中学", "大学", "学院", "幼儿园", "school", "kindergarten", "college", "university")),
    ("station", ("车站", "火车站", "station", "halt")),
    ("settlement", ("村", "屯", "社区", "居民", "小区", "聚居", "乡镇", "settlement", "village", "hamlet", "town", "suburb")),
    ("history", ("案", "警情", "事件", "事故", "隐患", "history", "incident", "case", "accident")),
    ("slope", ("坡", "slope", "gradient", "grade")),
    ("limit", ("界", "limit", "boundary", "border")),
)  # fmt: skip


def read_rail_features(table: Table, fields: Mapping[str, str], reading: Reading) -> RailThings:
    """Return what stands or lies at the railway, of one of KINDS each; raises InputError where no field says the kind.

    Rows of a kind that is not known are left out and reported. Lines in several pieces that do not join share their amount by length.
    """
    if "kind" not in fields:
        text = _("{file}: [sources.rail_features] needs fields.kind (its values such as {kinds}); write it as in {example}")
        raise InputError(text.format(file=table.place, kinds=", ".join(KINDS), example='fields = { kind = "类型", name = "名称" }'))
    table = fitting_rows(table, (POINT, LINE, POLYGON), "rail_features", reading)
    words = text_column(table, fields["kind"])
    kinds = texts([kind_of(str(word)) for word in words])
    _tell_unknown(table, words, np.asarray(kinds == ""), fields["kind"], reading)
    table, kinds = table.select(np.asarray(kinds != "")), kinds[kinds != ""]
    names = text_column(table, fields.get("name"))
    amount = number_column(table, fields.get("amount"), "rail_features", reading)[0]
    reading.tell_rows(
        table, amount < 0, "rail_features", level=Level.WARNING, kind="count", values={"field": fields.get("amount", "")},
        text=N_("{file}, rows {rows}: “{field}” is negative, taken as not given ({count} in all)"),
    )  # fmt: skip
    amount = np.where(amount < 0, np.nan, amount)
    lines, owner, share = _placed(table, reading)
    point = np.bincount(owner[np.diff(lines.offsets) == 1], minlength=len(table)) > 0
    bare: Bools = point & ~np.isfinite(amount) & np.isin(kinds.astype(str), ("bridge", "tunnel", "fence"))
    reading.tell_rows(
        table, bare, "rail_features", level=Level.INFO, kind="value",
        text=N_(
            "{file}, rows {rows}: a bridge, tunnel or fence drawn as a point has no length; draw a line, or map its metres as amount"
            " ({count} in all)"
        ),
    )  # fmt: skip
    reading.tell_rows(
        table, point & np.asarray(kinds == "slope"), "rail_features", level=Level.WARNING, kind="value",
        text=N_("{file}, rows {rows}: a slope drawn as a point has no length and counts for nothing; draw it as a line ({count} in all)"),
    )  # fmt: skip
    shared = np.where(np.isin(kinds.astype(str), ("slope", "limit"))[owner], 1.0, share)
    return RailThings(lines, kinds[owner], names[owner], amount[owner] * shared)


def kind_of(word: str) -> str:
    """Return the kind that a word means, in Chinese or English, empty where it is none.

    >>> kind_of("平交道口"), kind_of("特大桥"), kind_of("level_crossing"), kind_of("防护栅栏"), kind_of("案事件"), kind_of("?")
    ('crossing', 'bridge', 'crossing', 'fence', 'history', '')
    """
    text = word.strip().casefold()
    if text in KINDS:
        return text
    if text == "站":
        return "station"
    return next((kind for kind, parts in _PARTS if any(part in text for part in parts)), "")


def _tell_unknown(table: Table, words: Texts, unknown: Bools, field: str, reading: Reading) -> None:
    if not unknown.any():
        return
    example = str(words[int(np.argmax(unknown))])[:30]
    text = N_(
        "{file}, rows {rows}: “{field}” is none of {kinds}, such as “{example}”; left out ({count} in all). Write one of these words, or"
        " 道口, 桥梁, 隧道, 车站, 村庄, 学校, 护栏, 坡道, 案事件, 界, 通道门"
    )
    values = {"field": field, "example": example, "kinds": ", ".join(KINDS)}
    reading.tell_rows(table, unknown, "rail_features", level=Level.WARNING, kind="value", text=text, values=values)
    if unknown.all():
        words_text = _("{file}: no row has a kind that is known; the field “{field}” holds “{example}”, known are {kinds}")
        raise InputError(words_text.format(file=table.place, field=field, example=example, kinds=", ".join(KINDS)))


def _placed(table: Table, reading: Reading) -> tuple[Lines, np.ndarray[tuple[int], np.dtype[np.int64]], Floats]:
    """Return points as lines of one vertex and lines in the project CRS, the row of each, and its share of the row's length.

    Areas are their middle; lines that join are one.
    """
    shapes = table.shapes
    area, line = table.kinds == POLYGON, table.kinds == LINE
    shapes = np.where(area, shapely.point_on_surface(shapes), shapes)
    shapes[line] = shapely.line_merge(shapes[line])
    parts, owner = shapely.get_parts(shapes, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    xy = reading.to_project(xy, table)
    finite = finite_rows(xy)
    odd = np.zeros(len(table), bool)
    odd[owner[part[~finite]]] = True
    reading.tell_rows(
        table, odd, "rail_features", level=Level.WARNING, kind="coordinates",
        text=N_("{file}, rows {rows}: coordinates that are not numbers, their points left out ({count} lines in all)"),
    )  # fmt: skip
    xy, part = xy[finite], part[finite]
    counts = np.bincount(part, minlength=len(parts))
    there = counts > 0
    owner, counts, xy = owner[there].astype(np.int64), counts[there], xy[there[part]]
    lines = Lines(xy, np.concatenate(([0], np.cumsum(counts))).astype(np.int32))
    length = shapely.length(parts[there])
    total = np.bincount(owner, weights=length, minlength=len(table))[owner]
    pieces = np.bincount(owner, minlength=len(table))[owner]
    return lines, owner, np.where(total > 0, length / np.maximum(total, 1e-12), 1.0 / pieces)
