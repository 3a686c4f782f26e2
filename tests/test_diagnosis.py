"""What `doctor` says of the machine: its memory, and where networks run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import onnxruntime
import pytest

from essentialist import models
from essentialist.diagnosis import memory, network_runs
from essentialist.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

NETWORK = models.network("msd-musicnn-1")


def test_one_worker_fits_and_a_million_do_not(tmp_path: Path) -> None:
    assert memory(Settings(tmp_path, workers=1)).verdict == "good"
    finding = memory(Settings(tmp_path, workers=1_000_000))
    assert finding.verdict == "warning"
    advised = int(finding.what.rpartition("--workers ")[2].rstrip("."))
    assert memory(Settings(tmp_path, workers=advised)).verdict == "good"
    assert memory(Settings(tmp_path, workers=advised + 1)).verdict == "warning"


def test_a_network_says_where_it_runs(tmp_path: Path) -> None:
    finding = network_runs(NETWORK, Settings(tmp_path, workers=1, device="cpu"))
    assert finding.verdict == "good"
    assert finding.what.endswith("runs on the CPU")


@pytest.mark.skipif("CUDAExecutionProvider" in onnxruntime.get_available_providers(), reason="there is CUDA here")
def test_a_gpu_that_was_asked_for_and_is_not_there_is_told(tmp_path: Path) -> None:
    finding = network_runs(NETWORK, Settings(tmp_path, workers=1, device="cuda"))
    assert finding.verdict == "warning"
    assert "onnxruntime-gpu" in finding.what
    assert network_runs(NETWORK, Settings(tmp_path, workers=1)).verdict == "good"
