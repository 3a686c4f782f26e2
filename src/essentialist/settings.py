"""Settings: what a person chose, read once and passed on.

An option of the command line comes first, then the environment (`ESSENTIALIST_CATALOG`, `ESSENTIALIST_WORKERS` and so
on, one for each of `Settings`), then `settings.toml` in the user's configuration folder, then the defaults here.
"""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

import platformdirs

from essentialist.errors import ExportError, SettingsError
from essentialist.locations import PathMapping, path_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Profile: TypeAlias = Literal["balanced", "full"]
"""How thoroughly a track is listened to: spread patches and an excerpt for the tempo, or all of it."""

Device: TypeAlias = Literal["auto", "cpu", "cuda"]
"""Where networks run; `auto` is the GPU where ONNX Runtime has CUDA, else the CPU."""

APP = "essentialist"
PREFIX = "ESSENTIALIST_"


def default_catalog() -> Path:
    """Where the catalogue lies when nothing else is said."""
    return Path(platformdirs.user_data_dir(APP)) / "catalog.db"


def default_recipes() -> Path:
    """Where recipes lie when nothing else is said: beside the settings, since people edit both."""
    return Path(platformdirs.user_config_dir(APP)) / "recipes"


def default_cache() -> Path:
    """Where files lie that can be made again, when nothing else is said."""
    return Path(platformdirs.user_cache_dir(APP))


def n_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person chose.

    `catalog`: the catalogue's file. `workers`: how many processes listen at once. `profile`: see `Profile`.
    `timeout_s`: how long one track may take before it is given up, `worker_memory_mb`: how much memory. `device`: where
    networks run. `dask`: the address of a Dask scheduler whose workers listen, such as "tcp://10.0.0.5:8786"; "" for
    processes of this machine. `map_root`: where those workers find the folders of this machine. `recipes`: the
    folder of recipes. `clips`: whether an analysis is followed by making the clips that are missing.
    `cache`: the folder of what the studio converts for browsers, `cache_mb` how much of it is kept.
    """

    catalog: Path
    workers: int
    profile: Profile = "balanced"
    timeout_s: float = 900.0
    device: Device = "auto"
    recipes: Path = field(default_factory=default_recipes)
    worker_memory_mb: float = 2000.0
    dask: str = ""
    map_root: tuple[PathMapping, ...] = ()
    clips: bool = False
    cache: Path = field(default_factory=default_cache)
    cache_mb: float = 2000.0

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise SettingsError(f"workers is {self.workers}: at least one process has to listen.")
        if self.profile not in get_args(Profile):
            raise SettingsError(f'There is no profile "{self.profile}": take one of {", ".join(get_args(Profile))}.')
        if self.device not in get_args(Device):
            raise SettingsError(f'There is no device "{self.device}": take one of {", ".join(get_args(Device))}.')
        if self.timeout_s <= 0:
            raise SettingsError(f"timeout_s is {self.timeout_s}: give the seconds that a track may take.")
        if self.worker_memory_mb <= 0:
            raise SettingsError(
                f"worker_memory_mb is {self.worker_memory_mb}: give the megabytes that a track may take."
            )
        if self.cache_mb <= 0:
            raise SettingsError(f"cache_mb is {self.cache_mb}: give the megabytes that may be kept.")


def read_settings(
    options: Mapping[str, object] | None = None, environment: Mapping[str, str] = os.environ, file: Path | None = None
) -> Settings:
    """The settings from the options given (None counts as not given), the environment and the settings file.

    Raises SettingsError for a value of the wrong kind, or a file that is not TOML.
    """
    known = {each.name for each in fields(Settings)}
    from_environment = {
        name: environment[PREFIX + name.upper()] for name in known if environment.get(PREFIX + name.upper())
    }
    chosen = {**from_file(file or settings_file(), known), **from_environment}
    chosen.update({name: value for name, value in (options or {}).items() if name in known and value is not None})
    return Settings(
        catalog=Path(os.path.expanduser(str(chosen.get("catalog", default_catalog())))),
        workers=whole("workers", chosen.get("workers", n_cores())),
        profile=cast("Profile", str(chosen.get("profile", "balanced"))),
        timeout_s=number("timeout_s", chosen.get("timeout_s", 900.0)),
        device=cast("Device", str(chosen.get("device", "auto"))),
        recipes=Path(os.path.expanduser(str(chosen.get("recipes", default_recipes())))),
        worker_memory_mb=number("worker_memory_mb", chosen.get("worker_memory_mb", 2000.0)),
        dask=str(chosen.get("dask", "")),
        map_root=mappings(chosen.get("map_root", ())),
        clips=truth("clips", chosen.get("clips", False)),
        cache=Path(os.path.expanduser(str(chosen.get("cache", default_cache())))),
        cache_mb=number("cache_mb", chosen.get("cache_mb", 2000.0)),
    )


def settings_file() -> Path:
    """Where a person may keep settings."""
    return Path(platformdirs.user_config_dir(APP)) / "settings.toml"


def from_file(path: Path, known: set[str]) -> dict[str, object]:
    """The settings file's values; none where there is no file."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"Cannot read the settings in {path}: {error}. Mend the file or remove it.") from error
    unknown = sorted(values.keys() - known)
    if unknown:
        raise SettingsError(f'There is no setting "{unknown[0]}" ({path}): there are {", ".join(sorted(known))}.')
    return values


def mappings(value: object) -> tuple[PathMapping, ...]:
    """Folders and where Dask workers find them, each as HERE=THERE."""
    texts = [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
    try:
        found = tuple(path_mapping(text) for text in texts)
    except ExportError as error:
        raise SettingsError(f'The setting map_root is "{value}": give HERE=THERE, two absolute folders.') from error
    if any(each.windows for each in found):
        raise SettingsError(f'The setting map_root is "{value}": Dask workers that listen do not run on Windows.')
    return found


def number(name: str, value: object) -> float:
    """A setting that has to be a number."""
    try:
        read = float(str(value))
    except ValueError:
        read = math.nan
    if not math.isfinite(read):
        raise SettingsError(f'The setting {name} is "{value}": give a number.')
    return read


def whole(name: str, value: object) -> int:
    """A setting that has to be a whole number."""
    read = number(name, value)
    if not read.is_integer():
        raise SettingsError(f'The setting {name} is "{value}": give a whole number.')
    return int(read)


def truth(name: str, value: object) -> bool:
    """A setting that is on or off."""
    meanings = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    read = meanings.get(str(value).lower())
    if read is None:
        raise SettingsError(f'The setting {name} is "{value}": give true or false.')
    return read
