"""Evaluation: figures that can be counted by hand, tables of all formats, the published MusAV figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from essentialist import Library
from essentialist.camelot import WHEEL, Hour, camelot, parse
from essentialist.cli import essentialist
from essentialist.errors import EvaluationError
from essentialist.evaluation import Judged, calibration, evaluations
from essentialist.evaluation.key import WEIGHTS, relation
from essentialist.evaluation.musav import Pair, compare
from essentialist.evaluation.tempo import is_near, is_octave, ratio_name, tempo_figures
from essentialist.predictions import TablePredictions, read_predictions
from sounds import chord, clicks, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHARED = Path(__file__).resolve().parents[2] / "shared"
MUSAV = SHARED / "musav"
needs_musav = pytest.mark.skipif(not MUSAV.is_dir(), reason="needs ../shared/musav, the annotations of MusAV")

A, B, C = ("4h3BF2A3suImf5Qp7GFcIH", "4zaUk8z8N5QWiKptWOwo3j", "37zEjCIEbJ4dhnY95O0lng")


def write_json(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def table(path: Path, rows: Sequence[Mapping[str, object]]) -> TablePredictions:
    return read_predictions(write_json(path, rows))


def write_annotations(folder: Path, **higher: str) -> Path:
    """A folder of annotations: dimension -> judgements of the pairs A-B, B-C, A-C, such as "a b ab"."""
    folder.mkdir(parents=True, exist_ok=True)
    for dimension, words in higher.items():
        rows = [
            {"pairid": f"{first}-{second}", "higher_value": word}
            for (first, second), word in zip(((A, B), (B, C), (A, C)), words.split(), strict=True)
        ]
        path = folder / f"annotations.{dimension}.all.agreement.gt"
        path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return folder


# Tempo


@pytest.mark.parametrize(
    ("bpm", "near", "octave", "ratio"),
    [
        (120.0, True, True, "1"),
        (124.7, True, True, "1"),
        (125.0, False, False, "other"),
        (60.0, False, True, "1/2"),
        (240.0, False, True, "2"),
        (360.0, False, True, "3"),
        (40.0, False, True, "1/3"),
        (80.0, False, False, "2/3"),
        (160.0, False, False, "4/3"),
        (None, False, False, "none"),
    ],
)
def test_tempo_accuracies_allow_four_percent_and_octaves(
    bpm: float | None, near: bool, octave: bool, ratio: str
) -> None:
    assert (is_near(bpm, 120), is_octave(bpm, 120), ratio_name(bpm, 120)) == (near, octave, ratio)


def test_tempo_figures_count_a_track_without_a_tempo_as_wrong() -> None:
    assert tempo_figures([(100, 101.0), (100, 200.0), (100, 75.0), (100, None)]) == {
        "tracks": 4,
        "without_tempo": 1,
        "accuracy_1": 0.25,
        "accuracy_2": 0.5,
        "mean_error_bpm": pytest.approx(126 / 3),
        "mean_error_percent_where_right": pytest.approx(1),
    }


def test_tempo_report_lists_the_wrong_ones_and_what_is_left_out(tmp_path: Path) -> None:
    truth = write_json(
        tmp_path / "tempo.json",
        [{"file": f"{name}.ogg", "bpm": bpm} for name, bpm in (("a", 120), ("b", 90), ("c", 100), ("d", 77.5))],
    )
    rows: list[dict[str, object]] = [
        {"File": "a.ogg", "BPM": 120.5, "bpm_confidence": 0.9},
        {"File": "b.ogg", "BPM": "135", "bpm_confidence": 0.5},
        {"File": "c.ogg", "BPM": None, "bpm_confidence": ""},
    ]
    report = evaluations()["tempo"].evaluate(truth, table(tmp_path / "p.json", rows)).document()
    assert (report["tracks"], report["without_tempo"]) == (3, 1)
    assert report["accuracy_1"] == pytest.approx(1 / 3)
    assert report["wrong"] == [
        {"file": "b.ogg", "bpm": 90.0, "predicted": 135.0, "ratio": "3/2", "confidence": 0.5},
        {"file": "c.ogg", "bpm": 100.0, "predicted": None, "ratio": "none", "confidence": None},
    ]
    assert report["calibration"] == [
        {"confidence": "0.4 to 0.6", "tracks": 1, "mean": 0.5, "right": 0.0},
        {"confidence": "0.8 to 1", "tracks": 1, "mean": 0.9, "right": 1.0},
    ]
    assert report["notes"] == [f"1 of 4 files are not in {tmp_path / 'p.json'} and are left out."]


def test_calibration_bins_hold_their_lower_edge_and_the_last_both() -> None:
    rows = calibration([Judged(0.2, True), Judged(0.1, False), Judged(1.0, True), Judged(None, False)]).rows
    assert [(row[0], row[1], row[3]) for row in rows] == [("0 to 0.2", 1, 0), ("0.2 to 0.4", 1, 1), ("0.8 to 1", 1, 1)]


def test_calibration_knows_the_confidence_of_essentia() -> None:
    rows = calibration([Judged(0.5, False), Judged(1.6, True), Judged(5.32, True)]).rows
    assert [row[0] for row in rows] == ["0 to 1", "1.5 to 3.5", "3.5 to 5.32"]


# Key


def hour(key: str) -> Hour:
    code = camelot(*key.split())
    assert code
    place = parse(code)
    assert place
    return place


@pytest.mark.parametrize(
    ("true", "heard", "expected"),
    [
        ("C major", "C major", "same"),
        ("Db major", "C# major", "same"),
        ("C major", "G major", "fifth"),
        ("B minor", "F# minor", "fifth"),
        ("C major", "F major", "other"),  # the fifth below does not count, as in mir_eval
        ("C major", "A minor", "relative"),
        ("A minor", "C major", "relative"),
        ("C major", "C minor", "parallel"),
        ("Eb minor", "Eb major", "parallel"),
        ("C major", "E minor", "other"),
        ("A minor", "F major", "other"),
    ],
)
def test_key_relations_are_those_of_mirex(true: str, heard: str, expected: str) -> None:
    assert relation(hour(true), hour(heard)) == expected


def test_every_true_key_has_one_key_of_each_relation() -> None:
    places = WHEEL
    for true in places:
        found = [relation(true, heard) for heard in places]
        assert [found.count(name) for name in ("same", "fifth", "relative", "parallel")] == [1, 1, 1, 1]
    assert sum(WEIGHTS.values()) == 2


def test_key_report_scores_what_is_near(tmp_path: Path) -> None:
    keys = {"a": "A minor", "b": "C major", "c": "D major", "d": "E minor"}
    heard = {"a": ("A", "minor"), "b": ("G", "major"), "c": ("B", "minor"), "d": ("", "")}
    truth = write_json(
        tmp_path / "keys.json",
        [{"file": f"{n}.ogg", "key": k.split()[0], "scale": k.split()[1]} for n, k in keys.items()],
    )
    rows = [{"file": f"{name}.ogg", "key": key, "scale": scale} for name, (key, scale) in heard.items()]
    report = evaluations()["key"].evaluate(truth, table(tmp_path / "p.json", rows)).document()
    assert report["mirex_score"] == pytest.approx((1 + 0.5 + 0.3) / 4)
    assert [report[name] for name in WEIGHTS] == [0.25, 0.25, 0.25, 0, 0, 0.25]
    assert report["calibration"] == []


# MusAV


def test_musav_counts_pairs_in_the_right_order_and_leaves_equal_ones_out() -> None:
    pairs = [Pair(A, B, A), Pair(B, C, C), Pair(A, C, None), Pair(A, "unknown", A), Pair(B, B, B)]
    comparison = compare(pairs, {A: 3.0, B: 2.0, C: 1.0})
    assert (comparison.pairs, comparison.equal, comparison.unknown, comparison.tied) == (5, 1, 1, 1)
    assert (comparison.compared, comparison.right, comparison.accuracy) == (2, 1, 0.5)


def test_musav_finds_the_annotations_of_a_clone_and_files_by_their_ids(tmp_path: Path) -> None:
    clone = tmp_path / "musav-dataset"
    write_annotations(clone / "data" / "annotations", arousal="a a a", valence="b b ab")
    write_annotations(clone / "data" / "annotations" / "ismir2022", arousal="a b a")
    rows = [
        {
            "Filename": f"MusAV/audio_chunks/audio.001/{track[:2]}/{track}.mp3",
            "Arousal": arousal,
            "Valence": 9 - arousal,
        }
        for track, arousal in ((A, 6), (B, 5), (C, 4))
    ]
    report = evaluations()["musav"].evaluate(clone, table(tmp_path / "p.json", rows))
    shown = [(row[0], row[1], row[5], row[6]) for row in report.tables[0].rows]
    assert shown == [("gt", "arousal", 3, 1.0), ("gt", "valence", 2, 1.0), ("ismir2022/gt", "arousal", 3, 2 / 3)]
    assert report.figures == {"tracks": 3}
    assert report.notes == ()


@needs_musav
@pytest.mark.parametrize(("column", "expected"), [("accuracy", ("0.643", "0.591")), ("exchanged", ("0.835", "0.755"))])
def test_musav_gives_the_published_figures_and_sees_that_columns_are_exchanged(
    column: str, expected: tuple[str, str]
) -> None:
    predictions = MUSAV / "published_descriptors.tsv"
    arguments = ["evaluate", "musav", str(MUSAV / "annotations"), "--predictions", str(predictions), "--json"]
    result = CliRunner().invoke(essentialist, arguments)
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    paper = [row for row in report["subsets"] if row["subset"] == "ismir2022/gt"]
    assert [row["dimension"] for row in paper] == ["arousal", "valence"]
    assert tuple(f"{row[column]:.3f}" for row in paper) == expected
    assert len(report["subsets"]) == 16
    assert "swapped" in report["notes"][0]


@pytest.mark.parametrize("other", ["the same for all", "of other tracks"])
def test_musav_says_nothing_of_an_exchange_that_cannot_be_tried(tmp_path: Path, other: str) -> None:
    folder = write_annotations(tmp_path / "annotations", arousal="a a a", valence="a a a")
    valence = {"the same for all": {A: 5, B: 5}, "of other tracks": {C: 5}}[other]
    rows = [
        {"file": f"{track}.mp3", "arousal": arousal, "valence": valence.get(track)}
        for track, arousal in {A: 6, B: 5, C: None}.items()
    ]
    report = evaluations()["musav"].evaluate(folder, table(tmp_path / "p.json", rows))
    assert [row[-2:] for row in report.tables[0].rows] == [(1.0, None), (None, 1.0)]
    assert report.notes == ()


@needs_musav
def test_musav_does_not_warn_of_columns_that_are_right(tmp_path: Path) -> None:
    lines = (MUSAV / "published_descriptors.tsv").read_text(encoding="utf-8").splitlines()
    heading = lines[0].replace("Arousal\tValence", "Valence\tArousal")
    corrected = tmp_path / "corrected.tsv"
    corrected.write_text("\n".join([heading, *lines[1:]]), encoding="utf-8")
    assert evaluations()["musav"].evaluate(MUSAV, read_predictions(corrected)).notes == ()


# Tables of predictions


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.tsv", "\ufeffFileName\tBPM\nx/a.ogg\t120\n"),
        ("p.csv", 'bpm,PATH\n120,"x/a.ogg"\n'),
        ("p.json", '[{"path": "x/a.ogg", "Bpm": 120}]'),
        ("p.jsonl", '{"file": "x/a.ogg", "bpm": 120}\n\n'),
    ],
)
def test_predictions_are_read_in_every_format(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    values = read_predictions(path).of(Path("/music/x/a.ogg"))
    assert values is not None
    assert str(values["bpm"]) == "120"


def test_a_file_is_the_row_whose_path_ends_most_alike(tmp_path: Path) -> None:
    rows = [{"file": "one/01.flac", "bpm": 1}, {"file": "two/01.flac", "bpm": 2}]
    predictions = table(tmp_path / "p.json", rows)
    found = predictions.of(Path("/music/two/01.flac"))
    assert found is not None
    assert found["bpm"] == 2
    assert predictions.of(Path("/music/two/02.flac")) is None
    with pytest.raises(EvaluationError, match=r"two rows for 01\.flac"):
        predictions.of(Path("/music/three/01.flac"))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("p.txt", "a", "give a .tsv, .csv, .json or .jsonl file"),
        ("p.json", "{", "cannot be understood"),
        ("p.json", '{"a": 1}', "no list of objects"),
        ("p.json", "[1, 2]", "cannot be understood"),
        ("p.csv", "title,bpm\na,1\n", "names no files"),
        ("p.csv", "", "names no files"),
    ],
)
def test_a_wrong_table_is_one_clear_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=message):
        read_predictions(path)


def test_a_table_that_is_not_there_or_not_text_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="No such file"):
        read_predictions(tmp_path / "absent.csv")
    (tmp_path / "p.csv").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(EvaluationError, match="not UTF-8"):
        read_predictions(tmp_path / "p.csv")


# Wrong input to evaluations


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("[", "is not JSON"),
        ("{}", "holds no list"),
        ("[]", "holds no list"),
        ('[{"file": "a.ogg"}]', "Entry 1 .* lacks bpm"),
        ('[{"bpm": 120}]', "Entry 1 .* lacks file"),
        ('[{"file": "a.ogg", "bpm": "fast"}]', "the tempo 'fast'"),
        ('[{"file": "a.ogg", "bpm": 0}]', "the tempo 0"),
        ('[{"file": "a.ogg", "bpm": true}]', "the tempo True"),
        ('[{"file": "a.ogg", "bpm": NaN}]', "the tempo nan"),
        ('[{"file": "a.ogg", "bpm": 1e999}]', "the tempo inf"),
        (f'[{{"file": "a.ogg", "bpm": 1{"0" * 400}}}]', "the tempo 1000"),
        ("[" * 200_000, "is not JSON"),
        ('[{"file": "elsewhere.ogg", "bpm": 120}]', "No file of .* is in"),
    ],
)
def test_a_wrong_ground_truth_is_one_clear_line(tmp_path: Path, document: str, message: str) -> None:
    path = tmp_path / "truth.json"
    path.write_text(document, encoding="utf-8")
    predictions = table(tmp_path / "p.json", [{"file": "a.ogg", "bpm": 120}])
    with pytest.raises(EvaluationError, match=message):
        evaluations()["tempo"].evaluate(path, predictions)


def test_a_mode_that_is_no_key_is_one_clear_line(tmp_path: Path) -> None:
    path = write_json(tmp_path / "truth.json", [{"file": "a.ogg", "key": "D", "scale": "dorian"}])
    with pytest.raises(EvaluationError, match=r"D dorian of a\.ogg"):
        evaluations()["key"].evaluate(path, table(tmp_path / "p.json", [{"file": "a.ogg", "key": "D"}]))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"file": f"{A}.mp3", "arousal": 5}, "There is no valence"),
        ({"file": f"{A}.mp3", "arousal": "high", "valence": 5}, "arousal is 'high'"),
        ({"file": "my song.mp3", "arousal": 5, "valence": 5}, "No annotated track"),
    ],
)
def test_predictions_that_do_not_fit_musav_are_one_clear_line(
    tmp_path: Path, row: Mapping[str, object], message: str
) -> None:
    folder = write_annotations(tmp_path / "annotations", arousal="a a a", valence="a a a")
    with pytest.raises(EvaluationError, match=message):
        evaluations()["musav"].evaluate(folder, table(tmp_path / "p.json", [row]))


def test_wrong_annotations_are_one_clear_line(tmp_path: Path) -> None:
    predictions = table(tmp_path / "p.json", [{"file": f"{A}.mp3", "arousal": 5, "valence": 5}])
    with pytest.raises(EvaluationError, match="no annotations of MusAV"):
        evaluations()["musav"].evaluate(tmp_path, predictions)
    folder = write_annotations(tmp_path / "annotations", arousal="a a a")
    (folder / "annotations.arousal.all.agreement.gt").write_text('{"pairid": "x"}\n', encoding="utf-8")
    with pytest.raises(EvaluationError, match="Line 1 of"):
        evaluations()["musav"].evaluate(folder, predictions)


@pytest.mark.parametrize(
    ("content", "message"), [(b"\xff\xfe", "Cannot read .*not UTF-8"), (b"[" * 200_000, "Line 1 of")]
)
def test_hostile_annotations_are_one_clear_line(tmp_path: Path, content: bytes, message: str) -> None:
    predictions = table(tmp_path / "p.json", [{"file": f"{A}.mp3", "arousal": 5, "valence": 5}])
    folder = write_annotations(tmp_path / "annotations", arousal="a a a")
    (folder / "annotations.arousal.all.agreement.gt").write_bytes(content)
    with pytest.raises(EvaluationError, match=message):
        evaluations()["musav"].evaluate(folder, predictions)


# With a catalogue


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two tracks and a copy, analysed into `c.db`, with the truth about them."""
    folder = tmp_path_factory.mktemp("music")
    write(folder / f"{A}.wav", clicks(120, 8, 44_100), 44_100)
    write(folder / "copy.wav", clicks(120, 8, 44_100), 44_100)
    write(folder / f"{B}.wav", chord(seconds=8), 44_100)
    Library.open(folder / "c.db").analyze(folder)
    tempi = [{"file": "copy.wav", "bpm": 120}, {"file": f"{A}.wav", "bpm": 120}, {"file": "gone.wav", "bpm": 90}]
    write_json(folder / "tempo.json", tempi)
    write_json(folder / "key.json", [{"file": f"{B}.wav", "key": "C", "scale": "major"}])
    return folder


