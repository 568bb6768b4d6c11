"""What a basemap is made from, as the planner chose it: addresses of tiles on the web, a tile pack, or one image."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from gridplanner.i18n import N_, _
from gridplanner.io.tiles.faults import BROKEN, TileFault

WEB, PACK, IMAGE = "web", "pack", "image"
_FIELDS = {"z", "x", "y", "-y", "s", "key"}
DEEPEST = 22
_TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{name}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={name}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)


@dataclass(frozen=True)
class BasemapSource:
    """A basemap. `kind` is WEB, PACK or IMAGE; `addresses` are templates of URLs laid one over the other, or the one file.

    A template has {z}, {x} and {y} (rows from the north) or {-y} (from the south), and may have {s} (one of `servers`) and {key}.
    `gcj02`: what is drawn on the tiles is shifted the way commercial Chinese maps are. `least` and `most` are its zoom levels.
    `preset` says which of PRESETS it is, empty for one of the planner's own.
    """

    kind: str
    addresses: tuple[str, ...]
    key: str = ""
    servers: str = "abc"
    credit: str = ""
    gcj02: bool = False
    least: int = 0
    most: int = 19
    preset: str = ""

    @property
    def needs_key(self) -> bool:
        """True where the address has a place for a key."""
        return any("{key}" in address for address in self.addresses)

    def as_text(self) -> str:
        """Return the source as one line that `source_of` reads."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)


TIANDITU_MAP = BasemapSource(
    WEB, tuple(_TIANDITU.format(name=name) for name in ("vec", "cva")), servers="01234567", credit="© 天地图", least=1, most=18,
    preset="tianditu-map",
)  # fmt: skip
TIANDITU_IMAGE = BasemapSource(
    WEB, tuple(_TIANDITU.format(name=name) for name in ("img", "cia")), servers="01234567", credit="© 天地图", least=1, most=18,
    preset="tianditu-image",
)  # fmt: skip
OPENSTREETMAP = BasemapSource(
    WEB, ("https://tile.openstreetmap.org/{z}/{x}/{y}.png",), credit="© OpenStreetMap contributors", preset="openstreetmap"
)
PRESETS = {
    TIANDITU_MAP.preset: (N_("Tianditu, map"), TIANDITU_MAP),
    TIANDITU_IMAGE.preset: (N_("Tianditu, imagery"), TIANDITU_IMAGE),
    OPENSTREETMAP.preset: (N_("OpenStreetMap"), OPENSTREETMAP),
}


def source_of(text: str) -> BasemapSource | None:
    """Return the source that `as_text` wrote; None for an empty text or one of another making."""
    try:
        values = json.loads(text)
        values["addresses"] = tuple(str(part) for part in values["addresses"])
        source = BasemapSource(**values)
        if source.kind not in {WEB, PACK, IMAGE} or any(type(values[name]) is not type(getattr(OPENSTREETMAP, name)) for name in values):
            return None
        check_source(source)
    except (ValueError, TypeError, KeyError, TileFault):
        return None
    return source


def check_source(source: BasemapSource) -> None:
    """Raise TileFault where the source cannot work whatever the network says: a template without its places, a key not given."""
    if not source.addresses or not all(address.strip() for address in source.addresses):
        raise TileFault(BROKEN, _("Give the address of the tiles.") if source.kind == WEB else _("Choose a file."))
    if source.kind != WEB:
        return
    for address in source.addresses:
        if urlsplit(address).scheme not in {"http", "https"}:
            raise TileFault(BROKEN, _("The address must begin with https:// or http://."))
        fields = set(re.findall(r"\{([^}]*)\}", address))
        if not {"z", "x"} <= fields or not fields & {"y", "-y"}:
            raise TileFault(BROKEN, _("The address needs {z}, {x} and {y} where zoom, column and row belong."))
        if fields - _FIELDS:
            unknown = ", ".join("{" + name + "}" for name in sorted(fields - _FIELDS))
            raise TileFault(BROKEN, _("The address has {places}, which means nothing here.").format(places=unknown))
    if source.needs_key and not source.key.strip():
        raise TileFault(BROKEN, _("Give the key that the tile server asks for."))
    if not 0 <= source.least <= source.most <= DEEPEST:
        raise TileFault(BROKEN, _("Zoom levels go from 0 to {most}, the first not above the last.").format(most=DEEPEST))


def tile_url(source: BasemapSource, layer: int, z: int, x: int, y: int) -> str:
    """Return the URL of a tile of one layer; row `y` counts from the north. Every place keeps to one server, so that caches hit.

    >>> tile_url(OPENSTREETMAP, 0, 3, 4, 2)
    'https://tile.openstreetmap.org/3/4/2.png'
    """
    server = source.servers[(x + y) % len(source.servers)] if source.servers else ""
    values = {"z": str(z), "x": str(x), "y": str(y), "-y": str((1 << z) - 1 - y), "s": server, "key": source.key.strip()}
    return re.sub(r"\{([^}]*)\}", lambda found: values[found.group(1)], source.addresses[layer])
