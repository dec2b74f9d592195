"""`kata watch` and `kata drill` in a real terminal: keys, faults, kills, and nothing that a learner wrote is lost."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time

import pytest

from dojo.practice.attempt import attempts
from dojo.practice.log import Log
from dojo.tests.terminal import KATA, Terminal

RIGHT = "import numpy as np\ndef double(x): return 2 * x\ndef total(x): return float(np.add.reduce(x, axis=None))\n"
WRONG = RIGHT.replace("2 * x", "x * x")
GREEN, RED = r"3 of 3 passed", r"[012] of 3 passed"


@pytest.fixture
def run(house):
    """Starts the command in a terminal of its own."""
    started = []

    def start(*args, **env):
        terminal = Terminal([*KATA, *args], house.root, {**house.env, **env}, columns=env.pop("columns", 100))
        started.append(terminal)
        return terminal

    yield start
    for terminal in started:
        terminal.close()


def log(house):
    return Log(house.root / "home")


# --- watch ---


def test_a_save_is_graded_and_the_mistake_named(house, run):
    watch = run("watch", "scaling")
    watch.wait_for("double is not written yet")
    house.learn(WRONG)
    watch.wait_for("mistake  this is x squared: right for 0 and 2 only")
    house.learn(RIGHT)
    watch.wait_for(GREEN)
    assert [r.kind for r in log(house).records()] == ["green"]


def test_kata_alone_takes_up_the_next_kata(house, run):
    run().wait_for("double is not written yet")


def test_keys(house, run):
    watch = run("watch", "scaling")
    watch.wait_for("q quit")
    watch.type("h")
    watch.wait_for("hint 1 of 3: think of twice")
    watch.type("\n")
    watch.wait_for("0 of 3 passed")
    watch.type("s")
    watch.wait_for("Not green yet: s once more shows the worked answer")
    watch.type("s")
    watch.wait_for(r"return 2 \* x")
    watch.type("l")
    watch.wait_for("1 katas")
    watch.type("n")
    watch.wait_for("q quit")
    watch.type("q")
    assert watch.ended() == 0


def test_open_starts_the_editor(house, run):
    watch = run("watch", "scaling", VISUAL=f"{sys.executable} -c \"import sys; print('editing', sys.argv[1])\"")
    watch.wait_for("q quit")
    watch.type("o")
    watch.wait_for(r"editing .*scaling\.py")


def test_it_never_leaves_a_kata_by_itself(house, run):
    house.learn(RIGHT)
    watch = run("watch", "scaling")
    watch.wait_for(GREEN)
    assert watch.ended(1.0) is None


def test_ctrl_c_leaves_a_clean_terminal_and_exit_code_0(house, run):
    import termios

    watch = run("watch", "scaling")
    before = termios.tcgetattr(watch.fd)
    watch.wait_for("q quit")
    watch.type("\x03")
    assert watch.ended() == 0
    echo = termios.ECHO | termios.ICANON
    assert termios.tcgetattr(watch.fd)[3] & echo == echo
    assert before is not None


def test_a_closed_terminal_ends_it_and_everything_it_started(house, run):
    watch = run("watch", "scaling")
    watch.wait_for("q quit")
    watch.hang_up()
    watch.process.wait(10)
    time.sleep(0.5)
    left = subprocess.run(["pgrep", "-f", str(house.root)], capture_output=True, text=True).stdout
    assert not left.strip()


def test_rename_on_save_and_a_deleted_file(house, run):
    watch = run("watch", "scaling")
    watch.wait_for("q quit")
    part = house.stub.with_suffix(".tmp")
    part.write_text(RIGHT)
    house.stub.unlink()
    time.sleep(0.1)
    part.rename(house.stub)
    watch.wait_for(GREEN)
    house.stub.unlink()
    watch.wait_for("is gone: save it again, or `kata reset scaling`")
    house.learn(RIGHT)
    watch.wait_for(GREEN)


def test_a_newer_save_stops_the_running_check(house, run):
    watch = run("watch", "scaling")
    watch.wait_for("q quit")
    house.learn("while True: pass\n")
    time.sleep(0.3)
    began = time.monotonic()
    house.learn(RIGHT)
    assert watch.wait_for(GREEN) - began < 2.0


def test_a_resized_window_is_drawn_anew(house, run):
    watch = run("watch", "scaling")
    watch.wait_for("q quit")
    watch.resize(60, 20)
    watch.wait_for("double is not written yet")


def test_no_colour_where_none_is_wanted(house, run):
    watch = run("watch", "scaling", NO_COLOR="1")
    watch.wait_for("q quit")
    house.learn(WRONG)
    while "mistake" not in watch.output:
        watch.read(0.1)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", watch.output)


def test_without_a_terminal_it_prints_plain_text(house):
    code = "from dojo.cli import main; main(['watch', 'scaling'])"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=house.root, env=house.env, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    out = process.communicate()[0].decode()
    assert "double is not written yet" in out
    assert "\x1b" not in out


# --- drill ---


def attempt_file(house):
    return max((house.root / "attempts/scaling").glob("*.py"))


def test_a_drill_solved_is_rated(house, run):
    drill = run("drill", "scaling")
    drill.wait_for("q leave")
    drill.wait_for(r"[45]:\d\d left")
    attempt_file(house).write_text(RIGHT)
    drill.wait_for("Rated good: half the time, but at first sight")
    drill.type("e")
    assert drill.ended() == 0
    (finished,) = log(house).records("finished")
    assert finished.data["rating"] == "easy"
    assert finished.data["suggested"] == "good"
    assert finished.data["solved"]
    assert "NotImplementedError" in house.stub.read_text()  # what was there before is untouched


def test_the_bell_grades_the_file_as_it_stands_and_overtime_is_noted(house, run):
    topic = house.topic.read_text()
    house.topic.write_text(topic.replace("minutes = 5", "minutes = 1"))
    drill = run("drill", "scaling")
    drill.wait_for("q leave")
    started = log(house).records("started")[0]
    path = house.root / "home" / "records.jsonl"
    back = started.time.isoformat().replace(started.time.isoformat()[:4], "2020")
    drill.type("p")
    time.sleep(0.3)
    drill.type("q")
    drill.wait_for("pauses")
    drill.type("p")
    drill.ended()
    path.write_text(path.read_text().replace(started.time.isoformat(), back))  # it began long ago
    again = run("drill", "--resume")
    again.wait_for("The bell. Go on if you like: overtime is noted.")
    attempt_file(house).write_text(RIGHT)
    again.wait_for("Rated again: over twice the time")
    (bell,) = log(house).records("bell")
    assert bell.data["solved"] is False


def test_leaving_pauses_and_resume_takes_it_up(house, run):
    drill = run("drill", "scaling")
    drill.wait_for("q leave")
    attempt_file(house).write_text(WRONG)
    drill.wait_for("mistake")
    drill.type("q")
    drill.wait_for("gives up")
    drill.type("p")
    assert drill.ended() == 1
    again = run("drill", "--resume")
    again.wait_for("mistake")
    kinds = [r.kind for r in log(house).records()]
    assert kinds[:4] == ["started", "run", "paused", "resumed"]


def test_giving_up_is_rated_again(house, run):
    drill = run("drill", "scaling")
    drill.wait_for("q leave")
    drill.type("q")
    drill.wait_for("gives up")
    drill.type("g")
    assert drill.ended() == 1
    (finished,) = log(house).records("finished")
    assert (finished.data["rating"], finished.data["reason"]) == ("again", "given up")


def test_deleting_or_skipping_tests_is_no_pass(house, run):
    drill = run("drill", "scaling")
    drill.wait_for("q leave")
    tests = (house.root / "katas/toy/test_scaling.py").read_text()
    drill.type("q")
    drill.wait_for("gives up")
    drill.type("p")
    drill.ended()
    house.write("katas/toy/test_scaling.py", tests[: tests.index("def test_total_agrees")])
    attempt_file(house).write_text(RIGHT.replace("np.add.reduce(x, axis=None)", "0"))
    again = run("drill", "--resume")
    again.wait_for("2 of 2 passed")
    again.type("p")
    (attempt,) = attempts(log(house).records()).values()
    assert attempt.green is None


KILLS = 200


@pytest.mark.slow
def test_killed_at_random_moments_a_drill_loses_nothing(house):
    """SIGKILL at a random moment, again and again: every text seen graded is there, no record is torn or doubled."""
    chance = random.Random(0)
    texts = set()
    for number in range(int(os.environ.get("KILLS", KILLS // 20))):
        resume = ["--resume"] if log(house).records("started") else ["scaling"]
        drill = Terminal([*KATA, "drill", *resume], house.root, house.env)
        try:
            drill.wait_for("q leave|pytest starts")
            if (house.root / "attempts").exists():
                text = WRONG + f"# {number}\n"
                attempt_file(house).write_text(text)
                texts.add(text)
            until = time.monotonic() + chance.uniform(0, 1.2)
            while time.monotonic() < until:
                drill.read(0.02)
        finally:
            os.killpg(drill.process.pid, signal.SIGKILL)
            drill.close()
        assert not texts or attempt_file(house).read_text() in texts
    lines = [line for line in (house.root / "home/records.jsonl").read_text().splitlines() if line.strip()]
    whole = []
    for line in lines:
        try:
            whole.append(json.loads(line))
        except ValueError:
            pytest.fail(f"a torn record: {line[:80]}")
    assert len({record["id"] for record in whole}) == len(whole)
    assert len([record for record in whole if record["kind"] == "started"]) == 1
    for record in whole:
        if record["kind"] == "run":
            assert (house.root / "home/texts" / record["data"]["text"]).is_file()


# --- interview ---


def test_an_interview_shows_the_cases_by_hand_and_hand_in_answers_by_category(house, run):
    tests = (house.root / "katas/toy/test_scaling.py").read_text()
    tests = tests.replace("def test_double_by_hand", "# --- by hand ---\n\n\ndef test_double_by_hand")
    house.write(
        "katas/toy/test_scaling.py",
        tests.replace("def test_double_agrees", "# --- laws ---\n\n\ndef test_double_agrees"),
    )
    interview = run("interview", "--minutes", "10")
    interview.wait_for("1 questions, 10 minutes")
    interview.wait_for("0 of 1 passed")
    assert "hint" not in interview.seen.replace("kata hint", "")
    attempt_file(house).write_text(WRONG)
    interview.wait_for("expected")
    said = house.kata("hand-in")
    assert said.returncode == 1
    assert said.stdout.startswith("not yet: values 0/1, laws 1/2")
    attempt_file(house).write_text(RIGHT)
    interview.wait_for("1 of 1 passed")
    interview.type("i")
    interview.wait_for("1 of 1 solved")
    assert interview.ended() == 0
    assert [r.data["right"] for r in log(house).records("handed-in")] == [False, True]
