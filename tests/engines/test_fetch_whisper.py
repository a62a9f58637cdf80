"""Weights are downloaded whole or not at all, and what came of them is never fetched twice."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from interviewer.core.errors import DownloadError, ModelCorrupt
from interviewer.core.transfers import Stage, Transfer
from interviewer.engines import fetch_whisper, whisper_files
from tests.engines import weights_server as serve
from tests.engines.fetching import MIDDLE, WEIGHTS, assert_whole, fail, fetcher, part

# --- what goes well --------------------------------------------------------------------------


def test_weights_are_fetched_from_the_address_that_names_their_hash(server: serve.Server, folder: Path) -> None:
    path = fetcher(server).fetch("tiny.en", folder)
    assert path == folder / "tiny.en.pt"
    assert_whole(folder)
    assert server.asked == [(f"/models/{serve.facts(WEIGHTS).sha256}/tiny.en.pt", "")]


def test_an_alias_fetches_its_model(server: serve.Server, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(whisper_files.KNOWN, "large-v3-turbo", serve.facts(WEIGHTS))
    assert fetcher(server).fetch("turbo", folder).name == "large-v3-turbo.pt"


def test_nothing_about_the_user_is_sent(server: serve.Server, folder: Path) -> None:
    fetcher(server).fetch("tiny.en", folder)
    assert set(server.headers[0]) == {"Host", "Accept", "Accept-Encoding", "Connection", "User-Agent"}
    assert server.headers[0]["User-Agent"] == "Interviewer"


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps others out by other means")
def test_file_and_folder_are_their_owners_alone(server: serve.Server, folder: Path) -> None:
    path = fetcher(server).fetch("tiny.en", folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_progress_is_told_to_the_last_byte(server: serve.Server, folder: Path) -> None:
    told: list[Transfer] = []
    fetcher(server).fetch("tiny.en", folder, tell=told.append)
    assert [t.stage for t in told][:2] == [Stage.CONNECTING, Stage.RECEIVING]
    assert (told[-1].done_bytes, told[-1].total_bytes, told[-1].fraction) == (len(WEIGHTS), len(WEIGHTS), 1.0)
    done = [t.done_bytes for t in told]
    assert done == sorted(done)


def test_a_file_that_is_there_and_whole_is_not_fetched_again(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt").write_bytes(WEIGHTS)
    fetcher(server).fetch("tiny.en", folder)
    assert server.asked == []


def test_a_file_that_is_there_and_damaged_is_replaced(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt").write_bytes(b"no weights")
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)


def test_a_redirect_is_followed_with_the_range(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(WEIGHTS[:MIDDLE])
    server.answers.append(serve.sending_to(f"{server.base}/elsewhere"))
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)
    assert server.asked[1] == ("/models/elsewhere", f"bytes={MIDDLE}-")


def test_a_redirect_without_end_is_told(server: serve.Server, folder: Path) -> None:
    server.always = serve.sending_to(f"{server.base}/round")
    fail(server, folder, DownloadError, "from one address to the next")
    assert list(folder.iterdir()) == []


# --- what breaks off -------------------------------------------------------------------------


def test_what_breaks_off_is_kept_and_the_next_try_fetches_the_rest(server: serve.Server, folder: Path) -> None:
    server.answers.append(serve.breaking_after(MIDDLE))
    hint = fail(server, folder, DownloadError, "broke off")
    assert part(folder) == WEIGHTS[:MIDDLE]
    assert "1 MB are kept" in hint
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)
    assert server.ranges == ["", f"bytes={MIDDLE}-"]


def test_a_connection_that_breaks_is_made_anew(server: serve.Server, folder: Path) -> None:
    server.answers.extend([serve.breaking_after(MIDDLE), serve.breaking_after(MIDDLE)])
    fetcher(server, tries=3).fetch("tiny.en", folder)
    assert_whole(folder)
    assert server.ranges == ["", f"bytes={MIDDLE}-", f"bytes={2 * MIDDLE}-"]


def test_a_connection_that_brings_nothing_is_not_made_for_ever(server: serve.Server, folder: Path) -> None:
    server.always = serve.breaking_after(0)
    fail(server, folder, DownloadError, "broke off", tries=3)
    assert len(server.asked) == 3
    assert list(folder.iterdir()) == []


def test_a_connection_that_brought_much_before_it_broke_does_not_count(
    server: serve.Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_whisper, "WORTH_BYTES", MIDDLE)
    server.answers.extend([serve.breaking_after(MIDDLE), serve.breaking_after(MIDDLE)])
    fetcher(server, tries=1).fetch("tiny.en", folder)
    assert_whole(folder)


def test_a_stall_is_told_and_the_next_try_goes_on(server: serve.Server, folder: Path) -> None:
    server.answers.append(serve.stalling_after(MIDDLE))
    fail(server, folder, DownloadError, r"nothing came for 0\.2 s", patience_s=0.2)
    assert part(folder) == WEIGHTS[:MIDDLE]
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)
    assert server.ranges[1] == f"bytes={MIDDLE}-"


def test_a_server_that_never_answers_is_told(server: serve.Server, folder: Path) -> None:
    server.answers.append(serve.silent)
    fail(server, folder, DownloadError, r"nothing came for 0\.2 s", patience_s=0.2)


def test_slices_are_put_together(server: serve.Server, folder: Path) -> None:
    server.answers.append(serve.breaking_after(500_000))
    server.always = serve.in_slices_of(MIDDLE)
    fetcher(server, tries=6).fetch("tiny.en", folder)
    assert_whole(folder)


def test_a_part_that_is_the_whole_file_is_taken_without_asking(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(WEIGHTS)
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)
    assert server.asked == []


# --- servers that refuse ranges --------------------------------------------------------------


@pytest.mark.parametrize("answer", [serve.without_ranges, serve.from_the_start_as_a_range])
def test_a_server_without_ranges_sends_everything_anew(
    server: serve.Server, folder: Path, answer: serve.Answer
) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(WEIGHTS[:MIDDLE])
    server.always = answer
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)


def test_a_part_longer_than_the_file_is_begun_anew(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(bytes(len(WEIGHTS)) + b"more")
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)
    assert server.ranges == [f"bytes={len(WEIGHTS) + 4}-", ""]  # the first is answered with 416


def test_a_part_far_too_long_is_not_even_asked_about(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(bytes(4_000_000))
    fetcher(server).fetch("tiny.en", folder)
    assert server.ranges == [""]


def test_a_server_that_says_416_to_everything_is_told(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(WEIGHTS[:MIDDLE])
    server.always = serve.refusing(416)
    fail(server, folder, DownloadError, "unexpected .416.")


# --- servers that lie ------------------------------------------------------------------------


def test_a_length_that_is_too_long_costs_nothing_when_everything_came(server: serve.Server, folder: Path) -> None:
    server.answers.append(serve.declaring(len(WEIGHTS) + 1000))
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)


def test_a_length_that_is_too_short_leaves_nothing_behind(server: serve.Server, folder: Path) -> None:
    server.answers.append(serve.declaring(len(WEIGHTS) - 1000))
    fail(server, folder, ModelCorrupt, "is not the published tiny.en")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("length", [40, 90_000_000])
def test_a_length_that_cannot_be_is_refused_before_anything_is_taken(
    server: serve.Server, folder: Path, length: int
) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(WEIGHTS[:MIDDLE])
    server.answers.append(lambda handler: handler.begin(200, Content_Length=length))
    fail(server, folder, DownloadError, "which cannot be tiny.en")
    assert part(folder) == WEIGHTS[:MIDDLE]


def test_without_a_length_it_comes_as_well(server: serve.Server, folder: Path) -> None:
    told: list[Transfer] = []
    server.answers.append(serve.without_length())
    fetcher(server).fetch("tiny.en", folder, tell=told.append)
    assert_whole(folder)
    assert told[-1].total_bytes is None


def test_without_a_length_a_connection_that_ends_early_is_resumed(server: serve.Server, folder: Path) -> None:
    server.answers.append(serve.without_length(MIDDLE))
    fetcher(server, tries=2).fetch("tiny.en", folder)
    assert_whole(folder)
    assert server.ranges == ["", f"bytes={MIDDLE}-"]


def test_a_server_that_sends_without_end_is_cut_off(server: serve.Server, folder: Path) -> None:
    server.answers.append(serve.endlessly)
    fail(server, folder, ModelCorrupt, "is not the published")
    assert list(folder.iterdir()) == []


def test_wrong_bytes_are_not_kept(server: serve.Server, folder: Path) -> None:
    server.answers.append(serve.other(bytes(len(WEIGHTS))))
    hint = fail(server, folder, ModelCorrupt, "What came from 127.0.0.1 is not the published tiny.en")
    assert "Nothing of it was kept" in hint
    assert list(folder.iterdir()) == []


def test_a_damaged_part_is_found_out_and_the_next_try_begins_anew(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(bytes(MIDDLE))
    fail(server, folder, ModelCorrupt, "is not the published")
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)


def test_the_page_of_a_hotel_is_not_taken_for_weights(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(WEIGHTS[:MIDDLE])
    server.answers.append(serve.signing_in)
    assert "sign in" in fail(server, folder, DownloadError, "a web page in place of the file")
    assert part(folder) == WEIGHTS[:MIDDLE]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "does not have the file .404."),
        (410, "does not have the file"),
        (403, "does not give the file out"),
        (407, "the proxy asks for a name"),
        (429, "has trouble of its own .429."),
        (500, "has trouble of its own .500."),
        (204, "answered something unexpected .204."),
        (206, "answered something unexpected .206."),
    ],
)
def test_a_refusal_is_told_and_leaves_nothing(server: serve.Server, folder: Path, status: int, words: str) -> None:
    server.answers.append(serve.refusing(status))
    fail(server, folder, DownloadError, words)
    assert list(folder.iterdir()) == []


def test_a_refusal_keeps_what_came_before(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(WEIGHTS[:MIDDLE])
    server.answers.append(serve.refusing(503))
    assert "1 MB are kept" in fail(server, folder, DownloadError, "trouble of its own")
    assert part(folder) == WEIGHTS[:MIDDLE]
