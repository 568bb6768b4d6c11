"""The coordinate system of a source: what it says, what may be assumed or mended, and when to ask instead."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io import crs as systems
from gridplanner.io.doctor.coordinates import Candidate, Neighbour, arranged, candidates, settled
from gridplanner.io.doctor.datums import NAMES, SHIFTED, shift_metres
from gridplanner.io.doctor.manners import Manner
from gridplanner.io.reading import Reading
from gridplanner.io.shifted_systems import datum_of, datum_said_in
from gridplanner.io.table import Note, Table, finite_rows
from gridplanner.model.issues import Level
from gridplanner.model.lines import Floats
from gridplanner.settings import SourceSettings

_SYSTEMS = {"wgs84": "EPSG:4326", "cgcs2000": "EPSG:4490"}
_MEASURED = 20_000  # coordinates whose shift is measured
_SHOWN = 4  # systems that a refusal names
_NO_CRS = N_("{file}: does not say its coordinate system; its coordinates are degrees and were taken as WGS 84")
_AXES = N_("{file}: latitude or northing stands first; they were swapped. Where they are right as they stand say axes = “xy”")
_SCALE = N_("{file}: its coordinates are degrees times {factor}; they were divided by it. Where that is wrong say scale = 1")
_GUESSED = N_("{file}: does not say its coordinate system; it was read as {crs}, which fits. Where it is another say crs = “EPSG:…”")
_OTHER = N_("{file}: its coordinates do not fit {said}; it was read as {crs}, which fits. Where that is wrong say crs = “EPSG:…”")
_MOVED = N_("{file}: its coordinates are {datum}; they were moved to WGS 84 by {metres} m (at most {most} m)")
_NOT_EXACT = N_(
    "{file}: no exact transformation from {crs} is known here: places may be off by some tens to some hundred metres;"
    " have it transformed to CGCS2000 by the surveyors where that matters"
)
MOVED_BY = N_("{datum}, moved by {metres} m")  # as the provenance has it
INEXACT = (N_("transformed to within {metres} m"), N_("no exact transformation known"))
_ROUGH = N_("{file}: the transformation from {crs} is good to {metres} m")


def with_crs(
    table: Table, xy: Floats, source: SourceSettings, key: str, reading: Reading, neighbours: Sequence[Neighbour] = ()
) -> Table:  # fmt: skip
    """Return the table with a CRS that is known and fits its coordinates `xy`, which are put right where that is beyond doubt."""
    return manner_of(table, xy, source, key, reading, neighbours).applied(table)


def manner_of(
    table: Table, xy: Floats, source: SourceSettings, key: str, reading: Reading, neighbours: Sequence[Neighbour] = ()
) -> Manner:  # fmt: skip
    """Return how the coordinates `xy` of a table are to be read; what was assumed or mended is told.

    Degrees without a CRS are taken as WGS 84. Swapped axes, degrees times a million and zones that do not fit the eastings are put right
    where only one way makes sense, by themselves or by the layers beside them; `axes`, `scale`, `crs` and `datum` of the source say
    otherwise, and so does its `as_is`. Raises InputError where nothing can be assumed; it names what the coordinates may be.
    """
    given = arranged(xy[finite_rows(xy)], "yx" if source.axes == "yx" else "xy", source.scale)
    manner = _arranged(table, given, source, key, reading, neighbours)
    if len(given):
        datum = source.datum if source.datum != "auto" else datum_of(table.crs) or datum_said_in(table.path)
        manner = moved(table, manner.read(given[:: max(len(given) // _MEASURED, 1)]), manner, datum, key, reading)
    axes = "yx" if (source.axes == "yx") != (manner.axes == "yx") else "xy"
    return dataclasses.replace(manner, axes=axes, scale=manner.scale * (source.scale or 1.0))


def neighbour_of(table: Table, xy: Floats) -> Neighbour | None:
    """Return a table whose CRS is known as a neighbour for others, None where it has no coordinates."""
    finite = xy[finite_rows(xy)]
    if not len(finite) or not table.crs:
        return None
    (west, south), (east, north) = finite.min(axis=0).tolist(), finite.max(axis=0).tolist()
    return Neighbour(table.path.name, table.crs, (west, south, east, north))


def _arranged(
    table: Table, xy: Floats, source: SourceSettings, key: str, reading: Reading, neighbours: Sequence[Neighbour]
) -> Manner:  # fmt: skip
    asked = "" if source.crs.lower() in {"auto", ""} else source.crs
    if asked and not systems.is_known(asked):
        text = _("{file}: crs = “{crs}” is not a known coordinate system; write auto or a code such as EPSG:4548")
        raise InputError(text.format(file=table.place, crs=asked))
    degrees = systems.look_like_degrees(xy)
    said = asked or _said(table, source, degrees=degrees)
    if said and (not len(xy) or _fits(said, xy)):
        found = candidates(xy, said, neighbours) if degrees and source.axes == "auto" and len(xy) else ()
        best = settled(found)
        if best is None or best.axes == "xy" or best.crs != said or not _swapped(xy, found, neighbours):
            return Manner(said)
        if not reading.wanted(key, "axes"):
            reading.tell_left("axes", N_("{file}: its axes were left as they are"), {"file": table.short}, key=key)
            return Manner(said)
        return _put_right(table, best, said, key, reading)
    if not said and degrees and not (source.axes == "auto" and _swapped(xy, candidates(xy, "", neighbours), neighbours)):
        if source.datum not in SHIFTED and not datum_said_in(table.path):
            reading.tell(Level.WARNING, "crs", _NO_CRS, {"file": table.short}, layer=key)
        return Manner(systems.WGS84)
    found = tuple(each for each in candidates(xy, said, neighbours) if _allowed(each, source, asked, said))
    best = settled(found)
    if best is None or not all(reading.wanted(key, kind) for kind in _kinds(best, said)):
        raise _refusal(table, xy, said, found, best)
    return _put_right(table, best, said, key, reading)


def _said(table: Table, source: SourceSettings, *, degrees: bool) -> str:
    """Return the CRS that the file or the plan's datum names, empty where none does."""
    if datum_of(table.crs):
        return systems.WGS84
    own = table.crs if table.crs and systems.is_known(table.crs) else ""
    stated = _SYSTEMS.get(source.datum, "")
    return stated if stated and (systems.is_geographic(own) if own else degrees) else own


