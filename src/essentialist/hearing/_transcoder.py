"""What transcodes for a web server, in a process of its own whose memory and time are limited.

    python -m essentialist.hearing._transcoder SOURCE TARGET FORM MEMORY_MB CPU_S BYTES

It exits with 0, or with 3 and why on stderr where the file cannot be decoded.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.copying.transcoding import transcode
from essentialist.errors import RecordingError
from essentialist.hearing.transcodes import UNPLAYABLE

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Transcode a file within the limits; the exit code."""
    source, target, form, memory_mb, cpu_s, n_bytes = arguments
    limit(resource.RLIMIT_AS, int(memory_mb) << 20)
    limit(resource.RLIMIT_CPU, int(cpu_s))
    limit(resource.RLIMIT_FSIZE, int(n_bytes))
    try:
        transcode(Path(source), Path(target), form)
    except RecordingError as error:
        sys.stderr.write(str(error))
        return UNPLAYABLE
    return 0


def limit(what: int, value: int) -> None:
    """Lower a limit of this process; one that is lower already stays."""
    _, highest = resource.getrlimit(what)
    if highest == resource.RLIM_INFINITY or value < highest:
        resource.setrlimit(what, (value, value))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
