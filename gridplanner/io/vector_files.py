"""Reading and bulk-writing vector files with pyogrio; the only place that knows it."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.connections import in_database
from gridplanner.io.dbf import Encoding, codec_name, detect_encoding, encoding_of_text, sibling
from gridplanner.io.layer_schemas import TABLE
from gridplanner.io.table import Note, Table
from gridplanner.model.lines import Texts

Column = NDArray[Any]


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
    """Return the layers of a file with their geometry types (empty for plain tables)."""
    import pyogrio

    if in_database(path):
        from gridplanner.io import postgis_tables

        return postgis_tables.list_layers(path)
    check_exists(path)
    with _words_for(path, []):
        return {str(name): str(kind or "") for name, kind in pyogrio.list_layers(_gdal_path(path))}


def layer_info(path: Path, layer: str, encoding: str = "auto") -> LayerInfo:
    """Return what is in a layer without reading its rows."""
    import pyogrio

    if in_database(path):
        from gridplanner.io import postgis_tables

        return postgis_tables.layer_info(path, layer)
    found = _encoding(path, encoding)
    with _words_for(path, []):
        info = pyogrio.read_info(
            _gdal_path(path), layer=layer, encoding=found.name if found else None, force_feature_count=True, **_options(path)
        )
    fields = {str(name): _type_word(str(kind)) for name, kind in zip(info["fields"], info["ogr_types"], strict=True)}
    return LayerInfo(layer, str(info["geometry_type"] or ""), fields, int(info["features"]), str(info["crs"] or ""), found)


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
    import pyogrio.raw

    if in_database(path):
        from gridplanner.io import postgis_tables

        return postgis_tables.read_table(path, layer, columns, limit, first=first, box=box, places=places)
    found = _encoding(path, encoding)
    notes: list[Note] = [found.warning] if found and found.warning else []
    with _words_for(path, notes):
        meta, fids, wkb, data = pyogrio.raw.read(
            _gdal_path(path), layer=layer, columns=list(columns), encoding=found.name if found else None, force_2d=True,
            max_features=limit, skip_features=first, bbox=box, read_geometry=places, return_fids=not places, **_options(path),
        )  # fmt: skip
    if not places:
        wkb = np.full(len(fids), None, object)
    if wkb is None:
        text = _("{file}: the layer “{layer}” is a table without places; give a layer with points, lines or areas")
        raise InputError(text.format(file=path, layer=layer))
    fields = {str(name): column for name, column in zip(meta["fields"], data, strict=True)}
    crs = "" if "undefined" in str(meta["crs"]).lower() else str(meta["crs"] or "")
    return Table(path, layer, crs, wkb, fields, np.arange(first + 1, first + len(wkb) + 1), found.name if found else "UTF-8", tuple(notes))


def write_gpkg_layer(path: Path, layer: str, shapes: Texts, columns: Mapping[str, Column], *, geometry: str, crs: str) -> None:
    """Write one layer into a GeoPackage, new or there already; NaN and geometries that are None become NULL."""
    _write(path, layer, shapes, columns, geometry=_wider(geometry, shapes), crs=crs, driver="GPKG", append=path.exists())


def write_shapefile_in_bulk(path: Path, shapes: Texts, columns: Mapping[str, Column], *, geometry: str, crs: str, encoding: str) -> None:
    """Write a large shapefile in one go; the widths of its fields are the driver's own."""
    path = path.with_suffix(".dbf") if geometry == TABLE else path
    _write(path, path.stem, shapes, columns, geometry=geometry, crs=crs, driver="ESRI Shapefile", encoding=encoding)


def append_rows(
    path: Path, layer: str, shapes: Texts, columns: Mapping[str, Column], *, geometry: str, crs: str, encoding: str | None = None
) -> None:
    """Add rows to a layer of a GeoPackage, made where it is not there, or to a shapefile that is there already.

    Its fields are what the first rows were: counts are not made whole here, and areas are always of the multi type in a GeoPackage.
    """
    import pyogrio.raw

    shapefile = path.suffix.lower() != ".gpkg"
    multi = geometry == "Polygon" and not shapefile
    options: dict[str, Any] = {} if shapefile else {"layer": layer}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # several shapes in a Polygon layer, which shapefiles allow
        pyogrio.raw.write(
            str(path), shapely.to_wkb(shapes), list(columns.values()), list(columns),
            driver="ESRI Shapefile" if shapefile else "GPKG", geometry_type="MultiPolygon" if multi else geometry,
            promote_to_multi=multi, crs=crs, append=path.exists(), encoding=encoding, **options,
        )  # fmt: skip


def layer_bounds(path: Path, layer: str) -> tuple[float, float, float, float]:
    """Return (west, south, east, north) of a layer in its own CRS."""
    import pyogrio

    if in_database(path):
        from gridplanner.io import postgis_tables

        return postgis_tables.layer_bounds(path, layer)
    with _words_for(path, []):
        west, south, east, north = pyogrio.read_info(_gdal_path(path), layer=layer, force_total_bounds=True)["total_bounds"]
    return float(west), float(south), float(east), float(north)


