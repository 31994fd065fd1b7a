"""The files that a session writes: whole, or as far as the disk had room, or none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from barter_python.errors import ConfigError
from barter_python.result.private_file import write_private
from barter_python.session.files import session_file


def left_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def write_session(path: Path, *, has_started: bool) -> None:
    with session_file(path, "--record") as file:
        assert file is not None
        file.write(b"one\n")
        file.is_kept = has_started


@pytest.mark.parametrize(("has_started", "left"), [(True, {"session": b"one\n"}), (False, {})])
def test_only_a_session_that_has_started_leaves_a_file(has_started: bool, left: dict[str, bytes], tmp_path: Path) -> None:
    write_session(tmp_path / "session", has_started=has_started)

    assert left == left_in(tmp_path)


def test_an_earlier_file_is_replaced_at_the_end_only(tmp_path: Path) -> None:
    path = tmp_path / "session"
    path.write_bytes(b"earlier\n")

    write_session(path, has_started=False)
    assert {"session": b"earlier\n"} == left_in(tmp_path)

    write_session(path, has_started=True)
    assert {"session": b"one\n"} == left_in(tmp_path)


def test_a_disk_that_is_full_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(ConfigError, match=r"--record .*: cannot be written: No space left on device"):
        write_session(tmp_path / "session", has_started=True)

    assert {"session": b"one\n"} == left_in(tmp_path)


def test_what_is_no_file_is_written_into() -> None:
    reads, writes = os.pipe()
    try:
        write_session(Path(f"/dev/fd/{writes}"), has_started=True)
        assert b"one\n" == os.read(reads, 100)
    finally:
        os.close(reads)
        os.close(writes)


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "session")

    write_session(tmp_path / "link", has_started=True)

    assert (tmp_path / "link").is_symlink()
    assert {"session": b"one\n", "link": b"one\n"} == left_in(tmp_path)


def test_only_the_owner_may_read_it_not_even_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "session"
    path.write_bytes(b"earlier\n")
    path.chmod(0o644)

    with session_file(path, "--record") as file:
        assert file is not None
        file.is_kept = True
        file.write(b"one\n")
        (partial,) = tmp_path.glob(".session.*")
        assert 0o600 == partial.stat().st_mode & 0o777

    assert 0o600 == path.stat().st_mode & 0o777


def test_only_the_owner_may_read_a_result(tmp_path: Path) -> None:
    write_private(tmp_path / "result.json", b"{}")

    assert (0o600, b"{}") == ((tmp_path / "result.json").stat().st_mode & 0o777, (tmp_path / "result.json").read_bytes())
