from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from ui.qt_words import QtWords


def test_the_file_dialog_speaks_chinese_throughout_and_keys_keep_their_names(qapp: QApplication) -> None:
    for code, look_in in (("zh_CN", "查找范围："), ("en", "&Look in:")):
        words = QtWords()
        words.use(code)
        qapp.installTranslator(words)
        try:
            assert QCoreApplication.translate("QFileDialog", "&Look in:") == look_in
            assert QKeySequence("Ctrl+Shift+S").toString(QKeySequence.SequenceFormat.NativeText) == "Ctrl+Shift+S"
            assert QCoreApplication.translate("Nowhere", "No such words") == "No such words"
        finally:
            qapp.removeTranslator(words)
