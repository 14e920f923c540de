"""`python -m bench [names…]`: run comparisons, all of them unless some are named, and print one table."""

import os
import platform
import sys
import time
import traceback
from importlib import import_module

from bench.pairs import Row, table

NAMES = ("loop", "network", "landscape", "startup", "draw", "drag", "formula", "views", "data")


def main() -> int:
    wanted = sys.argv[1:] or list(NAMES)
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"There is no comparison {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    failed = False
    for name in wanted:
        begin = time.perf_counter()
        print(f"{name} …", end=" ", file=sys.stderr, flush=True)
        try:
            rows += import_module(f"bench.{name}").measure()
        except Exception:
            failed = True
            traceback.print_exc()
        print(f"{time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(table(rows))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
