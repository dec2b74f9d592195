import math

import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, assert_same, assert_within, laid_out
from reference.neuroscience import leaky_integrate_and_fire as reference

# R, tau, v_rest, v_th, v_reset, t_ref
UNIT = (1.0, 1.0, 0.0, 1.0, 0.0, 0.0)  # tau = 1, and V in thresholds above rest
CORTEX = (10.0, 20.0, -70.0, -50.0, -70.0, 2.0)  # MΩ, ms, mV
UNEVEN = (8.0, 12.5, -65.0, -48.0, -72.0, 3.5)  # reset below rest
SHORT = (8.0, 12.5, -65.0, -48.0, -60.0, 0.3)  # reset above rest, refractory for less than a step
LN2 = math.log(2.0)


# --- by hand ---


def test_rate_by_hand(kata):
    """from 0 to 1 under v_inf = 2 takes ln 2, under v_inf = 4/3 ln 4"""
    assert_close(kata.firing_rate(np.array([2.0, 4 / 3]), *UNIT), np.array([1 / LN2, 1 / (2 * LN2)]))


def test_refractory_time_is_part_of_the_interval(kata):
    """1 / (t_ref + ln 2): the longest pause bounds the rate"""
    assert_close(kata.firing_rate(np.array([2.0]), *UNIT[:5], 0.5), np.array([1 / (0.5 + LN2)]))


def test_no_rate_at_or_below_threshold(kata):
    """v_inf <= v_th never fires: 0, not NaN, at v_inf = v_th as well"""
    assert_close(kata.firing_rate(np.array([1.0, 0.5, 0.0, -3.0]), *UNIT), np.zeros(4))
    assert_close(kata.firing_rate(np.array([2.0]), *CORTEX), np.zeros(1))


@pytest.mark.parametrize("excess", [2.0**-8, 2.0**-30])
def test_just_above_threshold_there_is_a_rate(kata, excess):
    """v_inf = v_th (1 + x) has the interval ln(1 + 1/x), and so has the simulation"""
    neuron = (1.0, 1.0, 0.0, 1.0, 0.0, 0.0)
    interval = math.log(1 + 1 / excess)
    assert_close(kata.firing_rate(np.array([1 + excess]), *neuron), np.array([1 / interval]), scale=1 / excess)
    _, spikes = kata.simulate_lif(np.array([1 + excess]), 1.5 * interval, *neuron)
    assert_close(spikes, np.array([interval]), scale=1 / excess)


def test_rates_of_a_cortical_cell(kata):
    """2.1, 3 and 5 nA give 15.900666, 41.714907 and 81.856422 Hz with tau and t_ref in seconds"""
    R, _, *levels, _ = CORTEX
    rates = kata.firing_rate(np.array([2.0, 2.1, 3.0, 5.0]), R, 0.02, *levels, 0.002)
    assert_within(rates - np.array([0.0, 15.900666, 41.714907, 81.856422]), 6e-7, "rate - known rate in Hz")


def test_voltage_without_spike(kata):
    """V[i] is at the end of step i: under I = 1/2 for t = ln 2, 2 ln 2 it is 1/4, 3/8; then it decays by half"""
    V, spikes = kata.simulate_lif(np.array([0.5, 0.5, 0.0, -1.0]), LN2, *UNIT)
    assert_close(V, np.array([0.25, 0.375, 0.1875, -0.40625]), scale=1.0)
    assert_same(spikes, np.zeros(0))


def test_spike_between_grid_points(kata):
    """v_inf = 2 meets the threshold at ln 2; V is 0 there and grows again for the rest of the step"""
    V, spikes = kata.simulate_lif(np.array([2.0]), 1.0, *UNIT)
    assert_close(spikes, np.array([LN2]))
    assert_close(V, np.array([2 - 4 / math.e]), scale=1.0)


def test_voltage_waits_at_reset(kata):
    """refractory for 2 from ln 2 on: V is v_reset = 1/2 at 1 and 2, and free for 3 - ln 2 - 2 before 3"""
    V, spikes = kata.simulate_lif(np.full(3, 2.0), 1.0, *UNIT[:4], 0.5, 2.0)
    assert_close(spikes, np.array([LN2]))
    assert_close(V, np.array([0.5, 0.5, 2 - 1.5 * math.exp(LN2 - 1)]), scale=1.0)


def test_many_spikes_in_one_step(kata):
    """one step of length 4 under v_inf = 2, refractory for 1/4: a spike each ln 2 + 1/4"""
    V, spikes = kata.simulate_lif(np.array([2.0]), 4.0, *UNIT[:5], 0.25)
    assert_close(spikes, LN2 + (LN2 + 0.25) * np.arange(4), scale=4.0)
    assert_close(V, np.array([2 - 2 * math.exp(-(4 - 4 * (LN2 + 0.25)))]), scale=4.0)


