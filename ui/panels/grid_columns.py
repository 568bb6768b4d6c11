"""The columns of the table of grids: what each is called, how wide it is, and which field of a grid it lets the planner change."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.i18n import N_, _


@dataclass(frozen=True)
class Column:
    """`short` stands in the head, `title` says all; `wide` pixels at least, `grows` its part of the room that is left over.

    `heading` names it in a sentence; `field` is the field of a grid that it changes, empty where it changes none; `text` says that it
    holds words, not figures.
    """

    id: str
    short: str
    title: str
    heading: str
    wide: int
    grows: int = 1
    field: str = ""
    text: bool = False


COLUMNS = (
    Column("code", N_("Grid"), N_("Grid code"), N_("code"), 80, 1, "code", True),
    Column("name", N_("Name"), N_("Name of the grid"), N_("name"), 96, 6, "name", True),
    Column("households", N_("Hh."), N_("Households"), N_("households"), 42),
    Column("persons", N_("Pers."), N_("Persons"), N_("persons"), 46),
    Column("deviation", N_("Dev."), N_("Deviation from the target"), N_("deviation"), 58),
    Column("street", N_("Street"), N_("Share of the boundary on streets and other clear limits"), N_("share on streets"), 52),
    Column("compact", N_("Comp."), N_("Compactness (Polsby–Popper): 1 is a circle"), N_("compactness"), 50),
    Column("community", N_("Community"), N_("Community that the grid lies in"), N_("community"), 96, 4, "", True),
    Column("workers", N_("On duty"), N_("People on duty, separated by commas"), N_("people on duty"), 110, 6, "workers", True),
    Column("locked", N_("Locked"), N_("Locked: no tool and no new plan changes it"), N_("lock"), 54, 0, "locked", True),
    Column("kind", N_("Kind"), N_("Kind: exclusive grid or villagers' group"), N_("kind"), 64, 1, "", True),
)
IDS = tuple(column.id for column in COLUMNS)
CODE, NAME, DEVIATION, WORKERS, LOCKED = (IDS.index(name) for name in ("code", "name", "deviation", "workers", "locked"))
KIND_WORDS = {"exclusive": N_("exclusive"), "group": N_("villagers' group")}
# shown first where there is little room; the others join as the panel is made wider
_FIRST = ("code", "households", "persons", "deviation", "street", "compact", "name", "workers", "community", "locked", "kind")


def fitting_columns(room: int) -> frozenset[int]:
    """Return the columns that fit into so many pixels, the most wanted first.

    >>> sorted(IDS[i] for i in fitting_columns(343))
    ['code', 'compact', 'deviation', 'households', 'persons', 'street']
    """
    shown: list[int] = []
    for name in _FIRST:
        room -= COLUMNS[IDS.index(name)].wide
        if room < 0 and shown:
            break
        shown.append(IDS.index(name))
    return frozenset(shown)


def column_widths(shown: frozenset[int], room: int) -> dict[int, int]:
    """Return the width of each column shown; what is left over goes to those that grow, and nothing is taken from any."""
    columns = sorted(shown)
    spare = max(room - sum(COLUMNS[i].wide for i in columns), 0)
    parts = sum(COLUMNS[i].grows for i in columns) or 1
    widths = {i: COLUMNS[i].wide + spare * COLUMNS[i].grows // parts for i in columns}
    if columns and spare:
        widest = max(columns, key=lambda i: COLUMNS[i].grows)
        widths[widest] += room - sum(widths.values())
    return widths


def kind_words(kind: str) -> str:
    """Return the kind of a grid in the language in use, empty for a usual one."""
    return _(KIND_WORDS[kind]) if kind in KIND_WORDS else kind
