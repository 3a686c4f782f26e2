"""Kill a program that writes tags at one line of our code after the other, and see what is left of the file.

Run as `python killing.py CATALOG FILE STEP`; it prints how often it killed and what it found, as JSON. Each kill is a
process of its own that ends itself by SIGKILL: nothing of it runs after that, no `finally` either.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from essentialist import tagging
from essentialist.catalogue import refiling, tag_journal
from essentialist.catalogue.catalog import Catalog
from essentialist.errors import TaggingError
from essentialist.tagging.undoing import undo_tags
from essentialist.tagging.wanting import Wanted
from essentialist.tagging.writing import write_tags

if TYPE_CHECKING:
    from types import FrameType

OURS = (str(Path(tagging.__file__).parent), tag_journal.__file__, refiling.__file__)
LEFT_OUT = "delta.py"  # reads and computes, line by line thousands of times
ENDED = 77


class Killer:
    """Ends this process at the nth line of our code that it comes to."""

    def __init__(self, n: int) -> None:
        self.n_left = n

    def __call__(self, frame: FrameType, event: str, argument: Any) -> Killer | None:
        name = frame.f_code.co_filename
        if not name.startswith(OURS) or name.endswith(LEFT_OUT):
            return None
        if event == "line":
            self.n_left -= 1
            if self.n_left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def write_until_killed(catalog: Catalog, n: int) -> int:
    """Write tags in a process that is killed at its nth line; how it ended."""
    child = os.fork()
    if child == 0:
        sys.settrace(Killer(n))
        done = write_tags(catalog, catalog.tracks(), Wanted(("bpm", "key"), keep_time=True), apply=True)
        sys.settrace(None)
        os._exit(ENDED if done.count("written") == len(done.rows) else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(place: Path, file: Path, step: int) -> None:
    """Kill at every `step`th line until it comes to its end."""
    catalog, old = Catalog(place), file.read_bytes()
    found: Counter[str] = Counter()
    n, code = 1, 0
    while code != ENDED:
        code = write_until_killed(catalog, n)
        n += step
        content = file.read_bytes()
        found["killed"] += code == -signal.SIGKILL
        found["new"] += content != old
        litter = list(file.parent.glob(".*"))
        found["litter"] += bool(litter)
        try:
            undo_tags(catalog, apply=True, keep_time=True)
        except TaggingError:  # nothing was written down yet, so nothing may have been done
            found["harmed"] += content != old
        found["harmed"] += file.read_bytes() != old
        found["left lying"] += any(file.parent.glob(".*"))
        found["unknown"] += code not in {ENDED, -signal.SIGKILL}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
