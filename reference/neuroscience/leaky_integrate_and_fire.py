"""Oracle for leaky_integrate_and_fire: the threshold is looked for, by bisection; no logarithm is taken.

A neuron is a function of time, walked from one event to the next: the next grid point, the end of the refractory
time, or the crossing, which is bisected on the exponential.
"""

import math

import numpy as np


def _crossing(v, v_inf, v_th, tau, longest):
    """The time until V meets v_th, or None if that takes longer than `longest`; by bisection to the last bit."""

    def below(t):  # V(t) < v_th, as growth from v: (v_inf - v)(1 - e^(-t/tau)) < v_th - v
        return (v_inf - v) * -math.expm1(-t / tau) < v_th - v

    if v_inf <= v_th or below(longest):
        return None
    low, high = 0.0, longest
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if below(middle) else (low, middle)
    return 0.5 * (low + high)


def simulate_lif(I, dt, R, tau, v_rest, v_th, v_reset, t_ref):
    """Walks from event to event; times are kept relative to the step they lie in."""
    v, refractory = float(v_rest), 0.0
    V, spikes = [], []
    for i, current in enumerate(I):
        v_inf = v_rest + R * float(current)
        gone = 0.0  # of this step
        while True:
            pause = min(refractory, dt - gone)
            refractory -= pause
            gone += pause
            if dt - gone <= 0:
                break
            wait = _crossing(v, v_inf, v_th, tau, dt - gone)
            if wait is None:
                v += (v_inf - v) * -math.expm1(-(dt - gone) / tau)
                break
            gone += wait
            spikes.append(i * dt + gone)
            v, refractory = float(v_reset), t_ref
        V.append(v)
    return np.array(V, dtype=np.float64), np.array(spikes, dtype=np.float64)


def firing_rate(I, R, tau, v_rest, v_th, v_reset, t_ref):
    """1 / (t_ref + the time from v_reset to v_th), that time bisected."""
    rates = []
    for current in I:
        v_inf = v_rest + R * float(current)
        wait = _crossing(v_reset, v_inf, v_th, tau, 60 * tau)  # e^-60: longer than any double can tell from never
        rates.append(0.0 if wait is None else 1 / (t_ref + wait))
    return np.array(rates, dtype=np.float64)


def fano_factor(counts):
    """In whole numbers: n Σ c² - (Σ c)² is exact, and so is its quotient but for the last rounding."""
    counts = [int(count) for count in counts]
    n, total = len(counts), sum(counts)
    if total == 0:
        return math.nan
    return (n * sum(count * count for count in counts) - total * total) / ((n - 1) * total)
