"""What an export would lose, told before anything is written, with the way out that loses less."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHeaderView, QLabel, QPushButton, QTableWidget, QTableWidgetItem, QWidget

from gridplanner.i18n import _
from gridplanner.io.export_faults import ExportFault
from gridplanner.model.issues import Level
from ui.dialogs.form import Form
from ui.panels.cells import show_as_list

MOST = 120  # characters of a value that are shown


class ExportFaultsDialog(Form):
    """Lists what would be lost; accepted, the export goes on: with UTF-8 where `utf8` is True."""

    def __init__(self, faults: Sequence[ExportFault], parent: QWidget | None = None) -> None:
        words = _("Nothing has been written yet. GeoPackage, GeoJSON and the database take all of it as it is.")
        super().__init__(_("Some values do not fit"), words, _("Export all the same"), parent)
        self.utf8 = False
        self.list = QTableWidget(len(faults), 2)
        self.list.setHorizontalHeaderLabels([_("What"), _("For example")])
        self.list.setAccessibleName(_("What does not fit"))
        self.list.setMinimumSize(660, 200)
        show_as_list(self.list)
        self.list.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.list.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.list.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.list.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.horizontalHeader().resizeSection(1, 200)
        for row, fault in enumerate(faults):
            for column, text in enumerate((fault.message, fault.example)):
                item = QTableWidgetItem(text if len(text) <= MOST else f"{text[:MOST]} …")
                item.setToolTip(text)
                self.list.setItem(row, column, item)
        self.body.addWidget(self.list, 1)
        helped = sum(fault.utf8_helps for fault in faults)
        if helped:
            told = QLabel(
                _("UTF-8 keeps {n} of {all} as they are; old Chinese programs may not read it.").format(n=helped, all=len(faults))
            )
            told.setWordWrap(True)
            told.setObjectName("muted")
            self.instead = QPushButton(_("Write as UTF-8 instead"))
            self.instead.setAutoDefault(False)
            self.instead.clicked.connect(self._with_utf8)
            self.body.addWidget(told)
            self.buttons.insertWidget(self.buttons.indexOf(self.accept_button), self.instead)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list.resizeRowsToContents()  # as high as wrapped words need, once the columns have their widths

    def _with_utf8(self) -> None:
        self.utf8 = True
        self.accept()


def losses(faults: Sequence[ExportFault]) -> list[ExportFault]:
    """Return the faults by which something is lost: names that are only shortened, and layers that a format never takes, are none."""
    return [fault for fault in faults if fault.issue.level != Level.INFO]
