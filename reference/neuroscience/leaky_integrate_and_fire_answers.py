"""Known answers for leaky_integrate_and_fire."""

import math

import numpy as np

from dojo.answers import accepted, equivalent, rejected


@accepted("recursion over what is left of the step; the closed form with a quotient, one current at a time")
class recursive:
    def firing_rate(I, R, tau, v_rest, v_th, v_reset, t_ref):
        def one(v_inf):
            if v_inf <= v_th:
                return 0.0
            return 1 / (t_ref - tau * math.log((v_inf - v_th) / (v_inf - v_reset)))

        return np.array([one(v_rest + R * float(current)) for current in I], dtype=np.float64)

    def simulate_lif(I, dt, R, tau, v_rest, v_th, v_reset, t_ref):
        V, spikes = [], []

        def advance(v, pause, left, v_inf, clock):
            if pause >= left:
                return v, pause - left
            left, clock = left - pause, clock + pause
            free = v_inf + (v - v_inf) * math.exp(-left / tau)
            if free < v_th:
                return free, 0.0
            wait = -tau * math.log1p((v_th - v) / (v - v_inf))
            spikes.append(clock + wait)
            return advance(v_reset, t_ref, left - wait, v_inf, clock + wait)

        v, pause = v_rest, 0.0
        for i, current in enumerate(I):
            v, pause = advance(v, pause, dt, v_rest + R * current, i * dt)
            V.append(v)
        return np.array(V, dtype=np.float64), np.array(spikes, dtype=np.float64)


@accepted("time as a running sum, V from its distance to rest, and the rate by numpy's where")
class running:
    def firing_rate(I, R, tau, v_rest, v_th, v_reset, t_ref):
        v_inf = v_rest + R * I
        fires = v_inf > v_th
        ratio = np.divide(v_inf - v_reset, v_inf - v_th, out=np.full(len(I), 2.0), where=fires)
        return np.where(fires, 1 / (t_ref + tau * np.log(ratio)), 0.0)

    def simulate_lif(I, dt, R, tau, v_rest, v_th, v_reset, t_ref):
        top, back = v_th - v_rest, v_reset - v_rest
        V, spikes, u, clock, pause = np.zeros(len(I)), [], 0.0, 0.0, 0.0
        for i in range(len(I)):
            drive, left = R * I[i], dt
            while left > 0:
                if pause > 0:
                    step = min(pause, left)
                    pause -= step
                elif drive > top and u * math.exp(-left / tau) - drive * math.expm1(-left / tau) >= top:
                    step = tau * (math.log(drive - u) - math.log(drive - top))
                    spikes.append(clock + step)
                    u, pause = back, t_ref
                else:
                    step = left
                    u = u * math.exp(-left / tau) - drive * math.expm1(-left / tau)
                left -= step
                clock += step
            V[i] = v_rest + u
        return V, np.array(spikes, dtype=float)


@accepted("time rescaling: unit exponentials between spikes, mapped back through the integral of the rate")
def poisson_spikes(rate, dt, rng):
    integral = np.append(0.0, np.cumsum(rate * dt))
    total = integral[-1]
    n = int(total + 12 * math.sqrt(total) + 30)
    arrivals = np.cumsum(rng.exponential(size=n))
    arrivals = arrivals[arrivals < total]
    step = np.searchsorted(integral, arrivals, side="right") - 1
    return (step + (arrivals - integral[step]) / (rate[step] * dt)) * dt


@accepted("thinning of a process at the highest rate; the Fano factor by a sum")
class thinned:
    def poisson_spikes(rate, dt, rng):
        if len(rate) == 0:
            return np.zeros(0)
        top, T = rate.max(), len(rate) * dt
        times = np.sort(rng.uniform(0, T, rng.poisson(top * T)))
        step = np.minimum((times / dt).astype(int), len(rate) - 1)
        return times[rng.random(len(times)) * top < rate[step]]

    def fano_factor(counts):
        n, total = len(counts), int(counts.sum())
        if total == 0:
            return float("nan")
        mean = total / n
        return sum((c - mean) ** 2 for c in counts.tolist()) / (n - 1) / mean


