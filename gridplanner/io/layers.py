"""The export: every layer of the project in the formats asked for, all of it or nothing."""

from __future__ import annotations

import dataclasses
import json
import math
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from algorithms.progress import SILENT, Progress, Span
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io import crs as systems
from gridplanner.io.field_table import write_field_table
from gridplanner.io.layer_rows import LayerRows, issue_rows, layers_of
from gridplanner.io.layer_schemas import SCHEMAS, TABLE, TEXT
from gridplanner.io.project_file import save_project
from gridplanner.io.reading import named
from gridplanner.io.route_files import PHONES, write_phone_files
from gridplanner.io.shapefiles import write_shapefile
from gridplanner.io.staging import moved_in, new_staging
from gridplanner.io.text_width import fit_column
from gridplanner.io.vector_files import write_gpkg_layer
from gridplanner.model.check import check
from gridplanner.model.issues import Issue, Level
from gridplanner.model.patrol_sheet import route_sheets
from gridplanner.model.project import Project
from gridplanner.settings import ExportSettings

BUILT = ("shp", "gpkg", "gpx", "kml")  # the last two for the patrol routes alone
ENCODINGS = {"gb18030": "gb18030", "gbk": "gbk", "utf-8": "utf-8", "utf8": "utf-8"}


def write_layers(project: Project, folder: Path, progress: Progress = SILENT, summary: Mapping[str, Any] | None = None) -> list[Path]:
    """Write all layers, the project file, `fields.csv` and, where given, `summary.json` into a folder; return the files.

    Everything is written into a folder beside first and moved in at the end, so a failure leaves earlier exports as they were.
    Raises InputError before anything is written where a format or CRS asked for is not built.
    """
    check_export(project.settings.export)
    wanted = project.settings.export.crs.strip()
    target = project.crs if wanted.lower() in {"", "project"} else wanted
    try:
        staging = new_staging(folder)
    except OSError as why:
        raise InputError(_("{folder}: cannot be written: {why}; choose another folder").format(folder=folder, why=why)) from None
    try:
        _write_all(project, staging, target, progress, summary)
        progress.check()
        return moved_in(staging, folder, tuple(SCHEMAS))
    except OSError as why:
        text = _("{folder}: the export cannot be written: {why}; is the disk full, or one of its files open elsewhere?")
        raise InputError(text.format(folder=folder, why=why)) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def file_stem(name: str) -> str:
    """Return a project's name as a file name that every system takes.

    >>> file_stem("西郊街道 1:2"), file_stem("")
    ('西郊街道 1_2', 'project')
    """
    clean = "".join("_" if sign in '<>:"/\\|?*' or ord(sign) < 32 else sign for sign in name).strip(" .")
    return clean[:80] or "project"


def check_export(export: ExportSettings) -> None:
    """Raise InputError for a format or CRS that is not built, before any work is done for it."""
    for name in export.formats:
        if name not in BUILT:
            text = _("[export] formats: {name} is not built yet; built are {built}")
            raise InputError(text.format(name=name, built=", ".join(BUILT)))
    wanted = export.crs.strip()
    if wanted.lower() in {"gcj02", "bd09"}:
        raise InputError(_("[export] crs: {name} is not built yet; write project or a code such as EPSG:4490").format(name=wanted))
    if wanted.lower() not in {"", "project"} and not systems.is_known(wanted):
        raise InputError(_("[export] crs: {name} is not known; write project or a code such as EPSG:4490").format(name=wanted))


def _write_all(project: Project, staging: Path, target: str, progress: Progress, summary: Mapping[str, Any] | None) -> None:
    export = project.settings.export
    encoding = ENCODINGS[export.encoding.lower()]
    layers = layers_of(project)
    told: list[Issue] = []
    fitted = [fitted_rows(rows, encoding, told) for rows in layers] if "shp" in export.formats else []
    phones = [name for name in PHONES if name in export.formats]
    routes = project.patrol.routes if project.patrol is not None else ()
    if phones and not routes:
        text = N_("There are no patrol routes, so nothing was written as {formats}")
        told.append(Issue(Level.INFO, "no_routes", text, {"formats": ", ".join(phones)}, "routes"))
    issues = issue_rows((*check(project), *told))
    layers = [rows_in_crs(rows, project.crs, target) for rows in (*layers, issues)]
    if "shp" in export.formats:
        wkt = systems.to_wkt(target, esri=True)
        shaped = [rows_in_crs(rows, project.crs, target) for rows in (*fitted, fitted_rows(issues, encoding, []))]
        for rows in _listened(shaped, Span(progress, 0.0, 0.5)):
            write_shapefile(staging / f"{rows.schema.name}.shp", rows, crs_wkt=wkt, encoding=encoding)
    stem = file_stem(project.name)
    if "gpkg" in export.formats:
        for rows in _listened(layers, Span(progress, 0.5, 0.8)):
            write_gpkg_layer(
                staging / f"{stem}.gpkg", rows.schema.name, rows.shapes, rows.columns, geometry=rows.schema.geometry, crs=target
            )
    if phones and routes:
        write_phone_files(project, route_sheets(project, routes), staging, phones)
    save_project(project, staging / f"{stem}.gridplan", Span(progress, 0.8, 1.0))
    write_field_table(staging / "fields.csv", [rows.schema for rows in layers])
    if summary is not None:
        text = json.dumps(plain_values(summary), ensure_ascii=False, indent=2, allow_nan=False)
        (staging / "summary.json").write_text(text + "\n", encoding="utf-8")


def _listened(layers: list[LayerRows], progress: Progress) -> Iterable[LayerRows]:
    for done, rows in enumerate(layers):
        progress.check()
        progress.report(done / len(layers), _("Writing {layer}").format(layer=rows.schema.name))
        yield rows


def fitted_rows(rows: LayerRows, encoding: str, told: list[Issue]) -> LayerRows:
    """Return a layer whose text fits the fields of a shapefile; what was shortened or replaced is added to `told`."""
    columns = dict(rows.columns)
    for part in rows.schema.fields:
        if part.kind != TEXT:
            continue
        fitted = fit_column(columns[part.name], part.width, encoding, part.separator)
        columns[part.name] = fitted.values
        for found, kind, text in (
            (
                fitted.shortened,
                "shortened",
                N_("{layer}, rows {rows}: “{field}” is longer than the shapefile takes, shortened ({count} in all)"),
            ),
            (
                fitted.replaced,
                "replaced",
                N_("{layer}, rows {rows}: “{field}” has characters that {encoding} lacks, written as ? ({count} in all)"),
            ),
        ):
            if found:
                values = {
                    "layer": rows.schema.name, "field": part.name, "count": len(found), "encoding": encoding.upper(),
                    "rows": named(np.array(found) + 1),
                }  # fmt: skip
                told.append(Issue(Level.WARNING, kind, text, values, rows.schema.name))
    return dataclasses.replace(rows, columns=columns)


def rows_in_crs(rows: LayerRows, source: str, target: str) -> LayerRows:
    """Return a layer in another CRS."""
    if rows.schema.geometry == TABLE or systems.same(source, target):
        return rows
    moved = shapely.transform(rows.shapes, lambda xy: systems.transform(xy, source, target))
    return dataclasses.replace(rows, shapes=moved)


def plain_values(value: Any) -> Any:
    """Return a summary as JSON takes it: no NaN, no numpy."""
    if isinstance(value, Mapping):
        return {str(key): plain_values(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain_values(part) for part in value]
    if isinstance(value, np.generic | np.ndarray):
        return plain_values(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value
