"""Mutations are pure, repeatable, and change what they are given; the sniffer takes whatever they make."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.files.sniff import EXTENSIONS, HEAD_SIZE, has_audio_extension, is_audio
from mutants import MUTATIONS, Original, mutants

content = st.binary(max_size=4096)


@pytest.mark.parametrize("mutation", MUTATIONS)
@given(one=content, other=content, seed=st.integers())
def test_a_mutation_is_the_same_for_the_same_chance(mutation: str, one: bytes, other: bytes, seed: int) -> None:
    mutated = MUTATIONS[mutation](one, other, Random(seed))
    assert mutated == MUTATIONS[mutation](one, other, Random(seed))
    assert len(mutated) <= 2 * len(one) + len(other)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_mutation_changes_a_file(mutation: str) -> None:
    chance = Random(0)
    one, other = (b"RIFF" + chance.randbytes(3000) + b"data" + chance.randbytes(3000) for _ in range(2))
    assert any(MUTATIONS[mutation](one, other, Random(seed)) != one for seed in range(5))


def test_mutants_are_told_by_their_seed() -> None:
    originals = [Original(name, ".x", Random(name).randbytes(500)) for name in "abcde"]
    first = list(mutants(originals, 200, seed=1))
    assert list(mutants(originals, 100, seed=1)) == first[:100], "a longer run begins as a shorter one"
    assert list(mutants(originals, 200, seed=2)) != first
    assert {mutant.mutation for mutant in first} == set(MUTATIONS)
    assert len({mutant.name for mutant in first}) == 200


@given(head=st.binary(max_size=HEAD_SIZE), start=st.sampled_from([b"", b"OggS\0\x02", b"\xff\xfb\x90", b"\xff\xf1"]))
def test_the_sniffer_takes_any_bytes_and_looks_at_the_head_only(head: bytes, start: bytes) -> None:
    said = is_audio((start + head)[:HEAD_SIZE])
    assert isinstance(said, bool)
    assert is_audio((start + head).ljust(HEAD_SIZE, b"\0")) or not said


@given(name=st.text(), extension=st.sampled_from(sorted(EXTENSIONS)))
def test_an_extension_counts_after_any_name_in_any_case(name: str, extension: str) -> None:
    assert has_audio_extension(name + extension)
    assert has_audio_extension(name + extension.upper())
    assert not has_audio_extension(name + extension + "~")
