"""Golden numbers for newton_method: the minimum of a logistic regression, by scipy's trust-region method."""

import numpy as np
from scipy.optimize import minimize

from reference.optimization.newton_method import logistic


def numbers():
    rng = np.random.default_rng(1669)
    X = rng.standard_normal((12, 3)).round(2) * np.array([1.0, 5.0, 0.5])
    y = np.where(X @ np.array([1.0, -0.3, 0.5]) + rng.standard_normal(12) > 0, 1.0, -1.0)
    f, grad, hess = logistic(X, y, 0.1)
    found = minimize(f, np.zeros(3), jac=grad, hess=hess, method="trust-exact", options={"gtol": 1e-11})
    return {"X": X.tolist(), "y": y.tolist(), "ridge": 0.1, "w": found.x.tolist()}
