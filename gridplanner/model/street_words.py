"""Streets, distances and directions as a driver is told of them, in the language in use."""

from __future__ import annotations

from gridplanner.i18n import N_, _

HEADINGS = (
    N_("east"), N_("northeast"), N_("north"), N_("northwest"), N_("west"), N_("southwest"), N_("south"), N_("southeast"),
)  # fmt: skip
_UNNAMED = {
    "motorway": N_("the motorway"), "trunk": N_("an unnamed trunk road"), "primary": N_("an unnamed main road"),
    "secondary": N_("an unnamed secondary road"), "tertiary": N_("an unnamed minor road"),
    "residential": N_("an unnamed residential street"), "unclassified": N_("an unnamed road"),
    "living_street": N_("an unnamed living street"), "service": N_("an unnamed service road"), "track": N_("a track"),
    "path": N_("a path"), "footway": N_("a footway"), "cycleway": N_("a cycle way"), "pedestrian": N_("a pedestrian street"),
    "steps": N_("the steps"),
}  # fmt: skip


def street_words(name: str, highway: str) -> str:
    """Return what a street is called: its name, else what kind of street it is.

    >>> street_words("Mill Lane", "service"), street_words("", "service"), street_words("", "primary_link"), street_words("", "K2")
    ('Mill Lane', 'an unnamed service road', 'a slip road', 'an unnamed road')
    """
    if name:
        return name
    if highway.endswith("_link"):
        return _("a slip road")
    return _(_UNNAMED.get(highway, _UNNAMED["unclassified"]))


def distance_words(metres: float) -> str:
    r"""Return a distance as one drives it: to ten metres below a kilometre, to a hundred above; its unit stays on the same line.

    >>> [distance_words(metres) for metres in (4.0, 347.0, 996.0, 12_340.0)]
    ['10\xa0m', '350\xa0m', '1.0\xa0km', '12.3\xa0km']
    """
    tens = 10 * max(round(metres / 10), 1)
    if tens < 1000:
        return _("{n}\N{NO-BREAK SPACE}m").format(n=tens)
    return _("{n}\N{NO-BREAK SPACE}km").format(n=f"{metres / 1000:,.1f}")


def minutes_words(minutes: float) -> str:
    r"""Return some minutes, and hours where there are many.

    >>> minutes_words(9.6), minutes_words(120.0), minutes_words(228.0)
    ('10\xa0min', '2\xa0h', '3\xa0h 48\xa0min')
    """
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return _("{n}\N{NO-BREAK SPACE}min").format(n=rest)
    if not rest:
        return _("{hours}\N{NO-BREAK SPACE}h").format(hours=hours)
    return _("{hours}\N{NO-BREAK SPACE}h {n}\N{NO-BREAK SPACE}min").format(hours=hours, n=rest)


def clock_words(minutes: float) -> str:
    """Return minutes after midnight as a clock shows them, of the day after too.

    >>> clock_words(552.0), clock_words(1445.0)
    ('09:12', '00:05')
    """
    whole = int(minutes + 0.5)
    return f"{whole // 60 % 24:02d}:{whole % 60:02d}"
