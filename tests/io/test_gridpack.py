"""Packages: what is in them, how they are opened, worked on and saved, and what of hostile ones is refused in words."""

import dataclasses
import json
import math
import stat
import zipfile

import pytest
from block_town import block_town, grid, planned
from merge_facts import same_plan

from gridplanner.edits.handout_edits import EndLease, HandOut
from gridplanner.edits.scenario_edits import BranchScenario
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.edits.take_in_edits import TakeIn
from gridplanner.errors import EditRejected, InputError, ProjectFileError
from gridplanner.io.gridpack import check_pack, handout_of, lease_words, new_handout, open_pack, write_pack
from gridplanner.io.pack_members import BASE, MANIFEST, WORK
from gridplanner.io.project_file import open_saved, save_saved
from gridplanner.io.project_places import is_place, open_at, save_at
from gridplanner.io.saved import ChangedProjectError, Mark, Saved
from gridplanner.model.check import check
from gridplanner.model.duty_data import Staff
from gridplanner.model.freshness import stale_plans
from gridplanner.model.handout import part_of_project
from gridplanner.model.merging import merge
from gridplanner.model.places import texts
from gridplanner.settings import BeatSettings

KEYS = ("620802001000", "620802001001", "620802001002")


@pytest.fixture(scope="module")
def town():
    """9 × 4 blocks in three communities, with data that is nobody else's business."""
    town = planned(block_town(9, 4, split=(3, 6)))
    settings = dataclasses.replace(town.settings, beats=BeatSettings())
    return dataclasses.replace(town, settings=settings, staff=Staff(texts(["1号"]), texts(["队员"]), texts(["119"]), texts(["001"])))


@pytest.fixture(scope="module")
def packed(town, tmp_path_factory):
    """The project file, its lease of the second and third community, and their package."""
    folder = tmp_path_factory.mktemp("packs")
    save_saved(Saved(town), folder / "town.gridplan")
    saved = open_saved(folder / "town.gridplan")
    lease = new_handout(saved.project, saved.mark, KEYS[1:], "南片", "2026-04-30")
    write_pack(folder / "south.gridpack", saved.project, lease)
    return saved, lease, folder / "south.gridpack"


def named(project, column, row, name):
    return ChangeGrids(((grid(project, column, row), (("name", name),)),)).apply(project)


def test_a_package_holds_its_communities_and_no_more_and_nothing_in_it_is_stale(town, packed):
    _saved, lease, path = packed
    pack = open_pack(path)
    assert pack.handout == lease == handout_of(path)
    part = pack.work.project
    assert part.communities.codes.tolist() == list(KEYS[1:])
    assert len(part.households) == 24
    assert part.households.households.sum() == 24 * 75
    assert sorted(part.grids.grids) == sorted(key for key, one in town.grids.grids.items() if one.community > 0)
    assert not stale_plans(part)
    assert len(part.staff) == 0
    assert part.settings.beats is None
    assert part.settings.grids == town.settings.grids
    assert not part.settings.sources
    assert same_plan(part, pack.base.project)
    assert same_plan(part, part_of_project(town, [1, 2]))


def test_a_project_of_an_earlier_version_is_handed_out_before_it_is_saved(town, tmp_path):
    earlier = Mark(project_id="0" * 32, save_id=f"earlier-{'0' * 32}")  # as project_text.py names a file without a mark
    lease = new_handout(town, earlier, KEYS[1:], "南片", "")
    write_pack(tmp_path / "south.gridpack", town, lease)
    assert open_pack(tmp_path / "south.gridpack").handout == lease


def test_a_package_is_opened_worked_on_and_saved_like_a_project(packed, tmp_path):
    _saved, _lease, source = packed
    path = tmp_path / "south.gridpack"
    path.write_bytes(source.read_bytes())
    assert is_place(path)
    saved = open_at(path)
    work = named(saved.project, 4, 1, "新名")
    mark = save_at(dataclasses.replace(saved, project=work), path, expected=saved.mark.save_id)
    assert mark.number == saved.mark.number + 1
    again = open_pack(path)
    assert again.work.mark == mark
    assert again.work.project.grids.grids[grid(work, 4, 1)].name == "新名"
    assert same_plan(again.base.project, saved.project)
    with pytest.raises(ChangedProjectError, match="since you opened it"):
        save_at(dataclasses.replace(saved, project=work), path, expected=saved.mark.save_id)
    with pytest.raises(ProjectFileError, match="made by handing out"):
        save_at(saved, tmp_path / "other.gridpack")
    assert [each.name for each in tmp_path.iterdir()] == ["south.gridpack"]


def test_a_lease_is_written_told_and_ended(town, packed):
    saved, lease, _path = packed
    project = HandOut(lease).apply(saved.project)
    assert not [one for one in check(project) if one.kind == "lease"]
    (told,) = [one for one in check(named(project, 4, 1, "别名")) if one.kind == "lease"]
    assert told.level == "warning"
    assert "南片" in told.message
    assert not [one for one in check(named(project, 0, 0, "别名")) if one.kind == "lease"]
    assert lease_words(lease, "2026-04-30") == ""
    assert "南片" in lease_words(lease, "2026-05-01")
    assert EndLease(lease.package_id).apply(project).handouts == ()
    with pytest.raises(EditRejected):
        EndLease(lease.package_id).apply(town)
    for keys, until in (((), ""), (("1",), ""), (KEYS[:1], "tomorrow")):
        with pytest.raises(InputError):
            new_handout(town, saved.mark, keys, "x", until)


