"""`barter init`: a folder to start from."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

import click

from barter_python.errors import ConfigError, shown

__all__ = ["init_command"]

_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_SUFFIX: Final = ".txt"
_ID_LENGTH_MAX: Final = 19
"""What client order ids of a live session keep of the id of a strategy."""


@click.command("init", short_help="Write a folder with a strategy and a configuration.")
@click.argument("name", type=click.Path(path_type=Path))
def init_command(name: Path) -> None:
    """Write the folder NAME with a strategy, a configuration, and a README that says how to run them.

    Everything runs as it is. A folder that has something in it already is left as it is.
    """
    if not _NAME.fullmatch(name.name):
        raise ConfigError(f"the name is {shown(name.name)}, expected letters, digits, - and _")
    values = {"name": name.name, "id": name.name[:_ID_LENGTH_MAX]}
    try:
        if name.exists() and any(name.iterdir()):
            raise ConfigError(f"{name}: there is something in it, expected a new or an empty folder")
        name.mkdir(parents=True, exist_ok=True)
        for template in sorted(files("barter_python.cli").joinpath("template").iterdir(), key=lambda item: item.name):
            path = name / template.name.removesuffix(_SUFFIX)
            path.write_text(Template(template.read_text("utf-8")).substitute(values), "utf-8")
            click.echo(str(path))
    except OSError as error:
        raise ConfigError(f"{name}: cannot be written: {error.strerror}") from error
    click.echo(f"Next: cd {name} && python backtest.py")