def test_a_hundred_spikes_in_one_step(kata):
    """a step of 100 with an interval of ln 2 has 144"""
    _, spikes = kata.simulate_lif(np.array([2.0]), 100.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0)
    assert_close(spikes, math.log(2) * np.arange(1, 145), scale=100.0)


def test_threshold_is_never_reached_by_itself(kata):
    """v_inf = v_th: V comes as near as it likes, and there is no spike"""
    V, spikes = kata.simulate_lif(np.ones(4), LN2, *UNIT)
    assert_close(V, 1 - 0.5 ** np.arange(1.0, 5.0), scale=1.0)
    assert_same(spikes, np.zeros(0))


def test_fano_by_hand(kata):
    """variance with n - 1 over mean: 1, 3, 5 give 4/3; 0, 2 give 2; a clock gives 0"""
    assert_close(kata.fano_factor(np.array([1, 3, 5])), 4 / 3)
    assert_close(kata.fano_factor(np.array([0, 2])), 2.0)
    assert_close(kata.fano_factor(np.array([7, 7, 7, 7])), 0.0)


def test_fano_of_rare_and_of_many(kata):
    """one spike in 25 counts: 1/25 over 1/25; and 2⁴⁰ + 1, + 3, + 5: 4 over 2⁴⁰ + 3"""
    assert_close(kata.fano_factor(np.eye(25, dtype=np.int64)[3]), 1.0)
    assert_close(kata.fano_factor(2**40 + np.array([1, 3, 5])), 4 / (2**40 + 3))


def test_fano_of_silence(kata):
    """all counts 0: NaN, not an error"""
    assert_same(kata.fano_factor(np.zeros(3, dtype=np.int64)), math.nan)


# --- laws ---


@pytest.mark.parametrize("dt", [0.3, 5.0, 70.0])
def test_intervals_are_one_over_the_rate(kata, dt):
    """first spike at tau ln((v_inf - v_rest) / (v_inf - v_th)), then one every 1 / rate, for all dt"""
    R, tau, v_rest, v_th, _, _ = UNEVEN
    I, v_inf = 2.7, v_rest + R * 2.7
    interval = 1 / kata.firing_rate(np.array([I]), *UNEVEN)[0]
    spikes = kata.simulate_lif(np.full(int(210 / dt), I), dt, *UNEVEN)[1]
    first = tau * math.log((v_inf - v_rest) / (v_inf - v_th))
    want = np.arange(first, 210, interval)
    assert_close(spikes, want, scale=2000.0)


@pytest.mark.parametrize("neuron", [CORTEX, UNEVEN, SHORT])
def test_a_step_may_be_cut_in_pieces(kata, rng, neuron):
    """each step as three of a third: the same spikes, the same voltage where the grids meet"""
    I = rng.uniform(-1, 8, 30)
    V, spikes = kata.simulate_lif(I, 3.0, *neuron)
    fine, same_spikes = kata.simulate_lif(np.repeat(I, 3), 1.0, *neuron)
    assert_close(fine[2::3], V, scale=1e4)
    assert_close(same_spikes, spikes, scale=1e4)


def test_units_are_free(kata, rng):
    """time in other units, voltage shifted and scaled: rates scale with 1/time, spikes with time"""
    R, tau, *levels, t_ref = UNEVEN
    I = rng.uniform(2.5, 6, 12)
    moved = (4 * R, tau / 8, *(4 * v + 16 for v in levels), t_ref / 8)
    assert_close(kata.firing_rate(I, *moved), 8 * kata.firing_rate(I, *UNEVEN), scale=10.0)
    V, spikes = kata.simulate_lif(I, 4.0, *UNEVEN)
    assert_close(kata.simulate_lif(I, 0.5, *moved), (4 * V + 16, spikes / 8), scale=1e4)


# --- the oracle ---


@pytest.mark.parametrize("neuron", [CORTEX, UNEVEN, SHORT, (*UNEVEN[:5], 0.0)])
def test_rate_agrees_with_bisection(kata, rng, neuron):
    assert_agrees(kata.firing_rate, reference.firing_rate, rng.uniform(-3, 12, 9), *neuron, floor=1.0)


@pytest.mark.parametrize("dt", [0.5, 4.0, 30.0])
@pytest.mark.parametrize("neuron", [CORTEX, UNEVEN, SHORT])
def test_simulation_agrees_with_bisection(kata, rng, neuron, dt):
    """a current that changes every step, with steps shorter and longer than all there is"""
    I = rng.uniform(-2, 9, {0.5: 120, 4.0: 25, 30.0: 5}[dt])
    assert_agrees(kata.simulate_lif, reference.simulate_lif, I, dt, *neuron, floor=1e4)


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    I = fresh_rng.uniform(-2, 9, 20)
    levels = fresh_rng.uniform(-70, -60), fresh_rng.uniform(-52, -46), fresh_rng.uniform(-80, -57)
    neuron = (fresh_rng.uniform(5, 12), fresh_rng.uniform(8, 25), *levels, fresh_rng.uniform(0, 6))
    assert_agrees(kata.simulate_lif, reference.simulate_lif, I, 3.0, *neuron, floor=1e4)


