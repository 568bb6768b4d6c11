"""Which settings the steps after the grids have: what each is called, and what it can be."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.duty_settings import ARTERIALS
from gridplanner.i18n import N_
from gridplanner.settings import (
    BeatSettings,
    CheckpointSettings,
    PatrolSettings,
    RailSettings,
    RatingSettings,
    ResponseSettings,
    RosterSettings,
    StreetChiefSettings,
    ZoneSettings,
)

Named = tuple[tuple[str, str], ...]  # keys, and what they are called as msgids

MODES: Named = (("car", N_("by car")), ("motorcycle", N_("by motorcycle")), ("foot", N_("on foot")))
CLASSES: Named = (
    ("motorway", N_("Motorways")), ("trunk", N_("Trunk roads")), ("primary", N_("Primary streets")), ("secondary", N_("Secondary streets")),
    ("tertiary", N_("Tertiary streets")), ("residential", N_("Residential streets")), ("unclassified", N_("Other streets")),
    ("living_street", N_("Living streets")),
)  # fmt: skip
_ARTERIALS = tuple(pair for pair in CLASSES if pair[0] in ARTERIALS)
_STREETS = tuple(pair for pair in CLASSES if pair[0] != "motorway")
_WORK: Named = (
    ("households", N_("Household")), ("persons", N_("Person")), ("incidents", N_("Incident")), ("street_km", N_("Kilometre of street")),
    ("key_sites", N_("Key site")), ("area_km2", N_("Square kilometre")),
)  # fmt: skip
_STRETCH: Named = (("households", N_("100 households, km")), ("key_sites", N_("Key site, km")), ("incidents", N_("Incident, km")))
MAIN, WORK, STREETS, SCORES = N_("Plan"), N_("Workload"), N_("Streets"), N_("Scores")  # pages of a dialog


@dataclass(frozen=True)
class Field:
    """One setting: the attribute, what it is called, what kind it is, and its range and unit or the values it can take.

    `kind` is number, share (0 to 1, shown in per cent), choice, several (a tuple of the keys), table (a number for each key), numbers
    (several in one line), month, day, clocks (clock times in one line), yes (a check box), wishes (streets by name), shifts (those of a
    roster, with all that is said of each), people (those of a roster), text, chainage, wholes (whole numbers in one line) or rows (a table
    of ui.dialogs.row_table). `none` are the words for 0; `names` says that the keys are those
    of the project's indicators. `otherwise` is the value of a key that the settings leave out. `fact` says that it stands at
    the left, under the step's button.
    """

    name: str
    label: str
    least: float = 1
    most: float = 999
    unit: str = ""
    values: Named = ()
    kind: str = "number"
    decimals: int = 0
    none: str = ""
    page: str = MAIN
    names: bool = False
    otherwise: float = 0.0
    fact: bool = False
    tip: str = ""


_HOW_OFTEN, _AREA, _ZONES, _VARIANTS = N_("How often"), N_("Sites and area"), N_("Zones and balance"), N_("Variants and coverage")
_CREWS, NAMED = N_("Crews and shift"), N_("By name")
PATROL = (
    Field("crews_per_zone", N_("Crews per zone"), 1, 1000, page=_CREWS, fact=True),
    Field("mode", N_("Patrols go"), kind="choice", values=MODES, page=_CREWS, fact=True),
    Field("shift_minutes", N_("Shift"), 10, 1440, N_("min"), page=_CREWS, fact=True),
    Field(
        "starts", N_("Shifts begin at"), kind="clocks", page=_CREWS,
        tip=N_("Clock times such as 08:00, 16:00, 00:00; the crews of a zone take one each in turn"),
    ),
    Field("max_overtime_min", N_("Overtime allowed"), 0, 1440, N_("min"), none=N_("none"), page=_CREWS),
    Field("break_minutes", N_("Break"), 0, 600, N_("min"), none=N_("none"), page=_CREWS),
    Field("break_between", N_("It begins between"), kind="clocks", page=_CREWS, tip=N_("Two clock times, such as 11:00, 14:00")),
    Field("required_classes", N_("To be patrolled"), kind="several", values=CLASSES, page=STREETS),
    Field(
        "both_sides", N_("Both sides"), kind="yes", page=STREETS, tip=N_("Each side by itself, where the street may be driven both ways"),
    ),
    Field(
        "revisit_minutes", N_("No street waits longer than"), 0, 1440, N_("min"), none=N_("no limit wished"), page=STREETS,
        tip=N_("Streets are patrolled as many times a shift as that asks for"),
    ),
    Field(
        "times", N_("Times a shift"), 0, 48, kind="table", values=CLASSES, page=_HOW_OFTEN, otherwise=1.0,
        tip=N_("How many times a street of each class is patrolled in one shift, where its class is to be patrolled"),
    ),
    Field(
        "weights", N_("Weight"), 0.1, 1000, kind="table", decimals=1, values=CLASSES, page=_HOW_OFTEN, otherwise=1.0,
        tip=N_("Where time is short, streets of less weight are left out first, and named"),
    ),
    Field(
        "streets", N_("Streets"), kind="wishes", page=NAMED,
        tip=N_("Streets that are patrolled, or not, whatever their class is"),
    ),
    Field(
        "min_gap_minutes", N_("Between two visits of a site"), 0, 1440, N_("min"), none=N_("no limit wished"), page=_AREA,
        tip=N_("Two visits of one key site begin so many minutes apart at least"),
    ),
    Field(
        "cover_share", N_("Streets near a route"), 0, 100, "%", kind="share", none=N_("no such wish"), page=_AREA,
        tip=N_("Share of the street kilometres of each zone that lie near its routes"),
    ),
    Field("cover_m", N_("Near is within"), 1, 100_000, N_("m"), page=_AREA, tip=N_("Along the streets")),
    Field(
        "zone", N_("Routes leave their zone"), kind="choice", page=_ZONES,
        values=(("hard", N_("only to and from the depot")), ("soft", N_("where that saves twice the time"))),
    ),
    Field(
        "balance", N_("Longest route against the mean"), 0, 10, decimals=2, none=N_("as it comes"), page=_ZONES,
        tip=N_("The longest route of a zone takes at most so many times the mean, such as 1.02"),
    ),
    Field(
        "balance_travel", N_("For that at most"), 0, 1000, N_("% more driving"), kind="share", page=_ZONES,
        tip=N_("How much more is driven at most so that the routes are about as long"),
    ),
    Field(
        "compact", N_("Keep crews apart"), 0, 100, "%", kind="share", none=N_("no such wish"), page=_ZONES,
        tip=N_("How much crews keep out of each other's streets"),
    ),
    Field("variants", N_("Variants"), 1, 200, page=_VARIANTS, fact=True, tip=N_("So that patrols cannot be foreseen; one is drawn a day")),
    Field("variant_travel", N_("Each at most"), 0, 1000, N_("% longer"), kind="share", page=_VARIANTS),
    Field("days", N_("Drawn for"), 1, 366, N_("days"), page=_VARIANTS),
    Field("seen_m", N_("A patrol is seen within"), 1, 100_000, N_("m"), page=_VARIANTS),
    Field("seen_between", N_("Between"), kind="clocks", page=_VARIANTS, tip=N_("Two clock times, such as 08:00, 20:00")),
)  # fmt: skip
_SHIFTS, _RULES, _PEOPLE, _EVEN = N_("Shifts"), N_("Rules"), N_("Members"), N_("What counts")
_COSTS: Named = (
    ("short", N_("A person missing")), ("over", N_("A person too many")), ("hours", N_("An hour more than others")),
    ("nights", N_("A night more than others")), ("weekends", N_("A weekend day more than others")),
    ("points", N_("A point more than others")), ("wish", N_("A wish not met")),
    ("single", N_("A single day on or off")), ("change", N_("A cell changed")),
)  # fmt: skip
ROSTER = (
    Field(
        "group", N_("For"), kind="choice", page=_SHIFTS, fact=True,
        values=(("rail", N_("guards of the railway")), ("patrol", N_("crews of patrols")), ("volunteers", N_("the people listed"))),
    ),
    Field("start", N_("First day"), kind="day", none=N_("the next Monday"), page=_SHIFTS, fact=True),
    Field("days", N_("Days"), 1, 366, page=_SHIFTS, fact=True),
    Field(
        "per", N_("People are needed for"), kind="choice", page=_SHIFTS, tip=N_("What the numbers of people in the table count for"),
        values=(
            ("squad", N_("each squad")), ("zone", N_("each patrol zone")), ("segment", N_("each segment")), ("route", N_("each route")),
        ),
    ),
    Field("shifts", N_("Shifts"), kind="shifts", page=_SHIFTS),
    Field("rest_hours", N_("Rest between two shifts"), 0, 48, N_("h"), decimals=1, page=_RULES, fact=True),
    Field("max_hours_week", N_("At most a week"), 0, 168, N_("h"), decimals=1, page=_RULES, fact=True),
    Field("max_run", N_("Days on duty in a row"), 1, 366, page=_RULES),
    Field("max_nights", N_("Nights in a row"), 0, 366, none=N_("no limit"), page=_RULES),
    Field("min_off_run", N_("Days off in a row at least"), 0, 30, page=_RULES),
    Field("max_weekends", N_("Weekends on duty at most"), 0, 60, none=N_("no limit"), page=_RULES),
    Field("seconds", N_("Search at most"), 1, 3600, N_("s"), page=_RULES),
    Field("people", N_("Members"), kind="people", page=_PEOPLE),
    Field(
        "weights", N_("Costs"), 0, 1_000_000, kind="table", decimals=1, values=_COSTS, page=_EVEN,
        tip=N_("What each costs against the others; 0: it does not count"),
    ),
)  # fmt: skip
_LINE, _ENDS, _ACCESS, _ROUNDS, _POSTS, _MILEAGE = (
    N_("Line and guards"), N_("Where segments end"), N_("Way there"), N_("Rounds"), N_("Plans and posts"), N_("Mileage"),
)  # fmt: skip
_RAIL_WORK: Named = (
    ("length", N_("Kilometre of line")), ("crossing", N_("Crossing")), ("bridge", N_("Kilometre of bridge")),
    ("tunnel", N_("Kilometre of tunnel")), ("station", N_("Railway station")), ("settlement", N_("100 households nearby")),
    ("school", N_("School nearby")), ("slope", N_("10 ‰ steeper, km")), ("fence", N_("Kilometre without a fence")),
    ("history", N_("Case counted")),
)  # fmt: skip
_RAIL_PLACES: Named = (
    ("station", N_("Stations")), ("tunnel", N_("Tunnels")), ("bridge", N_("Bridges")), ("limit", N_("Limits of communities")),
    ("crossing", N_("Level crossings")), ("post", N_("Kilometre posts")), ("gate", N_("Entry points")),
)  # fmt: skip
_DOUBLE: Named = (
    ("bridge", N_("Bridges")), ("tunnel", N_("Tunnels")), ("station", N_("Stations")), ("crossing", N_("Level crossings")),
    ("school", N_("Schools")), ("history", N_("Cases")),
)  # fmt: skip
RAIL = (
    Field("line", N_("Line"), kind="text", none=N_("every main line"), page=_LINE),
    Field("start", N_("From"), kind="chainage", none=N_("its beginning"), page=_LINE, tip=N_("A chainage such as K814+000")),
    Field("stop", N_("To"), kind="chainage", none=N_("its end"), page=_LINE, tip=N_("A chainage such as K1044+000")),
    Field("squads", N_("Squads"), page=_LINE, fact=True),
    Field("guards", N_("Guards in all"), page=_LINE, fact=True),
    Field(
        "squad_guards", N_("Guards of each squad"), kind="wholes", page=_LINE, none=N_("as even as it goes"),
        tip=N_("Such as 11, 11, 12, 10; empty: as even as it goes"),
    ),
    Field(
        "weights", N_("Work of one"), 0, 1000, kind="table", decimals=2, values=_RAIL_WORK, page=WORK,
        tip=N_("As much work as so many kilometres of line; 0: it does not count"),
    ),
    Field("corridor_m", N_("Nearby is within"), 1, 50_000, N_("m"), page=WORK, tip=N_("On each side of the line")),
    Field("slope_limit", N_("Slope counts above"), 0, 100, "‰", decimals=1, page=WORK),
    Field("prefer", N_("Rather at"), kind="several", values=_RAIL_PLACES, page=_ENDS),
    Field("forbid", N_("Never within"), kind="several", values=_RAIL_PLACES, page=_ENDS),
    Field("walls", N_("Always at"), kind="several", values=_RAIL_PLACES, page=_ENDS, tip=N_("No segment reaches across them")),
    Field("min_km", N_("Shortest segment"), 0, 10_000, N_("km"), decimals=2, none=N_("no limit"), page=_ENDS),
    Field("max_km", N_("Longest segment"), 0, 10_000, N_("km"), decimals=2, none=N_("no limit"), page=_ENDS),
    Field("atom_m", N_("Divided every"), 1, 5000, N_("m"), page=_ENDS, tip=N_("Segments end at such places, and at what stands between")),
    Field("max_access_min", N_("Longest way to a segment"), 0, 1440, N_("min"), decimals=1, none=N_("no limit wished"), page=_ACCESS),
    Field("mode", N_("By road"), kind="choice", values=MODES, page=_ACCESS),
    Field("walk_kmh", N_("Then along the line at"), 0.1, 30, N_("km/h"), decimals=1, page=_ACCESS),
    Field("gate_m", N_("Entry points where a road is within"), 0, 5000, N_("m"), page=_ACCESS),
    Field(
        "access_weight", N_("An hour on the way weighs"), 0, 1000, N_("km"), decimals=1, none=N_("nothing"), page=_ACCESS,
        tip=N_("As much work as so many kilometres of line"),
    ),
    Field("patrol_mode", N_("Guards go"), kind="choice", values=MODES, page=_ROUNDS),
    Field("patrol_kmh", N_("Speed"), 0.1, 200, N_("km/h"), decimals=1, page=_ROUNDS),
    Field("rounds", N_("Rounds a shift"), 0, 100, none=N_("none"), page=_ROUNDS),
    Field("shift_hours", N_("Shift"), 0.5, 24, N_("h"), decimals=1, page=_ROUNDS),
    Field("double", N_("Two guards where there are"), kind="several", values=_DOUBLE, page=_ROUNDS),
    Field("plans", N_("Plans"), kind="rows", page=_POSTS, tip=N_("Plans of their own, such as that of the night; none: one plan")),
    Field("posts", N_("Fixed posts"), kind="rows", page=_POSTS, tip=N_("Stretches with guards of their own, such as a tunnel")),
    Field("breaks", N_("Broken chains"), kind="rows", page=_MILEAGE),
    Field("marks", N_("Known chainages"), kind="rows", page=_MILEAGE, tip=N_("Places whose chainage is known beside posts and stations")),
    Field("prefix", N_("Letters"), kind="text", page=_MILEAGE, tip=N_("Before the kilometres where the posts have none, such as K")),
)  # fmt: skip
FIELDS: dict[type, tuple[Field, ...]] = {
    BeatSettings: (
        Field("target_persons", N_("Persons a beat"), 1, 1_000_000, fact=True),
        Field("tolerance", N_("Tolerance"), 1, 99, "%", kind="share", fact=True),
        Field(
            "within", N_("Within"), kind="choice", fact=True, tip=N_("What no beat crosses"),
            values=(
                ("district", N_("the whole district")), ("communities", N_("each community")), ("streets", N_("each street office")),
                ("stations", N_("the area of each police station")),
            ),
        ),
        Field("count", N_("Number of beats"), 0, 10_000, none=N_("as the target gives")),
    ),
    ZoneSettings: (
        Field("count", N_("Patrol zones"), fact=True),
        Field(
            "units", N_("Made of"), kind="choice", fact=True,
            values=(("grids", N_("whole grids")), ("beats", N_("whole beats")), ("blocks", N_("street blocks"))),
        ),
        Field(
            "response", N_("Fast response"), 0, 100, "%", kind="share", fact=True,
            tip=N_("0 %: even work alone; 100 %: fast response alone"),
        ),
        Field(
            "stations", N_("Served from"), kind="choice",
            values=(
                ("auto", N_("depots where there are any")), ("fixed", N_("depots only")), ("chosen", N_("the best place in each")),
            ),
        ),
        Field("max_minutes", N_("Longest way"), 0, 10_000, N_("min"), decimals=1, none=N_("no limit wished")),
        Field("mode", N_("Crews go"), kind="choice", values=MODES),
        Field(
            "workload", N_("Work of one"), 0, 1e6, kind="table", decimals=1, values=_WORK, page=WORK,
            tip=N_("How much work one of each is, against the others; 0: it does not count"),
        ),
        Field(
            "class_work", N_("Work of a kilometre"), 0, 1000, kind="table", decimals=1, values=_ARTERIALS, page=STREETS, otherwise=1.0,
            tip=N_("How many kilometres of work a kilometre of each street is; other streets count 1"),
        ),
    ),
    CheckpointSettings: (
        Field("count", N_("Checkpoints"), 1, 10_000, fact=True),
        Field(
            "through", N_("Through traffic"), 0, 100, "%", kind="share",
            tip=N_("0 %: only who leaves counts; 100 %: only who passes through"),
        ),
        Field(
            "depth_m", N_("Move inwards by"), 0, 50_000, N_("m"), none=N_("not at all"),
            tip=N_("How far behind the boundary a place may lie where that closes it with fewer people"),
        ),
        Field("classes", N_("On which streets"), kind="several", values=CLASSES, page=STREETS),
        Field(
            "manpower", N_("People a checkpoint takes"), 0.5, 10_000, kind="table", decimals=1, values=_ARTERIALS, page=N_("People"),
            otherwise=4.0,
        ),
    ),
    ResponseSettings: (
        Field("minutes", N_("Rings"), unit=N_("min"), kind="numbers", fact=True, tip=N_("Rising numbers, such as 1, 3, 5")),
        Field(
            "posts", N_("From"), kind="choice",
            values=(("depots", N_("the depots")), ("zones", N_("where the patrol zones are served from"))),
        ),
        Field("mode", N_("Crews go"), kind="choice", values=MODES, fact=True),
    ),
    RatingSettings: (
        Field("month", N_("Month"), kind="month", none=N_("the latest"), tip=N_("Such as 2026-03; empty: the latest")),
        Field(
            "per", N_("Rated are"), kind="choice", fact=True,
            values=(("stations", N_("areas of police stations")), ("beats", N_("beats")), ("zones", N_("patrol zones"))),
        ),
        Field(
            "method", N_("Score"), kind="choice", fact=True,
            values=(("percentile", N_("rank among the areas")), ("absolute", N_("against limits"))),
        ),
        Field("suppress_below", N_("Hide counts below"), 0, 1000, none=N_("hide none"), fact=True),
        Field("thresholds", N_("Next colour from"), kind="numbers", tip=N_("Four rising scores from 0 (best) to 1"), page=SCORES),
        Field("weights", N_("Weight"), 0, 1000, kind="table", decimals=1, names=True, otherwise=1.0, page=SCORES),
        Field(
            "limits", N_("Limit"), 0, 1e6, kind="table", decimals=1, names=True, none=N_("none"), page=N_("Upper limits"),
            tip=N_("The count that stands for a score of 1, where the score is against limits"),
        ),
    ),
    StreetChiefSettings: (
        Field("length_km", N_("Stretch"), 0.05, 1000, N_("km"), decimals=2, fact=True),
        Field("count", N_("Number of stretches"), 0, 100_000, none=N_("as the length gives")),
        Field("classes", N_("Of which streets"), kind="several", values=_STREETS, page=STREETS),
        Field("workload", N_("Work beside the length"), 0, 1000, kind="table", decimals=2, values=_STRETCH, page=WORK),
    ),
    PatrolSettings: PATROL,
    RosterSettings: ROSTER,
    RailSettings: RAIL,
}  # fmt: skip
