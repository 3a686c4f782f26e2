"""What the time of an analysis goes to, stage by stage: the code that a worker runs, watched from outside.

Python's profiling hook says when a function begins and ends; no stage knows that it is timed. What a stage spends
inside another one counts for the inner one, so the times add up. A network is loaded once in the life of a worker, so
the first track is listened to twice and counted the second time.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from essentialist.catalogue.recorder import Recorder
from essentialist.descriptors import usable
from essentialist.errors import CollectionError
from essentialist.files import tags
from essentialist.listening import listen
from essentialist.networks import inference
from essentialist.runs.planning import Wanted, plan
from essentialist.sound import audio, metering, patches
from essentialist.sound.character import character
from essentialist.tasks import Unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import CodeType, FrameType

    from essentialist.catalogue.catalog import Catalog
    from essentialist.descriptors import Extractor
    from essentialist.settings import Settings

REST = "all else"
COMMIT = "commit"

STEPS: tuple[tuple[str, tuple[Callable[..., Any], ...]], ...] = (
    ("tags", (tags.read_tags,)),
    ("decode", (audio.Decoder.__init__, audio.Decoder.__iter__)),
    ("resample", (audio.Resampler.push,)),
    ("loudness", (metering.LoudnessMeter.__init__, metering.LoudnessMeter.push, metering.LoudnessMeter.finish)),
    ("waveform", (metering.WaveformMeter.push, metering.WaveformMeter.finish)),
    ("excerpt", (metering.Excerpt.push, metering.Excerpt.finish)),
    (
        "mel",
        (
            patches.SpreadCollector.push,
            patches.SpreadCollector.finish,
            patches.WholeCollector.push,
            patches.WholeCollector.finish,
        ),
    ),
    ("character", (character,)),
    (COMMIT, (Recorder.enter,)),
)
"""The stages of a recording by the functions that they consist of; extractors, networks and heads are added by name."""


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Seconds by stage, the sum over `n_tracks`, in the order of a run."""

    seconds: Mapping[str, float]
    n_tracks: int

    def a_track(self) -> dict[str, float]:
        """Seconds a track by stage."""
        return {stage: seconds / self.n_tracks for stage, seconds in self.seconds.items()}


class Stopwatch:
    """Adds up the time that this thread spends in functions, as the context of what is timed.

    `stages`: the name of the stage by the code of its function, or what finds the name in a call of it.
    """

    def __init__(
        self, stages: Mapping[CodeType, str | Callable[[FrameType], str]], clock: Callable[[], float] = perf_counter
    ) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._stages = stages
        self._clock = clock
        self._inside: list[str] = [REST]
        self._last = 0.0

    def __enter__(self) -> Stopwatch:
        self._last = self._clock()
        sys.setprofile(self._look)
        return self

    def __exit__(self, *error: object) -> None:
        sys.setprofile(None)
        self._note()

    def _look(self, frame: FrameType, event: str, argument: object) -> None:
        """A function begins or goes on ("call"), ends or gives way ("return"); calls of C are none of our business."""
        stage = self._stages.get(frame.f_code) if event in {"call", "return"} else None
        if stage is None:
            return
        self._note()
        if event == "call":
            self._inside.append(stage if isinstance(stage, str) else stage(frame))
        else:
            self._inside.pop()

    def _note(self) -> None:
        now = self._clock()
        self.seconds[self._inside[-1]] += now - self._last
        self._last = now


def stages_of(extractors: Iterable[Extractor]) -> dict[CodeType, str | Callable[[FrameType], str]]:
    """Every stage of a run with these extractors, by the code of its functions."""
    found: dict[CodeType, str | Callable[[FrameType], str]] = {
        function.__code__: name for name, functions in STEPS for function in functions
    }
    found[inference.run.__code__] = lambda frame: f"network {frame.f_locals['model'].name}"
    found[inference.run_head.__code__] = lambda frame: f"head {frame.f_locals['head'].name}"
    return found | {each.compute.__code__: f"extractor {each.name}" for each in extractors}


def stage_times(catalog: Catalog, wanted: Wanted, settings: Settings) -> StageTimes:
    """Listen to files one after the other in this process, enter them, and tell the time by stage.

    The same is done for each as in a run: planning, listening and committing are those of the runner.

    Raises CollectionError when none of the files can be listened to.
    """
    with Recorder(catalog) as recorder:
        made = plan(recorder, wanted, settings)
        recorder.learn(usable(made.installed))
        n_tracks = 0
        for task in made.tasks[:1]:
            listen(task)  # imports what is imported late, and loads the networks
        with Stopwatch(stages_of(usable(made.installed))) as watch:
            for task in made.tasks:
                answer = listen(task)
                if not isinstance(answer, Unheard):
                    recorder.enter(task.file, answer)
                    n_tracks += answer.analysis is not None
    if not n_tracks:
        raise CollectionError("None of these files can be listened to: name a folder with music that can be played.")
    return StageTimes(in_order(watch.seconds), n_tracks)


def in_order(seconds: Mapping[str, float]) -> dict[str, float]:
    """The stages as a track meets them: what comes while it is decoded, networks and heads, extractors, the rest."""
    steps = [name for name, _ in STEPS if name != COMMIT]
    named = [*steps, *sorted(set(seconds) - {*steps, COMMIT, REST}, key=lambda name: (name[0] == "e", name))]
    return {name: seconds[name] for name in [*named, COMMIT, REST] if name in seconds}
