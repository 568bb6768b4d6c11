"""Export profiles: what a receiver calls the layers and fields, which of them leave, in which order, and what is the same in every row."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.nearest import nearest_word, refuse_unknown
from gridplanner.plan_file import values_from_table
from gridplanner.toml_text import key_text, value_text
from gridplanner.user_folder import user_folder

STANDARD = "standard"
SUFFIX = ".toml"
NAMES = ("short", "chinese")
_READY = Path(__file__).parent / "profiles"
Constant = str | int | float


@dataclass(frozen=True)
class LayerProfile:
    """What becomes of one layer.

    `file` is another name of the layer and its file; `leave_out`: it does not leave; `drop` fields that do not leave; `order` the fields
    that come first (their names here, or a constant's); `rename` new names by field; `constant` fields that have one value in every row.
    """

    file: str = ""
    leave_out: bool = False
    order: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    constant: Mapping[str, Constant] = field(default_factory=dict)


@dataclass(frozen=True)
class ExportProfile:
    """A receiver's wishes: `all` holds for every layer that has such fields, `layers` for one, by its name here.

    `names` is what fields without another name are called: short (this program's) or chinese (their Chinese names in `fields.csv`).
    `place` is the file it was read from, for messages.
    """

    name: str = STANDARD
    about: str = ""
    names: str = "short"
    all: LayerProfile = field(default_factory=LayerProfile)
    layers: Mapping[str, LayerProfile] = field(default_factory=dict)
    place: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError(_("name is empty; a profile needs a name"))
        refuse_unknown("names", self.names, NAMES)
        if self.all.file or self.all.leave_out:
            raise ValueError(_("[all] cannot have file or leave_out; they belong to one layer, such as [layers.grids]"))

    def of(self, layer: str) -> LayerProfile:
        """Return what becomes of a layer: its own section over what holds for all."""
        own = self.layers.get(layer, LayerProfile())
        return LayerProfile(
            own.file, own.leave_out, own.order or self.all.order, (*self.all.drop, *own.drop), {**self.all.rename, **own.rename},
            {**self.all.constant, **own.constant},
        )  # fmt: skip


def profiles_folder() -> Path:
    """Return the folder that holds the user's own profiles; it need not be there."""
    return user_folder() / "profiles"


def ready_profiles() -> dict[str, Path]:
    """Return the profiles that come with the program and the user's own, by name (a file's without its suffix); the own ones win."""
    found: dict[str, Path] = {}
    for folder in (_READY, profiles_folder()):
        with contextlib.suppress(OSError):  # a folder of settings that may not be looked into holds none
            found |= {path.stem: path for path in sorted(folder.glob(f"*{SUFFIX}"))}
    return found


def profile_named(word: str) -> ExportProfile:
    """Return the profile that a plan file's key `profile` names: `standard`, a ready one, or a TOML file; raises InputError."""
    if word.strip().lower() in {"", STANDARD}:
        return ExportProfile()
    if word.lower().endswith(SUFFIX):
        return read_profile(Path(word))
    known = ready_profiles()
    if word not in known:
        text = _("[export] profile: there is no profile {name}; {hint}")
        raise InputError(text.format(name=word, hint=nearest_word(word, (STANDARD, *known))))
    return read_profile(known[word])


def read_profile(path: Path) -> ExportProfile:
    """Return a profile; raises InputError that names the file, section and key and suggests the nearest known word."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(_("{file}: there is no such profile").format(file=path)) from None
    except (OSError, UnicodeDecodeError) as why:
        raise InputError(_("{file}: cannot be read: {why}").format(file=path, why=why)) from None
    except (ValueError, RecursionError) as why:  # tables in tables without end, numbers of thousands of digits
        raise InputError(_("{file}: not a valid TOML file: {why}").format(file=path, why=why)) from None
    return profile_from_text(table, path)


def profile_from_text(table: Mapping[str, object], path: Path) -> ExportProfile:
    """Return a profile from the plain values of its file; raises InputError as `read_profile` does."""
    own = {key: value for key, value in table.items() if key != "place"}
    return values_from_table(ExportProfile, {"name": path.stem, **own, "place": str(path)}, str(path), "profile")


def profile_text(profile: ExportProfile) -> str:
    """Return a profile as the TOML that `read_profile` reads again as it is."""
    lines = [f"name = {value_text(profile.name)}"]
    lines += [f"about = {value_text(profile.about)}"] if profile.about else []
    lines += [f"names = {value_text(profile.names)}"] if profile.names != NAMES[0] else []
    for title, layer in (("all", profile.all), *((f"layers.{key_text(name)}", part) for name, part in profile.layers.items())):
        if layer == LayerProfile():
            continue
        lines += ["", f"[{title}]"]
        lines += [f"file = {value_text(layer.file)}"] if layer.file else []
        lines += ["leave_out = true"] if layer.leave_out else []
        for key in ("order", "drop"):
            words = getattr(layer, key)
            lines += [f"{key} = [{', '.join(value_text(word) for word in words)}]"] if words else []
        for key in ("rename", "constant"):
            pairs = ", ".join(f"{key_text(name)} = {value_text(value)}" for name, value in getattr(layer, key).items())
            lines += [f"{key} = {{ {pairs} }}"] if pairs else []
    return "\n".join(lines) + "\n"
