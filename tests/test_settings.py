from __future__ import annotations

import os
from pathlib import Path

import pytest

from essentialist.errors import SettingsError
from essentialist.settings import Settings, default_catalog, n_cores, read_settings, settings_file

NOTHING: dict[str, str] = {}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text('catalog = "from file.db"\nworkers = 3\nprofile = "full"\ntimeout_s = 12.5\n')
    return path


def test_without_anything_said_the_defaults_hold(tmp_path: Path) -> None:
    settings = read_settings(environment=NOTHING, file=tmp_path / "none.toml")
    assert settings == Settings(default_catalog(), n_cores(), "balanced", 900.0)
    assert settings.workers >= 1


def test_the_file_comes_before_the_defaults(file: Path) -> None:
    assert read_settings(environment=NOTHING, file=file) == Settings(Path("from file.db"), 3, "full", 12.5)


def test_the_environment_comes_before_the_file_and_options_before_both(file: Path) -> None:
    environment = {"ESSENTIALIST_WORKERS": "5", "ESSENTIALIST_CATALOG": "from environment.db"}
    settings = read_settings({"workers": 7, "catalog": None}, environment, file)
    assert settings == Settings(Path("from environment.db"), 7, "full", 12.5)


def test_folders_of_other_machines_are_a_list_or_a_text(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('dask = "tcp://nas:8786"\nmap_root = ["/a=/b", "/c=/d"]\n')
    settings = read_settings(environment=NOTHING, file=file)
    assert settings.dask == "tcp://nas:8786"
    assert [mapping.apply("/c/x.flac") for mapping in settings.map_root] == [None, "/d/x.flac"]
    (mapping,) = read_settings(environment={"ESSENTIALIST_MAP_ROOT": "/e=/f"}, file=file).map_root
    assert mapping.apply("/e/x.flac") == "/f/x.flac"


def test_an_empty_variable_says_nothing_and_other_options_are_none_of_its_business(file: Path) -> None:
    settings = read_settings({"limit": 3}, {"ESSENTIALIST_WORKERS": "", "ESSENTIALIST_OTHER": "x"}, file)
    assert settings.workers == 3


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = read_settings({"catalog": "~/music.db"}, NOTHING, tmp_path / "none.toml")
    assert settings.catalog == tmp_path / "music.db"
    nobody = read_settings({"catalog": "~no such user/music.db"}, NOTHING, tmp_path / "none.toml")
    assert nobody.catalog == Path("~no such user/music.db")


def test_the_usual_places_are_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert tmp_path in default_catalog().parents
    assert tmp_path in settings_file().parents


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"workers": 0}, "workers is 0: at least one"),
        ({"workers": -3}, "workers is -3: at least one"),
        ({"workers": 2.5}, 'workers is "2.5": give a whole number'),
        ({"workers": "many"}, 'workers is "many": give a number'),
        ({"workers": "inf"}, 'workers is "inf": give a number'),
        ({"workers": True}, 'workers is "True": give a number'),
        ({"profile": "fast"}, 'no profile "fast": take one of balanced, full'),
        ({"device": "gpu"}, 'no device "gpu": take one of auto, cpu, cuda'),
        ({"timeout_s": 0}, "timeout_s is 0.0: give the seconds"),
        ({"timeout_s": "nan"}, 'timeout_s is "nan": give a number'),
        ({"worker_memory_mb": -1}, "worker_memory_mb is -1.0: give the megabytes"),
        ({"map_root": "music"}, 'map_root is "music": give HERE=THERE'),
        ({"map_root": [r"/music=D:\\Music"]}, "do not run on Windows"),
    ],
)
def test_a_wrong_value_names_the_remedy(options: dict[str, object], line: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings(options, NOTHING, tmp_path / "none.toml")
    assert line in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_wrong_value_in_the_environment_is_told_just_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match='workers is "two": give a number'):
        read_settings(environment={"ESSENTIALIST_WORKERS": "two"}, file=tmp_path / "none.toml")


@pytest.mark.parametrize("text", ["workers = ", "\xff not toml", "[workers", "workers = 1\nworkers = 2"])
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"settings\.toml: .* Mend the file or remove it"):
        read_settings(environment=NOTHING, file=path)


def test_an_unknown_setting_names_those_that_are(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("worker = 2\n")
    with pytest.raises(SettingsError, match=r'no setting "worker" .*: there are cache, .*, workers'):
        read_settings(environment=NOTHING, file=path)


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Mend the file or remove it"):
        read_settings(environment=NOTHING, file=tmp_path)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system binds no process to cores")
def test_only_cores_that_this_process_may_use_count() -> None:
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert n_cores() == 1
    finally:
        os.sched_setaffinity(0, before)


@pytest.mark.parametrize(("said", "meant"), [("true", True), ('"yes"', True), ("0", False), ('"off"', False)])
def test_a_setting_is_on_or_off(tmp_path: Path, said: str, meant: bool) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"clips = {said}\n")
    assert read_settings(environment=NOTHING, file=path).clips is meant
    assert read_settings({"clips": not meant}, NOTHING, path).clips is not meant


def test_what_is_neither_on_nor_off_is_told() -> None:
    with pytest.raises(SettingsError, match='clips is "maybe": give true or false'):
        read_settings(environment={"ESSENTIALIST_CLIPS": "maybe"})
    with pytest.raises(SettingsError, match=r"cache_mb is 0\.0"):
        read_settings(environment={"ESSENTIALIST_CACHE_MB": "0"})
