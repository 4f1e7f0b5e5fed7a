"""How often a file's encoding is told, refused or mistaken by ``encoding: auto``, over made-up lead lists.

``ordinary`` files have ten to three hundred rows, ``tiny`` ones one to nine. Run from the project's folder:
``PYTHONPATH=tests python -m benchmarks.encodings [FILES]`` (1,000 files an encoding when left out).
"""

import random
import sys
from collections import Counter

from support import encoded_files
from support.encoded_files import ENCODINGS, lead_list

from pipeline.files.dialect import DialectError, to_utf8

UTF = {"utf-8": "simplified", "utf-16": "korean", "utf-16-le": "simplified", "utf-16-be": "russian"}
SIZES = {"ordinary": (10, 300), "tiny": (1, 9)}


def outcome(text: str, encoding: str) -> str:
    """What becomes of a text in an encoding: told, refused or mistaken."""
    try:
        read = to_utf8(text.encode(encoding), "auto")[0]
    except DialectError:
        return "refused"
    return "told" if read.decode().removeprefix("\ufeff") == text else "mistaken"


def main(files: int) -> None:
    """Print the table."""
    print("| files | encoding | told | refused | mistaken |\n|---|---|---:|---:|---:|")
    for size, rows in SIZES.items():
        encoded_files.ROWS = rows
        for encoding, language in (ENCODINGS | UTF).items():
            rng = random.Random(f"{size} {encoding}")
            found = Counter(outcome(lead_list(language, rng), encoding) for _ in range(files))
            print(f"| {size} | {encoding} | {found['told']} | {found['refused']} | {found['mistaken']} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
