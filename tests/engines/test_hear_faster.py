"""The faster engine: the same text as plain Whisper's, from a process that dies with the one that asks."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interviewer.core.errors import EngineError, ModelMissing
from interviewer.core.models import Span, Transcript
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines import faster_link
from interviewer.engines.convert_faster import Converted, converted
from interviewer.engines.faster_link import FasterChild
from interviewer.engines.hear_faster import FasterScribe
from interviewer.engines.sound_file import read_sound
from interviewer.engines.streaming import StreamingTranscriber

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
CHECKPOINT = FIXTURES / "whisper-fixture.pt"
TEXTS: dict[str, str] = json.loads((FIXTURES / "clips" / "clips.json").read_text(encoding="utf-8"))
WAIT_S = 60.0

pytestmark = pytest.mark.models
needs_faster_whisper = pytest.mark.skipif(
    find_spec("faster_whisper") is None, reason="faster-whisper is not installed: pip install 'interviewer[fast]'"
)
needs_pidfd = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of the end of any process")


def quiet(seconds: float) -> FloatArray:
    return np.zeros(round(seconds * MODEL_RATE_HZ), dtype=np.float32)


def clip(name: str) -> FloatArray:
    return read_sound(FIXTURES / "clips" / name)


def child(engine: str) -> tuple[str, ...]:
    """Return the command of the real child with another engine in it; `do` is what that does."""
    script = f"""
import os, sys, threading
from interviewer.engines import faster_child
def do(self, request, blob):
    {engine}