def _fits(crs: str, xy: Floats) -> bool:
    return systems.look_like_degrees(xy) if systems.is_geographic(crs) else not systems.misplaced(crs, xy)


def _swapped(xy: Floats, found: Sequence[Candidate], neighbours: Sequence[Neighbour]) -> bool:
    """True where degrees can be read either way and only the other way round makes sense."""
    best = settled(found)
    if best is None or best.axes != "yx" or best.scale != 1.0:
        return False
    arctic = bool((xy[:, 1] > 72.0).all()) and bool(systems.in_china(xy[:, ::-1]).mean() > 0.5)
    return arctic or bool(neighbours)


def _allowed(each: Candidate, source: SourceSettings, asked: str, said: str) -> bool:
    """True for a way to read coordinates that does not go against what the plan says."""
    as_said = each.crs == said and each.axes == "xy" and each.scale == 1.0
    fits = (source.axes == "auto" or each.axes == "xy") and (source.scale == 0.0 or each.scale == 1.0)
    return fits and not as_said and (not asked or each.crs == asked)


def _kinds(best: Candidate, said: str) -> list[str]:
    """Return the words of `as_is` for what is mended."""
    kinds = ["axes"] if best.axes != "xy" else []
    kinds += ["scale"] if best.scale != 1.0 else []
    return kinds + (["crs"] if best.crs != said and not (best.scale != 1.0 and not said) else [])


