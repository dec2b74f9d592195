"""Golden numbers for numerical_gradient: derivatives by mpmath with 40 digits, and by scipy."""

import mpmath
import numpy as np
from scipy.optimize import rosen_der


def numbers():
    with mpmath.workdps(40):

        def f(x):
            return mpmath.exp(x) / mpmath.sqrt(mpmath.sin(x) ** 3 + mpmath.cos(x) ** 3)

        slope = float(mpmath.diff(f, mpmath.mpf(3) / 2))
    x = [-1.2, 1.0, 0.5]
    return {"squire_trapp": slope, "rosenbrock": {"x": x, "gradient": rosen_der(np.array(x)).tolist()}}
