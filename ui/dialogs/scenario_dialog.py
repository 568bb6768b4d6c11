"""Questions about scenarios: a name, the typed word before the master plan is replaced, and which grid to copy."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from gridplanner.i18n import N_, _
from gridplanner.model.project import Project
from gridplanner.model.scenarios import scenario_names, scenario_of, scenario_title
from ui.dialogs.form import Choice, Form

WORD = N_("replace")  # typed before the master plan is replaced
LONGEST = 60  # characters of a name
WIDE = 320


class NameDialog(Form):
    """Asks for a scenario's name; `taken` are the titles that others have."""

    def __init__(self, title: str, words: str, accept: str, name: str, taken: Collection[str], parent: QWidget | None = None) -> None:
        super().__init__(title, words, accept, parent)
        self._taken = frozenset(taken)
        self._field = QLineEdit(name)
        self._field.setMaxLength(LONGEST)
        self._field.setMinimumWidth(WIDE)
        self._field.setAccessibleName(_("Name"))
        self._field.selectAll()
        self.field_rows().addRow(_("Name"), self._field)
        self._field.textChanged.connect(self._judge)
        self._field.setFocus()
        self._judge()

    @property
    def name(self) -> str:
        """The name typed."""
        return self._field.text().strip()

    def _judge(self) -> None:
        if not self.name:
            self.complain(_("A scenario needs a name"))
        elif self.name in self._taken:
            self.complain(_("There is a scenario “{scenario}” already").format(scenario=self.name))
        else:
            self.complain("")


class MasterDialog(Form):
    """Asks for the typed word before the master plan is replaced; says under which name it is kept."""

    def __init__(self, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(title, words, _("Replace the master plan"), parent)
        self._field = QLineEdit()
        self._field.setMinimumWidth(WIDE)
        self._field.setPlaceholderText(_(WORD))
        asked = _("Type “{word}” to go on").format(word=_(WORD))
        self._field.setAccessibleName(asked)
        self.field_rows().addRow(asked, self._field)
        self._field.textChanged.connect(self._judge)
        self._field.setFocus()
        self._judge()

    def _judge(self) -> None:
        self.accept_button.setEnabled(self._field.text().strip().casefold() == _(WORD).casefold())


class CopyGridDialog(Form):
    """Asks for a scenario and one of its grids."""

    def __init__(self, project: Project, chosen: str, parent: QWidget | None = None) -> None:
        words = _(
            "The area of the grid becomes a grid here. The grid that has most of itself there keeps its code; what it had elsewhere "
            "goes to its neighbours. Locked grids stay as they are."
        )
        super().__init__(_("Copy a grid from another scenario"), words, _("Copy"), parent)
        self._project = project
        self._scenario, self._grid = Choice(), Choice()
        for name in scenario_names(project):
            if name != project.scenario and scenario_of(project, name).grids is not None:
                self._scenario.addItem(scenario_title(name), name)
        self._grid.setMinimumWidth(WIDE)
        self._grid.setMaxVisibleItems(16)
        self._grid.setEditable(True)
        self._grid.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._grid.setAccessibleName(_("Grid code"))
        form = self.field_rows()
        form.addRow(_("Scenario"), self._scenario)
        form.addRow(_("Grid code"), self._grid)
        self._scenario.currentIndexChanged.connect(lambda _row: self._list(""))
        self._grid.currentTextChanged.connect(lambda _text: self._judge())
        self._list(chosen)
        if project.grids is None or not self._scenario.count():
            self.complain(_("No other scenario has grids yet"))

    @property
    def scenario(self) -> str:
        """The scenario chosen."""
        return str(self._scenario.currentData())

    @property
    def grid(self) -> int | None:
        """The grid chosen, None where there is none of the code typed."""
        row = self._grid.findText(self._grid.currentText().strip())
        return int(self._grid.itemData(row)) if row >= 0 else None

    @property
    def code(self) -> str:
        """The code of the grid chosen."""
        return self._grid.currentText().strip()

    def _list(self, wished: str) -> None:
        """Fill the list of grids, the wished code in front of the eye."""
        self._grid.clear()
        if self._scenario.count():
            plan = scenario_of(self._project, self.scenario).grids
            known = sorted((grid.code or str(key), key) for key, grid in plan.grids.items()) if plan is not None else []
            for code, key in known:
                self._grid.addItem(code, key)
            self._grid.setCurrentIndex(max(self._grid.findText(wished), 0))
        self._judge()

    def _judge(self) -> None:
        self.complain("" if self.grid is not None else _("There is no such grid there"))
