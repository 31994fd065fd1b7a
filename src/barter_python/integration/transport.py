"""HTTP and websockets on aiohttp, with what protects them. Rust origin: reqwest and tungstenite, as barter_integration uses them.

- Encryption always, and the certificate of the other side is always verified; plain text only to this machine itself.
- Only to the hosts that were named. No redirects: a signed request must not be carried elsewhere. No proxies and no cookies.
- Answers and messages have a size limit that counts after decompression.
- Errors name neither query nor headers.
"""

from __future__ import annotations

import ssl
from collections.abc import Collection, Mapping
from ipaddress import ip_address
from types import SimpleNamespace
from typing import Final, NoReturn
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from barter_python.errors import ConfigError
from barter_python.integration.error import HttpError, HttpNotSentError, HttpTimeoutError, UrlError, WebSocketError
from barter_python.integration.http import HttpRequest, HttpResponse
from barter_python.integration.websocket import AiohttpWebSocket, WebSocket, WebSocketLimits

__all__ = ["Transport"]

_PLAIN: Final = {"https": "http", "wss": "ws"}
_RESPONSE_BYTES_MAX: Final = 16 << 20


class Transport:
    """Connections to venues. Use it within one event loop, and close it.

    Args:
        hosts: That it may connect to, None for any.
        tls: How to encrypt, None for the system's certificates. It must verify.
        limits: Of websockets.
        response_bytes_max: Of the body of an answer, after decompression.
    """

    __slots__ = ("_hosts", "_limits", "_response_bytes_max", "_session", "_tls")

    def __init__(
        self,
        *,
        hosts: Collection[str] | None = None,
        tls: ssl.SSLContext | None = None,
        limits: WebSocketLimits = WebSocketLimits(),  # noqa: B008 - immutable
        response_bytes_max: int = _RESPONSE_BYTES_MAX,
    ) -> None:
        self._tls = ssl.create_default_context() if tls is None else tls
        if self._tls.verify_mode is not ssl.CERT_REQUIRED or not self._tls.check_hostname:
            raise ConfigError("tls does not verify certificates and host names, expected a context that does")
        self._hosts = None if hosts is None else frozenset(hosts)
        self._limits = limits
        self._response_bytes_max = response_bytes_max
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Transport:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections; may be called again."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def connect(self, url: str, headers: Mapping[str, str] | None = None) -> WebSocket:
        """Open a websocket, with headers of the request that opens it.

        Raises:
            UrlError: The URL is malformed, not encrypted, or of a host that was not named.
            WebSocketError: It cannot be opened.
        """
        host = self._check(url, "wss")
        limits = self._limits
        try:
            socket = await self._open_session().ws_connect(
                URL(url, encoded=True),
                # What the session's timeout does not cover: the handshake is an ordinary request, the closing is not.
                timeout=aiohttp.ClientWSTimeout(ws_close=limits.close_timeout.total_seconds()),  # pyright: ignore[reportCallIssue]
                headers=headers,
                autoping=False,
                heartbeat=None if limits.heartbeat is None else limits.heartbeat.total_seconds(),
                max_msg_size=limits.message_bytes_max,
            )
        except UrlError:
            raise
        except (aiohttp.ClientError, OSError) as error:
            raise WebSocketError(f"cannot connect to {host}: {_reason(error)}") from None
        return AiohttpWebSocket(socket, limits)

    async def execute(self, request: HttpRequest) -> HttpResponse:
        """Send a request; see `rest_client.HttpTransport`."""
        self._check(request.url(), "https")
        progress = _Progress()
        try:
            async with self._open_session().request(
                request.method,
                URL(request.url(), encoded=True),
                headers=dict(request.headers),
                data=request.body,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=request.timeout.total_seconds()),
                trace_request_ctx=progress,
            ) as response:
                body = await self._read(request, response)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return HttpResponse(response.status, headers, body)
        except TimeoutError:
            if progress.is_sent:
                raise HttpTimeoutError(str(request), request.timeout) from None
            raise HttpNotSentError(f"{request}: not connected within {request.timeout.total_seconds():g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            kind = HttpError if progress.is_sent else HttpNotSentError
            raise kind(f"{request}: {_reason(error)}") from None

    async def _read(self, request: HttpRequest, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._response_bytes_max:
                raise HttpError(f"{request}: the answer is larger than {self._response_bytes_max} bytes, expected at most that")
        return bytes(body)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            traces = aiohttp.TraceConfig()
            traces.on_request_redirect.append(_refuse_redirect)  # the handshake of a websocket would follow them
            traces.on_request_headers_sent.append(_note_progress)
            connect_timeout = self._limits.connect_timeout.total_seconds()
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=self._tls, limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=connect_timeout),
                trust_env=False,
                trace_configs=[traces],
            )
        return self._session

    def _check(self, url: str, scheme: str) -> str:
        """The host of an acceptable URL."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            host, port, parts = "", None, urlsplit("")
        if not host or parts.username is not None or port == 0:
            raise UrlError(f"URL of {host or 'no host'} is malformed, expected {scheme}://host/path")
        if parts.scheme != scheme and not (parts.scheme == _PLAIN[scheme] and _is_this_machine(host)):
            raise UrlError(f"scheme of the URL of {host} is {parts.scheme!r}, expected {scheme!r}")
        if self._hosts is not None and host not in self._hosts:
            raise UrlError(f"host is {host!r}, expected one of: {', '.join(sorted(self._hosts))}")
        return host


class _Progress:
    """Whether anything of a request may have been sent.

    The kind of error does not tell: aiohttp repeats a GET or DELETE whose connection broke, and may then find none.
    """

    __slots__ = ("is_sent",)

    def __init__(self) -> None:
        self.is_sent = False


async def _note_progress(
    session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestHeadersSentParams
) -> None:
    if isinstance(context.trace_request_ctx, _Progress):
        context.trace_request_ctx.is_sent = True


async def _refuse_redirect(
    session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestRedirectParams
) -> NoReturn:
    raise UrlError(f"{params.url.host} redirects elsewhere, expected an answer")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _reason(error: Exception) -> str:
    """What went wrong, without what may contain the URL."""
    if isinstance(error, aiohttp.ClientResponseError):
        return f"{type(error).__name__}: HTTP status {error.status}"
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ServerDisconnectedError):
        return f"{type(error).__name__}: {error}"
    return type(error).__name__
