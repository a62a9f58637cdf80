"""Downloads run beside the window, one after the other, and what comes is taken into use."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.errors import Cancelled, DownloadError, InterviewerError, ModelCorrupt
from interviewer.core.paths import models_dir
from interviewer.core.settings import Settings
from interviewer.core.transfers import Stage, Transfer
from interviewer.engines import whisper_files
from interviewer.workers.downloads import Downloads, Job, Task
from interviewer.workers.settings_keeper import SettingsKeeper
from tests.engines import weights_server as serve
from tests.workers.fakes import AtOnce

WAIT_MS = 10_000
WAIT_S = 10.0
HALF = Transfer(Stage.RECEIVING, 5, 10, 1.0)


def put(path: Path, content: str = "3") -> Path:
    """Put what passes for weights somewhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/version", content)
    return path


@dataclass
class FakeFetcher:
    """Waits to be let go; then the file is there, or an error."""

    proxies: list[str] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    error: InterviewerError | None = None
    half: Transfer = HALF

    def made(self, proxy: str) -> FakeFetcher:
        self.proxies.append(proxy)
        return self

    def fetch(
        self, name: str, folder: Path, *, tell: Callable[[Transfer], None], cancelled: Callable[[], bool]
    ) -> Path:
        self.begun.append(name)
        tell(self.half)
        while not self.go_on.wait(0.01):
            if cancelled():
                raise Cancelled("cancelled")
        if self.error is not None:
            raise self.error
        return put(folder / f"{name}.pt")


@dataclass
class Bench:
    bot: QtBot
    downloads: Downloads
    keeper: SettingsKeeper
    fetcher: FakeFetcher
    data_dir: Path
    jobs: list[tuple[str, Job]] = field(default_factory=list)
    failures: list[InterviewerError] = field(default_factory=list)
    wanted: list[None] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return models_dir(self.data_dir)

    def until_over(self, name: str) -> Job:
        self.bot.waitUntil(lambda: self._over(name), timeout=WAIT_MS)
        job = self.downloads.job(name)
        assert job is not None
        return job

    def _over(self, name: str) -> bool:
        job = self.downloads.job(name)
        return job is not None and not job.under_way

    def until_half(self, name: str) -> None:
        self.bot.waitUntil(lambda: (name, Job(Task.DOWNLOAD, self.fetcher.half)) in self.jobs, timeout=WAIT_MS)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    fetcher = FakeFetcher()
    keeper = SettingsKeeper(tmp_path, Settings(whisper_model="base.en", proxy="http://proxy.example:1"), AtOnce())
    downloads = Downloads(keeper, tmp_path, fetcher=fetcher.made)
    bench = Bench(qtbot, downloads, keeper, fetcher, tmp_path)
    downloads.changed.connect(lambda name, job: bench.jobs.append((name, job)))
    downloads.failed.connect(bench.failures.append)
    downloads.recogniser_wanted.connect(lambda: bench.wanted.append(None))
    yield bench
    assert downloads.close(WAIT_S)


def test_a_download_is_told_from_its_beginning_to_its_end(bench: Bench) -> None:
    bench.downloads.download("base.en")
    bench.until_half("base.en")
    bench.fetcher.go_on.set()
    with bench.bot.waitSignal(bench.downloads.ended, timeout=WAIT_MS):
        bench.until_over("base.en")
    assert [job for _, job in bench.jobs] == [
        Job(Task.DOWNLOAD, Transfer(Stage.WAITING)),
        Job(Task.DOWNLOAD, bench.fetcher.half),
        Job(Task.DOWNLOAD),
    ]


def test_the_proxy_of_the_settings_is_used(bench: Bench) -> None:
    bench.fetcher.go_on.set()
    bench.downloads.download("base.en")
    bench.until_over("base.en")
    bench.keeper.change(proxy="")
    bench.downloads.download("base.en")
    bench.until_over("base.en")
    assert bench.fetcher.proxies == ["http://proxy.example:1", ""]


def test_the_model_of_the_settings_is_loaded_once_it_is_here(bench: Bench) -> None:
    bench.fetcher.go_on.set()
    bench.downloads.download("base.en")
    bench.bot.waitUntil(lambda: len(bench.wanted) == 1, timeout=WAIT_MS)
    assert bench.keeper.current.whisper_model == "base.en"


def test_another_model_is_used_where_the_one_of_the_settings_is_not_here(bench: Bench) -> None:
    bench.fetcher.go_on.set()
    bench.downloads.download("small.en")
    bench.until_over("small.en")
    bench.bot.waitUntil(lambda: bench.keeper.current.whisper_model == "small.en", timeout=WAIT_MS)
    assert bench.wanted == []  # changed settings load it


def test_another_model_is_only_kept_where_the_one_of_the_settings_is_here(bench: Bench) -> None:
    put(bench.folder / "base.en.pt")
    bench.fetcher.go_on.set()
    with bench.bot.waitSignal(bench.downloads.ended, timeout=WAIT_MS):
        bench.downloads.download("small.en")
    assert bench.keeper.current.whisper_model == "base.en"
    assert bench.wanted == []


def test_an_alias_in_the_settings_is_its_model(bench: Bench) -> None:
    bench.keeper.change(whisper_model="turbo")
    bench.fetcher.go_on.set()
    bench.downloads.download("large-v3-turbo")
    bench.bot.waitUntil(lambda: len(bench.wanted) == 1, timeout=WAIT_MS)


