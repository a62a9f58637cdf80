"""One HTTP answer, read so that whoever waits for it can be stopped at any moment.

httpx blocks: while it looks a name up, connects, or waits for bytes that do not come. It runs on a thread of its
own, and the caller takes what came from a queue, looking at short intervals whether it is still wanted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from interviewer.core.errors import Cancelled, DownloadError, InputError, InterviewerError

if TYPE_CHECKING:
    import httpx

LOOK_S = 0.1
"""How often a waiting caller looks whether it is still wanted."""
BLOCKS_AHEAD = 16
"""Blocks of at most 64 KiB that may wait for a slow disk."""

_BRING = "or bring the file from elsewhere."
_NETWORK_HINT = f"Check the network and the proxy (Settings, Recognition), {_BRING}"
_AGAIN_HINT = f"Try again in a while, {_BRING}"
_TLS_HINT = (
    "Check this computer's date. Where a company's proxy opens secure connections, name its certificates in "
    f"SSL_CERT_FILE, {_BRING}"
)


class BrokeOff(DownloadError):
    """The connection ended in the middle of the file: asking for the rest at once may do."""


@dataclass(frozen=True, slots=True)
class Head:
    """What comes before the content. Names of headers are in lower case; `host` is who answered in the end."""

    status: int
    headers: Mapping[str, str]
    host: str


class Stream:
    """One GET request; a context manager. Every method raises Cancelled as soon as `cancelled` says so."""

    def __init__(
        self,
        address: str,
        headers: Mapping[str, str],
        *,
        proxy: str,
        patience_s: float,
        cancelled: Callable[[], bool],
    ) -> None:
        """Ask `address` for its content, as it is: nothing is unpacked.

        `proxy` is an address, "" for what the system says; `patience_s` is how long nothing may happen.
        """
        self._address, self._headers = address, dict(headers)
        self._proxy, self._patience_s = proxy_address(proxy), patience_s
        self._cancelled = cancelled
        self._came: Queue[Head | bytes | Exception | None] = Queue(BLOCKS_AHEAD)
        self._unwanted = Event()
        # A daemon: a look-up of a name cannot be interrupted, and must not hold the program up.
        self._thread = Thread(target=self._read, name="download", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._unwanted.set()

    def head(self) -> Head:
        """Wait for the answer. Raises DownloadError where none comes, InputError for a proxy that is none."""
        came = self._next()
        assert isinstance(came, Head)  # the first thing that is put, if not a fault
        return came

    def blocks(self) -> Iterator[bytes]:
        """Yield the content as it comes. Raises DownloadError: BrokeOff where the connection ended too early."""
        while isinstance(block := self._next(), bytes):
            yield block

    def _next(self) -> Head | bytes | None:
        while True:
            if self._cancelled():
                raise Cancelled("The download was cancelled")
            try:
                came = self._came.get(timeout=LOOK_S)
            except Empty:
                continue
            if isinstance(came, Exception):
                raise told(came, self._address, self._patience_s, proxied=bool(self._proxy)) from came
            return came

    # --- on the other thread -------------------------------------------------------------------

    def _read(self) -> None:
        import httpx

        try:
            proxy = httpx.Proxy(self._proxy) if self._proxy else None
            # Redirects are followed: whoever answers, the hash says whether it is the file.
            with (
                httpx.Client(proxy=proxy, timeout=self._patience_s, follow_redirects=True, max_redirects=5) as client,
                client.stream("GET", self._address, headers=self._headers) as answer,
            ):
                self._put(Head(answer.status_code, dict(answer.headers), answer.url.host))
                for block in answer.iter_raw():
                    if not self._put(block):
                        return
            self._put(None)
        except Exception as exc:  # noqa: BLE001 - raised again where it is waited for
            self._put(exc)

    def _put(self, what: Head | bytes | Exception | None) -> bool:
        """Hand it over; return whether somebody still wants it."""
        while not self._unwanted.is_set():
            try:
                self._came.put(what, timeout=LOOK_S)
            except Full:
                continue
            return True
        return False


def proxy_address(written: str) -> str:
    """Return the address of a proxy as httpx takes it, "" for none; raises InputError for one that is none.

    "proxy.example:3128" is meant as "http://proxy.example:3128".
    """
    written = written.strip()
    address = written if "://" in written or not written else f"http://{written}"
    try:
        parts = urlsplit(address)
        usable = not address or (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0)
    except ValueError:  # a port that is no number, brackets that do not close
        usable = False
    if not usable:
        # Never told with its address: it may hold a password.
        hint = "Write it as http://proxy.example:3128, or leave it empty for the system's own."
        raise InputError("The proxy in the settings cannot be used", hint=hint)
    return address


def host_of(address: str) -> str:
    """Return who is asked, for people to read."""
    try:
        return urlsplit(address).hostname or address
    except ValueError:  # it is no address
        return address


def status_error(head: Head) -> DownloadError:
    """Return what to say about an answer that is not the file."""
    who = head.host
    match head.status:
        case 404 | 410:
            hint = f"The file may have moved: look for a newer version of Interviewer, {_BRING}"
            return DownloadError(f"{who} does not have the file ({head.status})", hint=hint)
        case 401 | 403 | 451:
            return DownloadError(f"{who} does not give the file out ({head.status})", hint=_NETWORK_HINT)
        case 407:
            return _proxy_error("the proxy asks for a name and a password (407)")
        case status if status >= 500 or status == 429:
            return DownloadError(f"{who} has trouble of its own ({status})", hint=_AGAIN_HINT)
    return DownloadError(f"{who} answered something unexpected ({head.status})", hint=_NETWORK_HINT)


def told(exc: Exception, address: str, patience_s: float, *, proxied: bool) -> InterviewerError:
    """Return what to say about a failure of httpx."""
    import httpx

    host = host_of(address)
    tls = _tls_reason(exc)
    if tls:
        return _tls_error(host, tls)
    match exc:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return DownloadError(f"{host} does not answer", hint=_NETWORK_HINT)
        case httpx.TimeoutException():
            return DownloadError(f"nothing came for {patience_s:g} s", hint=_AGAIN_HINT)
        case httpx.ProxyError():
            return _proxy_error(f"the proxy refused ({exc})")
        case httpx.ConnectError():
            through = "the proxy" if proxied else host
            return DownloadError(f"{through} cannot be reached ({_reason(exc)})", hint=_NETWORK_HINT)
        case httpx.NetworkError() | httpx.RemoteProtocolError():
            return BrokeOff(f"the connection to {host} broke off", hint=_AGAIN_HINT)
        case httpx.TooManyRedirects():
            return DownloadError(f"{host} sends from one address to the next without end", hint=_AGAIN_HINT)
        case httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return DownloadError(f"{address} is no address that can be asked", hint=_NETWORK_HINT)
        case ImportError() | ValueError():
            # httpx says so of what HTTPS_PROXY and ALL_PROXY name: SOCKS, or nothing that is an address.
            return _proxy_error("the system's proxy is of a kind that cannot be used")
        case OSError():
            # The certificates that SSL_CERT_FILE names, most likely.
            return DownloadError(f"a file that the connection needs cannot be read ({exc.strerror})", hint=_TLS_HINT)
    return DownloadError(f"{host} could not be asked ({type(exc).__name__})", hint=_NETWORK_HINT)


def _proxy_error(fact: str) -> DownloadError:
    hint = f"Correct the proxy under Settings, Recognition (http://name:password@proxy.example:3128), {_BRING}"
    return DownloadError(fact, hint=hint)


def _tls_error(host: str, reason: str) -> DownloadError:
    return DownloadError(f"the secure connection to {host} cannot be trusted ({reason})", hint=_TLS_HINT)


def _tls_reason(exc: BaseException | None) -> str:
    """Return in a few words why TLS failed, "" where it did not."""
    import ssl  # the window opens without

    while exc is not None:
        if isinstance(exc, ssl.SSLCertVerificationError):
            return getattr(exc, "verify_message", "") or "its certificate is not valid"
        if isinstance(exc, ssl.SSLError):
            return (getattr(exc, "reason", "") or "it failed").replace("_", " ").lower()
        exc = exc.__cause__ or exc.__context__
    return ""


def _reason(exc: httpx.ConnectError) -> str:
    """Return the system's own words for a failure to connect, without its number."""
    cause: BaseException | None = exc
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno is not None:
            return cause.strerror or os.strerror(cause.errno)
        cause = cause.__cause__ or cause.__context__
    return str(exc) or "no reason given"
