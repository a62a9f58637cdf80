"""The way to the weights: proxies, secure connections, addresses; and what goes wrong on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.core.errors import DownloadError, InputError
from interviewer.engines import fetch_whisper
from tests.engines import weights_server as serve
from tests.engines.fetching import assert_whole, fail, fetcher

# --- the way there ---------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_told(server: serve.Server, folder: Path) -> None:
    with serve.serving(b"") as gone:
        base = gone.base
    hint = fail(server, folder, DownloadError, "127.0.0.1 cannot be reached .Connection refused.", base=base)
    assert "Check the network and the proxy" in hint


def test_a_name_that_nobody_knows_is_told(server: serve.Server, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr("socket.create_connection", unknown)
    fail(server, folder, DownloadError, "cannot be reached .Name or service not known.")


def test_a_connection_that_is_not_secure_is_told(server: serve.Server, folder: Path) -> None:
    base = server.base.replace("http://", "https://")
    hint = fail(server, folder, DownloadError, "secure connection to 127.0.0.1 cannot be trusted", base=base)
    assert "SSL_CERT_FILE" in hint


@pytest.mark.parametrize("base", ["ftp://somewhere/models", "nowhere", "http://somewhere:port/models"])
def test_an_address_that_cannot_be_asked_is_told(server: serve.Server, folder: Path, base: str) -> None:
    fail(server, folder, DownloadError, "no address that can be asked", base=base)


def test_the_proxy_of_the_settings_is_asked(server: serve.Server, folder: Path) -> None:
    proxy = server.base.removesuffix("/models")
    fetcher(server, base="http://weights.invalid/models", proxy=proxy).fetch("tiny.en", folder)
    assert_whole(folder)
    assert server.asked[0][0].startswith("http://weights.invalid/models/")


def test_a_proxy_may_be_written_without_its_scheme(server: serve.Server, folder: Path) -> None:
    proxy = server.base.removesuffix("/models").removeprefix("http://")
    fetcher(server, base="http://weights.invalid/models", proxy=f" {proxy} ").fetch("tiny.en", folder)
    assert_whole(folder)


def test_the_proxy_of_the_environment_is_asked(
    server: serve.Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.base.removesuffix("/models"))
    fetcher(server, base="http://weights.invalid/models").fetch("tiny.en", folder)
    assert_whole(folder)


def test_a_proxy_that_refuses_to_connect_is_told(server: serve.Server, folder: Path) -> None:
    proxy = server.base.removesuffix("/models")
    fail(server, folder, DownloadError, "the proxy refused", base="https://weights.invalid", proxy=proxy)


def test_a_proxy_that_is_not_there_is_told(server: serve.Server, folder: Path) -> None:
    with serve.serving(b"") as gone:
        proxy = gone.base.removesuffix("/models").replace("://", "://me:secret@")
    with pytest.raises(DownloadError, match="the proxy cannot be reached") as caught:
        fetcher(server, proxy=proxy).fetch("tiny.en", folder)
    assert "secret" not in caught.value.told()


@pytest.mark.parametrize(
    "proxy", ["socks5://localhost:1080", "http://", "http://host:port", "nonsense://x", "http://[x"]
)
def test_a_proxy_that_is_none_is_told_without_its_password(server: serve.Server, folder: Path, proxy: str) -> None:
    fail(server, folder, InputError, "^The proxy in the settings cannot be used$", proxy=proxy)


def test_a_proxy_of_the_system_that_cannot_be_used_is_told(
    server: serve.Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", "socks5://localhost:1080")
    fail(server, folder, DownloadError, "the system's proxy is of a kind that cannot be used")


def test_a_certificate_file_that_is_not_there_is_told(
    server: serve.Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/certificates.pem")
    assert "SSL_CERT_FILE" in fail(server, folder, DownloadError, "a file that the connection needs")


# --- addresses -------------------------------------------------------------------------------


def test_the_published_address_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(fetch_whisper.URL_VARIABLE, raising=False)
    assert fetch_whisper.address_of("base.en") == (
        "https://openaipublic.azureedge.net/main/whisper/models/"
        "25a8566e1d0c1e2231d1c762132cd20e0f96a85d16145c3a00adf5d1ac670ead/base.en.pt"
    )


def test_the_environment_names_a_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(fetch_whisper.URL_VARIABLE, " https://mirror.example/whisper/ ")
    assert fetch_whisper.address_of("turbo").startswith("https://mirror.example/whisper/aff26ae4")


@pytest.mark.models
def test_the_addresses_are_those_of_the_whisper_package(monkeypatch: pytest.MonkeyPatch) -> None:
    import whisper

    monkeypatch.delenv(fetch_whisper.URL_VARIABLE, raising=False)
    assert {name: fetch_whisper.address_of(name) for name in whisper._MODELS} == whisper._MODELS


@pytest.mark.parametrize("name", ["", "bse.en", "/tmp/x.pt"])
def test_what_nobody_published_cannot_be_fetched(server: serve.Server, folder: Path, name: str) -> None:
    with pytest.raises(InputError, match="There is no published Whisper model"):
        fetcher(server).fetch(name, folder)
    assert not folder.exists()
