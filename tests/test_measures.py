from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.choosing.similarity import Embeddings, nearest
from essentialist.errors import PlaylistError, UnknownTrack
from essentialist.measures import Part, measures, networks, parse, space, spoken
from essentialist.track import Track, Value


def track(number: int, values: dict[str, Value]) -> Track:
    return Track(number, Path(f"{number}.mp3"), f"Track {number}", values=values)


def cosine(name: str, *values: dict[str, Value]) -> float:
    """Of the first two of these tracks, by a measure."""
    tracks = [track(number, each) for number, each in enumerate(values)]
    a, b = space(name, tracks, None, {}).placed([0, 1])
    return float(a @ b)


measured = st.fixed_dictionaries(
    {},
    optional={
        "bpm": st.floats(30, 300),
        "camelot": st.sampled_from(["1A", "8B", "12A", "7B"]),
        "arousal": st.floats(1, 9),
        "valence": st.floats(1, 9),
        "moods": st.dictionaries(st.sampled_from(["happy", "sad"]), st.floats(0, 1), min_size=1),
        "tags": st.dictionaries(st.sampled_from(["rock", "jazz", "piano"]), st.floats(0.01, 1), min_size=1),
        "styles": st.dictionaries(st.sampled_from(["Rock---Punk", "Jazz---Bop"]), st.floats(0.01, 1), min_size=1),
    },
)


@pytest.mark.parametrize("name", [*measures(), "tempo:2, mood", "tags, styles:3, key"])
@given(st.lists(measured, min_size=1, max_size=6))
def test_every_measure_places_tracks_at_distance_one_or_nowhere(name: str, values: list[dict[str, Value]]) -> None:
    tracks = [track(number, each) for number, each in enumerate(values)]
    try:
        found = space(name, tracks, None, {})
    except PlaylistError:
        reads = {read for part in parse(name) for read in measures()[part.name].reads}
        assert not any(reads & set(each) for each in values)
        return
    lengths = np.linalg.norm(found.vectors, axis=1)
    assert (lengths <= 1 + 1e-5).all()
    assert (lengths > 0).all()
    if len(parse(name)) == 1 and name != "mood":
        assert lengths == pytest.approx(1, abs=1e-5)
    assert list(found.ids) == sorted(found.ids)


def test_half_and_double_tempo_are_near_and_half_an_octave_is_not() -> None:
    def alike(a: float, b: float) -> float:
        return cosine("tempo", {"bpm": a}, {"bpm": b})

    assert alike(120, 120) == pytest.approx(1)
    assert alike(70, 140) == pytest.approx(alike(140, 70)) == pytest.approx(0.85)
    assert alike(120, 124) > alike(60, 120) > alike(100, 120) > alike(85, 120)
    assert alike(85, 120) < -0.5


def test_keys_are_near_as_on_the_wheel() -> None:
    def alike(a: str, b: str) -> float:
        return cosine("key", {"camelot": a}, {"camelot": b})

    assert alike("8A", "8A") == pytest.approx(1)
    assert alike("8A", "9A") == pytest.approx(alike("1A", "12A")) == pytest.approx(0.88, abs=0.01)
    assert alike("8A", "8B") == pytest.approx(0.8)
    assert alike("8A", "2A") == pytest.approx(-0.8)
    assert cosine("key", {"key": "A", "scale": "minor"}, {"camelot": "8A"}) == pytest.approx(1)


def test_moods_are_compared_within_the_collection() -> None:
    rows: list[dict[str, Value]] = [{"arousal": 4.0}, {"arousal": 6.0}, {"arousal": 5.0}]
    assert cosine("mood", *rows) == pytest.approx(-1)
    assert cosine("mood", rows[0], rows[2], rows[1]) == pytest.approx(0, abs=1e-6)
    assert cosine("mood", rows[0], rows[0], rows[1]) == pytest.approx(1)


def test_labels_in_common_make_alike() -> None:
    assert cosine("tags", {"tags": {"rock": 0.5, "jazz": 0.5}}, {"tags": {"rock": 0.5}}) == pytest.approx(0.5**0.5)
    assert cosine("tags", {"tags": {"rock": 0.5}}, {"tags": {"jazz": 0.9}}) == 0


def test_a_blend_is_the_weighted_mean_of_its_parts() -> None:
    sound = Embeddings.of([0, 1, 2], np.random.default_rng(0).normal(size=(3, 5)))
    tracks = [track(0, {"bpm": 100.0}), track(1, {"bpm": 130.0}), track(2, {})]
    tempo = space("tempo", tracks, sound, {}).placed([0, 1, 2])
    mixed = space("sound:3, tempo:1", tracks, sound, {}).placed([0, 1, 2])
    expected = 0.75 * sound.vectors @ sound.vectors.T + 0.25 * tempo @ tempo.T
    np.testing.assert_allclose(mixed @ mixed.T, expected, atol=1e-6)


def test_what_is_unknown_is_like_nothing() -> None:
    tracks = [track(0, {"bpm": 100.0}), track(1, {}), track(2, {"bpm": 100.0})]
    found = space("tempo", tracks, None, {})
    assert list(found.ids) == [0, 2]
    with pytest.raises(UnknownTrack, match=r"Track 1 cannot be compared.*analyze"):
        nearest(found, 1, 2)
    assert not found.placed([1]).any()


def test_a_network_goes_by_its_name() -> None:
    usual, other = (Embeddings.of([0, 1], np.random.default_rng(n).normal(size=(2, 4))) for n in range(2))
    tracks = [track(0, {}), track(1, {})]
    assert space("sound", tracks, usual, {}) is usual
    assert space("my-net-1", tracks, usual, {"my-net-1": other}) is other
    assert networks("my-net-1:2, sound, tempo") == ("my-net-1",)
    assert space("sound, my-net-1", tracks, usual, {"my-net-1": other}).vectors.shape == (2, 8)


def test_blends_are_written_as_people_do() -> None:
    assert parse(" Sound:2,tempo : .5 ") == (Part("sound", 2.0), Part("tempo", 0.5))
    assert spoken("sound") == "sound"
    assert spoken("sound:2, tempo, key") == "sound, tempo and key"


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("", "Write sound, key"),
        ("sound,", "Write sound, key"),
        ("sound:x", "Write sound, key"),
        ("sound, sound", "once"),
        ("mood:0", "above 0"),
        ("temp", "did you mean 'tempo'"),
        ("vggish", "a network that was run"),
        ("sound", "essentialist analyze"),
        ("tempo", "No track has bpm"),
    ],
)
def test_what_cannot_be_compared_by_says_the_remedy(text: str, remedy: str) -> None:
    with pytest.raises(PlaylistError, match=remedy):
        space(text, [track(0, {})], None, {})
