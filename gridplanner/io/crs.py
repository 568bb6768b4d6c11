"""Coordinate systems: which one a project uses, and how coordinates get there; the only place that knows PROJ."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.lines import Bools, Floats

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

WGS84 = "EPSG:4326"
EXACT = 5.0  # metres to which a transformation is as good as exact for planning
_FAR = 20.0  # degrees; a province in one zone reaches twelve
SAME_WITHIN_CENTIMETRES = N_("WGS 84 and CGCS2000 agree to within centimetres, nothing was shifted")

# China's outline in degrees, some tens of kilometres generous: it only chooses between two projections that are both right near the border.
_CHINA = np.array([
    (73.4, 39.5), (73.8, 40.2), (76.0, 40.7), (78.5, 41.4), (80.2, 42.3), (80.1, 45.1), (82.4, 45.3), (83.0, 47.3), (85.6, 47.2),
    (85.5, 48.4), (87.3, 49.2), (88.1, 49.0), (90.0, 47.9), (91.1, 46.6), (91.0, 45.2), (95.4, 44.4), (96.4, 42.8), (101.7, 42.7),
    (105.0, 41.7), (107.5, 42.5), (110.4, 42.9), (111.9, 43.9), (111.6, 45.1), (114.0, 45.0), (117.4, 46.5), (119.9, 46.8),
    (118.2, 48.0), (115.7, 47.8), (116.7, 49.9), (119.3, 50.2), (119.2, 51.9), (120.1, 52.8), (121.0, 53.4), (123.6, 53.6),
    (126.0, 52.9), (127.6, 50.0), (130.7, 48.9), (131.0, 47.8), (134.8, 48.5), (134.1, 47.2), (133.2, 45.1), (131.5, 45.0),
    (131.3, 43.4), (130.6, 42.4), (129.0, 42.1), (128.0, 42.0), (126.7, 41.7), (124.3, 39.9), (123.0, 39.0), (122.9, 37.0),
    (122.5, 31.5), (123.8, 25.5), (121.9, 21.5), (118.0, 20.0), (111.5, 17.5), (108.2, 17.9), (107.9, 21.5), (106.6, 22.0),
    (106.5, 22.9), (105.3, 23.4), (102.1, 22.4), (101.8, 21.1), (100.0, 21.4), (98.9, 22.2), (97.5, 23.9), (98.7, 26.8), (97.3, 28.2),
    (95.0, 29.2), (92.0, 27.8), (89.0, 27.2), (86.0, 27.8), (84.0, 28.5), (81.0, 30.0), (78.7, 31.2), (78.4, 32.5), (79.2, 32.5),
    (77.8, 35.4), (74.6, 37.2), (73.6, 39.2),
])  # fmt: skip


def auto_crs(lon: float, lat: float) -> str:
    """Return the projected CRS for a place in degrees: in China the CGCS2000 three-degree zone without prefix, elsewhere WGS 84 UTM.

    >>> auto_crs(106.7, 35.5), auto_crs(15.6, 48.4)
    ('EPSG:4545', 'EPSG:32633')
    """
    if _in_china(lon, lat):
        zone = min(max(round((lon - 75.0) / 3.0), 0), 20)
        return f"EPSG:{4534 + zone}"
    zone = min(int((lon + 180.0) // 6.0) + 1, 60)
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def check_projected(crs: str) -> str:
    """Return an authority code of a projected CRS in metres; raises InputError for a geographic or unknown one."""
    found = _crs(crs)
    if found is None:
        raise InputError(_("crs = “{crs}” is not a known coordinate system; write auto or a code such as EPSG:4548").format(crs=crs))
    if not found.is_projected or any(axis.unit_name != "metre" for axis in found.axis_info[:2]):
        text = _("crs = “{crs}” ({name}) is not a projected coordinate system in metres; write auto or a code such as EPSG:4548")
        raise InputError(text.format(crs=crs, name=found.name))
    return authority_code(crs)


def is_known(crs: str) -> bool:
    """True where PROJ understands the text (a code, WKT or PROJJSON)."""
    return _crs(crs) is not None


def authority_code(crs: str) -> str:
    """Return the short code of a CRS, such as EPSG:4545, or the text as it came where it has none."""
    found = _crs(crs)
    if found is None:
        return crs
    code = found.to_authority(min_confidence=70)
    return ":".join(code) if code else crs


def describe(crs: str) -> str:
    """Return a short name for a person: the code and the name, or only what there is."""
    found = _crs(crs)
    if found is None:
        return crs
    code = found.to_authority(min_confidence=70)
    return f"{':'.join(code)} ({found.name})" if code else found.name


def to_wkt(crs: str, *, esri: bool = False) -> str:
    """Return a CRS as WKT, as the .prj of a shapefile has it where `esri`."""
    found = _crs(crs)
    assert found is not None, crs
    return str(found.to_wkt("WKT1_ESRI" if esri else "WKT1_GDAL"))


def is_geographic(crs: str) -> bool:
    """True where coordinates are degrees."""
    found = _crs(crs)
    return found is not None and bool(found.is_geographic)


def transform(xy: Floats, source: str, target: str) -> Floats:
    """Return (n, 2) coordinates in another CRS, x (or longitude) first on both sides; infinite where they lie outside its reach."""
    if not len(xy) or same(source, target):
        return xy
    x, y = _transformer(source, target).transform(xy[:, 0], xy[:, 1])
    return np.column_stack((x, y))


def same(one: str, other: str) -> bool:
    """True where no transformation is needed between two CRSs."""
    if one == other:
        return True
    a, b = _crs(one), _crs(other)
    return a is not None and b is not None and bool(a.equals(b, ignore_axis_order=True))


def note_of(source: str, target: str) -> str:
    """Return what a person should know of a transformation, empty where it is exact."""
    datums = {_datum(source), _datum(target)}
    return _(SAME_WITHIN_CENTIMETRES) if datums == {"wgs84", "cgcs2000"} else ""


def accuracy(crs: str, lon: float, lat: float) -> float:
    """Return the metres to which the best transformation known here from a CRS to WGS 84 is good at a place, as its publisher says.

    NaN where none is known and degrees of the old datum are taken as they are: some tens to some hundred metres off. 0.0 where both are
    the same to within centimetres.
    """
    found = _crs(crs)
    if found is None or _datum(crs) in {"wgs84", "cgcs2000"}:
        return 0.0
    return _accuracy(crs, round(lon), round(lat))


def look_like_degrees(xy: Floats) -> bool:
    """True where all finite coordinates could be longitudes and latitudes."""
    finite = xy[np.isfinite(xy).all(axis=1)]
    return bool(len(finite)) and bool((np.abs(finite) <= (180.0, 90.0)).all())


def inside_polygon(xy: Floats, ring: Floats) -> Bools:
    """True for the points inside an open ring, by the parity of the sides crossed."""
    x, y = xy[:, :1], xy[:, 1:]
    a, b = ring, np.roll(ring, -1, axis=0)
    spans = (a[:, 1] > y) != (b[:, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    return np.asarray((spans & (x < at)).sum(axis=1) % 2 == 1)


def misplaced(crs: str, xy: Floats) -> bool:
    """True where the middle of coordinates lies far (twenty degrees) outside the area that their projected CRS is made for, or nowhere."""
    found = _crs(crs)
    if found is None or not found.is_projected or not len(xy):
        return False
    lon, lat = transform(((xy.min(axis=0) + xy.max(axis=0)) / 2.0).reshape(1, 2), crs, WGS84)[0]
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return True
    area = found.area_of_use
    if area is None:
        return False
    across = area.west > area.east  # over the date line
    return not (area.south - _FAR <= lat <= area.north + _FAR and (across or area.west - _FAR <= lon <= area.east + _FAR))


def in_area(crs: str, lonlat: Floats) -> bool:
    """True where most places in degrees (n, 2) lie within the area that a CRS is made for, or three degrees beside it."""
    found = _crs(crs)
    area = found.area_of_use if found is not None else None
    if area is None:
        return True
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    across = area.west > area.east
    fits = (lat > area.south - 3.0) & (lat < area.north + 3.0) & (across | ((lon > area.west - 3.0) & (lon < area.east + 3.0)))
    return bool(fits.mean() > 0.5)


def in_china(lonlat: Floats) -> Bools:
    """True for the places in degrees (n, 2) that lie in China or some tens of kilometres beside it."""
    return inside_polygon(lonlat, _CHINA)


def _in_china(lon: float, lat: float) -> bool:
    return bool(inside_polygon(np.array([[lon, lat]]), _CHINA)[0])


def _datum(crs: str) -> str:
    found = _crs(crs)
    geodetic = found.geodetic_crs if found is not None else None
    name = geodetic.name.lower() if geodetic is not None else ""
    if "2000" in name and ("china" in name or "cgcs" in name):
        return "cgcs2000"
    return "wgs84" if name.replace(" ", "").replace("_", "").startswith(("wgs84", "gcswgs1984", "wgs1984")) else name


@lru_cache(maxsize=64)
def _crs(text: str) -> CRS | None:
    from pyproj import CRS  # after the window shows: 0.1 s
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(text) if text else None
    except CRSError:
        return None


@lru_cache(maxsize=16)
def _accuracy(crs: str, lon: int, lat: int) -> float:
    """Return the metres of the transformation that is used for a CRS about a place, NaN where it is none but a guess."""
    from pyproj.aoi import AreaOfInterest
    from pyproj.transformer import TransformerGroup

    about = AreaOfInterest(lon - 0.5, lat - 0.5, lon + 0.5, lat + 0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a better one exists whose grid is not on this computer: then the next best one is told
        ways = TransformerGroup(_crs(crs), _crs(WGS84), always_xy=True, area_of_interest=about).transformers  # type: ignore[arg-type]
    ballpark = not ways or "Ballpark" in ways[0].description
    return float("nan") if ballpark or ways[0].accuracy < 0.0 else float(ways[0].accuracy)


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(_crs(source), _crs(target), always_xy=True)


def geodesic_distances(lon: Floats, lat: Floats) -> Floats:
    """Return (n, n) the metres between every two points (degrees, WGS 84) along the ellipsoid (Karney 2013)."""
    from pyproj import Geod

    a, b = np.meshgrid(np.arange(len(lon)), np.arange(len(lon)), indexing="ij")
    metres = Geod(ellps="WGS84").inv(lon[a].ravel(), lat[a].ravel(), lon[b].ravel(), lat[b].ravel())[2]
    return np.asarray(metres, np.float64).reshape(a.shape)
