"""The engine of the kata repository: grading, practice, and the `kata` command."""

import os

# One thread everywhere, set before numpy or torch is loaded: a forked child hangs at its first matrix product if
# its parent ever used several, and timings wander.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
