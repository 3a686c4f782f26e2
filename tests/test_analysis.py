"""One extractor that fails costs its own values only, and what makes no sense is not kept."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.analysis import allowed, analyse, is_current, kept, missing, provenance
from essentialist.descriptors import Descriptor, Extractor, loudness, tags, tempo
from essentialist.errors import ModelError
from essentialist.recording import Recording
from sounds import chord, clicks, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.track import Value

SHARE = Descriptor("share", "Share", "number", "", (0, 1), "A number")
LOUD = Descriptor("loud", "Loud", "label", "", None, "A label", labels=("yes", "no"))
ANY = Descriptor("any", "Any", "label", "", None, "Any label")
KINDS = Descriptor("kinds", "Kinds", "distribution", "", (0, 1), "Shares", labels=("a", "b", "c"), floor=0.1)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    samples = ((chord(seconds=4) + clicks(120, 4, 44_100)) / 2).astype(np.float32)
    return Recording(write(tmp_path_factory.mktemp("analysis") / "music.flac", samples, 44_100))


def breaks(recording: Recording) -> Mapping[str, Value]:
    raise ZeroDivisionError(f"no beat\nin {recording.path.name}")


def answers_nonsense(recording: Recording) -> Mapping[str, Value]:
    return {"share": [recording.duration]}  # type: ignore[dict-item]


def answers_nothing(recording: Recording) -> Mapping[str, Value]:
    return None  # type: ignore[return-value]


def lacks_its_network(recording: Recording) -> Mapping[str, Value]:
    raise ModelError(f"no network to listen to {recording.path.name} with")


def extractor(name: str, compute: object, *outputs: Descriptor) -> Extractor:
    return Extractor(name, 1, outputs or (SHARE,), compute, source="a test")  # type: ignore[arg-type]


def test_an_extractor_that_raises_costs_its_own_values_only(recording: Recording) -> None:
    extractors = (
        extractor("broken", breaks),
        loudness.EXTRACTOR,
        extractor("nonsense", answers_nonsense),
        extractor("nothing", answers_nothing),
    )
    analysis = analyse(recording, extractors, "balanced")
    assert set(analysis.values) == {"loudness", "loudness_range", "peak"}
    assert set(analysis.failures) == {"broken", "nonsense", "nothing"}
    assert analysis.failures["broken"] == "ZeroDivisionError: no beat"
    assert all("\n" not in reason for reason in analysis.failures.values())
    assert set(analysis.computed) == {"broken", "loudness", "nonsense", "nothing"}


def test_a_missing_network_stops_the_run(recording: Recording) -> None:
    with pytest.raises(ModelError):
        analyse(recording, (loudness.EXTRACTOR, extractor("deaf", lacks_its_network)), "balanced")


def test_embeddings_are_those_of_the_networks_that_were_asked(recording: Recording) -> None:
    assert dict(analyse(recording, (loudness.EXTRACTOR,), "balanced").embeddings) == {}
    (network,) = tags.EXTRACTOR.models
    heard = analyse(recording, (tags.EXTRACTOR,), "balanced").embeddings[network]
    assert len(heard) == 1
    np.testing.assert_array_equal(heard, recording.embeddings(network))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0.0),
        (1, 1.0),
        (np.float32(0.5), 0.5),
        (1.0001, None),
        (-0.1, None),
        (math.nan, None),
        (math.inf, None),
        (None, None),
        ("0.5", None),
        ({"a": 0.5}, None),
    ],
)
def test_a_number_in_its_range_is_kept(value: Value | None, expected: float | None) -> None:
    found = allowed(value, SHARE)
    assert found == expected
    assert found is None or type(found) is float


@pytest.mark.parametrize(
    ("value", "expected"), [("yes", "yes"), ("maybe", None), ("", None), (1.0, None), ({"yes": 1.0}, None)]
)
def test_a_known_label_is_kept(value: Value, expected: str | None) -> None:
    assert allowed(value, LOUD) == expected


def test_without_a_list_every_label_is_known() -> None:
    assert allowed("whatever", ANY) == "whatever"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": 0.5, "b": 0.1, "c": 0.09}, {"a": 0.5, "b": 0.1}),
        ({"a": 0.5, "unknown": 0.9}, {"a": 0.5}),
        ({"a": math.nan, "b": math.inf, "c": 1.0}, {"c": 1.0}),
        ({"a": 1.5, "b": -1.0}, None),
        ({}, None),
        (0.5, None),
        ("a", None),
    ],
)
def test_a_distribution_is_kept_without_what_makes_no_sense(value: Value, expected: Mapping[str, float] | None) -> None:
    assert allowed(value, KINDS) == expected


def test_what_is_not_declared_is_not_kept() -> None:
    assert kept({"share": 0.5, "secret": 1.0}, (SHARE, LOUD)) == {"share": 0.5}


@given(st.floats() | st.text() | st.none() | st.dictionaries(st.sampled_from("abcd"), st.floats()))
def test_what_is_kept_is_right_by_its_descriptor(value: Value | None) -> None:
    for descriptor in (SHARE, LOUD, KINDS):
        found = allowed(value, descriptor)
        if isinstance(found, float):
            assert 0 <= found <= 1
        elif isinstance(found, str):
            assert found in descriptor.labels
        elif found is not None:
            assert found
            assert all(label in descriptor.labels and 0.1 <= share <= 1 for label, share in found.items())


class TestProvenance:
    def test_a_value_is_current_until_its_version_is_raised(self) -> None:
        newer = replace(loudness.EXTRACTOR, version=loudness.EXTRACTOR.version + 1)
        stored = {"loudness": provenance(loudness.EXTRACTOR, "balanced")}
        assert missing((loudness.EXTRACTOR,), stored, "balanced") == ()
        assert missing((newer,), stored, "balanced") == (newer,)
        assert missing((loudness.EXTRACTOR,), {}, "balanced") == (loudness.EXTRACTOR,)

    @pytest.mark.parametrize("extractor", [replace(tempo.EXTRACTOR, profiled=True), tags.EXTRACTOR])
    def test_full_serves_balanced_and_not_the_other_way_round(self, extractor: Extractor) -> None:
        balanced, full = provenance(extractor, "balanced"), provenance(extractor, "full")
        assert balanced != full
        assert is_current(extractor, full, "balanced")
        assert is_current(extractor, full, "full")
        assert is_current(extractor, balanced, "balanced")
        assert not is_current(extractor, balanced, "full")

    def test_what_no_profile_changes_serves_both(self) -> None:
        assert provenance(loudness.EXTRACTOR, "balanced") == provenance(loudness.EXTRACTOR, "full")

    def test_the_weights_are_part_of_it(self) -> None:
        without = replace(tags.EXTRACTOR, models=())
        assert provenance(without, "full") != provenance(tags.EXTRACTOR, "full")

    def test_what_nobody_computed_is_missing(self) -> None:
        assert not is_current(loudness.EXTRACTOR, None, "balanced")
        assert not is_current(loudness.EXTRACTOR, "", "balanced")
