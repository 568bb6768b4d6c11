"""What a reading of data came to, in one line: how much of what was read, what was mended, what wants a look."""

from __future__ import annotations

from collections.abc import Sequence

from gridplanner.i18n import _, ngettext
from gridplanner.model.issues import LEFT, Issue, Level
from gridplanner.model.project import Provenance
from ui.dialogs.source_words import ROLES

MOST = 3  # layers named


def reading_words(read: Sequence[Provenance], issues: Sequence[Issue]) -> str:
    """Return the summary of a reading; where something was found it says where that is listed."""
    called = {key: words for key, words, _kinds in ROLES}
    layers = [f"{_(called[one.source])} {one.count:,}" for one in read if one.source in called and one.count]
    words = _(", ").join(layers[:MOST])
    if len(layers) > MOST:
        words = _("{layers} and {n} more").format(layers=words, n=len(layers) - MOST)
    repairs = sum(bool(issue.repair) and issue.kind != LEFT for issue in issues)
    bad = sum(issue.level is not Level.INFO for issue in issues)
    found = []
    if repairs:
        found.append(ngettext("{n} repair", "{n} repairs", repairs).format(n=f"{repairs:,}"))
    if bad:
        found.append(ngettext("{n} warning", "{n} warnings", bad).format(n=f"{bad:,}"))
    if not found:
        return _("Read: {layers}").format(layers=words)
    return _("Read: {layers} · {found}; the step “Check” lists them").format(layers=words, found=_(", ").join(found))
