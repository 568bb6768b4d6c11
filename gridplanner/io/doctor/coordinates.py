"""What coordinates may be, best first: system, order of axes and scale, by the numbers themselves, by China, by the layers beside them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io.doctor.datums import metres_between
from gridplanner.model.lines import Floats

Box = tuple[float, float, float, float]  # west, south, east, north in a layer's own coordinates

SAMPLE = 400  # points that are looked at
CLEAR = 0.08  # by how much the best candidate must lead those that lie elsewhere
LEAST = 0.45  # what a candidate must score to be taken without a question
_SAME = 200.0  # metres: two candidates that lie so near each other are the same place (old datums are 100 m off, UTM a kilometre)
_SCALES = (1e-6, 1e-7, 1e-5)
_LONGLAT = "+proj=longlat +ellps=GRS80 +type=crs"
_GAUSS = "+proj=tmerc +lat_0=0 +lon_0=0 +k={k} +x_0=500000 +ellps=GRS80 +units=m +type=crs"
_OLD = {"Xian 1980": (2327, 2349, 2370), "Beijing 1954": (21413, 2401, 2422)}  # the first codes: 6° zone 13, 3° zone 25, 3° CM 75°
_MERCATOR = "EPSG:3857"


@dataclass(frozen=True)
class Neighbour:
    """Another layer whose coordinate system is known: its name, its code and its box in its own coordinates."""

    name: str
    code: str
    box: Box


@dataclass(frozen=True)
class Candidate:
    """One way to read coordinates: multiplied by `scale`, with `axes` (xy, or yx where northing stands first), in `crs`, of `datum`.

    `score` is 0 to 1, `why` says in the language in use what speaks for it, `lonlat` (n, 2) is where a sample of them falls.
    """

    crs: str
    axes: str = "xy"
    scale: float = 1.0
    datum: str = "auto"
    why: str = ""
    score: float = 0.0
    lonlat: Floats = dataclasses.field(default_factory=lambda: np.zeros((0, 2)), compare=False, repr=False)


def candidates(where: Floats | Box, said: str = "", neighbours: Sequence[Neighbour] = ()) -> tuple[Candidate, ...]:
    """Return what coordinates (n, 2), or those in a box, may be, best first; `said` is the system that the file names, empty where none.

    >>> candidates((35_500_000.0, 3_900_000.0, 35_510_000.0, 3_910_000.0))[0].crs
    'EPSG:4523'
    """
    xy = _sampled(where)
    if not len(xy):
        return ()
    boxes = _boxes(neighbours)
    best: dict[tuple[str, str, float], Candidate] = {}
    for found in (*_by_neighbours(xy, neighbours), *_degrees(xy, said), *_said(xy, said), *_scaled(xy, said), *_planes(xy, said)):
        scored = _scored(found, boxes)
        key = (scored.crs, scored.axes, scored.scale)
        if key not in best or scored.score > best[key].score:
            best[key] = scored
    ordered = sorted(best.values(), key=lambda each: -each.score)
    return tuple(_with_old(ordered))


def settled(found: Sequence[Candidate]) -> Candidate | None:
    """Return the best candidate where nothing that lies elsewhere comes near it, else None."""
    if not found or found[0].score < LEAST:
        return None
    first = found[0]
    rivals = [other for other in found[1:] if other.score > first.score - CLEAR and not _same_place(first, other)]
    return None if rivals else first


def arranged(xy: Floats, axes: str, scale: float) -> Floats:
    """Return coordinates (n, 2) east first, in degrees or metres."""
    turned = xy[:, ::-1] if axes == "yx" else xy
    return turned * scale if scale not in {0.0, 1.0} else turned


def plausible(lonlat: Floats) -> bool:
    """True where degrees are numbers and somewhere on the earth."""
    return bool(len(lonlat)) and bool(np.isfinite(lonlat).all()) and systems.look_like_degrees(lonlat)


def _sampled(where: Floats | Box) -> Floats:
    if isinstance(where, tuple):
        west, south, east, north = where
        return np.array([(west, south), (east, north), ((west + east) / 2.0, (south + north) / 2.0)])
    finite = where[np.isfinite(where).all(axis=1)]
    return finite[:: max(len(finite) // SAMPLE, 1)]


def _boxes(neighbours: Sequence[Neighbour]) -> list[tuple[str, Floats]]:
    """Return the names of layers and their boxes in degrees, (2, 2) low and high."""
    found = []
    for other in neighbours:
        if not systems.is_known(other.code):
            continue
        west, south, east, north = other.box
        corners = np.array([(west, south), (west, north), (east, south), (east, north)])
        lonlat = systems.transform(corners, other.code, systems.WGS84)
        if plausible(lonlat):
            found.append((other.name, np.array([lonlat.min(axis=0), lonlat.max(axis=0)])))
    return found


def _scored(found: Candidate, boxes: Sequence[tuple[str, Floats]]) -> Candidate:
    """Return a candidate whose score also says how it lies to the other layers: its points in their box, and how alike the boxes are."""
    if not boxes:
        return found
    name, fit = max(((name, _fit(found.lonlat, box)) for name, box in boxes), key=lambda each: each[1])
    told = name in found.why  # a candidate taken from that very layer
    why = _("{why}; they lie where {layer} lies").format(why=found.why, layer=name) if fit > 0.3 and not told else found.why
    return dataclasses.replace(found, score=0.4 * found.score + 0.6 * fit, why=why)


def _fit(lonlat: Floats, box: Floats) -> float:
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    slack = np.maximum((box[1] - box[0]) * 0.02, 1e-4)
    inside = ((lonlat >= box[0] - slack) & (lonlat <= box[1] + slack)).all(axis=1).mean()
    shared = np.maximum(np.minimum(high, box[1]) - np.maximum(low, box[0]), 0.0).prod()
    union = (high - low).prod() + (box[1] - box[0]).prod() - shared
    around = ((box >= low - slack) & (box <= high + slack)).all()  # the other layer lies inside this one
    return float(0.7 * max(inside, 0.9 * around) + 0.3 * (shared / union if union > 0.0 else inside))


def _by_neighbours(xy: Floats, neighbours: Sequence[Neighbour]) -> Iterator[Candidate]:
    """The system of a layer whose own numbers lie where these do."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    for other in neighbours:
        west, south, east, north = other.box
        if systems.is_known(other.code) and west <= high[0] and low[0] <= east and south <= high[1] and low[1] <= north:
            lonlat = systems.transform(xy, other.code, systems.WGS84)
            if plausible(lonlat):
                why = _("the values lie where those of {layer} lie").format(layer=other.name)
                yield Candidate(other.code, why=why, score=0.6, lonlat=lonlat)


