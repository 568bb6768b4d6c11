"""Names and values below each other, kept from one project to the next: only words that are another are set."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel

Fact = tuple[str, str, str, str]  # name, value, mood (an object name of the style sheet), tooltip


class FactRows(QFormLayout):
    """A form of labels."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(4)
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show other facts."""
        while self.rowCount() > len(facts):
            self.removeRow(self.rowCount() - 1)
        while self.rowCount() < len(facts):
            name, field = QLabel(), QLabel()
            name.setObjectName("muted")
            field.setAlignment(Qt.AlignmentFlag.AlignLeft)
            self.addRow(name, field)
        for row, (name_words, value, mood, more) in enumerate(facts):
            for role, words in ((QFormLayout.ItemRole.LabelRole, name_words), (QFormLayout.ItemRole.FieldRole, value)):
                item = self.itemAt(row, role)
                label = item.widget() if item is not None else None
                assert isinstance(label, QLabel)  # made above
                set_words(label, words)
                if label.toolTip() != more:
                    label.setToolTip(more)
                if role == QFormLayout.ItemRole.FieldRole:
                    set_mood(label, mood)


def set_words(label: QLabel, words: str) -> None:
    """Set a label's words where they are another."""
    if label.text() != words:
        label.setText(words)


def set_mood(label: QLabel, mood: str) -> None:
    """Give a label another look of the style sheet."""
    if label.objectName() != mood:
        label.setObjectName(mood)
        label.style().unpolish(label)
        label.style().polish(label)
