"""Leaky integrate-and-fire: a neuron as a leaky capacitor with a threshold.

The membrane voltage V leaks back to rest and is driven by a current I through the resistance R:

    tau V' = v_rest - V + R I
    V(t) = v_inf + (V(0) - v_inf) exp(-t / tau)        under constant I, with v_inf = v_rest + R I

When V reaches v_th, the neuron fires: a spike at that very moment, V jumps to v_reset, stays there for the refractory
time t_ref (the current has no effect meanwhile), and then integrates again. Under constant current it fires
regularly, once every t_ref + tau ln((v_inf - v_reset) / (v_inf - v_th)), if v_inf > v_th. At v_inf = v_th the voltage
comes ever nearer to the threshold and does not reach it: no spike.

Neurons of the cortex are far less regular. Their spikes are near a Poisson process: numbers in disjoint intervals are
independent, and each has a variance equal to its mean, a Fano factor of 1.

Units are the caller's, and consistent: with mV, nA, MΩ and ms rates come in 1/ms; with tau in seconds in Hz. Always
tau, R, dt > 0, t_ref >= 0, v_rest < v_th and v_reset < v_th (v_reset may be above or below v_rest). Arrays are
float64; they may be empty.

Rules: no scipy.integrate, brian2 or nest. Inputs are read-only; results are new arrays.

Source: Dayan & Abbott, Theoretical Neuroscience, sec. 1.4 and 5.4; Gerstner et al., Neuronal Dynamics, ch. 1.
"""

import numpy as np


def firing_rate(
    I: np.ndarray, R: float, tau: float, v_rest: float, v_th: float, v_reset: float, t_ref: float
) -> np.ndarray:
    """The rate under each of n constant currents: I of shape (n,) gives (n,), by the closed form.

    0 where v_inf <= v_th. There no logarithm of a negative number and no division by zero is evaluated and thrown
    away: the function also works under `np.errstate(divide="raise", invalid="raise")`.

    >>> firing_rate(np.array([-1.0, 1.0, 2.0]), R=1.0, tau=1.0, v_rest=0.0, v_th=1.0, v_reset=0.0, t_ref=0.0).round(4)
    array([0.    , 0.    , 1.4427])
    """
    raise NotImplementedError


def simulate_lif(
    I: np.ndarray, dt: float, R: float, tau: float, v_rest: float, v_th: float, v_reset: float, t_ref: float
) -> tuple[np.ndarray, np.ndarray]:
    """Voltage and spike times under a current that is I[i] during the step from i dt to (i + 1) dt.

    I: (m,). At time 0, V = v_rest and the neuron is not refractory. Returns (V, spikes):

        V[i]     (m,), the voltage at the END of step i, at time (i + 1) dt; v_reset while refractory
        spikes   (k,), the times of all spikes in (0, m dt], ascending

    While I is constant V is known in closed form, so nothing is approximate: a spike is where that exponential meets
    v_th, between the grid points; the refractory time runs from there, over any number of steps or a part of one; and
    what remains of a step after it is integrated. A long step may hold many spikes. Under constant current all
    intervals are 1 / firing_rate, for every dt.

    >>> V, spikes = simulate_lif(np.array([2.0, 0.0]), 1.0, 1.0, 1.0, v_rest=0.0, v_th=1.0, v_reset=0.0, t_ref=0.0)
    >>> spikes.round(4), V.round(4)  # ln 2; then 2 (1 - exp(-(1 - ln 2))), and its decay
    (array([0.6931]), array([0.5285, 0.1944]))
    """
    raise NotImplementedError


def poisson_spikes(rate: np.ndarray, dt: float, rng: np.random.Generator) -> np.ndarray:
    """Spike times of a Poisson process with the rate rate[i] >= 0 from i dt to (i + 1) dt.

    rate: (m,), spikes per unit of time. Returns (k,) float64, ascending. The process is exact, not one coin a step:
    step i holds a Poisson number of spikes of mean rate[i] dt, more than one if it so happens, and each lies anywhere
    in its step with equal probability, all independently. rng is the only source of randomness; how it is used is
    free.

    >>> poisson_spikes(np.zeros(3), 0.1, np.random.default_rng(0))
    array([], dtype=float64)
    """
    raise NotImplementedError


def fano_factor(counts: np.ndarray) -> float:
    """Variance over mean of spike counts, the variance with n - 1: counts is (n,) int64, n >= 2.

    1 for a Poisson process, 0 for a clock. NaN if all counts are 0. Large counts lose no digits to cancellation.

    >>> fano_factor(np.array([1, 3, 5]))  # variance 4, mean 3
    1.3333333333333333
    """
    raise NotImplementedError
