"""A desk for tests of the journal: a session, its journal and the file that it is saved to."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
from edit_moves import any_edit

from gridplanner.errors import EditRejected
from gridplanner.io.keeping.exactly import same
from gridplanner.io.keeping.workplace import Left, left_behind, recovered
from gridplanner.io.project_places import open_at, save_at
from gridplanner.io.saved import Mark, Saved
from gridplanner.journalling import Journalling
from gridplanner.model.project import Project
from gridplanner.session import Session
from tests.ui.builders import planned, replanned, town


class Desk:
    """A session with its journal and the file that it is saved to."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.work, self.file = folder / "work", folder / "town.gridplan"
        self.session = Session(Project())
        self.journal = Journalling(self.session, self.work)
        self.mark = Mark()
        self.rng = np.random.default_rng(seed)

    def bring(self, project: Project) -> Desk:
        self.session.open(project, saved=False)
        return self

    def open(self) -> Desk:
        opened = open_at(self.file)
        self.mark = opened.mark
        self.journal.opened(self.file, opened.mark)
        self.session.open(opened.project, saved=True, log=opened.changes)
        return self

    def take_over(self, left: Left) -> Desk:
        saved = recovered(left)
        self.mark = saved.mark
        self.journal.adopted(left, saved)
        self.session.open(saved.project, saved=False, log=saved.changes)
        return self

    def edit(self, count: int) -> Desk:
        made = 0
        while made < count:
            before = self.session.project
            try:
                self.session.do(any_edit(before, self.rng))
            except EditRejected:
                continue
            made += self.session.project is not before
        return self

    def take(self) -> Saved:
        journal, records = self.journal.begin_save()
        return Saved(self.session.project, dataclasses.replace(self.mark, journal=journal, records=records), tuple(self.session.log))

    def save(self, taken: Saved | None = None) -> Desk:
        taken = taken or self.take()
        self.mark = save_at(taken, self.file)
        self.session.mark_saved(taken.project)
        self.journal.saved(self.mark, self.file)
        return self

    def die(self) -> Desk:
        """What is left is what a killed process leaves; the disk has it, as the process waited for it."""
        assert self.journal.wait_durable()
        self.journal.close(keep=True)
        return self

    def is_found(self) -> Left:
        """The work left is found once and is what the session had; return it."""
        (left,) = left_behind([self.work])
        saved = recovered(left)
        assert same(saved.project, self.session.project)
        assert list(saved.changes) == self.session.log
        assert saved.notes == ()
        return left


def made() -> Project:
    return replanned(planned(town(), wide=3))
