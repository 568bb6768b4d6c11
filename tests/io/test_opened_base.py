"""A journal begins from what was opened, whoever saves the file meanwhile."""

from __future__ import annotations

from gridplanner.io.keeping.exactly import same
from gridplanner.io.keeping.opened_base import keep_opened
from gridplanner.io.keeping.orders import Start
from gridplanner.io.keeping.workplace import Workplace
from gridplanner.io.project_file import mark_of, open_saved, save_saved
from gridplanner.io.saved import Mark, Saved
from gridplanner.model.project import Project
from gridplanner.settings import ProjectSettings, Settings


def _named(name: str) -> Project:
    return Project(settings=Settings(project=ProjectSettings(name=name)))


def _begun(tmp_path, mark: Mark, opened: Project) -> tuple[Workplace, Saved]:
    """Return a place of work for a file of which this is the mark, and what its base holds."""
    path = tmp_path / "town.gridplan"
    work = Workplace.begin(tmp_path / "work", path, mark, base=path, journal="a1")
    try:
        keep_opened(work, path, Start("a1", path, mark, opened=opened))
        return work, open_saved(work.folder / work.about.base)
    finally:
        work.close()


def test_the_file_itself_is_the_base_while_it_is_what_was_opened(tmp_path):
    mark = save_saved(Saved(_named("mine")), tmp_path / "town.gridplan")
    _work, base = _begun(tmp_path, mark, _named("not looked at"))
    assert base.mark == mark


def test_another_save_before_it_was_linked_does_not_become_the_base(tmp_path):
    path = tmp_path / "town.gridplan"
    mark = save_saved(Saved(_named("mine")), path)
    save_saved(Saved(_named("theirs"), mark), path)
    _work, base = _begun(tmp_path, mark, _named("mine"))
    assert same(base.project, _named("mine"))
    assert (base.mark.project_id, base.mark.journal, base.mark.records) == (mark.project_id, "a1", 0)
    assert mark_of(path).save_id != mark.save_id