def _degrees(xy: Floats, said: str) -> Iterator[Candidate]:
    code = said if said and systems.is_geographic(said) else systems.WGS84
    given, swapped = xy, xy[:, ::-1]
    reads = systems.look_like_degrees(given)
    if reads:
        yield Candidate(code, why=_("the values are degrees"), score=0.6, lonlat=given)
    if systems.look_like_degrees(swapped):
        in_china = bool(systems.in_china(swapped).mean() > 0.5)
        astray = not reads or (in_china and bool((given[:, 1] > 72.0).all()))  # as given in the Arctic Ocean, the other way round in China
        why = _("the values are degrees, latitude first")
        yield Candidate(code, "yx", why=why, score=0.75 if astray else 0.2 if in_china else 0.1, lonlat=swapped)


def _said(xy: Floats, said: str) -> Iterator[Candidate]:
    """The system that the file names, as it stands and with the northing first."""
    if not said or not systems.is_known(said) or systems.is_geographic(said):
        return
    for axes, score in (("xy", 0.7), ("yx", 0.6)):
        turned = arranged(xy, axes, 1.0)
        if systems.misplaced(said, turned):
            continue
        lonlat = systems.transform(turned, said, systems.WGS84)
        if plausible(lonlat) and (axes == "xy" or systems.in_area(said, lonlat)):
            why = _("the file says so") if axes == "xy" else _("the file says so, and its northings stand first")
            yield Candidate(said, axes, why=why, score=score, lonlat=lonlat)


def _scaled(xy: Floats, said: str) -> Iterator[Candidate]:
    """Degrees as whole numbers, as navigation devices and some databases keep them."""
    code = said if said and systems.is_geographic(said) else systems.WGS84
    for scale in _SCALES:
        for axes in ("xy", "yx"):
            lonlat = arranged(xy, axes, scale)
            if not systems.look_like_degrees(lonlat) or np.abs(lonlat).max() < 1.0:
                continue
            in_china = bool(systems.in_china(lonlat).mean() > 0.5)
            score = (0.62 if axes == "xy" else 0.5) if in_china else 0.05
            if scale == 1e-5:
                score -= 0.2  # metres of a map on the web look the same
            why = _("the values are degrees times {factor:g}").format(factor=1.0 / scale)
            if axes == "yx":
                why = _("the values are degrees times {factor:g}, latitude first").format(factor=1.0 / scale)
            yield Candidate(code, axes, scale, why=why, score=score + 0.1 * bool(said and systems.is_geographic(said)), lonlat=lonlat)


