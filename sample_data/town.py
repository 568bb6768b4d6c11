"""The town as a value: a pipeline of pure functions from a seed to everything on the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely import Polygon

from sample_data import homes
from sample_data.blocks import Block
from sample_data.communities import Community, draw_communities
from sample_data.homes import Settlement
from sample_data.households import Addresses, clear_of, settle
from sample_data.motorway import build_motorway
from sample_data.names import court_name, estate_name
from sample_data.noding import Drawn, in_one_net, node, noded
from sample_data.parks import lay_out_park
from sample_data.places import PLACES, clear_sites
from sample_data.police import Police, keep_records
from sample_data.quarters import cut_quarters, lay_out_quarters
from sample_data.railway import Railway, build_railway
from sample_data.skeleton import BROOK_NAME, RIVER_NAME, draw_skeleton
from sample_data.streets import Street, streets_of, with_structures
from sample_data.villages import build_villages

SEED = 20260105


@dataclass(frozen=True, eq=False)
class Water:
    """A river, a brook or a pond: kind as OpenStreetMap names it, name, and bed."""

    kind: str
    name: str
    bed: Polygon


@dataclass(frozen=True, eq=False)
class Town:
    """Everything on the map, in metres of the drawing."""

    communities: list[Community]
    streets: list[Street]
    addresses: Addresses
    railway: Railway
    waters: list[Water]
    police: Police


def make_town(seed: int = SEED) -> Town:
    """The whole town; the same seed gives the same town."""
    skeleton = noded(draw_skeleton(_dice(seed, 0)))
    quarters = lay_out_quarters(skeleton)
    blocks, cuts = cut_quarters(quarters, skeleton, _dice(seed, 1))
    blocks, cuts, public = clear_sites(blocks, cuts)
    built, ponds = build_on(blocks, public, _dice(seed, 2))
    built.add(build_villages(skeleton, quarters, [c for c in cuts if c.kind == "service"], _dice(seed, 3)))
    drawn = [Drawn(name, kind, line) for name, (kind, line) in {**skeleton.roads, **skeleton.outer}.items()]
    drawn += [Drawn("", cut.kind, cut.line) for cut in [*cuts, *built.ways]]
    bounds = [skeleton.river_line, skeleton.brook_line, skeleton.rail, skeleton.limit]
    pieces, (river, _, rail, limit) = node(drawn, bounds)
    pieces = in_one_net(pieces)
    streets = streets_of(pieces)
    communities = draw_communities(pieces, river, rail, limit)
    parted = with_structures([*streets, *build_motorway(skeleton.roads["建设路"][1])], skeleton)
    addresses = settle(clear_of(built.sites, streets), [(c.outline, c.households) for c in communities], streets, _dice(seed, 4))
    return Town(
        communities=communities,
        streets=parted,
        addresses=addresses,
        railway=build_railway(skeleton),
        waters=[Water("river", RIVER_NAME, skeleton.river), Water("stream", BROOK_NAME, skeleton.brook), *ponds],
        police=keep_records(communities, addresses, parted, skeleton.river_line, _dice(seed, 5)),
    )


def _dice(seed: int, stage: int) -> np.random.Generator:
    """A generator of its own for each stage, so that changing one leaves the others as they were."""
    return np.random.default_rng([seed, stage])


def build_on(blocks: list[Block], public: dict[int, int], rng: np.random.Generator) -> tuple[Settlement, list[Water]]:
    """Homes, inner roads and parks of all blocks; the farther from the middle, the more plots lie empty."""
    out, ponds = Settlement(), list[Water]()
    courts = estates = 0
    for i, block in enumerate(blocks):
        middle = block.outline.centroid
        far = float(np.hypot(middle.x, middle.y + 350))
        vacant = rng.random() < np.clip((far - 600) / 5000, 0.03, 0.3)
        if i in public:
            place = PLACES[public[i]]
            if place.park:
                ways, pond = lay_out_park(block.outline, bool(place.pond), rng)
                out.ways += ways
                ponds += [Water("water", place.pond, pond)] if pond else []
            continue
        if vacant:
            continue
        if block.style == "estate":
            built = homes.build_estate(block, estate_name(estates), rng)
            estates += bool(built.sites)
        elif block.style in HOMES:
            built = HOMES[block.style](block, court_name(courts), rng)
            courts += any(s.estate for s in built.sites)
        else:
            continue
        out.add(built)
    return out, ponds


HOMES = {"old": homes.build_old, "terrace": homes.build_terrace, "works": homes.build_works}
