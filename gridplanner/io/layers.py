"""The export: every layer of the project in the formats asked for, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from algorithms.progress import SILENT, Progress, Span
from gridplanner.errors import InputError, ProjectFileError
from gridplanner.export_profiles import ExportProfile, profile_named
from gridplanner.i18n import N_, _
from gridplanner.io.earlier_exports import earlier_files
from gridplanner.io.export_faults import ExportFault, fitted, left_out, sheet_faults
from gridplanner.io.export_places import Places, check_crs, moved, places_of
from gridplanner.io.exported_project import spare_open_project
from gridplanner.io.field_table import NAME as FIELD_TABLE
from gridplanner.io.field_table import write_field_table
from gridplanner.io.file_names import file_stem
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.formats.writers import WRITERS
from gridplanner.io.keeping.disk_words import cause_words
from gridplanner.io.layer_rows import LayerRows, issue_rows, layers_of
from gridplanner.io.profile_rows import apply, check_profile
from gridplanner.io.project_file import save_project
from gridplanner.io.qgis_project import write_qgis_project, write_styles
from gridplanner.io.route_files import PHONES, STEM, write_phone_files
from gridplanner.io.shifted_systems import NOTE, datum_words
from gridplanner.io.staging import moved_in, staged
from gridplanner.io.summary_file import write_summary
from gridplanner.model.check import check
from gridplanner.model.issues import Issue, Level
from gridplanner.model.patrol_sheet import route_sheets
from gridplanner.model.project import Project
from gridplanner.settings import ExportSettings

ENCODINGS = {"gb18030": "gb18030", "gbk": "gbk", "utf-8": "utf-8", "utf8": "utf-8"}
PHONE_DATUMS = {"": "wgs84", "gcj02": "gcj02"}  # of the routes for crews, by the datum of the export


@dataclass(frozen=True, eq=False)
class _Export:
    """What is to be written: the layers after the profile and with the issues, how, and the findings on the way."""

    layers: list[LayerRows]
    wish: ExportWish
    told: list[Issue]


def write_layers(project: Project, folder: Path, progress: Progress = SILENT, summary: Mapping[str, Any] | None = None) -> list[Path]:
    """Write all layers, the project file, `fields.csv` and, where given, `summary.json` into a folder; return the files.

    Everything is written into a folder beside first and moved in at the end, so a failure leaves earlier exports as they were, and a
    database that takes the layers too. Raises InputError before anything is written where a CRS or profile is not known.
    """
    check_export(project.settings.export)
    try:
        with staged(folder) as staging:
            export = _prepared(project)
            _write_all(project, export, staging, folder, Span(progress, 0.0, 0.9), summary)
            progress.check()
            with _in_database(project.settings.export, export, Span(progress, 0.9, 1.0)):
                name = f"{export.wish.stem}.gridplan"
                if told := spare_open_project(staging / name, folder / name):
                    progress.note(told)
                return moved_in(staging, folder, earlier_files(folder, export.wish.stem))
    except OSError as why:
        raise InputError(_("{folder}: the export cannot be written: {why}").format(folder=folder, why=cause_words(why, folder))) from None


def check_export(export: ExportSettings) -> None:
    """Raise InputError for a CRS or profile that is not known, before any work is done for it."""
    check_crs(export.crs)
    check_profile(profile_named(export.profile))


def export_faults(project: Project, export: ExportSettings | None = None) -> list[ExportFault]:
    """Return what an export cannot carry as it is, with other settings than the project's where given; nothing is written.

    Raises InputError as `check_export` does.
    """
    wanted = export or project.settings.export
    check_export(wanted)
    layers = _profiled(layers_of(project), profile_named(wanted.profile))
    return _faults(layers, wanted)


def _prepared(project: Project) -> _Export:
    """Return what is to be written; the issues are the last layer, and say what the others lose."""
    export = project.settings.export
    profile = profile_named(export.profile)
    layers = _profiled(layers_of(project), profile)
    told = [fault.issue for fault in _faults(layers, export)]
    phones = [name for name in PHONES if name in export.formats]
    if phones and (project.patrol is None or not project.patrol.routes):
        text = N_("There are no patrol routes, so nothing was written as {formats}")
        told.append(Issue(Level.INFO, "no_routes", text, {"formats": ", ".join(f"routes.{name}" for name in phones)}, "routes"))
    issues = _profiled([issue_rows((*check(project), *told))], profile)
    wish = ExportWish(
        file_stem(project.name), project.name, places_of(project.crs, export.crs), ENCODINGS[export.encoding.lower()]
    )  # fmt: skip
    return _Export([*layers, *issues], wish, told)


def _profiled(layers: Sequence[LayerRows], profile: ExportProfile) -> list[LayerRows]:
    return [found for rows in layers if (found := apply(profile, rows)) is not None]


def _faults(layers: Sequence[LayerRows], export: ExportSettings) -> list[ExportFault]:
    found: list[ExportFault] = []
    if "shp" in export.formats:
        found += [fault for rows in layers for fault in fitted(rows, ENCODINGS[export.encoding.lower()])[1]]
    if "xlsx" in export.formats:
        found += [fault for rows in layers for fault in sheet_faults(rows)]
    for name in dict.fromkeys(export.formats):
        found += left_out(name, [rows for rows in layers if not WRITERS[name].takes(rows)])
    return found


def _write_all(
    project: Project, export: _Export, staging: Path, folder: Path, progress: Progress, summary: Mapping[str, Any] | None
) -> None:
    settings, wish = project.settings.export, export.wish
    placed = [moved(rows, wish.places) for rows in export.layers]
    degrees = [moved(rows, wish.places.in_degrees) for rows in export.layers] if any(WRITERS[n].degrees for n in settings.formats) else []
    phones = _phone_formats(project, export)
    formats = tuple(dict.fromkeys(settings.formats))
    for at, name in enumerate(formats):
        writer = WRITERS[name]
        layers = [rows for rows in (degrees if writer.degrees else placed) if writer.takes(rows)]
        if name in phones:  # routes for crews have their own file, with turns
            layers = [rows for rows in layers if rows.schema.name != STEM]
        progress.check()
        progress.report(0.8 * at / len(formats), _("Writing {layer}").format(layer=name))
        writer.write(layers, staging, wish, Span(progress, 0.8 * at / len(formats), 0.8 * (at + 1) / len(formats)))
    if phones and project.patrol is not None:
        datum = PHONE_DATUMS[wish.places.datum]
        write_phone_files(project, route_sheets(project, project.patrol.routes), staging, phones, datum)
    if settings.qgis:
        _write_looks(placed, staging, wish, settings.formats)
    if wish.places.datum:
        (staging / NOTE).write_text(_datum_note(wish.places), encoding="utf-8")
    _save(project, staging / f"{wish.stem}.gridplan", folder, Span(progress, 0.8, 1.0))
    write_field_table(staging / FIELD_TABLE, [rows.schema for rows in export.layers], wish.encoding)
    if summary is not None:
        write_summary(staging, summary)


def _save(project: Project, path: Path, folder: Path, progress: Progress) -> None:
    """Write the project file; what is wrong is said of the folder where it would have been."""
    try:
        save_project(project, path, progress)
    except ProjectFileError as why:
        raise ProjectFileError(str(why).replace(str(path), str(folder / path.name))) from None


def _write_looks(layers: Sequence[LayerRows], staging: Path, wish: ExportWish, formats: Sequence[str]) -> None:
    """Write the QGIS project on top of the GeoPackage, or else of the shapefiles, and a style beside each of these."""
    shaped = [fitted(rows, wish.encoding)[0] for rows in layers] if "shp" in formats else []
    if "gpkg" in formats:
        write_qgis_project(layers, staging, wish, "gpkg")
    elif "shp" in formats:
        write_qgis_project(shaped, staging, wish, "shp")
    write_styles(shaped, staging)


def _phone_formats(project: Project, export: _Export) -> list[str]:
    """Return the formats in which the routes are written for crews: those wished, where there are routes and the profile keeps them."""
    routes = project.patrol is not None and project.patrol.routes
    kept = any(rows.schema.origin == STEM for rows in export.layers)
    if not routes or not kept or export.wish.places.datum not in PHONE_DATUMS:
        return []
    return [name for name in PHONES if name in project.settings.export.formats]


def _datum_note(places: Places) -> str:
    text = _("All layers of this folder are in {datum}, shifted against WGS 84 by some hundred metres: only for maps drawn in it.")
    return f"{datum_words(places.datum)}\n{text.format(datum=places.words)}\n"


@contextmanager
def _in_database(settings: ExportSettings, export: _Export, progress: Progress) -> Iterator[None]:
    """Write the layers into the database that is wished, where one is; it keeps them if the body ends well."""
    if not settings.postgis:
        yield
        return
    from gridplanner.io.postgis_write import DatabaseTarget, written_postgis

    places = export.wish.places
    layers = [moved(rows, places) for rows in export.layers]
    with written_postgis(layers, DatabaseTarget(settings.postgis, settings.schema), places.datum or places.crs, progress):
        yield
