"""What may be connected to, without sockets."""

from __future__ import annotations

import ssl

import pytest

from barter_python.data.streams.environment import venue_hosts
from barter_python.errors import ConfigError
from barter_python.integration.error import UrlError
from barter_python.integration.http import HttpRequest
from barter_python.integration.transport import Transport

URLS = {
    "plain text": ("ws://venue.example/ws", r"scheme of the URL of venue\.example is 'ws', expected 'wss'"),
    "of another protocol": ("https://venue.example/ws", r"is 'https', expected 'wss'"),
    "a name like this machine": ("ws://localhost.example/ws", r"is 'ws', expected 'wss'"),
    "another host": (
        "wss://elsewhere.example/ws",
        r"host is 'elsewhere\.example', expected one of: 127\.0\.0\.1, venue\.example",
    ),
    "a host before the host": ("wss://venue.example@elsewhere.example/ws", "is malformed"),
    "no host": ("wss:///ws", "URL of no host is malformed, expected wss://host/path"),
    "no URL": ("wss://[", "is malformed"),
    "a wrong port": ("wss://venue.example:99999/ws", "is malformed"),
}


@pytest.mark.parametrize(("url", "message"), URLS.values(), ids=URLS)
async def test_a_url_that_must_not_be_connected_to(url: str, message: str) -> None:
    """T14."""
    async with Transport(hosts=["venue.example", "127.0.0.1"]) as transport:
        with pytest.raises(UrlError, match=message):
            await transport.connect(url)


async def test_requests_are_checked_too_and_show_no_query() -> None:
    async with Transport(hosts=["venue.example"]) as transport:
        for base_url in ("http://venue.example", "https://elsewhere.example"):
            with pytest.raises(UrlError) as caught:
                await transport.execute(HttpRequest("GET", base_url, "/order", "signature=canary"))
            assert "canary" not in str(caught.value)


def test_tls_always_verifies() -> None:
    """T14."""
    unverified = ssl.create_default_context()
    unverified.check_hostname = False
    for mode in (ssl.CERT_REQUIRED, ssl.CERT_NONE):
        unverified.verify_mode = mode
        with pytest.raises(ConfigError, match="tls does not verify certificates and host names"):
            Transport(tls=unverified)


def test_all_venues_are_known_hosts() -> None:
    assert {"stream.binance.com", "api.binance.com", "fapi.binance.com", "ws.kraken.com"} <= venue_hosts()
    assert not any(":" in host or "/" in host for host in venue_hosts())