def _planes(xy: Floats, said: str) -> Iterator[Candidate]:
    """Metres: zones with their number before the easting, zones without, UTM, and the map of the web."""
    for axes in ("xy", "yx"):
        turned = arranged(xy, axes, 1.0)
        less = 0.0 if axes == "xy" else 0.05
        yield from (dataclasses.replace(each, axes=axes, score=each.score - less) for each in _zones(turned, said))
    mercator = systems.transform(xy, _MERCATOR, systems.WGS84) if np.abs(xy).max() < 2.1e7 else np.zeros((0, 2))
    if len(mercator) and np.abs(xy).max() > 1e5:
        score = 0.4 if systems.in_china(mercator).mean() > 0.5 else 0.2
        yield Candidate(_MERCATOR, why=_("the values are metres of the map projection of the web"), score=score, lonlat=mercator)


def _zones(xy: Floats, said: str) -> Iterator[Candidate]:
    east, north = xy[:, 0], xy[:, 1]
    if not ((north > 0.0) & (north < 9.4e6)).all():
        return
    numbers = np.unique(east // 1e6)
    if len(numbers) == 1 and (25 <= numbers[0] <= 45 or 13 <= numbers[0] <= 23):
        number = int(numbers[0])
        wide = number < 25
        middle, code = (number * 6 - 3, 4491 + number - 13) if wide else (number * 3, 4513 + number - 25)
        lonlat = _unprojected(np.column_stack((east - number * 1e6, north)), 1.0) + np.array([middle, 0.0])
        if plausible(lonlat) and (np.abs(lonlat[:, 0] - middle) < 4.0).all() and systems.in_china(lonlat).mean() > 0.5:
            yield Candidate(_said_or(said, code), why=_zone_words(number, wide=wide), score=0.75, lonlat=lonlat)
    if not ((east > 0.0) & (east < 1e6)).all():
        return
    off = _unprojected(xy, 1.0)
    if plausible(off) and (np.abs(off[:, 0]) < 4.0).all():
        wanted = _zone_said(said)
        for place in range(21):
            middle = 75 + 3 * place
            lonlat = off + np.array([middle, 0.0])
            if systems.in_china(lonlat).mean() <= 0.5:
                continue
            asked = wanted == 25 + place
            why = _("the values look like metres of the zone at {middle}° E").format(middle=middle)
            score = 0.7 if asked else 0.3 - 0.03 * float(np.abs(off[:, 0]).max())
            yield Candidate(f"EPSG:{4534 + place}", why=why, score=score, lonlat=lonlat)
    off = _unprojected(xy, 0.9996)
    if plausible(off) and (np.abs(off[:, 0]) < 4.0).all():
        for zone in range(1, 61):
            lonlat = off + np.array([zone * 6 - 183, 0.0])
            why = _("the values look like metres of UTM zone {zone}").format(zone=zone)
            in_china = bool(systems.in_china(lonlat).mean() > 0.5)
            yield Candidate(f"EPSG:{32600 + zone}", why=why, score=0.2 if in_china else 0.1, lonlat=lonlat)


def _unprojected(xy: Floats, k: float) -> Floats:
    """Return degrees east of the middle of a zone, and latitudes, of eastings (500 km in the middle) and northings."""
    return systems.transform(xy, _GAUSS.format(k=k), _LONGLAT)


def _zone_words(number: int, *, wide: bool) -> str:
    if wide:
        return _("the eastings begin with zone number {zone} (six degrees wide)").format(zone=number)
    return _("the eastings begin with zone number {zone}").format(zone=number)


def _said_or(said: str, code: int) -> str:
    """Return the zone with its number before the eastings, of the survey that the file names where it names an old one."""
    name = systems.describe(said) if said else ""
    for survey, (six, three, _middle) in _OLD.items():
        if survey in name:
            return f"EPSG:{three + code - 4513 if code >= 4513 else six + code - 4491}"
    return f"EPSG:{code}"


def _zone_said(said: str) -> int:
    """Return the number of the CGCS2000 three-degree zone that a file names with its prefix, 0 where it names none."""
    code = systems.authority_code(said).partition(":")[2] if said else ""
    return int(code) - 4513 + 25 if code.isdecimal() and 4513 <= int(code) <= 4533 else 0


def _with_old(found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Follow zones of CGCS2000 by the same zones of the surveys before it, which lie up to some hundred metres off."""
    yield from found
    for each in found[:3]:
        code = int(each.crs.partition(":")[2]) if each.crs.startswith("EPSG:") else 0
        for survey, (six, three, middle) in _OLD.items():
            for first, last, start in ((4491, 4501, six), (4513, 4533, three), (4534, 4554, middle)):
                if first <= code <= last:
                    why = _("{why}, but of the older survey {survey}").format(why=each.why, survey=survey)
                    yield dataclasses.replace(each, crs=f"EPSG:{start + code - first}", why=why, score=each.score * 0.5)


def _same_place(one: Candidate, other: Candidate) -> bool:
    return bool(np.median(metres_between(one.lonlat, other.lonlat)) < _SAME)