def test_what_comes_back_is_taken_in_once_for_this_project_and_plan_alone(packed):
    saved, lease, path = packed
    project = HandOut(lease).apply(named(saved.project, 0, 0, "这里"))
    pack = open_pack(path)
    work = named(pack.work.project, 4, 1, "那里")
    check_pack(lease, saved.mark, project)
    taken = TakeIn(merge(pack.base.project, project, work, part=True), project, "b@c", lease)
    after = taken.apply(project)
    assert after.handouts == ()
    assert {"这里", "那里"} <= {one.name for one in after.grids.grids.values()}
    assert "b@c" in taken.words
    with pytest.raises(EditRejected):
        taken.apply(after)
    both = named(project, 4, 1, "也改了")
    with pytest.raises(EditRejected, match="not decided"):
        TakeIn(merge(pack.base.project, both, work, part=True), both, "", lease).apply(both)
    second = named(pack.work.project, 4, 1, "另一人")  # the same lease edited by two people
    assert [one.kind for one in merge(pack.base.project, after, second, part=True).conflicts] == ["grid"]
    with pytest.raises(ProjectFileError, match="another project"):
        check_pack(dataclasses.replace(lease, project_id="0" * 32), saved.mark, project)
    with pytest.raises(ProjectFileError, match="switch to it"):
        check_pack(lease, saved.mark, BranchScenario("乙").apply(project))
    with pytest.raises(ProjectFileError, match="no community"):
        check_pack(lease, saved.mark, part_of_project(project, [0, 1]))


def rewritten(source, path, change):
    """A package whose members (name, bytes, about) were changed on the way."""
    with zipfile.ZipFile(source) as archive:
        members = [(zipfile.ZipInfo(info.filename), archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in change(members):
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return path


def renamed(name):
    def change(members):
        return [(zipfile.ZipInfo(name) if info.filename == WORK else info, data) for info, data in members]

    return change


def as_link(members):
    for info, _data in members:
        if info.filename == BASE:
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return [(info, b"/etc/passwd" if info.filename == BASE else data) for info, data in members]


def with_manifest(**values):
    def change(members):
        found = []
        for info, data in members:
            if info.filename == MANIFEST:
                about = json.loads(data)
                about["handout"].update({key: value for key, value in values.items() if key != "version"})
                about["version"] = values.get("version", about["version"])
                data = json.dumps(about).encode()
            found.append((info, data))
        return found

    return change


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "change",
    [
        renamed("../work.gridplan"), renamed("/etc/work.gridplan"), renamed("C:\\work.gridplan"),
        as_link,
        lambda members: [*members, (zipfile.ZipInfo("more.txt"), b"x")],
        lambda members: [*members, members[-1]],
        lambda members: members[:-1],
        lambda members: [(info, b"\0" * (17 << 20) if info.filename == WORK else data) for info, data in members],
        lambda members: [(info, b"[" * 900_000 if info.filename == MANIFEST else data) for info, data in members],
        lambda members: [(info, b"{" + b" " * (2 << 20) + b"}" if info.filename == MANIFEST else data) for info, data in members],
        lambda members: [(info, b"SQLite format 3\0rubbish" if info.filename == WORK else data) for info, data in members],
        with_manifest(package_id="../../x"), with_manifest(until="soon"), with_manifest(communities=[]), with_manifest(at="NaN"),
        with_manifest(version=99), with_manifest(version=math.inf), with_manifest(at=10**400),
    ],
    ids=[
        "above", "absolute", "drive", "link", "more", "twice", "fewer", "bomb", "deep", "long", "rubbish", "id", "day", "nothing", "time",
        "newer", "infinite", "endless",
    ],
)  # fmt: skip
def test_a_hostile_package_is_refused_in_words(packed, tmp_path, change):
    path = rewritten(packed[2], tmp_path / "bad.gridpack", change)
    with pytest.raises(ProjectFileError) as refused:
        open_pack(path)
    assert "bad.gridpack" in str(refused.value)
    assert [each.name for each in tmp_path.iterdir()] == ["bad.gridpack"]


def test_a_damaged_package_is_refused_in_words(packed, tmp_path):
    data = packed[2].read_bytes()
    path = tmp_path / "bad.gridpack"
    hidden = data.replace(b"work.gridplan", b"work\0gridplan")
    for broken in (hidden, b"", b"PK", data[:-30], data[: len(data) // 2], data[:2000] + b"\0" * 64 + data[2064:], b"no zip at all" * 99):
        path.write_bytes(broken)
        with pytest.raises(ProjectFileError, match=r"bad\.gridpack"):
            open_pack(path)
    with pytest.raises(ProjectFileError, match="no such package"):
        open_pack(tmp_path / "none.gridpack")
