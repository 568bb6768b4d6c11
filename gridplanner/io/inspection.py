"""A look into files before they are read: layers, fields, counts, CRS, encoding, what each layer probably is, and what is wrong with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io.crs_guess import Neighbour, box_of, guess_crs
from gridplanner.io.fields import holds_private
from gridplanner.io.found_files import find_files
from gridplanner.io.open_source import coordinates_of
from gridplanner.io.osm import Extract, Wish, is_osm, read_osm
from gridplanner.io.osm_tags import TRACKS
from gridplanner.io.roles import guess_fields, guess_role
from gridplanner.io.source_report import SourceReport as SourceReport
from gridplanner.io.table import NOTHING, POLYGON, Table, finite_rows
from gridplanner.io.vector_files import LayerInfo, check_exists, layer_info, list_layers, read_table

SAMPLE = 2_000


def inspect(paths: Iterable[Path]) -> list[SourceReport]:
    """Return a report for every layer of the files and of the files in the folders; a file that cannot be read has one that says why."""
    found = find_files(paths)
    reports: list[SourceReport] = []
    for path in found.files:
        try:
            reports += _osm_reports(path) if is_osm(path) else _layer_reports(path)
        except InputError as why:
            reports.append(SourceReport(str(path), "", "", 0, problems=(str(why),), readable=False))
    cuts = [SourceReport(str(path), "", "", 0, problems=(words,), readable=False) for path, words in found.cuts]
    return [_with_guess(report, reports) for report in reports] + cuts


def _with_guess(report: SourceReport, all_reports: Sequence[SourceReport]) -> SourceReport:
    """Return a report whose CRS, where the file does not say it, is guessed, also by the layers that came with it."""
    if report.crs or report.box is None:
        return report
    known = [
        Neighbour(Path(other.path).name, other.crs.split(" ")[0], other.box)
        for other in all_reports
        if other.box is not None and other.crs.startswith("EPSG:")
    ]
    guess = guess_crs(report.box, known)
    named = systems.describe(guess.code) if guess.code else _("choose one, or put its .prj beside it")
    words = _("the coordinate system is not given: {guess} ({why})").format(guess=named, why=guess.why)
    return dataclasses.replace(report, crs_guess=guess.code, crs_why=guess.why, problems=(words, *report.problems))


def _layer_reports(path: Path) -> list[SourceReport]:
    layers = list_layers(path)
    if not layers:
        raise InputError(_("{file}: has no layers; check that it is the right file").format(file=path))
    return [_layer_report(path, layer) for layer in layers]


def _layer_report(path: Path, layer: str) -> SourceReport:
    info = layer_info(path, layer)
    encoding = f"{info.encoding.name} ({info.encoding.why})" if info.encoding else "UTF-8"
    codec = info.encoding.name if info.encoding else ""
    if not info.geometry:
        role = guess_role("", [path.stem, layer, *info.fields], info.count)
        mapping = guess_fields(role, info.fields)
        problems = [_("the layer has no rows")] if not info.count else _field_problems(path, layer, info, mapping.get("work_phone", ""))
        return SourceReport(
            str(path), layer, "", info.count, info.fields, "", encoding, role, mapping, problems=tuple(problems), codec=codec
        )
    table = read_table(path, layer, [])
    problems = [text.format(**values) for text, values in ((_(text), values) for text, values in table.notes)]
    kind = kind_of(table)
    problems += [*_geometry_problems(table), *_field_problems(path, layer, info)]
    role = guess_role(kind, [path.stem, layer, *info.fields], info.count)
    mapping = guess_fields(role, info.fields)
    crs = systems.describe(info.crs) if info.crs else ""
    return SourceReport(
        str(path), layer, kind, info.count, info.fields, crs, encoding, role, mapping, problems=tuple(dict.fromkeys(problems)),
        box=box_of(coordinates_of(table)), codec=codec,
    )  # fmt: skip


def kind_of(table: Table) -> str:
    """Return the most frequent kind of geometry."""
    kinds, counts = np.unique(table.kinds[table.kinds != NOTHING], return_counts=True)
    return str(kinds[np.argmax(counts)]) if len(kinds) else ""


def _geometry_problems(table: Table) -> list[str]:
    problems = []
    nowhere = int((table.kinds == NOTHING).sum())
    if not len(table):
        problems.append(_("the layer has no rows"))
    if nowhere:
        problems.append(_("{count} rows have no place").format(count=nowhere))
    kinds = [str(kind) for kind in np.unique(table.kinds) if kind != NOTHING]
    if len(kinds) > 1:
        problems.append(_("the layer mixes geometry: {kinds}").format(kinds=", ".join(kinds)))
    xy = coordinates_of(table)
    odd = int((~finite_rows(xy)).sum())
    if odd:
        problems.append(_("{count} coordinates are not numbers").format(count=odd))
    if table.crs and systems.is_geographic(table.crs) and len(xy) and not systems.look_like_degrees(xy):
        problems.append(_("the coordinates do not fit the coordinate system: they are not degrees, or swapped"))
    areas = table.kinds == POLYGON
    if areas.any():
        invalid = int((~shapely.is_valid(table.shapes[areas])).sum())
        if invalid:
            problems.append(_("{count} areas cross or touch themselves; they are mended when read").format(count=invalid))
    return problems


def _field_problems(path: Path, layer: str, info: LayerInfo, work_phone: str = "") -> list[str]:
    """Name the fields that hold what planning must not know; looked for in the first rows. `work_phone` is the one of people on duty."""
    problems = []
    table = read_table(path, layer, list(info.fields), limit=SAMPLE, places=bool(info.geometry))
    for name in info.fields:
        if holds_private(table, name, work_phone=name == work_phone):
            problems.append(_("the field “{field}” holds identity or mobile numbers and cannot be mapped").format(field=name))
    return problems


def _osm_reports(path: Path) -> list[SourceReport]:
    """Return what an OpenStreetMap file can give: streets, railway, rivers, and administrative areas by their level."""
    check_exists(path)
    keys = frozenset(("highway", "railway", "waterway"))
    extract = read_osm(path, Wish(keys, frozenset(("boundary",))))
    ways = {key: extract.ways.column(key) for key in sorted(keys)}
    counts = {
        "roads": sum(word is not None for word in ways["highway"]),
        "railway": sum(word in TRACKS for word in ways["railway"]),
        "barriers": sum(word in ("river", "canal") for word in ways["waterway"]),
    }
    crs = systems.describe(systems.WGS84)
    reports = [
        SourceReport(str(path), key, "line", count, {}, crs, "UTF-8", key) for key, count in counts.items() if count
    ]  # fmt: skip
    reports += [
        SourceReport(str(path), f"admin_level {level}", "polygon", count, {}, crs, "UTF-8", "communities", {"name": "name"}, where)
        for level, count, where in _admin_levels(extract)
    ]
    return reports or [SourceReport(str(path), "", "", 0, problems=(_("holds no streets, railways, rivers or areas"),))]


def _admin_levels(extract: Extract) -> list[tuple[str, int, str]]:
    """Return the levels of named administrative areas with their counts and the filter that selects them."""
    counts: dict[str, int] = {}
    for tags in extract.areas.tags:
        if tags.get("boundary") == "administrative" and "name" in tags:
            level = tags.get("admin_level", "")
            counts[level] = counts.get(level, 0) + 1
    text = "boundary = 'administrative' AND admin_level = '{level}' AND name IS NOT NULL"
    return [(level, count, text.format(level=level)) for level, count in sorted(counts.items()) if level]
