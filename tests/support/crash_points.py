"""The command in a process of its own that ends, as by a kill, right before its n-th change of the disk."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENDED = 137

# Everything that Python does to a folder passes its audit hooks; what libraries write of themselves lies
# between two of these.
_SCRIPT = """
import os, sys
folder, last = os.environ["CRASH_FOLDER"], int(os.environ["CRASH_AT"])
count = 0

def seen(event, args):
    global count
    if event == "open":
        path, mode, flags = args
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) if isinstance(flags, int) else 0
        if not writes:
            return
    elif event not in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate"):
        return
    if not str(args[0]).startswith(folder):
        return
    count += 1
    if count == last:
        os._exit(137)

sys.addaudithook(seen)
from pipeline.cli.app import main
try:
    main()
finally:
    print("changes", count, file=sys.stderr)
"""


def run_until(folder: Path, at: int, *args: object) -> tuple[int, int, str]:
    """Run the command; its exit code, how often it changed the folder (0 if it was ended), and what it said.

    Args:
        folder: which changes count.
        at: before which of them the process ends; 0 for none.
        args: of the command.
    """
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *map(str, args)],
        env={
            **os.environ,
            "CRASH_FOLDER": str(folder),
            "CRASH_AT": str(at),
            "MLFLOW_DISABLE_TELEMETRY": "true",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    told = done.stderr.rsplit("changes ", 1)
    return done.returncode, int(told[1]) if len(told) > 1 else 0, done.stderr
