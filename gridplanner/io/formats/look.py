"""How the exported layers look at the receiver's: colours and labels, the same in KML and in a QGIS project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gridplanner.i18n import N_
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import TEXT
from gridplanner.model.route_colours import PALETTE

LAND = ("#f4b183", "#9dc3e6", "#a9d18e", "#ffd966", "#c9b3e6", "#f4a6b8", "#8fd3cf", "#d0cece")  # areas side by side, under black text
INK = "#26364f"
_FIVE = {"green": "#067647", "blue": "#0b5fff", "yellow": "#e0a800", "red": "#d92d20", "black": "#26262b"}
_GREY = "#98a2b3"


@dataclass(frozen=True)
class LayerLook:
    """The look of one layer by its name here.

    `title` is a msgid; `label` are the fields of its label, the first that is not empty counts; `by` is the field that colours it, each
    value as `colours` says or else in turn from `palette`; without it rows take the colours of `palette` in turn. `opacity` of areas 0
    to 1, `size` of lines and points in millimetres; `shown` from the start.
    """

    title: str = ""
    label: tuple[str, ...] = ()
    palette: tuple[str, ...] = (INK,)
    by: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)
    opacity: float = 0.6
    size: float = 0.5
    shown: bool = True


LOOKS: Mapping[str, LayerLook] = {
    "communities": LayerLook(N_("Communities"), ("comm_name", "comm_code"), opacity=0.0, size=0.7),
    "roads": LayerLook(
        N_("Roads"), ("name",), (_GREY,), "class", {"arterial": "#c77700", "street": "#667085", "lane": _GREY, "path": "#d0d5dd"}, size=0.35
    ),
    "barriers": LayerLook(
        N_("Barriers"), ("name",), ("#2e90fa",), "kind", {"water": "#2e90fa", "wall": "#7a5c3e", "railway": INK}, size=0.6
    ),
    "railway": LayerLook(N_("Railway tracks"), ("name",), ("#26262b",), size=0.6),
    "units": LayerLook(N_("Basic units"), (), (_GREY,), opacity=0.0, size=0.15, shown=False),
    "grids": LayerLook(N_("Grids"), ("name", "grid_code"), LAND, size=0.4),
    "addresses": LayerLook(N_("Addresses"), (), ("#5f6b7a",), size=0.9, shown=False),
    "beats": LayerLook(N_("Beats"), ("name", "beat_code"), ("#0b6a70",), opacity=0.0, size=0.9, shown=False),
    "zones": LayerLook(N_("Patrol zones"), ("name", "zone_code"), ("#7a3fb8",), opacity=0.0, size=1.1),
    "checkpts": LayerLook(N_("Checkpoints"), ("road", "id"), ("#d92d20",), size=3.4),
    "crossings": LayerLook(N_("Crossings of the boundary"), ("road",), ("#b07a00",), size=2.2, shown=False),
    "rings": LayerLook(
        N_("Rings"), ("minutes",), ("#2b8a3e", "#74b816", "#fab005", "#f76707", "#e03131"), "minutes", opacity=0.35, shown=False
    ),
    "ratings": LayerLook(N_("Ratings"), ("name", "code"), (_GREY,), "colour", _FIVE, shown=False),
    "streets": LayerLook(N_("Street chiefs"), ("chief", "name"), PALETTE, size=0.9, shown=False),
    "coverage": LayerLook(N_("Coverage of streets"), (), ("#0c8599",), size=0.35, shown=False),
    "routes": LayerLook(N_("Patrol routes"), ("route_code",), PALETTE, "route_code", size=0.9),
    "stops": LayerLook(
        N_("Stops"),
        ("name",),
        (_GREY,),
        "kind",
        {"depot": "#0b5fff", "site": "#d92d20", "rest": "#067647", "street": _GREY},
        size=2.2,
        shown=False,
    ),
    "sitevisits": LayerLook(N_("Visits to key sites"), ("name",), ("#c2255c",), size=2.6, shown=False),
    "railsegs": LayerLook(N_("Guard segments"), ("seg_code",), PALETTE, "squad", size=1.3),
    "corridor": LayerLook(N_("Corridor of the railway"), ("name", "code"), (_GREY,), "colour", _FIVE, opacity=0.35, shown=False),
    "roster": LayerLook(N_("Roster")),
    "transfers": LayerLook(N_("Households that change grid")),
    "retired": LayerLook(N_("Grids that ended")),
    "crosstab": LayerLook(N_("Cross table")),
    "issues": LayerLook(
        N_("Issues"), (), (_GREY,), "level", {"error": "#d92d20", "warning": "#e0a800", "info": "#0b5fff"}, size=2.4, shown=False
    ),
}
_PLAIN = LayerLook()


@dataclass(frozen=True)
class Look:
    """The look of the rows of a layer: a label and a colour each, and the colours that there are."""

    labels: list[str]
    colour_of_row: list[str]

    @property
    def colours(self) -> tuple[str, ...]:
        """The colours, each once."""
        return tuple(dict.fromkeys(self.colour_of_row))


def layer_look(rows: LayerRows) -> LayerLook:
    """Return how a layer looks, whatever a profile calls it."""
    return LOOKS.get(rows.schema.origin, _PLAIN)


def label_fields(rows: LayerRows) -> list[str]:
    """Return the fields of a layer's label as they are called in it."""
    parts = (rows.schema.field_of(name) for name in layer_look(rows).label)
    return [part.name for part in parts if part is not None]


def colours_by_value(rows: LayerRows) -> tuple[str, dict[str, str]]:
    """Return the field that colours a layer, as it is called in it, and the colour of each of its values; empty where none does."""
    look = layer_look(rows)
    part = rows.schema.field_of(look.by) if look.by else None
    if part is None:
        return "", {}
    values = _words(rows, part.name)
    if not look.colours and part.kind == TEXT:
        ordered = sorted(set(values))
    else:
        ordered = sorted(set(values), key=lambda word: (list(look.colours).index(word) if word in look.colours else 99, _number(word)))
    return part.name, {word: look.colours.get(word, look.palette[at % len(look.palette)]) for at, word in enumerate(ordered)}


def look_of(rows: LayerRows) -> Look:
    """Return the label and colour of each row."""
    look = layer_look(rows)
    labels = [""] * len(rows)
    for name in reversed(label_fields(rows)):
        labels = [own or other for own, other in zip(_words(rows, name), labels, strict=True)]
    by, colours = colours_by_value(rows)
    if by:
        return Look(labels, [colours[word] for word in _words(rows, by)])
    return Look(labels, [look.palette[row % len(look.palette)] for row in range(len(rows))])


def _words(rows: LayerRows, name: str) -> list[str]:
    column = rows.columns[name]
    if column.dtype.kind == "f":
        return ["" if value != value else f"{value:g}" for value in column.tolist()]
    return [str(value) for value in column.tolist()]


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return float(np.inf)