@rejected("v_inf = v_th does not fire: ln of a division by zero is infinite, and below it is NaN")
def firing_rate(I, R, tau, v_rest, v_th, v_reset, t_ref):
    v_inf = v_rest + R * I
    with np.errstate(all="ignore"):
        rate = 1 / (t_ref + tau * np.log(np.abs((v_inf - v_reset) / (v_inf - v_th))))
    return np.where(v_inf >= v_th, np.where(v_inf == v_th, 1 / t_ref if t_ref else np.inf, rate), 0.0)


@rejected("np.where evaluates both branches: the logarithm of a negative number is computed, then thrown away")
def firing_rate(I, R, tau, v_rest, v_th, v_reset, t_ref):
    v_inf = v_rest + R * I
    return np.where(v_inf > v_th, 1 / (t_ref + tau * np.log((v_inf - v_reset) / (v_inf - v_th))), 0.0)


@rejected("the refractory time belongs to every interval: 1 / (t_ref + tau ln ...)")
def firing_rate(I, R, tau, v_rest, v_th, v_reset, t_ref):
    above = v_rest + R * I - v_th
    rate = np.zeros(len(I))
    rate[above > 0] = 1 / (tau * np.log1p((v_th - v_reset) / above[above > 0]))
    return rate


@rejected("after a spike V starts from v_reset, not from v_rest")
def firing_rate(I, R, tau, v_rest, v_th, v_reset, t_ref):
    above = v_rest + R * I - v_th
    rate = np.zeros(len(I))
    rate[above > 0] = 1 / (t_ref + tau * np.log1p((v_th - v_rest) / above[above > 0]))
    return rate


@rejected("this is in Hz where tau is in ms: rates come in the inverse of the unit given")
def firing_rate(I, R, tau, v_rest, v_th, v_reset, t_ref):
    above = v_rest + R * I - v_th
    rate = np.zeros(len(I))
    rate[above > 0] = 1000 / (t_ref + tau * np.log1p((v_th - v_reset) / above[above > 0]))
    return rate


@rejected("forward Euler: the voltage relaxes exponentially, and between two grid points that is known exactly")
def simulate_lif(I, dt, R, tau, v_rest, v_th, v_reset, t_ref):
    V, spikes, v, free = np.zeros(len(I)), [], v_rest, 0.0
    for i in range(len(I)):
        t = (i + 1) * dt
        if t > free:
            v = v + dt / tau * (v_rest - v + R * I[i])
        if v >= v_th:
            spikes.append(t)
            v, free = v_reset, t + t_ref
        V[i] = v
    return V, np.array(spikes, dtype=float)


@rejected("the spike is put at the end of its step: it is where the exponential meets the threshold")
def simulate_lif(I, dt, R, tau, v_rest, v_th, v_reset, t_ref):
    V, spikes, v, free = np.zeros(len(I)), [], v_rest, 0.0
    for i in range(len(I)):
        t, v_inf = (i + 1) * dt, v_rest + R * I[i]
        if t > free:
            v = v_inf + (v - v_inf) * math.exp(-dt / tau)
        if v >= v_th:
            spikes.append(t)
            v, free = v_reset, t + t_ref
        V[i] = v
    return V, np.array(spikes, dtype=float)


@rejected("the spike time is exact, but V starts again at the end of the step: what is left of the step is lost")
def simulate_lif(I, dt, R, tau, v_rest, v_th, v_reset, t_ref):
    V, spikes, v, now = np.zeros(len(I)), [], v_rest, 0.0
    for i in range(len(I)):
        end, v_inf = (i + 1) * dt, v_rest + R * I[i]
        if now < end:
            now = max(now, i * dt)
            until = tau * math.log((v_inf - v) / (v_inf - v_th)) if v_inf > v_th else math.inf
            if now + until > end:
                v, now = v_inf + (v - v_inf) * math.exp((now - end) / tau), end
            else:
                spikes.append(now + until)
                v, now = v_reset, max(now + until + t_ref, end)
        V[i] = v
    return V, np.array(spikes, dtype=float)


@rejected("the crossing is interpolated linearly: the voltage is an exponential")
def simulate_lif(I, dt, R, tau, v_rest, v_th, v_reset, t_ref):
    V, spikes, v, now = np.zeros(len(I)), [], v_rest, 0.0
    for i in range(len(I)):
        end, v_inf = (i + 1) * dt, v_rest + R * I[i]
        while now < end:
            after = v_inf + (v - v_inf) * math.exp((now - end) / tau)
            if after < v_th:
                v, now = after, end
            else:
                spikes.append(now + (end - now) * (v_th - v) / (after - v))
                v, now = v_reset, spikes[-1] + t_ref
        V[i] = v
    return V, np.array(spikes, dtype=float)


