"""Nothing torn, nothing lost, nothing doubled."""

import io
import json
import os
import random
import signal
import time
import uuid

import pytest

from dojo.practice import home
from dojo.practice.home import PracticeError
from dojo.practice.log import Log


def ids(log):
    return [record.id for record in log.records()]


def exported(log):
    stream = io.StringIO()
    log.export(stream)
    return stream.getvalue()


def write_until_killed(log, pipe):
    """A child's whole life: announce each record only once append has returned."""
    for n in range(1_000_000):
        text = home.keep(f"{os.getpid()} {n}\n" * 50)
        record = log.append("green", slug="softmax", text=text)
        os.write(pipe, f"{record.id} {text}\n".encode())


def test_forty_writers_killed_at_random_moments_tear_and_double_nothing(folder):
    log, rng = Log(folder), random.Random(0)
    reader, pipe = os.pipe()
    children = []
    for _ in range(40):
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            write_until_killed(log, pipe)
        children.append(pid)
        time.sleep(rng.uniform(0, 0.03))
        if len(children) == 8:
            kill(children.pop(rng.randrange(8)))
    for pid in children:
        kill(pid)
    os.close(pipe)
    with os.fdopen(reader) as pipe_end:
        announced = [line.split() for line in pipe_end]
    lines = [line for line in log.path.read_bytes().split(b"\n") if line]
    found = [json.loads(line)["id"] for line in lines]  # each line is whole
    assert len(announced) > 40
    assert len(found) == len(set(found))
    assert {id for id, _ in announced} <= set(found)
    assert len(found) <= len(announced) + 40  # at most one a writer was on the disk, but not announced
    assert all(home.text(text) for _, text in announced)


def kill(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


@pytest.mark.parametrize("cut", [1, 2, 40, 0])
def test_a_torn_last_line_is_passed_over_and_the_next_record_is_whole(log, cut):
    first = log.append("paused", attempt="a").id
    log.append("resumed", attempt="a")
    data = log.path.read_bytes()
    start = data.rindex(b"\n")
    log.path.write_bytes(data[: start + cut] if cut else data[:-1] + b"\0" * 30)
    assert ids(log) == [first]
    assert ids(log) == [first]
    assert log.append("paused", attempt="a").id == ids(log)[-1]
    assert len(ids(log)) == 2


def test_a_record_reads_as_it_was_written(log, start):
    attempt = start()
    (record,) = log.records()
    assert (record.id, record.time, record.kind) == (attempt, log.now(), "started")
    assert record.data["slug"] == "softmax"
    assert record.data["minutes"] == 20


def test_kinds_choose_records(log, start):
    attempt = start("finished")  # a name that looks like a kind
    log.append("paused", attempt=attempt)
    assert [record.kind for record in log.records("paused", "finished")] == ["paused"]


def test_a_known_kind_without_its_fields_is_refused_at_writing(log):
    with pytest.raises(ValueError, match="'number'"):
        log.append("hint", slug="softmax", attempt=None)
    assert log.records() == []


def test_an_unknown_kind_survives_export_and_import(log, tmp_path):
    log.append("from_the_future", anything={"n": [1, 2]})
    other = Log(tmp_path / "other")
    other.import_(io.StringIO(exported(log)))
    assert other.records() == log.records()


def test_importing_twice_or_back_again_doubles_nothing(log, start, tmp_path):
    start()
    other = Log(tmp_path / "other")
    other.append("paused", attempt="a")
    assert log.import_(io.StringIO(exported(other))) == 1
    assert log.import_(io.StringIO(exported(other))) == 0
    assert other.import_(io.BytesIO(exported(log).encode())) == 1
    assert sorted(ids(log)) == sorted(ids(other))
    assert len(ids(log)) == 2


def test_a_record_twice_in_one_import_comes_in_once(log, start, tmp_path):
    start()
    other = Log(tmp_path / "other")
    assert other.import_(io.StringIO(exported(log) * 2)) == 1
    assert len(ids(other)) == 1


GOOD = {"kind": "x", "id": "1", "time": "2026-01-05T18:00:00+00:00", "day": "2026-01-05", "data": {}}
FINISHED = {
    "slug": "a",
    "attempt": "b",
    "version": "v",
    "solved": True,
    "elapsed": 1,
    "suggested": "good",
    "reason": "",
}


@pytest.mark.parametrize(
    "bad",
    [
        "{", "[]", "7", '"text"', "\x00",
        GOOD | {"time": "yesterday"},
        GOOD | {"time": "2026-01-05T18:00:00"},
        GOOD | {"id": None},
        GOOD | {"data": []},
        GOOD | {"data": {"n": float("nan")}},
        GOOD | {"kind": "hint", "data": {"slug": "softmax"}},
        GOOD | {"kind": "finished", "data": FINISHED | {"rating": "splendid"}},
        {key: GOOD[key] for key in GOOD if key != "day"},
    ],
)  # fmt: skip
def test_one_bad_line_is_told_by_its_number_and_nothing_comes_in(log, bad):
    line = bad if isinstance(bad, str) else json.dumps(bad)
    before = GOOD | {"id": str(uuid.uuid4())}
    with pytest.raises(PracticeError, match=r"^line 2 ") as error:
        log.import_([json.dumps(before), line])
    assert "\n" not in str(error.value)
    assert log.records() == []
