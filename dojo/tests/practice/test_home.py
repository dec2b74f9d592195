"""What was written is kept whole, or the learner is told in one line; nothing old is harmed."""

import os
import resource
import subprocess
from hashlib import sha256

import pytest

from dojo.practice import home
from dojo.practice.home import PracticeError
from dojo.practice.log import Log


def test_a_text_comes_back_by_its_sha256(folder):
    digest = home.keep("x = 'é'\n")
    assert digest == sha256("x = 'é'\n".encode()).hexdigest()
    assert home.text(digest) == "x = 'é'\n"


def test_bytes_that_are_no_utf8_come_back_unchanged(folder):
    assert home.text(home.keep(b"\xff\x00\r\n")).encode("utf-8", "surrogateescape") == b"\xff\x00\r\n"


def test_keeping_twice_stores_once(folder):
    assert home.keep("a") == home.keep(b"a")
    assert len(list((folder / "texts").iterdir())) == 1


def test_a_damaged_copy_is_told_and_mended_by_keeping_again(folder):
    digest = home.keep("whole")
    (folder / "texts" / digest).write_text("who")
    with pytest.raises(PracticeError, match="damaged"):
        home.text(digest)
    home.keep("whole")
    assert home.text(digest) == "whole"


def test_a_text_never_kept_is_told_with_its_path(folder):
    with pytest.raises(PracticeError, match=str(folder)):
        home.text("0" * 64)


def test_without_kata_home_the_users_data_folder_is_used(monkeypatch):
    monkeypatch.delenv("KATA_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    monkeypatch.setattr("sys.platform", "linux")
    assert str(home.folder()) == "/data/kata"


def test_a_file_where_the_folder_should_be_is_one_clear_line(folder):
    folder.write_text("in the way")
    for write in (lambda: home.keep("x"), lambda: Log().append("paused", attempt="a")):
        with pytest.raises(PracticeError, match=r"cannot write .*set KATA_HOME") as error:
            write()
        assert "\n" not in str(error.value)


def fill(log):
    """Write until the disk is full; what was reported as written, and the error."""
    written, texts = [], []
    try:
        for n in range(10_000):
            texts.append(home.keep(f"{n}" * 400))
            written.append(log.append("green", slug="softmax", text="0" * 300).id)
    except PracticeError as error:
        return written, texts, str(error)
    raise AssertionError("the disk never filled")


def assert_unharmed(log, written, texts, error):
    assert written
    assert "cannot write" in error
    assert "free space" in error
    assert "\n" not in error
    assert [record.id for record in log.records()] == written
    assert all(home.text(digest) for digest in texts)
    assert not list(log.folder.glob("**/*.part"))


@pytest.fixture
def small_disk(tmp_path, monkeypatch):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root can mount a small disk")
    monkeypatch.setenv("KATA_HOME", str(disk))
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_one_line_and_harms_nothing_old(small_disk):
    log = Log()
    assert_unharmed(log, *fill(log))


def test_after_a_torn_write_on_a_full_disk_the_next_record_is_whole(small_disk):
    log = Log()
    whole = log.append("green", slug="softmax", text="kept").id
    ballast = small_disk / "ballast"
    with open(ballast, "wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):  # noqa: PT012
        while True:
            file.write(b"x" * 4096)
    # The log's page has room for some of this record only: the disk takes a part of it.
    with pytest.raises(PracticeError, match="No space left"):
        log.append("green", slug="softmax", text="torn" * 2000)
    assert b"torntorn" in log.path.read_bytes()
    assert not log.path.read_bytes().endswith(b"}")
    ballast.unlink()
    after = log.append("green", slug="softmax", text="after").id
    assert [record.id for record in log.records()] == [whole, after]


def test_a_file_size_limit_is_told_like_a_full_disk(folder):
    log = Log()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        outcome = fill(log)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert_unharmed(log, *outcome)
