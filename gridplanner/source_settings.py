"""Where the data of a plan comes from: one file, layer or database table a source, and how it is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridplanner.database_names import is_address, refuse_address
from gridplanner.i18n import _

DATUMS = ("auto", "wgs84", "cgcs2000", "gcj02", "bd09")
AXES = ("auto", "xy", "yx")
DATABASE = "postgis:"  # how the path of a source in a database begins; the name of a service or of a saved connection follows


@dataclass(frozen=True)
class JoinSettings:
    """A table whose rows belong to a layer's features by a code: its file, its field of codes, and the field of the layer they stand in."""

    path: str = ""
    key: str = ""
    to: str = ""
    layer: str = ""
    encoding: str = "auto"

    def __post_init__(self) -> None:
        for name in ("path", "key", "to"):
            if not getattr(self, name):
                raise ValueError(_("{name} is missing").format(name=name))
        _refuse_secrets(self.path)


@dataclass(frozen=True)
class SourceSettings:
    """One source: a file (relative paths are of the plan file's folder), its layer, and which of its fields mean what.

    `axes` says whether longitude (easting) comes first, `scale` what coordinates are multiplied by (0: found out), `join` brings fields of
    a table, and `as_is` names the repairs that are not wanted: a kind such as `mended`, or one place of it such as `mended:17`.
    """

    path: str = ""
    layer: str = ""
    encoding: str = "auto"
    datum: str = "auto"
    where: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    crs: str = "auto"  # or a code such as EPSG:4545, in place of what the file says
    axes: str = "auto"
    scale: float = 0.0
    join: JoinSettings | None = None
    as_is: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.path:
            raise ValueError(_("path is missing"))
        _refuse_secrets(self.path)
        if self.datum not in DATUMS:
            raise ValueError(_("datum is {value}; it must be auto, wgs84, cgcs2000, gcj02 or bd09").format(value=self.datum))
        if self.axes not in AXES:
            raise ValueError(_("axes is {value}; it must be auto, xy or yx").format(value=self.axes))
        if not 0.0 <= self.scale <= 1e9:
            raise ValueError(_("scale is {value}; it must be 0 (found out) or such as 0.000001").format(value=self.scale))

    @property
    def in_database(self) -> bool:
        """True where the source is a table of a database rather than a file."""
        return self.path.startswith(DATABASE)


def _refuse_secrets(path: str) -> None:
    """Raise ValueError where a path is the address of a database, which may hold a password; the text does not repeat it."""
    if path.startswith(DATABASE):
        refuse_address(path.removeprefix(DATABASE).partition("#")[0])
    elif is_address(path):
        refuse_address(path)
