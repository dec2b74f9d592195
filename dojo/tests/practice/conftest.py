"""A data folder for each test, a clock to turn by hand, and a month of practice that nobody did."""

import os
import random
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from dojo.practice import home, schedule
from dojo.practice.attempt import attempts
from dojo.practice.log import Log


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


class HandClock:
    """now() stays where it is until somebody turns it."""

    def __init__(self, start=datetime(2026, 1, 5, 18, tzinfo=UTC)):
        self.time = start

    def __call__(self):
        return self.time

    def turn(self, seconds=0.0, **more):
        self.time += timedelta(seconds=seconds, **more)


@pytest.fixture
def hands():
    return HandClock()


@pytest.fixture
def log(folder, hands):
    return Log(folder, now=hands, tz=UTC)


TESTS = ["test_shape", "test_case_by_hand", "test_adjoint", "test_oracle", "test_large_inputs"]


@pytest.fixture
def start(log):
    """Starts an attempt and returns its id."""

    def start(slug="softmax", minutes=20, version="v1", first_sight=False):
        path = f"attempts/{slug}/1.py"
        return log.append(
            "started",
            slug=slug,
            path=path,
            minutes=minutes,
            tests=TESTS,
            version=version,
            first_sight=first_sight,
        ).id

    return start


@pytest.fixture
def run(log):
    """Records a run in which the tests named failed."""

    def run(attempt, *failed, slug="softmax", complete=True, outcome="failed"):
        passed = [test for test in TESTS if test not in failed]
        outcomes = dict.fromkeys(failed, outcome)
        digest = home.keep(f"{slug} {attempt} {failed}")
        return log.append(
            "run",
            slug=slug,
            attempt=attempt,
            text=digest,
            passed=passed,
            failed=outcomes,
            seconds=0.1,
            complete=complete,
        )

    return run


@pytest.fixture
def finish(log, hands):
    """Ends an attempt with the rating suggested, or another."""

    def finish(attempt, rating=None):
        one = attempts(log.records())[attempt]
        suggested, reason = schedule.suggest(one, hands())
        return log.append(
            "finished",
            slug=one.slug,
            attempt=attempt,
            version=one.start.data["version"],
            solved=one.green is not None,
            elapsed=one.elapsed(hands()),
            rating=rating or suggested,
            suggested=suggested,
            reason=reason,
        )

    return finish


CATALOGUE = {
    "linear_algebra": ["matrix_multiply", "qr_by_householder", "power_iteration"],
    "calculus": ["jacobian_vector_product", "reverse_mode_autodiff", "newton_step"],
    "probability": ["log_sum_exp", "gaussian_log_density", "importance_sampling"],
    "deep_learning": ["softmax", "layer_norm", "scaled_dot_product_attention", "adam_step"],
    "reinforcement_learning": ["value_iteration", "generalized_advantage_estimation", "policy_gradient"],
}


@pytest.fixture
def katas():
    return [
        SimpleNamespace(slug=slug, topic=topic, minutes=10 + 5 * (n % 4), level=1 + n % 4)
        for topic, slugs in CATALOGUE.items()
        for n, slug in enumerate(slugs)
    ]


@pytest.fixture
def month(log, hands, start, run, finish, katas, monkeypatch):
    """30 evenings, a few of them missed: what is due first, then something new. Ends on the last evening."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # a thousand of them, for a month nobody could lose
    rng, new = random.Random(0), list(katas)
    by_slug, skill = {kata.slug: kata for kata in katas}, {kata.slug: rng.uniform(0.6, 1.7) for kata in katas}

    def drill(kata):
        attempt = start(kata.slug, kata.minutes, first_sight=kata in new)
        share = max(0.25, skill[kata.slug] * rng.uniform(0.7, 1.3))
        failed = [test for test in TESTS[1:] if rng.random() < 0.4 * skill[kata.slug]]
        for part in (0.5, 0.8, 1.0):
            hands.turn(60 * kata.minutes * share * (0.5 if part == 0.5 else 0.25))
            if share > 1.2 and part == 0.8:
                log.append("hint", slug=kata.slug, attempt=attempt, number=1 if share < 1.6 else 2)
            if part < 1:
                run(attempt, *failed, slug=kata.slug)
            failed = failed[1:]
        if share < 2 and rng.random() < 0.9:
            run(attempt, slug=kata.slug)
        finish(attempt)
        skill[kata.slug] *= 0.8

    for evening in range(30):
        hands.time = datetime(2026, 1, 5, 18, tzinfo=UTC) + timedelta(evening)
        if evening < 29 and rng.random() < 0.2:
            continue
        due = [one.slug for one in schedule.due(log.records(), hands(), tz=UTC)][: rng.choice([1, 2, 3])]
        for slug in due:
            drill(by_slug[slug])
        if new and (evening % 2 == 0 or not due):
            drill(rng.choice(new) if evening > 8 else new[0])
            new = [kata for kata in new if kata.slug not in {r.data["slug"] for r in log.records("started")}]
    return log
