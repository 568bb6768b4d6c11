"""Coordinates written as text: decimal numbers, degrees with minutes and seconds, two numbers in one cell, WKT and hexadecimal WKB."""

from __future__ import annotations

import re

import numpy as np
import shapely

from gridplanner.io.table import Column
from gridplanner.io.wide_digits import narrow, plain_numbers
from gridplanner.model.lines import Floats, Texts

_ASCII = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3001: 0x2C}  # full-width letters and signs, 、
_NEGATIVE = {"W", "S", "西", "南"}
_SIDE = "[NSEWnsew东西南北][经纬]?"
_NUMBER = r"[+-]?\d+(?:\.\d*)?"
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,3},\d{4,}")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DEGREES = re.compile(
    rf"(?P<before>{_SIDE})?\s*(?P<degrees>{_NUMBER})\s*(?:[°º˚度:]|deg)?\s*"
    r"(?:(?P<minutes>\d+(?:\.\d*)?)\s*(?:['′’‘`分:]|min)\s*)?(?:(?P<seconds>\d+(?:\.\d*)?)\s*(?:[\"″”“秒]|''|′′|’’|sec)?\s*)?"
    rf"(?P<after>{_SIDE})?"
)
_PAIR = re.compile(rf"[\[(]?\s*(?P<first>{_NUMBER})\s*[,;/\s]\s*(?P<second>{_NUMBER})\s*[\])]?")
_NAMED = re.compile(rf"[\"']?(lon(?:gitude)?|lng|x|lat(?:itude)?|y)[\"']?\s*[:=]\s*[\"']?({_NUMBER})", re.IGNORECASE)
_SPLIT = re.compile(r"\s*[,;]\s*|\s+|(?<=[\"″”秒NSEWnsew])(?=[\dNSEWnsew东西南北])")  # where one coordinate ends and the next begins


def coordinate_numbers(column: Column) -> Floats:
    """Return a column of coordinates as numbers (n,), NaN where there is none; text may be degrees with minutes and seconds."""
    if column.dtype.kind in "iuf":
        return column.astype(np.float64)
    numbers = plain_numbers(column)
    if numbers is not None:
        return numbers
    return np.array([coordinate_number(value) for value in column.tolist()], np.float64)


def coordinate_number(value: object) -> float:
    """Return one coordinate, NaN where the value is none; south and west are negative.

    >>> [round(coordinate_number(text), 6) for text in (" １０6.684 ", "E106°41′02″", "35度32分", "106,68412", "35,500,000.5", "不详")]
    [106.684, 106.683889, 35.533333, 106.68412, 35500000.5, nan]
    """
    if value is None:
        return np.nan
    if isinstance(value, int | float):
        return float(value)
    text = narrow(str(value)).translate(_ASCII).strip().strip("'")
    if _PLAIN.fullmatch(text):
        return float(text)
    if _DECIMAL_COMMA.fullmatch(text):
        return float(text.replace(",", "."))
    if _GROUPED.fullmatch(text):
        return float(text.replace(",", ""))
    return _degrees(text)[0]


def coordinate_pairs(column: Column, *, latitude_first: bool = False) -> Floats:
    """Return (n, 2) coordinates from cells that hold both, the easting or longitude first; NaN where there are none.

    Sides (E, N, 东经) and names (lng, lat) say which is which; else the first is taken for the longitude, or the latitude as asked.
    """
    return np.array([_pair(value, latitude_first) for value in column.tolist()], np.float64).reshape(-1, 2)


def geometry_from_text(column: Column) -> tuple[Texts, str]:
    """Return geometries (n,) from WKT, EWKT or hexadecimal WKB, None where there is none, and the CRS that they name.

    The CRS is a code such as EPSG:4490, empty where they name none or several.
    """
    words = ["" if value is None or isinstance(value, float) else str(value).strip() for value in column.tolist()]
    bare = [word.partition(";")[2] if word[:5].upper() == "SRID=" else word for word in words]
    is_hex = np.array([word[:2] in {"00", "01"} for word in bare], bool)
    shapes = np.empty(len(words), object)
    texts = np.array(bare, object)
    shapes[is_hex] = shapely.from_wkb(texts[is_hex], on_invalid="ignore")
    shapes[~is_hex] = shapely.from_wkt(np.where(texts[~is_hex] == "", None, texts[~is_hex]), on_invalid="ignore")
    shapes = np.asarray(shapely.force_2d(shapes), object)
    named = {int(number) for number in np.unique(shapely.get_srid(shapes[is_hex])) if number > 0}
    named |= {int(found[1]) for word in words if word[:5].upper() == "SRID=" and (found := re.match(r"(\d+)", word[5:]))}
    return shapely.set_srid(shapes, 0), f"EPSG:{named.pop()}" if len(named) == 1 else ""


def _degrees(text: str) -> tuple[float, str]:
    """Return degrees with a sign, and the side of the earth that the text names, a capital letter; NaN where it cannot be read."""
    found = _DEGREES.fullmatch(text)
    blank = re.fullmatch(rf"({_SIDE})?\s*(\d+)\s+(\d+)\s+(\d+(?:\.\d*)?)\s*({_SIDE})?", text)
    if blank:
        sides, parts = (blank[1], blank[5]), (blank[2], blank[3], blank[4])
    elif found and (found["minutes"] or not found["seconds"] or re.search(r"[\"″”秒]|''|′′", text)):
        sides, parts = (found["before"], found["after"]), (found["degrees"], found["minutes"], found["seconds"])
    else:
        return np.nan, ""
    degrees, minutes, seconds = (float(part or 0.0) for part in parts)
    if minutes >= 60 or seconds >= 60 or (sides[0] and sides[1]):
        return np.nan, ""
    side = (sides[0] or sides[1] or "")[:1].upper()
    size = abs(degrees) + minutes / 60.0 + seconds / 3600.0
    negative = parts[0].startswith("-") or side in _NEGATIVE
    return -size if negative else size, side


def _pair(value: object, latitude_first: bool) -> tuple[float, float]:
    if value is None:
        return np.nan, np.nan
    text = narrow(str(value)).translate(_ASCII).strip().strip("'")
    found = _PAIR.fullmatch(text)
    if found:
        one, other = float(found["first"]), float(found["second"])
        return (other, one) if latitude_first else (one, other)
    named = {name.lower()[:2]: float(number) for name, number in _NAMED.findall(text)}
    x, y = named.get("lo", named.get("ln", named.get("x", np.nan))), named.get("la", named.get("y", np.nan))
    if np.isfinite(x) and np.isfinite(y):
        return x, y
    text = text.strip("[]()")
    for gap in _SPLIT.finditer(text):
        (one, side), (other, _side) = _degrees(text[: gap.start()]), _degrees(text[gap.end() :])
        if np.isfinite(one) and np.isfinite(other):
            turned = side in {"N", "S", "北", "南"} if side else latitude_first
            return (other, one) if turned else (one, other)
    return np.nan, np.nan
