"""What every extractor, way, format and network owes to the rest, for those of the folders and those to come."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pytest

from essentialist import descriptors, exports, measures, models, playlists, registry, servers
from essentialist.choosing.ordering import ORDERS
from essentialist.descriptors import Descriptor, Extractor, extractors, usable
from essentialist.query.fields import BASE_FIELDS
from essentialist.recording import Recording
from essentialist.rows import TAG_COLUMNS
from sounds import noise, silence, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from essentialist.settings import Profile
    from essentialist.track import Value

COLUMN = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
UNITS = {"", "BPM", "LUFS", "LU", "dBTP", "s", "ms", "Hz", "dB", "%"}
SHIPPED = frozenset({"msd-musicnn-1"})
EVERYTHING = frozenset(entry.name for entry in models.everything())
DESCRIPTORS = [each for extractor in extractors() for each in extractor.outputs]
FOLDERS: list[tuple[ModuleType, str]] = [
    (descriptors, "EXTRACTOR"),
    (measures, "MEASURE"),
    (playlists, "WAY"),
    (exports, "EXPORTER"),
    (exports, "TABLE"),
    (models, "MODEL"),
    (models, "HEAD"),
    (servers, "SERVER"),
]
DESCRIPTORS_PAGE = Path(__file__).resolve().parents[1] / "docs" / "descriptors.md"


def named(each: object) -> str:
    return str(getattr(each, "name", each))


@dataclass(frozen=True)
class Entry:
    """A registered thing and the module that it comes from."""

    module: ModuleType
    value: Any


def entries() -> list[Entry]:
    found = []
    for folder, attribute in FOLDERS:
        for value in registry.entries(folder, attribute, object):
            modules = [
                module
                for name, module in sys.modules.items()
                if name.startswith(f"{folder.__name__}.") and getattr(module, attribute, None) is value
            ]
            found.append(Entry(modules[0], value))
    return found


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.module.__name__.partition(".")[2])
def test_what_is_registered_is_explained(entry: Entry) -> None:
    """Its module says what it is, and the thing has a title."""
    docstring = entry.module.__doc__ or ""
    assert len(docstring) > 15
    assert docstring.splitlines()[0].endswith((".", ":"))
    title = entry.value.name if isinstance(entry.value, Extractor) else entry.value.title
    assert title.strip()


class TestDescriptors:
    @pytest.mark.parametrize("installed", [SHIPPED, EVERYTHING, frozenset()], ids=["shipped", "everything", "none"])
    def test_of_what_can_be_computed_every_name_is_there_once(self, installed: frozenset[str]) -> None:
        chosen = usable(installed)
        names = [each.name for extractor in chosen for each in extractor.outputs]
        assert len(names) == len(set(names))
        assert len({extractor.name for extractor in chosen}) == len(chosen)

    def test_what_stands_in_for_another_is_like_it(self) -> None:
        """Of several that give one name at most one is no estimate for each way; kind, unit and range are the same."""
        for descriptor in DESCRIPTORS:
            for other in DESCRIPTORS:
                if other.name == descriptor.name:
                    assert (other.kind, other.unit, other.range) == (
                        descriptor.kind,
                        descriptor.unit,
                        descriptor.range,
                    ), descriptor.name

    @pytest.mark.parametrize("descriptor", DESCRIPTORS, ids=named)
    def test_a_name_is_a_column_of_its_own(self, descriptor: Descriptor) -> None:
        assert COLUMN.fullmatch(descriptor.name)
        assert descriptor.name not in TAG_COLUMNS
        assert descriptor.name not in {field.name for field in BASE_FIELDS}

    @pytest.mark.parametrize("descriptor", DESCRIPTORS, ids=named)
    def test_a_descriptor_says_what_it_is(self, descriptor: Descriptor) -> None:
        assert descriptor.title.strip()
        assert descriptor.title[0].isupper()
        assert len(descriptor.help) > 10
        assert descriptor.unit in UNITS
        assert 0 <= descriptor.floor < 1
        assert len(set(descriptor.labels)) == len(descriptor.labels)
        if descriptor.kind == "label":
            assert descriptor.range is None
            assert descriptor.labels
            assert not descriptor.unit
        else:
            assert descriptor.range is not None
            low, high = descriptor.range
            assert low < high
        if descriptor.kind == "distribution":
            assert descriptor.range == (0, 1)

    @pytest.mark.parametrize("extractor", extractors(), ids=named)
    def test_an_extractor_says_where_it_comes_from(self, extractor: Extractor) -> None:
        assert COLUMN.fullmatch(extractor.name)
        assert extractor.version >= 1
        assert extractor.outputs
        assert len(extractor.source) > 10
        assert EVERYTHING.issuperset((*extractor.models, *extractor.any_of))
        assert extractor.profiled or not extractor.models, "what a network says depends on the patches it is shown"
        estimates = {descriptor.estimate for descriptor in extractor.outputs}
        assert len(estimates) == 1, "all of an extractor are estimates, or none"

    def test_the_labels_of_the_wheel_are_complete(self) -> None:
        by_name = {descriptor.name: descriptor for descriptor in DESCRIPTORS}
        assert len(by_name["key"].labels) == 12
        assert len(by_name["camelot"].labels) == 24

    @pytest.mark.parametrize("descriptor", DESCRIPTORS, ids=named)
    def test_the_page_of_descriptors_names_it(self, descriptor: Descriptor) -> None:
        table = [line for line in DESCRIPTORS_PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
        assert any(f"`{descriptor.name}`" in line.split("|")[1] for line in table)


HARD = {
    "silence": silence(10, 44_100),
    "white noise": noise(10, 44_100),
    "a second": noise(1, 44_100, 2) * np.linspace(0, 1, 44_100, dtype=np.float32),
    "a fifth of a second": noise(0.2, 44_100, 3),
    "a sample": np.ones(1, np.float32),
}


@pytest.fixture(scope="module", params=list(HARD))
def hard(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("hard") / "sound.wav", HARD[request.param], 44_100)


@pytest.mark.parametrize("profile", ["balanced", "full"])
def test_hard_sounds_give_declared_values_in_their_range_or_none(hard: Path, profile: Profile) -> None:
    """Before any check: an extractor knows its own limits."""
    recording = Recording(hard, profile)
    for extractor in usable(SHIPPED):
        found = extractor.compute(recording)
        declared = {descriptor.name: descriptor for descriptor in extractor.outputs}
        assert set(found) <= set(declared), extractor.name
        for name, value in found.items():
            assert is_right(value, declared[name]), f"{extractor.name}: {name} is {value}"


def is_right(value: Value, descriptor: Descriptor) -> bool:
    match descriptor.kind:
        case "label":
            return value in descriptor.labels
        case "number":
            return not isinstance(value, str) and in_range([value], descriptor)
        case "distribution":
            return set(value) <= set(descriptor.labels) and in_range(value.values(), descriptor)  # type: ignore[arg-type, union-attr]


def in_range(numbers: Any, descriptor: Descriptor) -> bool:
    low, high = descriptor.range or (-np.inf, np.inf)
    return all(np.isfinite(number) and low <= number <= high for number in numbers)


class TestWays:
    def test_names_are_unique_and_are_words_of_the_command_line(self) -> None:
        every = list(registry.entries(playlists, "WAY", playlists.Way))
        assert len({way.name for way in every}) == len(every)
        assert len({way.title for way in every}) == len(every)
        for way in every:
            assert re.fullmatch(r"[a-z][a-z-]*", way.name)

    @pytest.mark.parametrize("way", playlists.ways().values(), ids=named)
    def test_a_way_can_be_offered(self, way: playlists.Way) -> None:
        assert way.order in ORDERS
        for option in playlists.options(way):
            assert COLUMN.fullmatch(option.name)
            assert option.help.strip()
            assert option.kind in get_args(playlists.ParameterKind)
            if option.minimum is not None and option.maximum is not None:
                assert option.minimum < option.maximum
                assert option.minimum <= float(str(option.default)) <= option.maximum


class TestFormats:
    def every(self) -> list[Any]:
        return list(
            chain(
                registry.entries(exports, "EXPORTER", exports.Exporter),
                registry.entries(exports, "TABLE", exports.Table),
            )
        )

    def test_suffixes_and_titles_are_unique(self) -> None:
        every = self.every()
        playlist_suffixes = [each.suffix for each in every if isinstance(each, exports.Exporter)]
        table_suffixes = [each.suffix for each in every if isinstance(each, exports.Table)]
        for suffixes in (playlist_suffixes, table_suffixes):
            assert len(set(suffixes)) == len(suffixes)
        for each in every:
            assert re.fullmatch(r"\.[a-z0-9]+", each.suffix)
            assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", each.mime.partition(";")[0])

    def test_no_format_takes_any_other_file_for_its_own(self) -> None:
        for each in self.every():
            for content in (b"ID3\x04", b"fLaC", b"RIFF\0\0\0\0WAVE", b"\x89PNG", b"SQLite format 3\0", b"\x7fELF"):
                assert not each.signature.match(content), each.suffix


class TestNetworks:
    def test_names_are_unique(self) -> None:
        names = [entry.name for entry in models.everything()]
        assert len(set(names)) == len(names)

    @pytest.mark.parametrize("entry", models.everything(), ids=named)
    def test_an_entry_says_what_it_gives_and_whose_it_is(self, entry: models.Entry) -> None:
        known: Mapping[str, Descriptor] = {descriptor.name: descriptor for descriptor in DESCRIPTORS}
        assert set(entry.gives) <= set(known)
        assert entry.licence
        assert entry.citation
        assert entry.weights.address.endswith(".onnx")
        assert entry.weights.sha256 is None or re.fullmatch("[0-9a-f]{64}", entry.weights.sha256)
        if isinstance(entry, models.Head):
            assert entry.network in {network.name for network in models.networks()}
