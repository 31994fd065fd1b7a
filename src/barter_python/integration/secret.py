"""A value that must not be shown. It has no origin in Rust, whose keys are plain strings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NoReturn

from barter_python.errors import ConfigError

__all__ = ["Secret", "secret_from_environment"]

_MASK: Final = "***"


class Secret:
    """A key or a password. Whatever shows it shows `***`; pickling and copying to another process are refused.

    Two secrets are equal only where they are one object, so that nobody can find the value by comparing.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        if not value or value != value.strip():
            raise ConfigError("a secret is empty or begins or ends with a blank, expected the key itself")
        self.__value = value

    def reveal(self) -> str:
        """The value. Only what signs or sends it may call this, and must not keep it."""
        return self.__value

    def __repr__(self) -> str:
        return f"Secret({_MASK})"

    def __str__(self) -> str:
        return _MASK

    def __format__(self, spec: str) -> str:
        return _MASK

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret cannot be pickled")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self


def secret_from_environment(environment: Mapping[str, str], name: str) -> Secret:
    """Read a secret from an environment variable, for example `secret_from_environment(os.environ, "BINANCE_API_SECRET")`.

    Raises:
        ConfigError: It is not set, or empty.
    """
    value = environment.get(name, "").strip()
    if not value:
        raise ConfigError(f"environment variable {name} is not set, expected a key")
    return Secret(value)
