"""Requests, answers, and what a venue adds to them. Rust origin: barter_integration::protocol::http."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, Generic, Protocol, TypeVar
from urllib.parse import quote_plus

from barter_python.errors import BarterError, DecodeError
from barter_python.integration.error import DeserialiseError, HttpResponseError, SerialiseError

__all__ = [
    "DEFAULT_HTTP_REQUEST_TIMEOUT",
    "BuildStrategy",
    "HttpParser",
    "HttpRequest",
    "HttpResponse",
    "PublicNoHeaders",
    "RestRequest",
    "query_text",
]

T = TypeVar("T")
ApiErrorT = TypeVar("ApiErrorT")

DEFAULT_HTTP_REQUEST_TIMEOUT: Final = timedelta(seconds=5)

_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~-]*")


@dataclass(slots=True, frozen=True)
class RestRequest(Generic[T]):
    """A call of a venue's interface.

    Attributes:
        method: `GET`, `POST`, `PUT` or `DELETE`.
        path: Of the resource, from `/` on.
        decode: Reads the answer; may raise ValueError or DecodeError.
        query_params: In the order in which they are sent, which is the order that is signed.
        body: None where there is none.
        timeout: For the whole of it.
    """

    method: str
    path: str
    decode: Callable[[bytes], T]
    query_params: Sequence[tuple[str, str]] = ()
    body: bytes | None = None
    timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT


@dataclass(slots=True, frozen=True)
class HttpRequest:
    """What goes over the wire. It shows neither query nor headers nor body: they carry keys and signatures.

    Attributes:
        method: HTTP method.
        base_url: Scheme and host, without a slash at the end.
        path: From `/` on.
        query: As it is sent and signed, without `?`.
        headers: To add to those of HTTP.
        body: None where there is none.
        timeout: For the whole of it.
    """

    method: str
    base_url: str
    path: str
    query: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT

    def __str__(self) -> str:
        return f"{self.method} {self.base_url}{self.path}"

    def url(self) -> str:
        """With the query. Not to be shown."""
        return f"{self.base_url}{self.path}{'?' + self.query if self.query else ''}"

    def with_query_param(self, name: str, value: str) -> HttpRequest:
        """The same with one more parameter at the end of the query."""
        added = query_text([(name, value)])
        return replace(self, query=f"{self.query}&{added}" if self.query else added)

    def with_header(self, name: str, value: str) -> HttpRequest:
        """The same with one more header."""
        return replace(self, headers={**self.headers, name: value})


@dataclass(slots=True, frozen=True)
class HttpResponse:
    """An answer.

    Attributes:
        status: HTTP status.
        headers: By name in lower case.
        body: Decompressed.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def retry_after(self) -> timedelta | None:
        """How long the venue asks to wait, None where it does not say, or names a date."""
        text = self.headers.get("retry-after", "").strip()
        return timedelta(seconds=int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None


class BuildStrategy(Protocol):
    """Completes a request: adds headers, signs."""

    def build(self, request: RestRequest[object], http_request: HttpRequest) -> HttpRequest:
        """The complete request.

        Raises:
            SocketError: It cannot be built.
        """
        ...


class PublicNoHeaders:
    """A `BuildStrategy` that adds nothing."""

    __slots__ = ()

    def build(self, request: RestRequest[object], http_request: HttpRequest) -> HttpRequest:
        """The request as it is."""
        return http_request


class HttpParser(Generic[ApiErrorT]):
    """Reads answers, and the errors that a venue explains.

    Rust reads whatever it can as the answer, whatever the status. Here a status other than 2xx is a failure; an explained error
    is still looked for in a 2xx answer that has not the expected shape, because some venues send it so.

    Args:
        decode_error: Reads the venue's explanation; may raise ValueError or DecodeError.
        parse_api_error: What to raise for it, from the HTTP status and the explanation.
    """

    __slots__ = ("_decode_error", "_parse_api_error")

    def __init__(
        self, decode_error: Callable[[bytes], ApiErrorT], parse_api_error: Callable[[int, ApiErrorT], BarterError]
    ) -> None:
        self._decode_error = decode_error
        self._parse_api_error = parse_api_error

    def parse(self, response: HttpResponse, decode: Callable[[bytes], T]) -> T:
        """The content of an answer.

        Raises:
            BarterError: What `parse_api_error` makes of the venue's explanation.
            HttpResponseError: A failure without one.
            DeserialiseError: A success that has not the expected shape.
        """
        problem: ValueError | DecodeError | None = None
        if response.is_success:
            try:
                return decode(response.body)
            except (ValueError, DecodeError) as error:
                problem = error
        try:
            api_error = self._decode_error(response.body)
        except (ValueError, DecodeError):
            if problem is not None:
                raise DeserialiseError(f"the answer cannot be read: {problem}", response.body) from problem
            text = response.body.decode("utf-8", "backslashreplace")
            raise HttpResponseError(response.status, text, response.retry_after()) from None
        raise self.parse_api_error(response.status, api_error)

    def parse_api_error(self, status: int, error: ApiErrorT) -> BarterError:
        """What to raise for an error that the venue explains."""
        return self._parse_api_error(status, error)


def query_text(params: Sequence[tuple[str, str]]) -> str:
    """Parameters as a query, percent-encoded, in their order.

    Raises:
        SerialiseError: A value is no text.
    """
    for name, value in params:
        if not isinstance(value, str):
            raise SerialiseError(f"query parameter {name} is {value!r}, expected text")
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in params)


def _quoted(text: str) -> str:
    # Most of what is sent needs no quoting, and to see that is ten times faster than to quote it.
    return text if _PLAIN.fullmatch(text) else quote_plus(text)
