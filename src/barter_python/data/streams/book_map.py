"""Order books by instrument. Rust origin: barter_data::books::map, whose locks an event loop does not need."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Generic, Protocol, TypeVar

from barter_python.data.book import OrderBook

__all__ = ["OrderBookMap", "OrderBookMapMulti", "OrderBookMapSingle"]

K = TypeVar("K", bound=Hashable)


class OrderBookMap(Protocol[K]):
    """Finds the order book of an instrument. The book itself is shared: it changes while you hold it."""

    def keys(self) -> Iterator[K]:
        """The instruments."""
        ...

    def find(self, key: K) -> OrderBook | None:
        """The book of an instrument, None where there is none."""
        ...


class OrderBookMapSingle(Generic[K]):
    """One book.

    Attributes:
        instrument: Whose book it is.
        book: The book.
    """

    __slots__ = ("book", "instrument")

    def __init__(self, instrument: K, book: OrderBook) -> None:
        self.instrument: K = instrument
        self.book: OrderBook = book

    def keys(self) -> Iterator[K]:
        """The instrument."""
        return iter((self.instrument,))

    def find(self, key: K) -> OrderBook | None:
        """The book, None for another instrument."""
        return self.book if key == self.instrument else None


class OrderBookMapMulti(Generic[K]):
    """Many books.

    Attributes:
        books: By instrument.
    """

    __slots__ = ("books",)

    def __init__(self, books: Mapping[K, OrderBook]) -> None:
        self.books = dict(books)

    def keys(self) -> Iterator[K]:
        """The instruments."""
        return iter(self.books)

    def find(self, key: K) -> OrderBook | None:
        """The book of an instrument, None where there is none."""
        return self.books.get(key)

    def insert(self, instrument: K, book: OrderBook) -> None:
        """Add a book, or replace one."""
        self.books[instrument] = book
