"""The library answers by signal, from the store, the bank and the devices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.bank import Order
from interviewer.core.errors import InputError, StoreError
from interviewer.core.models import Attempt, Clip, Delivery, Mode, Session, Transcript
from interviewer.core.ports import Device, Voice
from interviewer.core.usual import Quartiles
from interviewer.workers.editing import Editor
from interviewer.workers.library import Library, Sounds
from interviewer.workers.planning import Plan, Planner
from interviewer.workers.reworking import Reworker, Work
from interviewer.workers.status import Backlog
from tests.workers.fakes import (
    JUDGED,
    NOON,
    ROUGH,
    SPOKEN,
    AtOnce,
    FakeModels,
    FakePlayer,
    FakeRecorder,
    FakeSpeaker,
    bank,
)
from tests.workers.memory_store import MemoryStore


@dataclass
class Shelf:
    library: Library
    planner: Planner
    models: FakeModels
    store: MemoryStore
    bot: QtBot

    def keep(self, name: str, question_id: str = "alpha", **fields: object) -> None:
        attempt = Attempt(name, "s", question_id, 0, NOON, clip=Clip(Path(f"{name}.wav"), 16_000, 16_000))
        self.store.attempts[name] = replace(attempt, **fields)


@pytest.fixture
def shelf(qtbot: QtBot, tmp_path: Path) -> Shelf:
    store, lane, models = MemoryStore(tmp_path), AtOnce(), FakeModels()
    store.kept["s"] = Session("s", NOON, "Test bank", Mode.PRACTICE, ("alpha",))
    planner = Planner(bank("alpha", "beta", "gamma"), lane, store, lambda: NOON)
    reworker = Reworker(models, lane, store, planner.question)
    recorder, player, speaker = FakeRecorder(), FakePlayer(), FakeSpeaker()
    recorder.devices = lambda: (Device("Mic", 48_000, True),)  # type: ignore[method-assign]
    speaker.voices = lambda: (Voice("en", "English", "en"),)  # type: ignore[method-assign]
    sounds = Sounds(recorder, player, speaker, FakeRecorder())
    editor = Editor(models, lane, store, planner.question, held=frozenset)
    library = Library(planner, reworker, store, sounds, editor, disk=lane, devices=lane, data_dir=tmp_path)
    return Shelf(library, planner, models, store, qtbot)


def test_sessions_and_attempts_come_by_signal(shelf: Shelf) -> None:
    shelf.keep("one", transcript=SPOKEN)
    with shelf.bot.waitSignal(shelf.library.sessions_loaded) as sessions:
        shelf.library.load_sessions()
    with shelf.bot.waitSignal(shelf.library.attempt_loaded) as attempt:
        shelf.library.load_attempt("one")
    assert [s.id for s in sessions.args[0]] == ["s"]
    assert attempt.args[0].transcript == SPOKEN


def test_trends_come_by_signal_with_the_words_of_the_open_bank(shelf: Shelf) -> None:
    shelf.keep("one", transcript=SPOKEN)
    with shelf.bot.waitSignal(shelf.library.trends_loaded) as loaded:
        shelf.library.load_trends()
    trends = loaded.args[0]
    assert trends.ids == ("one",)
    assert trends.subjects[0].words == bank("alpha").questions[0].question


def test_what_is_unfinished_is_counted_with_its_sound(shelf: Shelf) -> None:
    shelf.keep("one")
    shelf.keep("two", clip=Clip(Path("two.wav"), 16_000, 48_000))
    with shelf.bot.waitSignal(shelf.library.unfinished_found) as found:
        shelf.library.count_pending()
    assert found.args == [Backlog(2, 4.0)]


def test_what_is_only_to_be_scored_has_no_sound_to_write_down(shelf: Shelf) -> None:
    shelf.keep("one", transcript=SPOKEN)
    shelf.store.unfinished_attempts = lambda: tuple(shelf.store.attempts.values())  # type: ignore[method-assign]
    with shelf.bot.waitSignal(shelf.library.unfinished_found) as found:
        shelf.library.count_pending()
    assert found.args == [Backlog(1, 0.0)]


def keep_all_kinds(shelf: Shelf) -> None:
    """One answer of each kind; the recogniser in use is "whisper tiny"."""
    shelf.keep("rough", transcript=ROUGH)
    shelf.keep("other", transcript=replace(SPOKEN, model="base"))
    shelf.keep("ours", transcript=SPOKEN)
    shelf.keep("corrected", transcript=replace(SPOKEN, engine="corrected", model="base"))
    shelf.keep("gone", question_id="gone", transcript=ROUGH)
    shelf.keep("unfinished")


def test_what_another_recogniser_wrote_is_counted_once_the_one_in_use_is_known(shelf: Shelf) -> None:
    keep_all_kinds(shelf)
    with shelf.bot.waitSignal(shelf.library.others_found) as before:
        shelf.library.count_pending()
    with shelf.bot.waitSignal(shelf.library.others_found) as after:
        shelf.models.ready.emit("whisper tiny")
    assert (before.args, after.args) == ([Backlog()], [Backlog(2, 2.0, rough=1)])


def test_the_built_in_recogniser_takes_nobodys_place(shelf: Shelf) -> None:
    keep_all_kinds(shelf)
    with shelf.bot.waitSignal(shelf.library.others_found) as found:
        shelf.models.ready.emit("pocketsphinx en-us")
    assert found.args == [Backlog()]


def test_another_bank_is_another_count(shelf: Shelf, tmp_path: Path) -> None:
    keep_all_kinds(shelf)
    shelf.models.ready.emit("whisper tiny")
    path = tmp_path / "bank.json"
    path.write_text(bank("gone").model_dump_json(), encoding="utf-8")
    with shelf.bot.waitSignal(shelf.library.others_found) as found:
        shelf.library.open_bank(path)
    assert found.args == [Backlog(1, 1.0, rough=1)]


def test_what_another_recogniser_wrote_is_written_again(shelf: Shelf) -> None:
    keep_all_kinds(shelf)
    shelf.models.ready.emit("whisper tiny")
    shelf.library.rewrite_others()
    for _ in range(2):
        shelf.models.done.emit(shelf.models.job, SPOKEN)
        shelf.models.done.emit(shelf.models.job, JUDGED)
    assert [path.name for path, _ in shelf.models.transcribed] == ["rough.wav", "other.wav"]
    assert [a.id for a in shelf.store.written_by_others("whisper", "tiny")] == ["gone"]


def test_an_answer_that_was_written_again_is_told(shelf: Shelf) -> None:
    shelf.keep("rough", transcript=ROUGH)
    shelf.models.ready.emit("whisper tiny")
    shelf.library.rewrite_others()
    shelf.models.done.emit(shelf.models.job, SPOKEN)
    with shelf.bot.waitSignals([shelf.library.attempt_loaded, shelf.library.changed, shelf.library.rewriting]):
        shelf.models.done.emit(shelf.models.job, JUDGED)


def test_unfinished_answers_are_worked_off_in_order_with_what_is_left_told(shelf: Shelf) -> None:
    told: list[tuple[int, int]] = []
    shelf.library.rewriting.connect(lambda done, total, _left_s: told.append((done, total)))
    for name in ("one", "two", "three"):
        shelf.keep(name)
    shelf.library.rewrite_unfinished()
    for _ in range(3):
        shelf.models.done.emit(shelf.models.job, SPOKEN)
        shelf.models.done.emit(shelf.models.job, JUDGED)
    assert [path.stem for path, _ in shelf.models.transcribed] == ["one", "two", "three"]
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3), (3, 3)]


def test_unfinished_recordings_are_written_down(shelf: Shelf) -> None:
    shelf.keep("unfinished")
    shelf.library.rewrite_unfinished()
    assert [path.name for path, _ in shelf.models.transcribed] == ["unfinished.wav"]
    shelf.library.cancel_rewrite()
    assert shelf.models.cancelled == [shelf.models.job]


def test_kept_texts_are_judged_again(shelf: Shelf) -> None:
    shelf.keep("one", transcript=SPOKEN, score=JUDGED)
    shelf.keep("two", question_id="beta", transcript=ROUGH)
    shelf.library.rescore(("one", "two"))
    with shelf.bot.waitSignal(shelf.library.attempt_loaded):
        shelf.models.done.emit(shelf.models.job, JUDGED)
    assert shelf.models.scored == [("alpha", "a thing"), ("beta", "a thing")]
    assert shelf.models.transcribed == []


def test_microphones_are_looked_for_without_touching_the_rest(shelf: Shelf) -> None:
    shelf.library.load_devices()
    sounds = shelf.library._sounds
    sounds.recorder.devices = lambda: (Device("Mic", 48_000, True), Device("Late", 48_000, False))
    sounds.speaker.voices = lambda: ()
    with shelf.bot.waitSignal(shelf.library.devices_loaded) as loaded:
        shelf.library.look_for_microphones()
    assert [m.name for m in loaded.args[0].microphones] == ["Mic", "Late"]
    assert [v.name for v in loaded.args[0].voices] == ["English"]


def test_the_first_look_for_microphones_looks_for_everything(shelf: Shelf) -> None:
    with shelf.bot.waitSignal(shelf.library.devices_loaded) as loaded:
        shelf.library.look_for_microphones()
    assert [v.name for v in loaded.args[0].voices] == ["English"]


def test_devices_and_voices_come_together(shelf: Shelf) -> None:
    with shelf.bot.waitSignal(shelf.library.devices_loaded) as loaded:
        shelf.library.load_devices()
    assert [d.name for d in loaded.args[0].microphones] == ["Mic"]
    assert [v.name for v in loaded.args[0].voices] == ["English"]


def test_models_are_surveyed(shelf: Shelf) -> None:
    with shelf.bot.waitSignal(shelf.library.whisper_models_loaded) as loaded:
        shelf.library.load_models()
    assert "base.en" in [m.name for m in loaded.args[0]]


def test_another_bank_is_used_from_then_on(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "bank.json"
    path.write_text(bank("delta").model_dump_json(), encoding="utf-8")
    with shelf.bot.waitSignal(shelf.library.bank_changed):
        shelf.library.open_bank(path)
    assert shelf.library.question("delta") is not None
    assert shelf.library.question("alpha") is None


def test_a_bank_that_cannot_be_used_changes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    with shelf.bot.waitSignal(shelf.library.told):
        shelf.library.open_bank(tmp_path / "gone.json")
    assert shelf.library.bank.title == "Test bank"


def test_a_store_that_fails_is_told(shelf: Shelf) -> None:
    def broken() -> tuple[Session, ...]:
        raise StoreError("The database is damaged")

    shelf.store.sessions = broken  # type: ignore[method-assign]
    with shelf.bot.waitSignal(shelf.library.told):
        shelf.library.load_sessions()


@pytest.mark.parametrize(("order", "first"), [(Order.LISTED, "alpha"), (Order.WEAKEST, "alpha"), (Order.DUE, "beta")])
def test_the_order_looks_back_where_it_must(shelf: Shelf, order: Order, first: str) -> None:
    shelf.keep("one", question_id="beta", transcript=Transcript("x"), score=replace(JUDGED, value=10.0))
    shelf.store.attempts["one"] = replace(shelf.store.attempts["one"], created=NOON.replace(year=2020))
    picked: list[str] = []
    shelf.planner.plan(Plan(3, order), done=lambda qs: picked.extend(q.id for q in qs), failed=pytest.fail)
    assert picked[0] == first
    assert sorted(picked) == ["alpha", "beta", "gamma"]


def test_an_answer_that_is_not_kept_any_more_is_told_as_gone(shelf: Shelf) -> None:
    def attempt(attempt_id: str) -> Attempt:
        raise InputError(f"There is no answer {attempt_id!r}")

    shelf.store.attempt = attempt  # type: ignore[method-assign]
    with shelf.bot.assertNotEmitted(shelf.library.told), shelf.bot.waitSignal(shelf.library.gone) as gone:
        shelf.library.load_attempt("one")
    assert gone.args == [frozenset(("one",))]


def test_an_answer_that_cannot_be_read_is_no_answer_gone(shelf: Shelf) -> None:
    def attempt(_attempt_id: str) -> Attempt:
        raise StoreError("The disk failed")

    shelf.store.attempt = attempt  # type: ignore[method-assign]
    with shelf.bot.assertNotEmitted(shelf.library.gone), shelf.bot.waitSignal(shelf.library.told):
        shelf.library.load_attempt("one")


def test_a_deletion_is_passed_on_and_counted(shelf: Shelf) -> None:
    shelf.keep("one")
    shelf.library.rewrite_unfinished()
    assert shelf.library.busy
    with shelf.bot.waitSignals([shelf.library.gone, shelf.library.changed, shelf.library.unfinished_found]):
        shelf.library.forget(("one",))
    assert not shelf.library.busy


def test_what_came_is_told_and_what_of_it_waits_is_counted(shelf: Shelf) -> None:
    shelf.keep("one")
    with shelf.bot.waitSignal(shelf.library.changed), shelf.bot.waitSignal(shelf.library.unfinished_found) as told:
        shelf.library.arrived()
    assert told.args == [Backlog(1, 1.0)]


def test_how_the_user_usually_sounds_is_told(shelf: Shelf) -> None:
    for place in range(3):
        shelf.keep(f"spoken-{place}", delivery=Delivery(60, 30.0, 0.5, 120.0, 1, 0, 0, ()))
    shelf.keep("shown", delivery=Delivery(60, 30.0, 0.5, 300.0, 1, 0, 0, ()))
    with shelf.bot.waitSignal(shelf.library.usual_loaded) as told:
        shelf.library.load_usual("shown")
    assert (told.args[0].answers, told.args[0].pace_wpm) == (3, Quartiles(120.0, 120.0, 120.0))


def test_too_few_answers_have_nothing_usual(shelf: Shelf) -> None:
    with shelf.bot.waitSignal(shelf.library.usual_loaded) as told:
        shelf.library.load_usual("")
    assert told.args == [None]


# --- an answer that is edited -----------------------------------------------------------------


def test_an_edit_that_is_kept_and_judged_changes_what_the_lists_show(shelf: Shelf) -> None:
    shelf.keep("one", transcript=SPOKEN, score=JUDGED)
    shelf.library.editor.open("one")
    shelf.library.editor.replace(1, 2, "stack")
    with shelf.bot.waitSignal(shelf.library.changed):
        shelf.models.done.emit(shelf.models.job, JUDGED)


def test_what_is_wrong_with_an_edit_is_told(shelf: Shelf) -> None:
    shelf.keep("one", transcript=SPOKEN, score=JUDGED)
    shelf.library.editor.open("one")
    with shelf.bot.waitSignal(shelf.library.told):
        shelf.library.editor.rewrite(" ")


def test_a_deleted_answer_is_no_longer_edited(shelf: Shelf) -> None:
    shelf.keep("one", transcript=SPOKEN, score=JUDGED)
    shelf.library.editor.open("one")
    shelf.library.forget(["one"])
    assert shelf.library.editor.attempt_id == ""


def test_an_answer_written_down_again_is_edited_as_it_is_now(shelf: Shelf) -> None:
    shelf.keep("one", transcript=ROUGH, score=JUDGED)
    shelf.library.editor.open("one")
    shelf.library._reworker.add((Work("one", again=True),))
    shelf.models.done.emit(shelf.models.job, SPOKEN)
    with shelf.bot.waitSignal(shelf.library.editor.opened) as opened:
        shelf.models.done.emit(shelf.models.job, JUDGED)
    assert opened.args[0].original == SPOKEN