faster_child.Engine.do = do
faster_child.main()
"""
    return (sys.executable, "-c", script)


ECHO = child("return {'device': 'cpu', 'segments': [], **request, 'size': len(blob)}")
BUSY = child("print('busy', file=sys.stderr, flush=True) or threading.Event().wait()")
DYING = child("os._exit(3)")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def scribe(data: Path) -> FasterScribe:
    return FasterScribe(CHECKPOINT, data)


@pytest.fixture
def transcriber(scribe: FasterScribe) -> StreamingTranscriber:
    return StreamingTranscriber(scribe)


@pytest.fixture
def stood_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FasterScribe]:
    """Make a scribe whose model was converted before, with a child of this command."""
    made = Converted(Path("/made"), "made", multilingual=False)
    monkeypatch.setattr("interviewer.engines.convert_faster.converted", lambda *_, **__: made)
    return lambda command: FasterScribe(CHECKPOINT, Path("/data"), command=command)


def write_down(transcriber: StreamingTranscriber, *blocks: FloatArray, terms: tuple[str, ...] = ()) -> Transcript:
    transcriber.begin(terms)
    for block in blocks:
        transcriber.feed(block)
    return transcriber.finish()


# --- text and words, with the real engine ---------------------------------------------------------


@needs_faster_whisper
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_clip_is_written_down_exactly(transcriber: StreamingTranscriber, name: str) -> None:
    assert write_down(transcriber, clip(name)).text == TEXTS[name]


@needs_faster_whisper
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_terms_lead_the_model_and_stay_out_of_the_text(transcriber: StreamingTranscriber, name: str) -> None:
    assert write_down(transcriber, clip(name), terms=("FastAPI", " Pydantic ", "", "Depends")).text == TEXTS[name]


@needs_faster_whisper
def test_the_transcript_says_who_made_it(transcriber: StreamingTranscriber) -> None:
    transcript = write_down(transcriber, clip("depends.wav"))
    assert (transcript.engine, transcript.model, transcript.rough) == ("faster-whisper", "whisper-fixture", False)


@needs_faster_whisper
def test_words_make_up_the_text_on_the_recordings_clock(transcriber: StreamingTranscriber) -> None:
    samples = np.concatenate([quiet(1), clip("depends.wav"), quiet(1)])
    transcript = write_down(transcriber, samples)
    assert " ".join(word.text for word in transcript.words) == transcript.text
    edges = [edge for word in transcript.words for edge in (word.start_s, word.end_s)]
    assert edges == sorted(edges)
    assert np.isfinite([*edges, *(word.probability for word in transcript.words)]).all()
    assert all(word.probability > 0.5 for word in transcript.words)
    assert abs(edges[0] - transcript.speech[0].start_s) < 0.5
    assert abs(edges[-1] - transcript.speech[-1].end_s) < 0.5


@needs_faster_whisper
def test_an_answer_of_several_pieces_is_written_down_in_order(transcriber: StreamingTranscriber) -> None:
    names = ("depends.wav", "fillers.wav", "validation.wav")
    blocks = [block for name in names for block in (clip(name), quiet(2.5))]
    assert write_down(transcriber, *blocks).text == " ".join(TEXTS[name] for name in names)


@needs_faster_whisper
def test_the_same_sound_gives_the_same_words(transcriber: StreamingTranscriber) -> None:
    first = write_down(transcriber, clip("async-routes.wav"))
    assert write_down(transcriber, *np.array_split(clip("async-routes.wav"), 11)) == first


@needs_faster_whisper
def test_words_drawn_by_chance_are_the_same_each_time(scribe: FasterScribe) -> None:
    # Five seconds of silence in front are more than the fixture can bear: it falls back to drawing.
    hard = np.concatenate([quiet(5), clip("validation.wav")])
    everywhere = (Span(0.0, 10.0),)
    first = list(scribe.write(hard, everywhere))
    assert first
    assert [list(scribe.write(hard, everywhere)) for _ in range(2)] == [first, first]


@needs_faster_whisper
def test_noise_gives_no_words_where_speech_was_suspected(scribe: FasterScribe) -> None:
    noise = np.random.default_rng(5).normal(0, 0.001, 4 * MODEL_RATE_HZ).astype(np.float32)
    scribe.prime(("FastAPI", "Pydantic"))
    assert list(scribe.write(noise, (Span(0.0, 4.0),))) == []


@needs_faster_whisper
def test_what_lies_where_nobody_spoke_is_left_out(scribe: FasterScribe) -> None:
    scribe.prime(())
    assert list(scribe.write(clip("depends.wav"), (Span(20.0, 21.0),))) == []


@needs_faster_whisper
def test_the_engine_runs_without_torch(data: Path) -> None:
    made = converted(CHECKPOINT, data)
    script = (
        "import sys\nfrom interviewer.engines import faster_child\nreal = faster_child.Engine.do\n"
        "faster_child.Engine.do = lambda *a: {**real(*a), 'torch': bool(sys.modules.get('torch'))}\nfaster_child.main()"
    )
    it = FasterChild("made", (sys.executable, "-W", "error", "-c", script))
    assert it.ask({"do": "load", "folder": str(made.folder), "threads": 1}) == {
        "ok": True, "device": "cpu", "torch": False
    }  # fmt: skip
    told = it.ask({"do": "write", "language": "en", "prompt": None}, clip("depends.wav").tobytes())
    assert (len(told["segments"]), told["torch"]) == (1, False)
    it.end()


# --- the process that it runs in --------------------------------------------------------------------


@needs_faster_whisper
def test_after_its_process_was_killed_at_work_the_next_piece_finds_a_new_one(
    transcriber: StreamingTranscriber, scribe: FasterScribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = faster_link.write_message

    def write_and_kill(*message: Any) -> None:
        write(*message)
        scribe._child._process.kill()

    with monkeypatch.context() as patched:
        patched.setattr(faster_link, "write_message", write_and_kill)
        with pytest.raises(EngineError, match="stopped unexpectedly") as caught:
            write_down(transcriber, clip("depends.wav"))
    assert "smaller model" in caught.value.hint
    assert write_down(transcriber, clip("fillers.wav")).text == TEXTS["fillers.wav"]


@needs_faster_whisper
def test_a_process_that_died_between_two_pieces_is_not_even_noticed(
    transcriber: StreamingTranscriber, scribe: FasterScribe
) -> None:
    scribe._child._process.kill()
    scribe._child._process.wait()
    assert write_down(transcriber, clip("depends.wav")).text == TEXTS["depends.wav"]


def test_a_process_that_ends_at_work_is_told_with_its_cause() -> None:
    it = FasterChild("made", DYING)
    with pytest.raises(EngineError, match="stopped unexpectedly") as caught:
        it.ask({"do": "write"})
    assert isinstance(caught.value.__cause__, EOFError)
    assert it.ended


def test_what_ended_it_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    it = FasterChild("made", child("print('the last words', file=sys.stderr, flush=True) or os._exit(3)"))
    with pytest.raises(EngineError):
        it.ask({"do": "write"})
    assert "ended with 3:\nthe last words" in caplog.text


def ended(pid_fd: int) -> bool:
    """Wait for the end of a process."""
    return bool(select.select([pid_fd], [], [], WAIT_S)[0])


@pytest.fixture
def orphan() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A parent that waits for its busy child, and a handle of that child."""
    script = f"""
import sys
from interviewer.engines.faster_link import FasterChild
it = FasterChild("made", {BUSY!r})
sys.stdout.write(f"{{it._process.pid}}\\n")
sys.stdout.flush()
it.ask({{"do": "write"}})
"""
    environment = os.environ | {"PYTHONPATH": str(FIXTURES.parents[1])}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        handle = os.pidfd_open(int(parent.stdout.readline()))
        yield parent, handle
        os.close(handle)
        parent.kill()


