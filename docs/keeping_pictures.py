"""Pictures of what keeps the work: work left behind, earlier versions, a lock, another's save, a damaged file, a save that fails."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from pictures import TWO, Album, save, sheet, window_on

FILE = "西郊街道.gridplan"
WHO = "desk-2@office"


def take_keeping(code: str, look: str, scale: str, town: Path, folder: Path) -> None:
    """Take the boxes over the window in one language, look and scaling."""
    if (code, look, scale) not in TWO:
        return
    from PySide6.QtWidgets import QDialog

    from gridplanner.io.keeping.backups import Backup
    from gridplanner.io.keeping.disk_words import disk_words
    from gridplanner.io.keeping.glance import glance
    from gridplanner.io.keeping.lock import LockInfo
    from gridplanner.io.keeping.workplace import Left
    from gridplanner.io.project_file import open_saved
    from gridplanner.io.saved import Mark
    from ui.dialogs.backups_dialog import BackupsDialog
    from ui.dialogs.changed_box import ChangedBox
    from ui.dialogs.damage_box import DamageBox
    from ui.dialogs.lock_box import LockBox
    from ui.dialogs.recover_dialog import RecoverDialog
    from ui.dialogs.save_box import SaveBox
    from ui.versions import content_words

    now = time.time()
    size = town.stat().st_size
    left = [Left(Path("work/1"), Path(FILE), "西郊街道", WHO, now - 240, 37), Left(Path("work/2"), None, "南岸片", WHO, now - 90_000, 4)]
    ages = (300, 1500, 3000, 9000, 90_000, 700_000)
    kept = [Backup(town, "id", 40 - n, 40 - n, now - age, WHO, size, FILE) for n, age in enumerate(ages)]
    with window_on(code, look, scale) as (desk, wait):
        window, album = desk.window, Album(desk, wait)
        saved = open_saved(town)
        desk.session.open(saved.project, saved=True, log=saved.changes)
        desk.files.path = Path(FILE)
        desk.canvas.fit()
        window.steps.choose("grids")
        wait(lambda: desk.derived.project is saved.project and desk.derived.issues is not None)

        def versions() -> QDialog:
            dialog = BackupsDialog(FILE, kept, window)
            dialog.show_facts(town, content_words(glance(town)))
            return dialog

        recover: Callable[[], QDialog] = lambda: RecoverDialog(left, window)  # noqa: E731
        boxes: tuple[Callable[[], QDialog], ...] = (
            versions,
            lambda: LockBox(FILE, LockInfo(WHO, "office", now - 5400, now - 30), window),
            lambda: ChangedBox(FILE, Mark("p", "s", 7, now - 120, WHO), can_take_in=True, parent=window),
            lambda: SaveBox(disk_words(Path(FILE), OSError(28, "full")), is_kept=True, parent=window),
            lambda: DamageBox(*_damaged(town), [one.at for one in kept], window),
        )
        dialog = recover()
        dialog.open()
        wait(lambda: False, 0.3)
        dialog.move(window.geometry().center() - dialog.rect().center())
        album.keep()
        from PySide6.QtGui import QPainter

        painter = QPainter(album.pictures[0])  # type: ignore[call-overload]
        painter.drawImage(window.rect().center() - dialog.rect().center(), dialog.grab().toImage())
        painter.end()
        dialog.reject()
        for box in boxes:
            album.keep_dialog(lambda box=box: box().open())  # type: ignore[misc]
        save(sheet(album.pictures, look, float(scale)), folder / f"keeping-{code[:2]}-{look}-{round(100 * float(scale))}.png")


def _damaged(town: Path) -> tuple[str, str]:
    """Return what is wrong with a copy whose pages were lost, and what can be saved of it."""
    from gridplanner.io.project_file import open_saved
    from gridplanner.io.saved import DamagedProjectError

    copy = town.with_name(FILE)
    data = bytearray(town.read_bytes())
    for page in range(len(data) // 4096 // 3, len(data) // 4096, 9):
        data[page * 4096 : (page + 1) * 4096] = bytes(4096)
    copy.write_bytes(data)
    try:
        open_saved(copy)
    except DamagedProjectError as why:
        return why.fault.replace(str(copy), FILE), why.can_be_saved
    return FILE, ""