@pytest.mark.parametrize("mean", [0.7, 40.0, 1e6])
def test_fano_agrees_with_whole_numbers(kata, rng, mean):
    """the variance of numbers near a million is found from their deviations, not from their squares"""
    counts = (mean + rng.integers(0, 4, 25)).astype(np.int64)
    assert_close(kata.fano_factor(counts), reference.fano_factor(counts))


# --- the Poisson process ---


def test_spikes_are_ascending_and_in_their_steps(kata, rng):
    """rates of 0 leave their steps empty, and the times ascend"""
    times = kata.poisson_spikes(np.array([0.0, 400.0, 0.0, 0.0, 800.0, 0.0]), 0.5, rng)
    assert_same(np.unique(np.floor(times / 0.5)), np.array([1.0, 4.0]))
    assert_same(np.sort(times), times)


def test_number_of_spikes_is_rate_times_dt(kata, rng):
    """each step of its own rate: mean rate[i] dt and variance the same, five standard errors"""
    rate = np.array([10.0, 2.0, 40.0])
    times = kata.poisson_spikes(np.repeat(rate, 20_000), 0.05, rng)
    counts = np.bincount((times / 0.05).astype(np.int64), minlength=60_000)[:60_000].reshape(3, 20_000)
    lam = rate * 0.05
    assert_within((counts.mean(axis=1) - lam) / np.sqrt(lam / 20_000), 5.0, "z of the mean count of each rate")
    error = np.sqrt((lam + 2 * lam**2) / 20_000)
    assert_within((counts.var(axis=1) - lam) / error, 5.0, "z of the variance of each rate")
    correlation = np.corrcoef(counts[2, 1:], counts[2, :-1])[0, 1]
    assert_within(correlation * np.sqrt(20_000), 5.0, "z of the correlation of neighbouring steps")


def test_the_total_varies_as_well(kata, rng):
    """24 totals of mean 20: 23 s² / 20 is χ² of 23 degrees of freedom, beyond these bounds once in ten million"""
    totals = [len(kata.poisson_spikes(np.full(5, 4.0), 1.0, each)) for each in rng.spawn(24)]
    chi2 = 23 * np.var(totals, ddof=1) / 20
    assert 3.0 < chi2 < 80.0, f"23 s² / 20 = {chi2:.3g}"


def test_spikes_lie_anywhere_in_their_step(kata, rng):
    """the time since the step began is uniform: mean dt/2 and mean square dt²/3"""
    phase = kata.poisson_spikes(np.full(2_000, 2.5), 2.0, rng) / 2.0 % 1.0
    n = len(phase)
    assert_within((phase.mean() - 1 / 2) * math.sqrt(12 * n), 5.0, "z of the mean")
    assert_within(((phase**2).mean() - 1 / 3) * math.sqrt(45 / 4 * n), 5.0, "z of the mean square")


def test_intervals_are_exponential(kata, rng):
    """constant rate 5: intervals of mean 1/5 and coefficient of variation 1, also within a step"""
    gaps = np.diff(kata.poisson_spikes(np.full(5_000, 5.0), 1.0, rng))
    n = len(gaps)
    assert_within((gaps.mean() - 0.2) * math.sqrt(n) / 0.2, 5.0, "z of the mean interval")
    assert_within((gaps.std() / gaps.mean() - 1) * math.sqrt(n), 5.0, "z of the coefficient of variation")


def test_another_generator_gives_another_train(kata, rng):
    """all randomness comes from rng"""
    rate = np.full(10, 10.0)
    first, second = (kata.poisson_spikes(rate, 1.0, generator) for generator in rng.spawn(2))
    assert len(first) != len(second) or (first != second).all()


# --- nasty inputs ---


def test_no_logarithm_of_negative_numbers(kata):
    """subthreshold currents are left out, not computed and thrown away: no floating-point error is hidden"""
    with np.errstate(divide="raise", invalid="raise"):
        rates = kata.firing_rate(np.array([2.0, 1.0, -1.0, -50.0]), *UNIT)
    assert_close(rates, np.array([1 / LN2, 0.0, 0.0, 0.0]))


def test_nothing_in_nothing_out(kata, rng):
    """empty currents and rates give empty float64 arrays"""
    nothing = np.zeros(0)
    assert_same(kata.firing_rate(nothing, *CORTEX), nothing)
    assert_same(kata.simulate_lif(nothing, 1.0, *CORTEX), (nothing, nothing))
    assert_same(kata.poisson_spikes(nothing, 1.0, rng), nothing)
    assert_same(kata.poisson_spikes(np.zeros(4), 1.0, rng), nothing)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    I = laid_out(layout, rng.uniform(-2, 9, 12))
    assert_agrees(kata.firing_rate, reference.firing_rate, I, *CORTEX, floor=1.0)
    assert_agrees(kata.simulate_lif, reference.simulate_lif, I, 4.0, *CORTEX, floor=1e4)
