"""A day: typed as year-month-day, or stepped by keys; the wheel does not change it unseen."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDateEdit, QWidget

from ui.dialogs.form import pad


class DateBox(QDateEdit):
    """`day` is the day as 2026-03-01; the least possible day stands for none where `none` says what that means."""

    def __init__(self, day: str = "", none: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pad(self)
        self.setDisplayFormat("yyyy-MM-dd")
        self._none = none
        if none:
            self.setMinimumDate(QDate(2000, 1, 1))
            self.setSpecialValueText(none)
        self.day = day

    @property
    def day(self) -> str:
        """The day chosen, empty for none."""
        chosen = self.date()
        return "" if self._none and chosen == self.minimumDate() else chosen.toString("yyyy-MM-dd")

    @day.setter
    def day(self, text: str) -> None:
        if text:
            at = date.fromisoformat(text)
            self.setDate(QDate(at.year, at.month, at.day))
        elif self._none:
            self.setDate(self.minimumDate())

    def stepBy(self, steps: int) -> None:
        """Step from today where there is no day yet."""
        if not self.day:
            self.setDate(QDate.currentDate())
        else:
            super().stepBy(steps)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
