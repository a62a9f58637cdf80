from __future__ import annotations

import pickle

import pytest

from interviewer.core import errors
from interviewer.core.errors import AudioError, EngineError, InputError, InterviewerError, ModelMissing

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, InterviewerError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_says_what_to_do(kind: type[InterviewerError]) -> None:
    assert kind("Something happened").hint == kind.default_hint != ""


def test_a_hint_of_its_own_replaces_the_default() -> None:
    assert InputError("No", hint="Try this.").hint == "Try this."


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        ("It broke", "It broke. Mend it."),
        ("It broke.", "It broke. Mend it."),
        ("Did it break? ", "Did it break? Mend it."),
        ("These broke:", "These broke: Mend it."),
    ],
)
def test_an_error_is_told_as_two_sentences(fact: str, told: str) -> None:
    assert InterviewerError(fact, hint="Mend it.").told() == told


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_crosses_to_another_process_whole(kind: type[InterviewerError]) -> None:
    back = pickle.loads(pickle.dumps(kind("It broke", hint="Mend it.")))
    assert (type(back), str(back), back.hint) == (kind, "It broke", "Mend it.")


def test_the_tree_can_be_caught_by_its_branches() -> None:
    assert issubclass(ModelMissing, EngineError)
    assert issubclass(AudioError, InputError)
