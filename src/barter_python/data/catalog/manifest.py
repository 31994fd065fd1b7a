"""What a file of a catalog was made from, and what is missing in it: a JSON document beside it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from barter_python.data.file.import_report import ImportReport
from barter_python.data.file.whole_file import WholeFile
from barter_python.errors import MarketDataError

__all__ = ["Manifest", "ManifestGap", "read_manifest", "write_manifest"]

_VERSION: Final = 1


class ManifestGap(msgspec.Struct, frozen=True):
    """Where something is missing.

    Attributes:
        start: End of what comes before it.
        end: Begin of what comes after it.
        missing: Number of candles or trades that are missing.
    """

    start: datetime
    end: datetime
    missing: int


class Manifest(msgspec.Struct, frozen=True):
    """What a file was made from.

    Attributes:
        source: Where it comes from.
        sha256: Checksum of the source as it was published; empty where there is none, as for what a venue was asked for.
        is_missing: Whether the source does not exist, so that there is no file.
        until: When the venue was asked for a day that was not over, so that the rest is missing; None otherwise.
        rows: Rows of the source.
        left_out: Number of rows that gave no event, by reason.
        gaps: The first of the gaps, in order of time.
        gap_count: Number of all gaps.
        missing: Number of candles or trades that are missing in all gaps.
        version: Of this document.
    """

    source: str
    sha256: str = ""
    is_missing: bool = False
    until: datetime | None = None
    rows: int = 0
    left_out: dict[str, int] = {}
    gaps: tuple[ManifestGap, ...] = ()
    gap_count: int = 0
    missing: int = 0
    version: int = _VERSION

    @classmethod
    def of_import(cls, source: str, sha256: str, report: ImportReport, until: datetime | None = None) -> Manifest:
        """The manifest of a file that was imported."""
        gaps = tuple(ManifestGap(gap.start, gap.end, gap.missing) for gap in report.gaps)
        return cls(
            source,
            sha256,
            until=until,
            rows=report.rows,
            left_out=dict(report.left_out),
            gaps=gaps,
            gap_count=report.gap_count,
            missing=report.missing,
        )


def read_manifest(path: Path) -> Manifest | None:
    """The manifest in a file, None where there is no such file.

    Raises:
        MarketDataError: It is damaged.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise MarketDataError(f"{path}: {error}, expected a manifest of a catalog") from error


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write a manifest, whole or not at all."""
    file = WholeFile(path)
    try:
        file.partial.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
        file.publish()
    finally:
        file.discard()