@rejected("while refractory V stays at v_reset: the current has no effect")
def simulate_lif(I, dt, R, tau, v_rest, v_th, v_reset, t_ref):
    V, spikes, v, now, free = np.zeros(len(I)), [], v_rest, 0.0, 0.0
    for i in range(len(I)):
        end, v_inf = (i + 1) * dt, v_rest + R * I[i]
        while now < end:
            until = tau * math.log((v_inf - v) / (v_inf - v_th)) if v_inf > v_th else math.inf
            until = max(until, free - now)
            if now + until > end:
                v, now = v_inf + (v - v_inf) * math.exp((now - end) / tau), end
            else:
                now += until
                spikes.append(now)
                v, free = v_reset, now + t_ref
        V[i] = v
    return V, np.array(spikes, dtype=float)


@rejected("one spike a step at most: a long step may hold many")
def simulate_lif(I, dt, R, tau, v_rest, v_th, v_reset, t_ref):
    V, spikes, v, now = np.zeros(len(I)), [], v_rest, 0.0
    for i in range(len(I)):
        end, v_inf = (i + 1) * dt, v_rest + R * I[i]
        until = tau * math.log((v_inf - v) / (v_inf - v_th)) if v_inf > v_th else math.inf
        if now < end and now + until <= end:
            spikes.append(now + until)
            v, now = v_reset, now + until + t_ref
        if now < end:
            v, now = v_inf + (v - v_inf) * math.exp((now - end) / tau), end
        V[i] = v
    return V, np.array(spikes, dtype=float)


@rejected("V[i] is the voltage at the end of step i; this one is at its start")
def simulate_lif(I, dt, R, tau, v_rest, v_th, v_reset, t_ref):
    V, spikes, v, now = np.zeros(len(I)), [], v_rest, 0.0
    for i in range(len(I)):
        V[i] = v
        end, v_inf = (i + 1) * dt, v_rest + R * I[i]
        while now < end:
            until = tau * math.log((v_inf - v) / (v_inf - v_th)) if v_inf > v_th else math.inf
            if now + until > end:
                v, now = v_inf + (v - v_inf) * math.exp((now - end) / tau), end
            else:
                spikes.append(now + until)
                v, now = v_reset, now + until + t_ref
    return V, np.array(spikes, dtype=float)


@rejected("one coin a step: a step can hold several spikes, and the variance falls below the mean")
def poisson_spikes(rate, dt, rng):
    hit = np.flatnonzero(rng.random(len(rate)) < rate * dt)
    return (hit + rng.random(len(hit))) * dt


@rejected("the mean number of spikes in a step is rate * dt, not rate")
def poisson_spikes(rate, dt, rng):
    step = np.repeat(np.arange(len(rate)), rng.poisson(rate))
    return np.sort((step + rng.random(len(step))) * dt)


@rejected("all spikes are put at the start of their step: they lie anywhere in it")
def poisson_spikes(rate, dt, rng):
    return np.repeat(np.arange(len(rate)), rng.poisson(rate * dt)) * dt


@rejected("the variance over n: an estimate from n counts divides by n - 1")
def fano_factor(counts):
    mean = counts.mean()
    return float(counts.var() / mean) if mean > 0 else math.nan


@rejected("this is the coefficient of variation, the standard deviation over the mean: Fano takes the variance")
def fano_factor(counts):
    mean = counts.mean()
    return float(counts.std(ddof=1) / mean) if mean > 0 else math.nan


@rejected("E[c²] - E[c]² in floating point: the variance of large counts drowns in rounding")
def fano_factor(counts):
    c = counts.astype(np.float64)
    mean, n = c.mean(), len(c)
    return float(((c**2).mean() - mean**2) * n / (n - 1) / mean) if mean > 0 else math.nan


equivalent(
    "if now + until > end:",
    "if now + until >= end:",
    "a spike at the very end of a step is then found at the beginning of the next, zero time later",
)
