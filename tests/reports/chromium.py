"""A real browser without a window, spoken to through two pipes: what it shows, runs, hears and asks for."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")

_FLAGS = (
    *(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--mute-audio",
        "--remote-debugging-pipe",
    ),
    *("--disable-background-networking", "--disable-extensions", "--no-first-run", "--disable-component-update"),
    # Without a person nobody could click first.
    "--autoplay-policy=no-user-gesture-required",
)


_PLUMB = """
import os, sys
os.dup2(int(sys.argv[1]), 100)
os.dup2(int(sys.argv[2]), 101)
os.dup2(100, 3)
os.dup2(101, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
# The browser listens on 3 and answers on 4, wherever these were before.


class Browser:
    """One page. `seen` gathers what the browser tells by itself, oldest first."""

    def __init__(self, to: IO[bytes], back: IO[bytes]) -> None:
        self._to = to
        self._back = back
        self._number = 0
        self._session = ""
        self.seen: list[dict[str, Any]] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Return the browser's answer; what it tells meanwhile is gathered."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._to.write(json.dumps(message).encode() + b"\0")
        while True:
            heard = self._hear()
            if heard.get("id") == self._number:
                assert "error" not in heard, heard["error"]
                return heard["result"]
            self.seen.append(heard)

    def open(self, path: Path, *, width: int = 1100, height: int = 900, dark: bool = False) -> None:
        """Load a file and wait until all of it is there."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        self.seen.clear()
        self.ask("Page.navigate", url=path.as_uri())
        while not any(heard.get("method") == "Page.loadEventFired" for heard in self.seen):
            self.seen.append(self._hear())

    def run(self, script: str) -> Any:
        """Return what a script comes to, a promise once it is kept."""
        found = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def picture(self) -> bytes:
        """Return the whole page as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def paper(self) -> bytes:
        """Return the page as it is printed, as PDF."""
        return base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"])

    def complaints(self) -> list[str]:
        """Return what the browser has to say against the page."""
        logged = [s["params"]["entry"]["text"] for s in self.seen if s.get("method") == "Log.entryAdded"]
        thrown = [
            s["params"]["exceptionDetails"]["text"] for s in self.seen if s.get("method") == "Runtime.exceptionThrown"
        ]
        return logged + thrown

    def asked_for(self) -> list[str]:
        """Return the kinds of addresses that the page asked for, such as "file"."""
        urls = (s["params"]["request"]["url"] for s in self.seen if s.get("method") == "Network.requestWillBeSent")
        return [url.partition(":")[0] for url in urls]

    def _hear(self) -> dict[str, Any]:
        data = bytearray()
        while (one := self._back.read(1)) != b"\0":
            assert one, "the browser is gone"
            data += one
        heard: dict[str, Any] = json.loads(data)
        return heard


@contextlib.contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """Start a browser with an empty profile in the folder `profile`, and end it."""
    assert CHROMIUM is not None, "Chromium is not installed"
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    command = [sys.executable, "-c", _PLUMB, str(theirs_in), str(theirs_out), CHROMIUM, *_FLAGS]
    command.append(f"--user-data-dir={profile}")
    process = subprocess.Popen(
        command, pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(theirs_in)
    os.close(theirs_out)
    with os.fdopen(ours_out, "wb", buffering=0) as to, os.fdopen(ours_in, "rb") as back:
        try:
            yield Browser(to, back)
        finally:
            process.terminate()
            process.wait(10)