def _write(
    path: Path, layer: str, shapes: Texts, columns: Mapping[str, Column], *, geometry: str, crs: str, driver: str, append: bool = False,
    encoding: str | None = None,
) -> None:  # fmt: skip
    import pyogrio.raw

    whole = {name: _as_whole(name, column) for name, column in columns.items()}
    options = {"layer": layer} if driver == "GPKG" else {}
    table = geometry == TABLE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # several shapes in a Polygon layer, which both formats allow
        pyogrio.raw.write(
            str(path), None if table else shapely.to_wkb(shapes), list(whole.values()), list(whole), driver=driver,
            geometry_type=None if table else geometry, crs=None if table else crs, append=append, encoding=encoding, **options,
        )  # fmt: skip


def _as_whole(name: str, column: Column) -> Column:
    """Return counts of households and persons as whole numbers where all of them are."""
    if name in {"households", "persons"} and column.dtype.kind == "f" and (column == np.floor(column)).all():
        return column.astype(np.int64)
    return column


def _wider(geometry: str, shapes: Texts) -> str:
    """Return the multi type where any shape is one, as a GeoPackage asks for."""
    return f"Multi{geometry}" if geometry != TABLE and (shapely.get_type_id(shapes) > 3).any() else geometry


def check_exists(path: Path) -> None:
    """Raise InputError that suggests the nearest file name where there is no such file."""
    if in_database(path) or path.exists():
        return
    folder = path.parent
    if not folder.is_dir():
        raise InputError(_("{file}: there is no such file, nor the folder {folder}; check the path").format(file=path, folder=folder))
    near = difflib.get_close_matches(path.name, [p.name for p in folder.iterdir()], n=1)
    hint = _("did you mean {name}?").format(name=near[0]) if near else _("check the path")
    raise InputError(_("{file}: there is no such file; {hint}").format(file=path, hint=hint))


def _gdal_path(path: Path) -> str:
    return f"/vsizip/{path}" if path.suffix.lower() == ".zip" else str(path)


def _options(path: Path) -> dict[str, Any]:
    """Return what the driver must be told: the first row of a sheet names its fields, also where all of its cells are text."""
    return {"HEADERS": "FORCE"} if path.suffix.lower() in {".xlsx", ".ods"} else {}


def _encoding(path: Path, wanted: str) -> Encoding | None:
    """Return the encoding to read with, None where the format has its own."""
    if path.suffix.lower() not in {".shp", ".dbf", ".csv", ".tsv"}:
        return None
    if wanted.lower() in {"auto", ""}:
        return detect_encoding(path) if path.suffix.lower() in {".shp", ".dbf"} else encoding_of_text(path)
    name = codec_name(wanted)
    if name is None:
        raise InputError(_("{file}: encoding = “{encoding}” is unknown; write auto, gb18030 or utf-8").format(file=path, encoding=wanted))
    return Encoding(name, _("as asked for"))


@contextmanager
def _words_for(path: Path, notes: list[Note]) -> Iterator[None]:
    """Turn the reader's failures into InputErrors that a planner can act on, and its warnings into notes."""
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            yield
        except UnicodeDecodeError:
            text = _("{file}: its text is not UTF-8; save it as UTF-8")
            if path.suffix.lower() in {".shp", ".dbf"}:
                text = _("{file}: its text is in another encoding; say which in the source, such as encoding = “gb18030”")
            raise InputError(text.format(file=path)) from None
        except (DataSourceError, DataLayerError, FeatureError, GeometryError, OSError, RuntimeError, ValueError) as why:
            raise _unreadable(path, why) from None
    for word in dict.fromkeys(str(w.message) for w in said if issubclass(w.category, RuntimeWarning)):
        notes.append((N_("{file}: the reader says: {words}"), {"file": path.name, "words": word}))


def _unreadable(path: Path, why: BaseException) -> InputError:
    """Return the error for a file that cannot be read: what is wrong in a few words, and what to do."""
    words = str(why).strip().split("\n")[0].rstrip(".; ") or type(why).__name__
    remedy = _("open it in QGIS to see whether it is damaged, and save it again from there")
    missing = [end for end in (".shx", ".dbf") if path.suffix.lower() == ".shp" and sibling(path, end) is None]
    if path.is_file() and path.stat().st_size == 0:
        words, remedy = _("the file is empty"), _("copy it again")
    elif ".shx" in missing:
        words, remedy = _("its {names} is missing").format(names=" ".join(missing)), _("copy all files of the shapefile")
    elif path.suffix.lower() == ".zip":
        words, remedy = _("no layer was found in the archive"), _("unpack it and give the file inside")
    elif "not recognized as being in a supported" in words:
        words = _("it is damaged, or of a format that is not known")
    return InputError(_("{file}: cannot be read: {why}; {remedy}").format(file=path, why=words, remedy=remedy))


def _type_word(kind: str) -> str:
    return kind.removeprefix("OFT").lower()
