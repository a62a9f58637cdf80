"""Every failure that a user may meet, as one tree.

    InterviewerError
    +-- InputError          what was handed in is wrong; exit code 1, nothing changed
    |   +-- BankError       a question bank cannot be used as it is
    |   +-- AudioError      a sound file cannot be read as sound
    +-- DeviceError         a microphone, loudspeaker or voice is missing or went away
    +-- EngineError         a model or a model process failed
    |   +-- ModelMissing    the weights are not on this machine
    |   +-- ModelCorrupt    the weights are not what they should be
    |   +-- DownloadError   the weights could not be fetched; what came of them is kept
    |   +-- Cancelled       the user ended the work
    +-- StoreError          the data folder cannot be read or written
        +-- StoreDamaged    the database is there, but what it holds makes no sense

Each carries a hint: one sentence saying what the user can do next. `str(error)` is the
fact, `error.hint` the way out, and `error.told()` both as one text for a window or a
terminal. Causes are kept with `raise ... from`.
"""

from __future__ import annotations


class InterviewerError(Exception):
    """Root of the tree: a fact and a hint, both plain text for the user."""

    default_hint = "Run `interviewer doctor` to see what is missing."

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint or self.default_hint

    def told(self) -> str:
        """Return the fact and the hint as one text of two sentences."""
        fact = str(self).rstrip()
        end = "" if fact.endswith((".", "!", "?", ":")) else "."
        return f"{fact}{end} {self.hint}"

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions with keyword-only arguments do not survive pickling by default,
        # and these cross the border between the model process and the window.
        return (_rebuild, (type(self), str(self), self.hint))


def _rebuild(kind: type[InterviewerError], message: str, hint: str) -> InterviewerError:
    return kind(message, hint=hint)


class InputError(InterviewerError):
    """Something handed in by the user is wrong; nothing was changed."""

    default_hint = "Correct the input and try again."


class BankError(InputError):
    """A question bank cannot be used as it is."""

    default_hint = "Correct the named entry in the bank file and open it again."


class AudioError(InputError):
    """A file cannot be read as sound."""

    default_hint = "Use a WAV, FLAC or OGG file that a player can open."


class DeviceError(InterviewerError):
    """A microphone, loudspeaker or voice is missing or stopped."""

    default_hint = "Choose another device in Settings, or type the answer instead."


class EngineError(InterviewerError):
    """A model failed while it worked."""

    default_hint = "Press Retry; if it fails again, choose a smaller model in Settings."


class ModelMissing(EngineError):
    """The weights are not on this machine."""

    default_hint = "Open Settings, Recognition, and choose a model file."


class ModelCorrupt(EngineError):
    """The weights on disk are not what they should be."""

    default_hint = "Delete the file and bring it again, or choose another model in Settings."


class DownloadError(EngineError):
    """The weights could not be fetched; what came of them is kept, and the next try goes on from there."""

    default_hint = "Check the network and try again, or bring the file: `interviewer models add FILE`."


class Cancelled(EngineError):
    """The user ended the work; what was recorded is kept."""

    default_hint = "The recording is kept; press Retry to write it down."


class StoreError(InterviewerError):
    """The data folder cannot be read or written."""

    default_hint = "Choose another data folder with --data-dir, or free some space."


class StoreDamaged(StoreError):
    """The database is not what this program wrote: its pages or its entries make no sense."""

    default_hint = "Open Interviewer: it puts the damaged file aside and brings back what can be read."
