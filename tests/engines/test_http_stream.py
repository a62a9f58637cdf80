"""What goes wrong on the way is told in plain words; the rest of it is tested with the downloads."""

from __future__ import annotations

import ssl

import httpx
import pytest

from interviewer.core.errors import DownloadError
from interviewer.engines.http_stream import host_of, told

ADDRESS = "https://weights.example/models/x.pt"


def caused(by: Exception) -> httpx.ConnectError:
    error = httpx.ConnectError("")
    error.__cause__ = by
    return error


def certificate_expired() -> Exception:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.verify_message = "certificate has expired"
    return caused(error)


@pytest.mark.parametrize(
    ("exc", "words"),
    [
        (certificate_expired(), "the secure connection to weights.example cannot be trusted (certificate has expired)"),
        (
            caused(ssl.SSLError(1, "odd")),
            "the secure connection to weights.example cannot be trusted (it failed)",
        ),
        (httpx.ConnectTimeout("timed out"), "weights.example does not answer"),
        (httpx.ConnectError(""), "weights.example cannot be reached (no reason given)"),
        (httpx.DecodingError("?"), "weights.example could not be asked (DecodingError)"),
    ],
)
def test_a_failure_is_told_in_plain_words_with_a_way_out(exc: Exception, words: str) -> None:
    error = told(exc, ADDRESS, 30.0, proxied=False)
    assert isinstance(error, DownloadError)
    assert str(error) == words
    assert "bring the file" in error.hint


def test_what_is_no_address_has_itself_for_a_host() -> None:
    assert host_of("http://[/x") == "http://[/x"
    assert host_of("nowhere") == "nowhere"
