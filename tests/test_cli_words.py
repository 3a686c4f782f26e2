"""Plain words on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from command_line import Here


def test_what_words_are_taken_for_is_told_before_the_playlist(here: Here) -> None:
    answer = here("playlist", "over 110 bpm, no artist twice, 2 tracks")
    assert answer.code == 0, answer.err
    assert answer.err.splitlines()[0] == "understood: bpm:110..; length: 2; at most an artist: 1"
    assert len(answer.out.splitlines()) == 3  # with the heading


def test_the_printed_query_finds_the_same(here: Here) -> None:
    told = here("playlist", "fast but not by The Metronomes", "--length", "all").err.splitlines()[0]
    query = told.removeprefix("understood: ")
    assert query == 'bpm:p70.. -artist:="The Metronomes"'
    spoken, written = (here("playlist", each, "--length", "all") for each in ("fast, not by the metronomes", query))
    assert spoken.out == written.out != ""
    assert written.err == ""


def test_options_come_before_words(here: Here) -> None:
    answer = here("playlist", "music, 4 tracks, at most 1 per artist", "--length", "3", "--max-per-artist", "3")
    assert len(answer.out.splitlines()) == 4


def test_variety_in_words_is_that_of_the_option(here: Here) -> None:
    said = here("playlist", "like the metronomes, 4 tracks, very varied")
    plain = here("playlist", "like the metronomes, 4 tracks, very varied", "--diversity", "0")
    option = here("playlist", "like the metronomes, 4 tracks", "--diversity", "1")
    assert said.out == option.out
    assert "diversity: 1.0" in said.err
    assert plain.out == here("playlist", "like the metronomes, 4 tracks").out


def test_like_an_artist_begins_with_its_tracks(here: Here) -> None:
    answer = here("playlist", "like the metronomes", "--why")
    assert answer.code == 0, answer.err
    assert answer.err.startswith("understood: all tracks; like: The Metronomes")
    assert answer.out.count("what the others should be like") == 3


def test_words_that_say_nothing_are_an_error_and_no_playlist(here: Here) -> None:
    answer = here("playlist", "xyzzy, 45 minutes")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith('essentialist: No word of "xyzzy, 45 minutes" says which tracks.')
    partly = here("playlist", "fast xyzzy")
    assert partly.code == 0
    assert 'not understood: "xyzzy"' in partly.err


def test_a_wrong_query_is_no_plain_language(here: Here) -> None:
    answer = here("playlist", "bpn:120")
    assert answer.code == 1
    assert 'did you mean "bpm"' in answer.err


def test_tracks_takes_queries_and_points_to_words(here: Here) -> None:
    assert "takes their meaning" in here("tracks", "calm piano").err
    assert "meaning" not in here("tracks", "bpm:300").err
