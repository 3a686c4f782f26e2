"""The notebook runs as it stands, on a small collection laid out as MusAV is."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import nbformat
import pytest
from nbclient import NotebookClient

from command_line import DEADLINE_S
from essentialist import cli
from essentialist.catalogue.catalog import Catalog
from essentialist.demo import RenderedPiece
from essentialist.demo.collection import write_piece
from essentialist.demo.pieces import PIECES

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS = cli.essentialist.list_commands(click.Context(cli.essentialist))
NOTEBOOK = Path(__file__).resolve().parents[1] / "docs" / "notebook.ipynb"
IDS = ("2GBvL4Kq6ijIn6eW5NSGbI", "7x9aauaA9cu6tyfpHnqDLo", "0sNOF9WDwhWunNAHPD3Baj")  # made up, as MusAV names files


def notebook() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]


def printed(executed: Any) -> Mapping[str, str]:
    """What each cell printed, by the cell's id."""
    return {
        cell.id: "".join(output.get("text", "") for output in cell.outputs)
        for cell in executed.cells
        if cell.cell_type == "code"
    }


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three demo pieces as `audio_chunks/audio.000/2G/ID.mp3`."""
    chunks = tmp_path_factory.mktemp("musav") / "audio_chunks"
    for name, piece in zip(IDS, PIECES, strict=False):
        path = chunks / "audio.000" / name[:2] / f"{name}.mp3"
        write_piece(RenderedPiece(dataclasses.replace(piece, suffix=".mp3"), path))
    return chunks


def test_the_committed_notebook_holds_no_outputs() -> None:
    nbformat.validate(notebook())
    for cell in notebook().cells:
        assert not cell.get("outputs"), cell.id
        assert cell.get("execution_count") is None, cell.id


def test_the_notebook_runs(music: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"MUSIC": music, "WORK": tmp_path, "IPYTHONDIR": tmp_path / "ipython"}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("ESSENTIALIST_MODELS", str(tmp_path / "models"))
    executed = notebook()
    NotebookClient(
        executed, timeout=DEADLINE_S, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    said = printed(executed)
    assert "BAD" not in said["doctor"]
    assert "3 found: 3 analysed, 0 unchanged" in said["analyze"]
    assert said["failures"] == "Nothing failed.\n"
    assert said["look"].startswith("3 tracks, ")
    assert [line.split()[0] for line in said["look"].splitlines()[1:]] == [
        "bpm", "loudness", "danceability", "arousal", "valence"
    ]  # fmt: skip
    assert (tmp_path / "descriptors.csv").read_text().count("\n") == 1 + len(IDS)
    assert "3 recordings there: 3 added" in said["home"]
    assert "3 found: 0 analysed, 3 unchanged" in said["home"]
    here, there = (Catalog(tmp_path / name).tracks() for name in ("home.db", "gpu.db"))
    assert [track.path for track in here] == [track.path for track in there]
    assert [track.values for track in here] == [track.values for track in there]
