"""One run of one contender, in a process of its own: timed from the files read to the features written.

The module needs nothing but Python, so that it also serves contenders in another environment.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def run(work: Callable[..., object]) -> None:
    """Do the work on the folders of the command line (a world, and where to write) and print the seconds.

    Further arguments go to the work as they are; a mapping that it returns is printed too.
    """
    world, out, *rest = sys.argv[1:]
    began, processor = time.perf_counter(), processor_s()
    told = work(Path(world), Path(out), *rest)
    record = {"seconds": time.perf_counter() - began, "processor_s": processor_s() - processor}
    sys.stdout.write(json.dumps(record | (told if isinstance(told, dict) else {})) + "\n")


def processor_s() -> float:
    """Processor seconds of this process and of the children that it has waited for."""
    whose = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in whose)
