"""A headless Chromium, driven over its DevTools protocol."""

from __future__ import annotations

import asyncio
import base64
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
PATIENCE = 100.0


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Tab:
    """A page, and all that it said and asked for since it was opened.

    Attributes:
        complaints: Errors and warnings of the console, and exceptions.
        requests: Addresses that were asked for.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._socket = socket
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._sent = 0
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            said = message.json()
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
                continue
            method, told = said["method"], said["params"]
            if method == "Runtime.exceptionThrown":
                self.complaints.append(str(told["exceptionDetails"]))
            elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert"):
                self.complaints.append(str(told["args"]))
            elif method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
                self.complaints.append(str(told["entry"]))
            elif method == "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"][:200])

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._sent += 1
        answer = self._answers[self._sent] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._sent, "method": method, "params": params})
        said = await asyncio.wait_for(answer, PATIENCE)
        assert "error" not in said, said
        return dict(said["result"])

    async def evaluate(self, expression: str) -> Any:
        said = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    async def becomes(self, condition: str) -> None:
        """Wait until an expression of the page is true."""
        look = f"const look = () => ({condition}) ? done(true) : setTimeout(look, 20); look();"
        await self.evaluate(f"new Promise((done) => {{ {look} }})")

    async def open(self, path: Path, width: int, *, dark: bool = False) -> None:
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.call(f"{domain}.enable")
        media = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        await self.call("Emulation.setEmulatedMedia", features=media)
        await self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        await self.call("Page.navigate", url=path.as_uri())
        await self.becomes("document.documentElement && document.documentElement.dataset.ready === 'yes'")

    async def picture(self, path: Path) -> None:
        """Keep what the page looks like, all of it."""
        taken = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(taken["data"]))

    async def close(self) -> None:
        await self._socket.close()
        await self._reading


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Tab]:
    """A Chromium that knows nothing yet, with one tab.

    Args:
        folder: An empty one, for what it keeps.
    """
    program = chromium()
    assert program is not None, "asked for before"
    command = (program, *OPTIONS, f"--user-data-dir={folder}", "about:blank")
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, limit=2**20
    )
    assert process.stderr is not None, "it is a pipe"
    draining = None
    try:
        async with aiohttp.ClientSession() as session:
            address = await asyncio.wait_for(_address(process.stderr), PATIENCE)
            draining = asyncio.create_task(_drain(process.stderr))
            port = address.split("/")[2]
            async with session.get(f"http://{port}/json") as answer:
                pages = [page for page in await answer.json() if page["type"] == "page"]
            async with session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                tab = Tab(socket)
                try:
                    yield tab
                finally:
                    await tab.close()
    finally:
        process.terminate()
        await process.wait()
        if draining is not None:
            await draining


async def _address(stream: asyncio.StreamReader) -> str:
    while line := await stream.readline():
        _, found, address = line.decode().partition("DevTools listening on ")
        if found:
            return address.strip()
    raise AssertionError("Chromium ended before it said where it listens")


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.read(65_536):
        pass