def _put_right(table: Table, best: Candidate, said: str, key: str, reading: Reading) -> Manner:
    history: list[Note] = []
    crs = systems.describe(best.crs)
    notes: dict[str, tuple[str, dict[str, object], str]] = {
        "axes": (_AXES, {}, N_("axes swapped")),
        "scale": (_SCALE, {"factor": f"{1.0 / best.scale:.0f}"}, N_("degrees times {factor}")),
        "crs": (_OTHER if said else _GUESSED, {"said": systems.describe(said), "crs": crs}, N_("read as {crs}")),
    }
    for kind in _kinds(best, said):
        text, values, short = notes[kind]
        if kind == "crs" and not said and systems.is_geographic(best.crs):
            text = _NO_CRS
        reading.tell(Level.WARNING, kind, text, {"file": table.short, **values}, layer=key, repair=kind)
        history.append((short, values))
    return Manner(best.crs, best.axes, best.scale, history=tuple(history))


def moved(table: Table, xy: Floats, manner: Manner, datum: str, key: str, reading: Reading) -> Manner:
    """Return a manner that undoes the shift of a datum; `xy` (n, 2) are places in the manner's CRS by which it is measured."""
    lonlat = systems.transform(xy, manner.crs, systems.WGS84)
    lonlat = lonlat[np.isfinite(lonlat).all(axis=1)]
    if datum in SHIFTED and len(lonlat):
        metres = shift_metres(lonlat, datum)
        values: dict[str, object] = {
            "datum": NAMES[datum], "metres": f"{float(np.median(metres)):.0f}", "most": f"{float(metres.max()):.0f}",
        }  # fmt: skip
        reading.tell(Level.INFO, "datum", _MOVED, {"file": table.short, **values}, layer=key)
        note: Note = (MOVED_BY, values)
        return dataclasses.replace(manner, datum=datum, history=(*manner.history, note))
    if not len(lonlat):
        return manner
    lon, lat = np.median(lonlat, axis=0).tolist()
    metres_off = systems.accuracy(manner.crs, lon, lat)
    if np.isfinite(metres_off) and metres_off <= systems.EXACT:
        return manner
    values = {"crs": systems.describe(manner.crs)}
    if np.isfinite(metres_off):
        values["metres"] = f"{metres_off:.0f}"
    reading.tell(Level.INFO, "crs", _ROUGH if "metres" in values else _NOT_EXACT, {"file": table.short, **values}, layer=key)
    return dataclasses.replace(manner, history=(*manner.history, (INEXACT["metres" not in values], values)))


def _refusal(table: Table, xy: Floats, said: str, found: Sequence[Candidate], best: Candidate | None) -> InputError:
    """Return the error that says what does not fit and how to say what it is, in words of the plan file and of the import window."""
    (west, south), (east, north) = (xy.min(axis=0), xy.max(axis=0)) if len(xy) else (np.zeros(2), np.zeros(2))
    remedy = _("put its .prj file beside it, or say what it is: crs = “EPSG:…” in [sources], or the coordinate system in the import window")
    may_be = [best] if best is not None else [each for each in found if each.score >= 0.12][:_SHOWN]
    if may_be:
        remedy = _("{remedy}; it may be {systems}").format(remedy=remedy, systems=", ".join(_words(each) for each in may_be))
    if not said:
        text = _("{file}: does not say its coordinate system (x {west:.0f} to {east:.0f}, y {south:.0f} to {north:.0f}); {remedy}")
        return InputError(text.format(file=table.place, west=west, east=east, south=south, north=north, remedy=remedy))
    reason = _("they are not degrees") if systems.is_geographic(said) else _("they lie far outside its area")
    text = _("{file}: its coordinates (such as {x:.6g}, {y:.6g}) do not fit {crs}: {reason}; {remedy}")
    return InputError(text.format(file=table.place, x=west, y=south, crs=systems.describe(said), reason=reason, remedy=remedy))


def _words(each: Candidate) -> str:
    parts = [f"crs = “{each.crs}”"]
    parts += ["axes = “yx”"] if each.axes == "yx" else []
    parts += [f"scale = {each.scale:.7f}".rstrip("0")] if each.scale != 1.0 else []
    return " ".join(parts)
