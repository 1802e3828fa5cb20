"""All tests and all examples in docstrings; arguments go to pytest, e.g. scripts/test tests/network -k trace."""

import os
import sys

from setup import ROOT, run

# One thread each: several tests run side by side, and threads of a matrix product would wait for one another.
# Bytecode is kept, whatever the environment says: else each worker and each program a test starts compiles all anew.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "PYTHONDONTWRITEBYTECODE": "",
}

os.chdir(ROOT)
run(["-m", "pytest", "-q", "-n", "auto", "--maxprocesses", "8", *sys.argv[1:]], "dev", **ENVIRONMENT)
