"""Communities of a planned project handed out, edited by a seeded hand and brought back, from file to file."""

import dataclasses

import numpy as np

from gridplanner.benchmarks.durability_merge import edited
from gridplanner.benchmarks.merge_oracle import Differences, differences
from gridplanner.cli import main
from gridplanner.io.project_file import open_project
from gridplanner.io.project_places import open_at, save_at


def changed(place, change):
    """Change the project that is kept at a place; return what became of it."""
    saved = open_at(place)
    project = change(saved.project)
    save_at(dataclasses.replace(saved, project=project), place)
    return project


def brought_back(project, folder, rows, seed=3):
    """Hand out communities (rows) one by one, edit them and the rest, take them in; return what is not as its hand left it."""
    rng = np.random.default_rng(seed)
    codes = open_project(project).communities.codes.tolist()
    packs = [folder / f"{row}.gridpack" for row in rows]
    for row, pack in zip(rows, packs, strict=True):
        assert main(["--quiet", "pack", str(project), "--communities", codes[row], "--to", f"hand {row}", "--out", str(pack)]) == 0
    works = [changed(pack, lambda part: edited(part, 5, rng)) for pack in packs]
    mine = changed(project, lambda whole: edited(whole, 6, rng, beside=max(rows) + 1))
    assert main(["--quiet", "merge", str(project), *map(str, packs)]) == 0
    after = open_project(project)
    assert after.handouts == ()
    found = [differences(work, after, [(0, row)]) for work, row in zip(works, rows, strict=True)]
    found.append(differences(mine, after, [(row, row) for row in range(len(codes)) if row not in rows]))
    return Differences(sum(one.units for one in found), sum(one.grids for one in found), sum(one.households for one in found))
