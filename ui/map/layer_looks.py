"""How the layers of the map look: in which order they lie, how opaque, how broad and in which colour; the planner's own choice."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, TypeVar

from ui.styles import Theme

# the colour of the theme that a layer is drawn in, where it is one
COLOURS = {"borders": "border", "roads": "road", "rail": "rail", "zones": "zone", "beats": "beat", "addresses": "dot"}
# layers whose lines can be made broader
BROADER = frozenset({"borders", "roads", "rail", "beats", "zones", "patrol", "guards", "limits", "chiefs", "checkpoints"})


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Layer = TypeVar("_Layer", bound=_Named)


@dataclass(frozen=True)
class LayerLook:
    """One layer: `opacity` 0 to 1, `width` as a multiple of its usual line width, `colour` (#rrggbb, empty: its usual one)."""

    opacity: float = 1.0
    width: float = 1.0
    colour: str = ""


USUAL = LayerLook()


@dataclass(frozen=True)
class Looks:
    """All layers that look other than usual; `order` are names from the ground up, empty where it is the usual one."""

    order: tuple[str, ...] = ()
    of: Mapping[str, LayerLook] = field(default_factory=lambda: MappingProxyType({}))

    def look(self, name: str) -> LayerLook:
        """Return one layer's look."""
        return self.of.get(name, USUAL)

    def with_look(self, name: str, look: LayerLook) -> Looks:
        """Return these looks with one layer's replaced."""
        return dataclasses.replace(self, of=MappingProxyType({**self.of, name: look}))

    def arranged(self, layers: Sequence[_Layer]) -> tuple[_Layer, ...]:
        """Return layers in the wished order; one that is not in `order` stays where it is, the others share the places they had."""
        rank = {name: number for number, name in enumerate(self.order)}
        moved = iter(sorted((layer for layer in layers if layer.name in rank), key=lambda layer: rank[layer.name]))
        return tuple(next(moved) if layer.name in rank else layer for layer in layers)

    def theme(self, theme: Theme) -> Theme:
        """Return a theme with the colours chosen here; the very same where none is."""
        chosen = {COLOURS[name]: look.colour for name, look in self.of.items() if look.colour and name in COLOURS}
        return dataclasses.replace(theme, **chosen) if chosen else theme

    def as_text(self) -> str:
        """Return the looks as one line that `looks_of` reads."""
        return json.dumps({"order": self.order, "of": {name: dataclasses.asdict(look) for name, look in self.of.items() if look != USUAL}})


PLAIN = Looks()


def looks_of(text: str, known: Iterable[str]) -> Looks:
    """Return what `as_text` wrote, as far as it makes sense; layers that are not `known` are left out."""
    names = frozenset(known)
    try:
        said = json.loads(text)
        order = tuple(name for name in said["order"] if name in names)
        of = {name: _checked(values) for name, values in said["of"].items() if name in names}
    except (ValueError, TypeError, KeyError, AttributeError):
        return PLAIN
    return Looks(order, MappingProxyType(of))


def _checked(values: Mapping[str, object]) -> LayerLook:
    opacity, width, colour = values["opacity"], values["width"], values["colour"]
    if not (isinstance(opacity, int | float) and isinstance(width, int | float) and isinstance(colour, str)):
        raise TypeError("not a look")
    return LayerLook(min(max(float(opacity), 0.0), 1.0), min(max(float(width), 0.25), 4.0), colour)
