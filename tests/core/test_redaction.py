"""What of an error or a message may be kept: kinds and places, our own texts, nobody's home or name."""

from __future__ import annotations

import builtins

import pytest
from pydantic import BaseModel, ValidationError

from interviewer.core.errors import EngineError
from interviewer.core.redaction import MOST_CAUSES, MOST_LETTERS, Redactor, places

ANNA = Redactor.of(["/home/anna", "/", ""], ["anna", ""])


def caught(error: BaseException) -> BaseException:
    try:
        raise error
    except type(error) as exc:
        return exc


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("cannot read /home/anna/talk.wav", "cannot read ~/talk.wav"),
        ("/home/anna", "~"),
        ("/home/annabel/x", "/home/annabel/x"),
        ("/media/anna/usb", "/media/<user>/usb"),
        ("by Anna_2, ANNA", "by <user>_2, <user>"),
        ("joanna susanna", "joanna susanna"),
        ("two\nlines\x1b[31m\x00", "two lines [31m"),
    ],
)
def test_homes_names_and_control_characters_are_taken_out(text: str, clean: str) -> None:
    assert ANNA.clean(text) == clean


def test_a_home_on_windows_is_taken_out_as_it_is_and_as_repr_writes_it() -> None:
    redactor = Redactor.of([r"C:\Users\anna"], [])
    assert redactor.clean(r"C:\Users\anna\a " + repr(r"C:\Users\anna\b")) == r"~\a '~\\b'"


def test_a_long_message_is_cut() -> None:
    assert len(ANNA.clean("x" * 9000)) == MOST_LETTERS


def test_a_text_of_a_library_is_left_out() -> None:
    class Row(BaseModel):
        answer: int

    with pytest.raises(ValidationError) as raised:
        Row.model_validate({"answer": "my secret"})
    told = ANNA.told(raised.value)
    assert told.startswith("ValidationError at ")
    assert "secret" not in told


def test_a_text_of_ours_is_kept() -> None:
    assert ANNA.told(EngineError("No model in /home/anna")) == "EngineError: No model in ~"


def test_an_error_of_the_system_tells_what_and_which_file() -> None:
    error = OSError(28, "No space left on device", "/home/anna/a.wav")
    assert ANNA.told(error) == "OSError: No space left on device: ~/a.wav"


@pytest.mark.parametrize("file", [None, 7])
def test_an_error_of_the_system_without_a_file_tells_what(file: object) -> None:
    assert ANNA.told(OSError(28, "No space left on device", file)) == "OSError: No space left on device"


def test_an_error_that_a_library_words_itself_is_no_error_of_the_system() -> None:
    assert ANNA.told(OSError("my secret")) == "OSError"


def test_causes_are_told_too() -> None:
    error = caught(EngineError("It stopped"))
    error.__cause__ = caught(ValueError("my secret"))
    told = ANNA.told(error)
    assert told.startswith("EngineError: It stopped at interviewer") is False  # the place is this test
    assert " <- ValueError at test_redaction.py:" in told


def test_what_was_raised_while_another_was_handled_is_told_with_it() -> None:
    with pytest.raises(KeyError) as raised:
        try:
            raise ValueError("one")
        except ValueError:
            raise KeyError("two")  # noqa: B904
    assert "KeyError at " in ANNA.told(raised.value)
    assert " <- ValueError at " in ANNA.told(raised.value)


def test_what_was_set_aside_on_purpose_is_not_told() -> None:
    with pytest.raises(KeyError) as raised:
        try:
            raise ValueError("one")
        except ValueError:
            raise KeyError("two") from None
    assert "ValueError" not in ANNA.told(raised.value)


def test_causes_in_a_circle_and_without_end_are_cut_off() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert ANNA.told(first) == "ValueError <- KeyError"
    chain = ValueError()
    for _ in range(50):
        outer = ValueError()
        outer.__cause__ = chain
        chain = outer
    assert ANNA.told(chain).count("ValueError") == MOST_CAUSES


@pytest.mark.parametrize(
    ("file", "short"),
    [
        ("/home/anna/.venv/lib/python3.11/site-packages/whisper/audio.py", "whisper/audio.py"),
        ("/work/interviewer/store/rows.py", "interviewer/store/rows.py"),
        ("/home/interviewer/src/interviewer/cli.py", "interviewer/cli.py"),
        ("/usr/lib/python3.11/json/decoder.py", "decoder.py"),
        ("/usr/lib/python3.11/wave.py", "python3.11/wave.py"),
        ("<string>", "<string>"),
    ],
)
def test_a_place_is_named_below_its_package(file: str, short: str) -> None:
    with pytest.raises(ValueError) as raised:
        exec(builtins.compile("raise ValueError", file, "exec"))
    assert places(raised.value).endswith(f", {short}:1 <module>")
    assert "anna" not in places(raised.value)
