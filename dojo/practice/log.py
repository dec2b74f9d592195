"""The log of practice: one JSON object a line, only ever added to. Everything else is derived from it.

A record is framed by the newline *before* it, and written in one O_APPEND write. Whatever a killed
process or a full disk left of a line, the next record starts on a line of its own; and a torn line
is no JSON object, so readers pass over it.
"""

import errno
import json
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from dojo.practice import home
from dojo.practice.clock import day_of, utc_now
from dojo.practice.home import PracticeError

NUMBER = int | float
KIND = b'{"kind":"'  # how a line begins
RATINGS = ("again", "hard", "good", "easy")  # worst first

# What each kind needs: a type, [type] for a list of it, or a tuple of the values allowed.
# An attempt is named by the id of its "started" record, an interview by that of its "interview-started".
# Outside a drill, attempt is null. More fields may be added (an attempt in an interview has `interview`).
KINDS: dict[str, dict[str, Any]] = {
    "started": {
        "slug": str, "path": str, "minutes": NUMBER, "tests": [str],  # those it must pass
        "version": str, "first_sight": bool,                         # version: digest of the kata's files
    },
    "paused": {"attempt": str},
    "resumed": {"attempt": str},
    "run": {
        "slug": str, "attempt": str | None, "text": str,             # text: see home.keep
        "passed": [str], "failed": dict,                             # failed: {test name: outcome}
        "seconds": NUMBER, "complete": bool,                         # complete: none left out
    },
    "hint": {"slug": str, "attempt": str | None, "number": int},     # 1, 2, 3
    "solution": {"slug": str, "attempt": str | None},
    "bell": {"attempt": str, "run": str, "solved": bool},            # run: the id of its run
    "finished": {
        "slug": str, "attempt": str, "version": str, "solved": bool, "elapsed": NUMBER,  # seconds
        "rating": RATINGS, "suggested": RATINGS, "reason": str,
    },
    "abandoned": {"slug": str, "attempt": str, "elapsed": NUMBER},
    "green": {"slug": str, "text": str},                             # outside a drill: no time
    "interview-started": {"slugs": [str], "minutes": NUMBER, "seed": int},
    "handed-in": {"interview": str, "slug": str, "right": bool, "categories": dict},  # {name: [passed, all]}
    "interview-finished": {"interview": str, "solved": [str], "elapsed": NUMBER, "penalty": NUMBER},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    id: str
    time: datetime  # UTC
    day: date  # the practice day where the learner was: travel must not regroup the past
    kind: str
    data: dict[str, Any]


class Log:
    """The log in a data folder; `now` and `tz` are passed in by tests only."""

    def __init__(
        self, folder: Path | None = None, now: Callable[[], datetime] = utc_now, tz: tzinfo | None = None
    ) -> None:
        self.folder, self.now, self.tz = folder or home.folder(), now, tz
        self.path = self.folder / "records.jsonl"

    def append(self, kind: str, **data: Any) -> Record:
        """Write one record; when this returns, it is on the disk."""
        time = self.now().astimezone(UTC)
        record = Record(str(uuid.uuid4()), time, day_of(time, self.tz), kind, data)
        _check(record)
        with home.writing(self.path):
            home.make(self.folder)
            _add(self.path, b"\n" + _dump(record))
        return record

    def records(self, *kinds: str) -> list[Record]:
        """All records, or those of some kinds: this machine's in the order written, then imported ones."""
        found: dict[str, Record] = {}
        for path in [self.path, *sorted(self.folder.glob("imported/*.jsonl"))]:
            for record in _read(path, kinds):
                found.setdefault(record.id, record)
        return list(found.values())

    def export(self, stream: IO[str]) -> int:
        """Write every record, one a line, and return how many."""
        records = self.records()
        for record in records:
            stream.write(_dump(record).decode() + "\n")
        return len(records)

    def import_(self, stream: Iterable[str | bytes]) -> int:
        """Take over another machine's records, all or none, and return how many were new."""
        known = {record.id for record in self.records()}
        fresh: dict[str, bytes] = {}
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                record = _parse(line)
                _check(record)
                fresh.setdefault(record.id, _dump(record))
            except (ValueError, RecursionError) as error:
                raise PracticeError(
                    f"line {number} is no record: {error}; mend it there, nothing was imported"
                ) from None
        lines = [line for id, line in fresh.items() if id not in known]
        if lines:
            # A file of its own: it appears whole or not at all, and no running drill is in its way.
            data = b"\n".join(lines) + b"\n"
            home.put(self.folder / "imported" / f"{sha256(data).hexdigest()}.jsonl", data)
        return len(lines)


def _add(path: Path, data: bytes) -> None:
    new = not path.exists()
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        if os.write(handle, data) < len(data):  # a nearly full disk takes a part and raises nothing
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        home.sync(path.parent)


def _read(path: Path, kinds: tuple[str, ...]) -> Iterator[Record]:
    if not path.exists():
        return
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise PracticeError(f"cannot read {path}: {error.strerror}; make it readable") from error
    wanted = {kind.encode() for kind in kinds}
    for line in lines:
        # Most of a log is runs, and most readers want none. Its own lines begin with the kind, so a
        # look will do; any other line is parsed.
        if not line or (wanted and line.startswith(KIND) and line[len(KIND) :].split(b'"', 1)[0] not in wanted):
            continue
        try:
            record = _parse(line)
        except ValueError:
            continue  # torn
        if not kinds or record.kind in kinds:
            yield record


def _dump(record: Record) -> bytes:
    raw = {
        "kind": record.kind,
        "id": record.id,
        "time": record.time.isoformat(),
        "day": record.day.isoformat(),
        "data": record.data,
    }
    return json.dumps(raw, separators=(",", ":"), allow_nan=False).encode()


def _parse(line: str | bytes) -> Record:
    """The record of a line, or ValueError."""
    raw = json.loads(line)
    try:
        time, day = datetime.fromisoformat(raw["time"]), date.fromisoformat(raw["day"])
        record = Record(raw["id"], time.astimezone(UTC), day, raw["kind"], raw["data"])
    except KeyError as error:
        raise ValueError(f"it has no {error}") from None
    except TypeError:
        raise ValueError("it is no object with id, time, day, kind and data") from None
    if time.utcoffset() is None:
        raise ValueError(f"its time {raw['time']} names no zone")
    if not (isinstance(record.id, str) and isinstance(record.kind, str) and isinstance(record.data, dict)):
        raise ValueError("its id and kind must be texts and its data an object")
    return record


def _check(record: Record) -> None:
    """Known kinds have their fields; an unknown one comes from a later version, and is kept as it is."""
    for field, wanted in KINDS.get(record.kind, {}).items():
        if not _is(record.data.get(field, ...), wanted):
            raise ValueError(f"{record.kind!r} needs {field!r}: {getattr(wanted, '__name__', wanted)}")


def _is(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, tuple):
        return value in wanted
    if isinstance(wanted, list):
        return isinstance(value, list) and all(isinstance(item, wanted[0]) for item in value)
    return isinstance(value, wanted)
