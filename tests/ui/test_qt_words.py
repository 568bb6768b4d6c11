import threading

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtWidgets import QApplication

from ui.qt_words import QtWords


def test_the_file_dialog_speaks_chinese_throughout_and_keys_keep_their_names(qapp: QApplication) -> None:
    words = QtWords()
    try:
        for code, look_in in (("zh_CN", "查找范围："), ("en", "&Look in:")):
            words.use(qapp, code)
            assert QCoreApplication.translate("QFileDialog", "&Look in:") == look_in
            assert QKeySequence("Ctrl+Shift+S").toString(QKeySequence.SequenceFormat.NativeText) == "Ctrl+Shift+S"
            assert QCoreApplication.translate("Nowhere", "No such words") == "No such words"
        words.use(qapp, "zh_CN")
        assert QCoreApplication.translate("QAbstractFileIconProvider", "Drive") == "驱动器"
        assert QCoreApplication.translate("QFileDialog", "Cancel") != ""
    finally:
        words.leave(qapp)


def test_threads_may_decode_pictures_while_qt_speaks_chinese(qapp: QApplication) -> None:
    # a translator in Python stood still here: one thread in Qt's lock waiting for the interpreter, one the other way round
    words = QtWords()
    words.use(qapp, "zh_CN")
    try:
        assert all(type(part) is QTranslator for part in words.findChildren(QTranslator))

        def decode() -> None:
            for _again in range(200):
                QImage.fromData(b"no picture" * 9)

        threads = [threading.Thread(target=decode, daemon=True) for _two in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20.0)
        assert not any(thread.is_alive() for thread in threads)
    finally:
        words.leave(qapp)
