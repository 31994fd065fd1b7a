"""Where Binance spot is, and who we are there. Rust origin: none.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#general-api-information,
https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-api.md#general-api-information and, for the test network,
https://github.com/binance/binance-spot-api-docs/blob/master/testnet/general-info.md
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from importlib import import_module
from typing import Final
from urllib.parse import urlsplit

from barter_python.errors import ConfigError
from barter_python.integration.secret import Secret, secret_from_environment

__all__ = ["API_KEY", "API_SECRET", "BinanceNetwork", "BinanceSpotConfig"]

API_KEY: Final = "BINANCE_API_KEY"
"""Name of the API key in the environment and in the keyring, unless you name another."""
API_SECRET: Final = "BINANCE_API_SECRET"
"""Name of the secret key in the environment and in the keyring, unless you name another."""

_SERVICE: Final = "barter-python"
_RECV_WINDOW_MS_MAX: Final = 60_000


class BinanceNetwork(Enum):
    """The real market, or the venue's test network, whose money is not real. Their keys are different ones."""

    PRODUCTION = ("https://api.binance.com", "wss://ws-api.binance.com:443/ws-api/v3")
    TESTNET = ("https://testnet.binance.vision", "wss://ws-api.testnet.binance.vision/ws-api/v3")

    @property
    def rest_url(self) -> str:
        """Scheme and host of the REST interface."""
        return self.value[0]

    @property
    def websocket_url(self) -> str:
        """Of the WebSocket API, which carries the user data stream."""
        return self.value[1]


@dataclass(slots=True, frozen=True)
class BinanceSpotConfig:
    """A connection to Binance spot.

    Attributes:
        api_key: Names the account. Of type HMAC.
        api_secret: Signs requests.
        rest_url: Scheme and host; plain HTTP only to this machine itself.
        websocket_url: Of the WebSocket API.
        recv_window_ms: How old a request may be when the venue takes it in, from 1 to 60,000. The venue recommends 5,000 or less.
        request_timeout: For one HTTP request. The venue gives up after 10 seconds itself.
        rate_limit_wait: How long a question may be held back by a rate limit. Orders and cancels never are: they are refused.
        server_time_refresh: How often the venue's clock is read.
    """

    api_key: Secret
    api_secret: Secret
    rest_url: str
    websocket_url: str
    recv_window_ms: int = 5_000
    request_timeout: timedelta = timedelta(seconds=10)
    rate_limit_wait: timedelta = timedelta(seconds=5)
    server_time_refresh: timedelta = timedelta(minutes=10)

    def __post_init__(self) -> None:
        for field, schemes in (("rest_url", ("https", "http")), ("websocket_url", ("wss", "ws"))):
            parts = urlsplit(getattr(self, field))
            if parts.scheme not in schemes or not parts.hostname or parts.query or parts.username is not None:
                raise ConfigError(f"{field} is not of the form {schemes[0]}://host, expected that, without user and query")
        if not 1 <= self.recv_window_ms <= _RECV_WINDOW_MS_MAX:
            raise ConfigError(f"recv_window_ms is {self.recv_window_ms}, expected a number from 1 to {_RECV_WINDOW_MS_MAX}")
        if self.request_timeout <= timedelta():
            raise ConfigError(f"request_timeout is {self.request_timeout}, expected a positive time")

    @classmethod
    def of(cls, network: BinanceNetwork, api_key: Secret, api_secret: Secret) -> BinanceSpotConfig:
        """A connection to one of the venue's networks."""
        return cls(api_key, api_secret, network.rest_url, network.websocket_url)

    @classmethod
    def production(cls, api_key: Secret, api_secret: Secret) -> BinanceSpotConfig:
        """A connection to the real market."""
        return cls.of(BinanceNetwork.PRODUCTION, api_key, api_secret)

    @classmethod
    def testnet(cls, api_key: Secret, api_secret: Secret) -> BinanceSpotConfig:
        """A connection to the test network."""
        return cls.of(BinanceNetwork.TESTNET, api_key, api_secret)

    @classmethod
    def from_environment(
        cls,
        network: BinanceNetwork,
        environment: Mapping[str, str],
        *,
        key_name: str = API_KEY,
        secret_name: str = API_SECRET,
    ) -> BinanceSpotConfig:
        """With keys from environment variables, for example `from_environment(BinanceNetwork.TESTNET, os.environ)`.

        Raises:
            ConfigError: A variable is not set, or empty.
        """
        return cls.of(network, secret_from_environment(environment, key_name), secret_from_environment(environment, secret_name))

    @classmethod
    def from_keyring(
        cls,
        network: BinanceNetwork,
        *,
        service: str = _SERVICE,
        key_name: str = API_KEY,
        secret_name: str = API_SECRET,
    ) -> BinanceSpotConfig:
        """With keys from the keyring of the operating system, where `keyring set barter-python BINANCE_API_KEY` puts them.

        Raises:
            ConfigError: The package `keyring` is not installed, the keyring cannot be used, or has no such entry.
        """
        return cls.of(network, _from_keyring(service, key_name), _from_keyring(service, secret_name))


def _from_keyring(service: str, name: str) -> Secret:
    try:
        keyring, failures = import_module("keyring"), import_module("keyring.errors")
    except ImportError:
        raise ConfigError("package keyring is not installed, expected it, because the keys are to come from a keyring") from None
    try:
        value = keyring.get_password(service, name)
    except failures.KeyringError as error:
        raise ConfigError(f"keyring: {type(error).__name__}, expected a keyring that is open") from None
    if not value:
        raise ConfigError(f"keyring: no entry {name!r} of {service!r}, expected a key")
    return Secret(value.strip())
