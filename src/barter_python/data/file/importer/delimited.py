"""Delimited text, plain or compressed. Every cell stays text until its role is known, so that prices keep their digits."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from barter_python.data.file.arrow import pa, pcsv
from barter_python.errors import MarketDataError

__all__ = ["DelimitedSource"]

_BLOCK_BYTES: Final = 1 << 20
_FIRST_LINE_BYTES: Final = 1 << 16
_DELIMITERS: Final = ",;\t|"
_BAD_LINE_MAX: Final = 200
_COMPRESSIONS: Final = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
_DAMAGED: Final = (pa.ArrowException, OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError)


class DelimitedSource:
    """A file of delimited text in UTF-8."""

    def __init__(self, path: Path) -> None:
        self._path = path
        line = self._first_line()
        self._delimiter = max(_DELIMITERS, key=line.count)
        cells = tuple(cell.strip() for cell in next(csv.reader([line], delimiter=self._delimiter), []))
        self._width = len(cells)
        self._header = None if any(map(_is_number, cells)) else cells

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self._path)

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    @property
    def header(self) -> tuple[str, ...] | None:
        """Names of the columns; None where a cell of the first line is a number."""
        return self._header

    @property
    def width(self) -> int:
        """Number of columns."""
        return self._width

    def batches(self, positions: Sequence[int]) -> Iterator[Any]:
        """Some columns, as text."""
        skipped = 0 if self._header is None else 1
        names = [str(position) for position in range(self._width)]
        wanted = [names[position] for position in positions]
        bad: list[Any] = []

        def on_bad_row(row: Any) -> str:
            bad.append(row)
            return "error"

        try:
            with self._open() as stream:
                yield from pcsv.open_csv(
                    stream,
                    pcsv.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES, column_names=names, skip_rows=skipped),
                    pcsv.ParseOptions(delimiter=self._delimiter, invalid_row_handler=on_bad_row),
                    pcsv.ConvertOptions(include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string())),
                )
        except _DAMAGED as error:
            if bad:
                row, text = bad[0], bad[0].text[:_BAD_LINE_MAX]
                raise MarketDataError(
                    f"{self._path}, row {row.number - skipped}: found {row.actual_columns} cells in {text!r}, "
                    f"expected {self._width}"
                ) from error
            if "Empty CSV" in str(error):
                return
            raise self._damaged(error) from error

    def _first_line(self) -> str:
        try:
            with self._open() as stream:
                first = bytes(stream.read(_FIRST_LINE_BYTES)).split(b"\n", 1)[0]
        except _DAMAGED as error:
            raise self._damaged(error) from error
        try:
            line = first.decode("utf-8-sig").rstrip("\r")
        except UnicodeDecodeError as error:
            raise self._damaged("the first line is not UTF-8") from error
        if not line or "\0" in line:
            raise self._damaged("the first line is empty" if not line else "the first line has a NUL character")
        return line

    @contextmanager
    def _open(self) -> Iterator[Any]:
        if self._path.suffix.lower() == ".zip":
            with zipfile.ZipFile(self._path) as archive:
                members = [member for member in archive.infolist() if not member.is_dir()]
                if len(members) != 1:
                    raise MarketDataError(f"{self._path}: there are {len(members)} files in the archive, expected one")
                with archive.open(members[0]) as member:
                    yield pa.PythonFile(member, "r")
        else:
            compression = _COMPRESSIONS.get(self._path.suffix.lower())
            with pa.input_stream(str(self._path), compression=compression) as stream:
                yield stream

    def _damaged(self, problem: object) -> MarketDataError:
        return MarketDataError(f"{self._path}: {problem}, expected complete delimited text in UTF-8")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
