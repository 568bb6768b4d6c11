"""Reading and bulk-writing vector files with pyogrio; the only place that knows it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.connections import in_database
from gridplanner.io.dbf import Encoding
from gridplanner.io.doctor.archives import is_archive
from gridplanner.io.doctor.driver_words import unreadable, warning_note
from gridplanner.io.doctor.field_names import distinct
from gridplanner.io.doctor.gpkg_counts import counts_wrong, true_count
from gridplanner.io.doctor.misread_text import RAW, damaged_shapes, decoded_column, decoded_name, misread_notes, misread_text
from gridplanner.io.doctor.readable import DRAWING, Readable, readable
from gridplanner.io.known_drivers import OFFLINE, only_known
from gridplanner.io.layer_places import LayerPlace, packed_layer, packed_layers, place_of, told_of
from gridplanner.io.layer_places import check_exists as check_exists
from gridplanner.io.layer_schemas import TABLE
from gridplanner.io.table import Note, Table
from gridplanner.model.lines import Texts

Column = NDArray[Any]
_GPKG = {"VERSION": "1.2"}  # later ones give nothing that the layers need, and older programs warn of them


@dataclass(frozen=True)
class LayerInfo:
    """What a layer says of itself: its name, geometry type, fields with their types, row count and CRS."""

    name: str
    geometry: str
    fields: Mapping[str, str]
    count: int
    crs: str
    encoding: Encoding | None = None


def list_layers(path: Path) -> dict[str, str]:
    """Return the layers of a file, or of all data files in an archive, with their geometry types (empty for plain tables)."""
    if in_database(path):
        from gridplanner.io import postgis_tables

        return postgis_tables.list_layers(path)
    check_exists(path)
    if is_archive(path):
        return {each.name: each.geometry for each in packed_layers(path, _own_layers)}
    return _own_layers(path, readable(path))


def file_of(path: Path, layer: str) -> Path:
    """Return the file that holds a layer: the path itself, or where the file of an archive was unpacked to."""
    check_exists(path)
    return packed_layer(path, layer, _own_layers).member.path if is_archive(path) else path


def layer_info(path: Path, layer: str, encoding: str = "auto") -> LayerInfo:
    """Return what is in a layer without reading its rows."""
    if in_database(path):
        from gridplanner.io import postgis_tables

        return postgis_tables.layer_info(path, layer)
    place = place_of(path, layer, encoding, _own_layers)
    ready = place.ready
    with _words(place):
        info = _driver(ready).read_info(
            _absolute(ready.path), layer=place.own, encoding=place.codec, force_feature_count=True, **_options(ready.path)
        )  # fmt: skip
    kinds = [_type_word(str(kind)) for kind in info["ogr_types"]]
    names = _shown_names(place, [str(name) for name in info["fields"]])
    count = int(info["features"]) - (ready.parts.deleted if ready.parts is not None else 0)
    if ready.path.suffix.lower() == ".gpkg":
        count = true_count(ready.path, place.own, count)
    return LayerInfo(
        layer, str(info["geometry_type"] or ""), dict(zip(names, kinds, strict=True)), count, str(info["crs"] or ""), ready.encoding
    )


def choose_layer(path: Path, wanted: str, geometry: Sequence[str] = ()) -> str:
    """Return the layer to read: the wanted one, the only one, or the only one of a fitting geometry type (of none: a plain table).

    Raises InputError that lists the layers where the choice is not clear.
    """
    layers = list_layers(path)
    if wanted:
        if wanted in layers:
            return wanted
        text = _("{file}: there is no layer “{layer}”; its layers are {layers}")
        raise InputError(text.format(file=path, layer=wanted, layers=", ".join(layers)))
    if len(layers) == 1:
        return next(iter(layers))
    if not layers:
        raise InputError(_("{file}: has no layers; check that it is the right file").format(file=path))
    fitting = [name for name, kind in layers.items() if (any(word in kind.lower() for word in geometry) if geometry else not kind)]
    if len(fitting) == 1:
        return fitting[0]
    text = _("{file}: has several layers ({layers}); say which in the source, such as layer = “{first}”")
    raise InputError(text.format(file=path, layers=", ".join(layers), first=(fitting or list(layers))[0]))


def read_table(
    path: Path, layer: str, columns: Sequence[str], encoding: str = "auto", limit: int | None = None, *, first: int = 0,
    box: tuple[float, float, float, float] | None = None, places: bool = True,
) -> Table:  # fmt: skip
    """Return the rows of a layer with only the columns asked for; raises InputError that names the file and the remedy.

    At most `limit` rows, after the first `first` ones; or those whose place meets `box` (west, south, east, north, in the layer's CRS).
    Without `places` the layer may be a plain table, and no geometry is read.
    """
    if in_database(path):
        from gridplanner.io import postgis_tables

        return postgis_tables.read_table(path, layer, columns, limit, first=first, box=box, places=places)
    place = place_of(path, layer, encoding, _own_layers)
    ready = place.ready
    faults = misread_text(ready, columns, first, limit)
    raw = place.raw or bool(faults)
    own = {_bytes_of(place, name): name for name in columns} if raw and not place.raw else {}
    by_row = ready.parts is not None  # whose numbers of rows are their places in the file
    where = "1=1" if ready.path.suffix.lower() == ".gpkg" and counts_wrong(ready.path, place.own) else None
    with _words(place):
        meta, fids, wkb, data = _driver(ready).raw.read(
            _absolute(ready.path), layer=place.own, columns=None if place.raw else list(own or columns),
            encoding=RAW if raw else ready.codec,
            force_2d=True, max_features=limit, skip_features=first, bbox=box, where=where, read_geometry=places,
            return_fids=by_row or not places, **_options(ready.path),
        )  # fmt: skip
    if not places:
        wkb = np.full(len(fids), None, object)
    if wkb is None:
        text = _("{file}: the layer “{layer}” is a table without places; give a layer with points, lines or areas")
        raise InputError(text.format(file=path, layer=layer))
    names = [str(name) for name in meta["fields"]]
    names = _shown_names(place, names) if place.raw else [own.get(name, name) for name in names]
    fields = dict(zip(names, data, strict=True))
    if raw and ready.encoding is not None:
        fields = {name: decoded_column(fields[name], ready.encoding.name) for name in columns if name in fields}
    rows = fids + 1 if by_row else np.arange(first + 1, first + len(wkb) + 1)
    mended, lost = misread_notes(faults, ready, rows - 1)
    if places:
        lost += damaged_shapes(ready, wkb, rows - 1, path)
    losses = (*place.losses, *lost)
    crs = "" if "undefined" in str(meta["crs"]).lower() else str(meta["crs"] or "")
    said = ready.encoding.name if ready.encoding else "UTF-8"
    return Table(path, layer, crs, wkb, fields, rows, said, (*losses, *place.notes, *mended), losses=losses)


def write_gpkg_layer(path: Path, layer: str, shapes: Texts, columns: Mapping[str, Column], *, geometry: str, crs: str) -> None:
    """Write one layer into a GeoPackage, new or there already; NaN and geometries that are None become NULL.

    Its own columns of the row's number and place bear other names where fields are called fid or geom. Raises OSError as for any file.
    """
    own = _own_columns(columns)
    _write(path, layer, shapes, columns, geometry=_wider(geometry, shapes), crs=crs, driver="GPKG", append=path.exists(), options=own)


def write_flatgeobuf(path: Path, shapes: Texts, columns: Mapping[str, Column], *, geometry: str, crs: str) -> None:
    """Write one layer as FlatGeobuf with its index; rows without a place are written where all have one or none is indexed."""
    index = {} if all(shape is not None for shape in shapes) else {"SPATIAL_INDEX": "NO"}
    _write(path, path.stem, shapes, columns, geometry=_wider(geometry, shapes), crs=crs, driver="FlatGeobuf", options=index)


def append_rows(
    path: Path, layer: str, shapes: Texts, columns: Mapping[str, Column], *, geometry: str, crs: str, encoding: str | None = None
) -> None:
    """Add rows to a layer of a GeoPackage, made where it is not there, or to a shapefile that is there already.

    Its fields are what the first rows were: counts are not made whole here, and areas are always of the multi type in a GeoPackage.
    """
    pyogrio = loaded()
    shapefile = path.suffix.lower() != ".gpkg"
    multi = geometry == "Polygon" and not shapefile
    options: dict[str, Any] = {} if shapefile else {"layer": layer, "dataset_options": _GPKG}
    with _written(path):
        pyogrio.raw.write(
            str(path), shapely.to_wkb(shapes), list(columns.values()), list(columns),
            driver="ESRI Shapefile" if shapefile else "GPKG", geometry_type="MultiPolygon" if multi else geometry,
            promote_to_multi=multi, crs=crs, append=path.exists(), encoding=encoding, **options,
        )  # fmt: skip


def layer_bounds(path: Path, layer: str) -> tuple[float, float, float, float]:
    """Return (west, south, east, north) of a layer in its own CRS."""
    if in_database(path):
        from gridplanner.io import postgis_tables

        return postgis_tables.layer_bounds(path, layer)
    place = place_of(path, layer, "auto", _own_layers)
    with _words(place):
        info = _driver(place.ready).read_info(
            _absolute(place.ready.path), layer=place.own, encoding=place.codec, force_total_bounds=True
        )  # fmt: skip
    west, south, east, north = info["total_bounds"]
    return float(west), float(south), float(east), float(north)


def _write(
    path: Path, layer: str, shapes: Texts, columns: Mapping[str, Column], *, geometry: str, crs: str, driver: str, append: bool = False,
    options: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    pyogrio = loaded()
    how: dict[str, Any] = {"layer": layer, "dataset_options": _GPKG} if driver == "GPKG" else {}
    table = geometry == TABLE
    with _written(path):
        pyogrio.raw.write(
            str(path), None if table else shapely.to_wkb(shapes), list(columns.values()), list(columns), driver=driver,
            geometry_type=None if table else geometry, crs=None if table else crs, append=append, layer_options=dict(options or {}), **how,
        )  # fmt: skip


def _own_columns(columns: Mapping[str, Column]) -> dict[str, str]:
    """Return the options that keep a GeoPackage's own columns apart from fields that are called as these are."""
    taken = {name.lower() for name in columns}
    return {
        option: next(word for number in count(2) if (word := f"{name}_{number}") not in taken)
        for option, name in (("FID", "fid"), ("GEOMETRY_NAME", "geom"))
        if name in taken
    }


@contextmanager
def _written(path: Path) -> Iterator[None]:
    """Turn the driver's failures into OSErrors, such as of a full disk."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # several shapes in a Polygon layer, which these formats allow
        try:
            yield
        except RuntimeError as why:
            raise OSError(f"{path.name}: {why}") from None


def _wider(geometry: str, shapes: Texts) -> str:
    """Return the multi type where any shape is one, as a GeoPackage asks for."""
    return f"Multi{geometry}" if geometry != TABLE and (shapely.get_type_id(shapes) > 3).any() else geometry


def _own_layers(path: Path, ready: Readable) -> dict[str, str]:
    with _words_for(path, [], ready.path):
        return {str(name): str(kind or "") for name, kind in _driver(ready).list_layers(_absolute(ready.path))}


def loaded() -> Any:
    """Return pyogrio, loaded on its first use with the drivers that are known."""
    with only_known():
        import pyogrio
        import pyogrio.raw

    return pyogrio


def _driver(ready: Readable) -> Any:
    """Return pyogrio, told to keep off the network, and the encoding of a drawing."""
    pyogrio = loaded()
    drawing = ready.encoding.name if ready.encoding and ready.path.suffix.lower() == DRAWING else None
    pyogrio.set_gdal_config_options({**OFFLINE, "DXF_ENCODING": drawing})
    return pyogrio


@contextmanager
def _words(place: LayerPlace) -> Iterator[None]:
    with told_of(place.path, place.member), _words_for(place.member.path if place.member else place.path, place.notes, place.ready.path):
        yield


def _shown_names(place: LayerPlace, names: list[str]) -> list[str]:
    """Return the names of the fields as they are shown, in the order of the driver's."""
    shown = list(place.ready.names.fields) if place.ready.names else []
    if place.raw and len(shown) == len(names):
        return shown
    if place.raw and place.ready.encoding is not None:
        names = [decoded_name(name, place.ready.encoding.name) for name in names]
    return distinct(names)


def _bytes_of(place: LayerPlace, name: str) -> str:
    """Return the name of a field as the driver gives it where text is read as bytes."""
    field = place.ready.names.fields.get(name) if place.ready.names else None
    return name if field is None else field.name.decode(RAW)


def _absolute(path: Path) -> str:
    """Return a path that is nothing but a path for pyogrio: what begins like an address would be asked for on the network."""
    return os.path.abspath(path)  # noqa: PTH100  (links stay as they are)


def _options(path: Path) -> dict[str, Any]:
    """Return what the driver must be told: the first row of a sheet names its fields, also where all of its cells are text."""
    return {"HEADERS": "FORCE"} if path.suffix.lower() in {".xlsx", ".ods"} else {}


@contextmanager
def _words_for(path: Path, notes: list[Note], opened: Path) -> Iterator[None]:
    """Turn the reader's failures into InputErrors that a planner can act on, and its warnings into notes."""
    loaded()
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            yield
        except UnicodeDecodeError:
            text = _("{file}: its text is in another encoding; say which in the source, such as encoding = “gb18030”")
            raise InputError(text.format(file=path)) from None
        except UnboundLocalError:  # pyogrio's, where the coordinate system cannot be written down
            raise unreadable(path, ValueError("PROJ:"), opened) from None
        except (DataSourceError, DataLayerError, FeatureError, GeometryError, OSError, RuntimeError, ValueError, MemoryError) as why:
            raise unreadable(path, why, opened) from None
    for word in dict.fromkeys(str(w.message) for w in said if issubclass(w.category, RuntimeWarning)):
        note = warning_note(path, word.replace(_absolute(opened), path.name).replace(str(opened), path.name))
        notes += [note] if note is not None else []


def _type_word(kind: str) -> str:
    return kind.removeprefix("OFT").lower()