def evaluate(analysed: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(essentialist, ["evaluate", *arguments, "--catalog", str(analysed / "c.db")])
    return result.exit_code, result.stdout, result.stderr


def test_tempo_of_a_catalogue_is_evaluated_by_path_also_of_a_copy(analysed: Path) -> None:
    code, out, _ = evaluate(analysed, "tempo", str(analysed / "tempo.json"), "--json")
    report = json.loads(out)
    assert code == 0
    assert (report["tracks"], report["accuracy_1"], report["wrong"]) == (2, 1.0, [])
    assert report["notes"][0].startswith("1 of 3 files are not in the catalogue")


def test_key_of_a_catalogue_is_evaluated(analysed: Path) -> None:
    code, out, _ = evaluate(analysed, "key", str(analysed / "key.json"), "--json")
    assert code == 0
    assert json.loads(out)["mirex_score"] == 1.0


def test_a_report_for_people_has_figures_tables_and_notes_apart(analysed: Path) -> None:
    code, out, err = evaluate(analysed, "tempo", str(analysed / "tempo.json"))
    assert code == 0
    assert "accuracy 1" in out
    assert "calibration" in out
    assert "wrong" not in out
    assert "left out" in err


def test_musav_of_a_catalogue_reads_ids_from_file_names(analysed: Path, tmp_path: Path) -> None:
    folder = write_annotations(tmp_path / "annotations", arousal="a a a", valence="a a a")
    code, out, _ = evaluate(analysed, "musav", str(folder), "--json")
    report = json.loads(out)
    assert code == 0
    assert [(row["compared"], row["unknown"]) for row in report["subsets"]] == [(1, 2), (1, 2)]
