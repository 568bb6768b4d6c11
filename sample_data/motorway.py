"""The motorway north of the town: two carriageways and the four ramps of its junction."""

from __future__ import annotations

from dataclasses import replace

from shapely import LineString, Point

from sample_data.curves import Pairs, as_line, attach, beside, place, points_of, spline
from sample_data.noding import Drawn, merged, node
from sample_data.streets import Street

NAME, LINK = "平柳高速", "高速连接线"
LINE: Pairs = ((-7900, 2250), (-5200, 2020), (-2600, 2280), (-900, 2700), (600, 2720), (2400, 2420), (4700, 1500), (7400, 1050))
TOLL, FAR_SIDE = (280, 2540), (400, 2900)
"""Where the connecting road meets the ramps of the southern and of the northern carriageway."""
RAMPS: tuple[Pairs, ...] = (
    ((-120, 2720), (100, 2650), TOLL),
    (TOLL, (460, 2620), (720, 2715)),
    ((840, 2720), (640, 2800), FAR_SIDE),
    (FAR_SIDE, (180, 2850), (-60, 2750)),
)
"""As driven: off and on towards the east, off and on towards the west."""


def build_motorway(approach: LineString) -> list[Street]:
    """Carriageways, ramps and the bridge of the connecting road, each in its driving direction.

    The bridge is not noded with the carriageways below it: no one can turn there.
    """
    middle = spline(LINE, step=30)
    east, west = beside(middle, -12.0, 150.0), as_line(beside(middle, 12.0, 150.0).reverse())
    ramps = [
        attach(spline(points), east if k == 0 else west if k == 2 else None, east if k == 1 else west if k == 3 else None)
        for k, points in enumerate(RAMPS)
    ]
    ways = {"east": east, "west": west} | {f"ramp {k}": ramp for k, ramp in enumerate(ramps)}
    kinds = {name: "motorway_link" if name.startswith("ramp") else "motorway" for name in ways}
    pieces, _ = node([Drawn(name, kinds[name], line) for name, line in ways.items()], [])
    streets = []
    for name, drawn in ways.items():
        for line in merged([p.line for p in pieces if p.name == name]):
            onward = drawn.project(Point(line.coords[0])) < drawn.project(Point(line.coords[-1]))
            title = NAME if kinds[name] == "motorway" else ""
            streets.append(Street(title, kinds[name], line if onward else as_line(line.reverse()), oneway=True))
    toll, far = (points_of(place(*spot)).round(2)[0] for spot in (TOLL, FAR_SIDE))
    over = Street(LINK, "secondary", LineString([toll, (toll + far) / 2, far]), bridge=True, layer=1)
    up = points_of(approach)[-1].round(2)
    return [*streets, over, replace(over, line=LineString([up, toll]), bridge=False, layer=0)]