@needs_pidfd
def test_it_ends_in_the_middle_of_work_when_its_parent_is_killed(orphan: tuple[subprocess.Popen[bytes], int]) -> None:
    parent, handle = orphan
    parent.send_signal(signal.SIGKILL)
    assert ended(handle)


@needs_pidfd
def test_it_ends_when_nobody_refers_to_it_any_more() -> None:
    it = FasterChild("made", ECHO)
    handle = os.pidfd_open(it._process.pid)
    assert not it.ended
    del it
    assert ended(handle)
    os.close(handle)


def test_an_interrupt_at_the_terminal_is_not_for_it() -> None:
    it = FasterChild("made", ECHO)
    it.ask({"do": "load"})
    it._process.send_signal(signal.SIGINT)
    assert it.ask({"do": "write"}, b"12345678")["size"] == 8
    it.end()
    it.end()
    assert it.ended


def test_what_its_libraries_print_is_no_answer() -> None:
    it = FasterChild("made", child("print('hello') or os.write(1, b'hello')\n    return {'all': 'well'}"))
    assert it.ask({"do": "load"}) == {"ok": True, "all": "well"}
    it.end()


def test_an_answer_that_was_not_waited_for_is_never_taken_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    it = FasterChild("made", ECHO)

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(faster_link, "read_message", interrupt)
    with pytest.raises(KeyboardInterrupt):
        it.ask({"do": "load"})
    assert it.ended


# --- failures ----------------------------------------------------------------------------------------


def test_an_engine_that_is_not_installed_is_told_with_how_to_install_it(stood_in: Callable[..., FasterScribe]) -> None:
    with pytest.raises(ModelMissing, match="not installed") as caught:
        stood_in(child("raise ModuleNotFoundError('faster_whisper')"))
    assert 'pip install "interviewer[fast]"' in caught.value.hint


@pytest.mark.parametrize("fault", ["MemoryError()", "RuntimeError('CUDA failed with error out of memory')"])
def test_too_little_memory_is_told_as_that(stood_in: Callable[..., FasterScribe], fault: str) -> None:
    with pytest.raises(EngineError, match="not enough memory for made"):
        stood_in(child(f"raise {fault}"))


def test_a_fault_is_told_without_what_was_said(
    stood_in: Callable[..., FasterScribe], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(EngineError, match=r"failed \(ValueError\)"):
        stood_in(child("said = 'my ' + 'salary'; raise ValueError(said)"))
    assert "ValueError" in caplog.text
    assert "my salary" not in caplog.text


# --- how many threads --------------------------------------------------------------------------
