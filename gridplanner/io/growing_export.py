"""An export that grows chunk by chunk: the layers of a province, of which only one chunk is held at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io.earlier_exports import earlier_files
from gridplanner.io.export_faults import fitted
from gridplanner.io.export_places import moved, places_of
from gridplanner.io.field_table import NAME as FIELD_TABLE
from gridplanner.io.field_table import write_field_table
from gridplanner.io.file_names import file_stem
from gridplanner.io.keeping.disk_words import cause_words
from gridplanner.io.layer_rows import LayerRows, issue_rows, layers_of
from gridplanner.io.layer_schemas import SCHEMAS, TABLE
from gridplanner.io.layers import ENCODINGS
from gridplanner.io.shapefiles import CPG, create_shapefile
from gridplanner.io.staging import moved_in, staged
from gridplanner.io.summary_file import write_summary
from gridplanner.io.vector_files import append_rows
from gridplanner.model.issues import Issue
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.settings import ExportSettings, Settings

FORMATS = ("shp", "gpkg")  # those that grow


def check_growing(export: ExportSettings) -> None:
    """Raise InputError for a wish that an export in chunks cannot follow, before any work is done for it."""
    for name in export.formats:
        if name not in FORMATS:
            text = _("[export] formats: a plan in chunks is not written as {name}; write {known}")
            raise InputError(text.format(name=name, known=", ".join(FORMATS)))
    for key, usual in (("profile", "standard"), ("postgis", "")):
        if getattr(export, key) not in {usual, ""}:
            text = _("[export] {key}: a plan in chunks has none; leave it out, or plan in one piece")
            raise InputError(text.format(key=key))


class GrowingExport:
    """Layers written into a folder beside the earlier export, which they replace at the end; a context manager that cleans up."""

    def __init__(self, settings: Settings, crs: str, folder: Path, whole: Iterable[str]) -> None:
        self._settings = settings
        self._places = places_of(crs, settings.export.crs)
        self._folder = folder
        self._whole = frozenset(whole)
        self._units = 0
        self._grids = 0
        self._written: dict[str, None] = {}
        self._stack = ExitStack()
        self._staging = self._stack.enter_context(staged(folder))

    def __enter__(self) -> GrowingExport:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.__exit__(kind, why, trace)

    def add(self, project: Project) -> list[Issue]:
        """Write the layers of a chunk after those written before; return what had to be changed for the shapefiles."""
        assert project.units is not None
        assert project.grids is not None
        told: list[Issue] = []
        for rows in layers_of(project):
            columns = dict(rows.columns)
            if rows.schema.name == "units":
                columns["unit_id"] = columns["unit_id"] + self._units
            if rows.schema.name == "grids" and self._settings.staff is not None:
                columns["workers"] = self._workers(grid_figures(project).load)
            for name in self._whole & columns.keys():
                columns[name] = columns[name].astype(np.int64)
            self._append(dataclasses.replace(rows, columns=columns), told)
        self._units += len(project.units)
        self._grids += len(project.grids)
        return told

    def add_issues(self, issues: tuple[Issue, ...]) -> None:
        """Write some issues after those written before."""
        if issues:
            self._append(issue_rows(issues), [])

    def finish(self, summary: Mapping[str, Any]) -> list[Path]:
        """Put the finished files in place of an earlier export's and return them."""
        if "issues" not in self._written:
            self._append(issue_rows(()), [])
        write_field_table(self._staging / FIELD_TABLE, [SCHEMAS[name] for name in self._written])
        try:
            write_summary(self._staging, summary)
            return moved_in(self._staging, self._folder, earlier_files(self._folder, file_stem(self._settings.project.name)))
        except OSError as why:
            raise self._unwritten(why) from None

    def _unwritten(self, why: OSError) -> InputError:
        text = _("{folder}: the export cannot be written: {why}")
        return InputError(text.format(folder=self._folder, why=cause_words(why, self._folder)))

    def _append(self, rows: LayerRows, told: list[Issue]) -> None:
        try:
            self._write(rows, told)
        except OSError as why:
            raise self._unwritten(why) from None

    def _write(self, rows: LayerRows, told: list[Issue]) -> None:
        if rows.schema.geometry == TABLE:
            return
        export, name = self._settings.export, rows.schema.name
        encoding = ENCODINGS[export.encoding.lower()]
        crs = self._places.crs
        if "shp" in export.formats:
            path = self._staging / f"{name}.shp"
            if not path.exists():
                wkt = systems.to_wkt(crs, esri=True)
                create_shapefile(path, rows.schema, crs_wkt=wkt, encoding=encoding, whole=self._whole)
            fits, faults = fitted(rows, encoding)
            told += [fault.issue for fault in faults]
            shaped = moved(fits, self._places)
            append_rows(path, name, shaped.shapes, shaped.columns, geometry=rows.schema.geometry, crs=crs, encoding=CPG[encoding])
        if "gpkg" in export.formats:
            placed = moved(rows, self._places)
            path = self._staging / f"{file_stem(self._settings.project.name)}.gpkg"
            append_rows(path, name, placed.shapes, placed.columns, geometry=rows.schema.geometry, crs=crs)
        self._written[name] = None

    def _workers(self, load: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the grid workers of a chunk's grids: its share of what all grids have, the heaviest first."""
        assert self._settings.staff is not None
        each = self._settings.staff.workers_per_grid
        total = round((self._grids + len(load)) * each) - round(self._grids * each)
        workers = np.full(len(load), total // len(load), np.int64)
        workers[np.argsort(-load, kind="stable")[: total % len(load)]] += 1
        return workers
