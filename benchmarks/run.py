"""``python benchmarks/run.py`` measures everything and writes RESULTS.md.

With names of groups (``startup``, ``calls``, …), it measures those alone and writes nothing.
"""

import sys
from pathlib import Path

# The modules beside this one are benchmarks.*, also when it is run by its path.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.main import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