def test_a_failure_is_kept_and_told(bench: Bench) -> None:
    bench.fetcher.error = DownloadError("The network is gone")
    bench.fetcher.go_on.set()
    bench.downloads.download("base.en")
    job = bench.until_over("base.en")
    assert job.problem is bench.fetcher.error
    assert bench.failures == [bench.fetcher.error]


def test_a_cancelled_download_is_no_failure(bench: Bench) -> None:
    bench.downloads.download("base.en")
    bench.until_half("base.en")
    bench.downloads.cancel("base.en")
    job = bench.until_over("base.en")
    assert isinstance(job.problem, Cancelled)
    assert bench.failures == []


def test_a_download_that_waits_can_be_cancelled(bench: Bench) -> None:
    bench.downloads.download("base.en")
    bench.until_half("base.en")
    bench.downloads.download("small.en")
    assert bench.downloads.job("small.en") == Job(Task.DOWNLOAD, Transfer(Stage.WAITING))
    bench.downloads.cancel("small.en")
    bench.downloads.cancel("base.en")
    assert isinstance(bench.until_over("small.en").problem, Cancelled)


def test_downloads_go_one_after_the_other(bench: Bench) -> None:
    for name in ("base.en", "small.en"):
        bench.downloads.download(name)
    bench.until_half("base.en")
    assert bench.fetcher.begun == ["base.en"]
    bench.fetcher.go_on.set()
    bench.until_over("small.en")
    assert bench.fetcher.begun == ["base.en", "small.en"]


def test_the_same_model_is_not_downloaded_twice_at_once(bench: Bench) -> None:
    bench.downloads.download("base.en")
    bench.downloads.download("base.en")
    bench.fetcher.go_on.set()
    bench.until_over("base.en")
    assert bench.fetcher.begun == ["base.en"]


def test_cancelling_what_is_not_under_way_is_harmless(bench: Bench) -> None:
    bench.downloads.cancel("base.en")
    assert bench.downloads.job("base.en") is None


def test_a_file_is_brought_and_used(bench: Bench, tmp_path: Path) -> None:
    file = put(tmp_path / "stick" / "tuned.pt")
    bench.downloads.bring(file)
    assert bench.until_over(str(file)) == Job(Task.BRING)
    kept = str(bench.folder / "tuned.pt")
    bench.bot.waitUntil(lambda: bench.keeper.current.whisper_model == kept, timeout=WAIT_MS)
    bench.downloads.bring(file)
    bench.bot.waitUntil(lambda: len(bench.wanted) == 1, timeout=WAIT_MS)


def test_a_file_is_brought_while_another_is_downloaded(bench: Bench, tmp_path: Path) -> None:
    bench.downloads.download("base.en")
    bench.until_half("base.en")
    file = put(tmp_path / "tuned.pt")
    bench.downloads.bring(file)
    assert bench.until_over(str(file)).problem is None


def test_weights_are_verified(bench: Bench) -> None:
    path = put(bench.folder / "tuned.pt")
    bench.downloads.verify("tuned", path, None)
    assert bench.until_over("tuned") == Job(Task.VERIFY)
    bench.downloads.verify("tuned", path, "0" * 64)
    assert isinstance(bench.until_over("tuned").problem, ModelCorrupt)


def test_a_deleted_model_that_was_in_use_is_let_go(bench: Bench) -> None:
    put(bench.folder / "base.en.pt")
    bench.downloads.delete("base.en")
    assert bench.until_over("base.en") == Job(Task.DELETE)
    bench.bot.waitUntil(lambda: len(bench.wanted) == 1, timeout=WAIT_MS)
    assert not (bench.folder / "base.en.pt").exists()


def test_deleting_another_model_loads_nothing(bench: Bench) -> None:
    put(bench.folder / "small.pt")
    with bench.bot.waitSignal(bench.downloads.ended, timeout=WAIT_MS):
        bench.downloads.delete("small")
    assert bench.wanted == []


def test_after_a_file_of_the_users_own_is_deleted_the_usual_model_is_meant(bench: Bench) -> None:
    path = put(bench.folder / "tuned.pt")
    bench.keeper.change(whisper_model=str(path))
    bench.downloads.delete(str(path))
    bench.bot.waitUntil(lambda: bench.keeper.current.whisper_model == "base.en", timeout=WAIT_MS)


def test_closing_ends_a_download_and_nothing_is_told_any_more(bench: Bench) -> None:
    bench.downloads.download("base.en")
    bench.until_half("base.en")
    told = len(bench.jobs)
    assert bench.downloads.close(WAIT_S)
    bench.bot.wait(1)  # lets what is queued arrive
    assert len(bench.jobs) == told


def test_who_is_asked_and_where_can_be_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INTERVIEWER_WHISPER_URL", raising=False)
    assert bench.downloads.host == "openaipublic.azureedge.net"
    assert bench.downloads.address("base.en").endswith("/base.en.pt")


def test_the_real_thing_downloads_from_a_real_server(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = serve.weights(1_000_000)
    monkeypatch.setitem(whisper_files.KNOWN, "tiny.en", serve.facts(content))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    downloads = Downloads(SettingsKeeper(tmp_path, Settings(), AtOnce()), tmp_path)
    with serve.serving(content) as server:
        monkeypatch.setenv("INTERVIEWER_WHISPER_URL", server.base)
        with qtbot.waitSignal(downloads.ended, timeout=WAIT_MS):
            downloads.download("tiny.en")
    assert downloads.job("tiny.en") == Job(Task.DOWNLOAD)
    assert (models_dir(tmp_path) / "tiny.en.pt").read_bytes() == content
    assert downloads.close(WAIT_S)
