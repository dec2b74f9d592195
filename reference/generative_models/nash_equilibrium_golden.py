"""Golden numbers for nash_equilibrium: values of zero-sum games by scipy's linear programs."""

import numpy as np

from reference.generative_models.nash_equilibrium import linear_program

SHAPES = [(2, 2), (2, 5), (4, 3), (3, 3), (6, 7)]


def numbers():
    rng = np.random.default_rng(1928)
    games = [rng.standard_normal(shape).round(2) for shape in SHAPES]
    return [{"A": A.tolist(), "value": linear_program(A)} for A in games]
