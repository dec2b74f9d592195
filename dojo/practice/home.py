"""Where practice is kept, outside the repository, so that a fresh clone loses nothing.

$KATA_HOME/                    else the user's data folder
    records.jsonl              what happened on this machine (log.py)
    imported/<sha256>.jsonl    what happened on others
    texts/<sha256>             every text that was ever run
"""

import hashlib
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PracticeError(Exception):
    """One line for the learner: what failed, at which path, and the mend."""


def folder() -> Path:
    """The data folder, by the custom of the system; it need not exist yet."""
    if chosen := os.environ.get("KATA_HOME"):
        return Path(chosen).expanduser().absolute()
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "kata"


def keep(text: str | bytes) -> str:
    """Store a text for good and return its sha256, the name to ask for it by."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    digest = hashlib.sha256(data).hexdigest()
    path = folder() / "texts" / digest
    if not _holds(path, data):
        put(path, data)
    return digest


def text(digest: str) -> str:
    """The text kept under this digest; bytes that are no UTF-8 come back as surrogates."""
    path = folder() / "texts" / digest
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PracticeError(f"cannot read {path}: {error.strerror}; is KATA_HOME the folder it was kept in?") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise PracticeError(f"{path} is damaged: its content is not what its name says; restore it from a backup")
    return data.decode("utf-8", "surrogateescape")


def put(path: Path, data: bytes) -> None:
    """Write a whole file or nothing, be it kill -9, a power cut or a full disk."""
    with writing(path):
        make(path.parent)
        part = path.parent / f"{uuid.uuid4()}.part"
        try:
            with open(part, "xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync(path.parent)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn any failure to write into the one line a learner can act on."""
    try:
        yield
    except OSError as error:
        raise PracticeError(
            f"cannot write {path}: {error.strerror}; free space or make it writable, or set KATA_HOME to another folder"
        ) from error


def make(path: Path) -> None:
    """mkdir -p that a power cut cannot undo: each new name is synced in its parent."""
    if path.is_dir():
        return
    make(path.parent)
    path.mkdir(exist_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """A rename or a new file lasts only once its folder is on the disk."""
    if os.name == "nt":  # folders cannot be opened there, and NTFS journals names itself
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _holds(path: Path, data: bytes) -> bool:
    # Read it, not only look for it: a copy damaged since must not keep a good text out.
    try:
        return path.read_bytes() == data
    except OSError:
        return False
