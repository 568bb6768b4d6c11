"""What the drivers say in their own English, in words that a planner can act on."""

from __future__ import annotations

import re
from pathlib import Path

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.table import Note

_QUIET = ("couldn't be converted correctly", "geometry type Unknown")  # told in own words, with the rows
_WARNINGS = (
    ("invalid winding order", N_("{file}: rings that run the wrong way round were turned")),
    ("Field format", N_("{file}: fields of a type that is not known were read as text")),
    ("columns detected", N_("{file}: the table has too many columns; those after the 2,000th were left out")),
    ("parsed incompletely", N_("{file}: values that are not numbers stand in a field of numbers and were read in part: {words}")),
    ("non closed ring", N_("{file}: rings that did not close were closed")),
    ("more records than expected", N_("{file}: holds more rows than it says; those beyond were left out")),
)
_AT = re.compile(r"[Ll]ine (\d+)(?:, character (\d+))?")
_PLACE = re.compile(r"on line (\d+)")


def warning_note(path: Path, said: str) -> Note | None:
    """Return a driver's warning as a note, None for one that is told in another place."""
    if any(words in said for words in _QUIET):
        return None
    for words, text in _WARNINGS:
        if words in said:
            return text, {"file": path.name, "words": said}
    return N_("{file}: the reader says: {words}"), {"file": path.name, "words": said}


def unreadable(path: Path, why: BaseException, opened: Path) -> InputError:
    """Return the error for a file that cannot be read: what is wrong in a few words, and what to do."""
    words = str(why).strip().split("\n")[0].rstrip(".; ") or type(why).__name__
    words = words.replace(str(opened), path.name).replace(str(path), path.name)
    suffix = path.suffix.lower()
    remedy = _("open it in QGIS to see whether it is damaged, and save it again from there")
    at = _AT.search(words) or _PLACE.search(words)
    if path.is_file() and path.stat().st_size == 0:
        words, remedy = _("the file is empty"), _("copy it again")
    elif "PROJ:" in words or "proj_" in words:
        words = _("its coordinate system makes no sense")
        remedy = _("put the right .prj beside it, or delete the .prj and give crs in the source")
    elif "nested" in words or "nesting" in words:
        words = _("it is nested too deeply")
    elif at and suffix in {".geojson", ".json", ".kml", ".gml", ".gpx"}:
        where = at.group(1)
        words = _("it breaks off or is damaged in line {line}").format(line=where)
        if at.lastindex == 2:
            words = _("it breaks off or is damaged in line {line}, character {character}").format(line=where, character=at.group(2))
        remedy = _("get it again, or save it again from QGIS")
    elif "Too big gap" in words or "Maximum number of fields" in words:
        words, remedy = _("cells stand far from the others"), _("delete the empty rows and columns in Excel and save it again")
    elif "double-quotes" in words:
        words, remedy = _("a quotation mark in its first line is not closed"), _("mend it in a text editor")
    elif "not recognized as being in a supported" in words:
        words = _("it is damaged, or of a format that is not known")
    elif "file is not a database" in words or "malformed" in words or "not a valid" in words:
        words = _("it is damaged")
    return InputError(_("{file}: cannot be read: {why}; {remedy}").format(file=path, why=words, remedy=remedy))
