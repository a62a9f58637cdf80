"""What every command knows, and the options that several of them take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.core import paths
from interviewer.core.errors import BankError, InterviewerError
from interviewer.printing import echo

if TYPE_CHECKING:
    # The window opens through here: what it does not need at once waits for its command.
    from interviewer.answers import Judge
    from interviewer.core.models import Bank, Transcript
    from interviewer.core.ports import Transcriber
    from interviewer.core.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
BankFile = Annotated[Path | None, typer.Option("--bank", help="A question bank; the shipped one otherwise.")]


def warn(error: InterviewerError) -> None:
    """Tell on standard error what is wrong but stops nothing."""
    echo(f"interviewer: {error.told()}", err=True)


@dataclass(frozen=True)
class Common:
    """What every command knows."""

    data_dir: Path
    verbose: bool

    @cached_property
    def settings(self) -> Settings:
        """The settings; what is wrong with them is told once, and changes nothing on disk."""
        from interviewer.core import settings

        found = settings.load(self.data_dir)
        if found.problem is not None:
            warn(found.problem)
        return found.settings

    @property
    def backup_folder(self) -> Path:
        """The folder that backups go to."""
        from interviewer.store.backup import default_folder

        chosen = self.settings.backup_folder
        return Path(chosen).expanduser() if chosen else default_folder(self.data_dir)

    def recogniser(self, model: str | None = None) -> Callable[[], Transcriber]:
        """Return how to load the recogniser of the settings, or of the named model; what is wrong is told."""
        from interviewer.engines import catalog

        def load() -> Transcriber:
            chosen = self.settings
            made, problem = catalog.transcriber_or_plain(
                model or chosen.whisper_model, self.data_dir, hearing=chosen.hearing
            )
            if problem is not None:
                warn(problem)
            return made

        return load

    def write_down(self, file: Path, terms: tuple[str, ...], model: str | None = None) -> Transcript:
        """Write a sound file down with the named model, else the settings' one."""
        from interviewer import answers

        return answers.write_down(file, terms, self.recogniser(model))

    def judge(self) -> Judge:
        """Load the scorer with the settings' sentence model; where that cannot be used, told why, the packaged one."""
        from interviewer.answers import Judge
        from interviewer.engines import catalog

        scorer, problem = catalog.scorer_or_built_in(self.settings.sentence_model, self.data_dir)
        if problem is not None:
            warn(problem)
        return Judge(scorer)

    def bank(self, chosen: Path | None) -> Bank:
        """Return the bank named on the command line, else in the settings, else the shipped one."""
        from interviewer.core.bank import load_bank

        from_settings = self.settings.bank
        return load_bank(chosen or (Path(from_settings) if from_settings else paths.shipped_bank()))

    def bank_of_sessions(self, chosen: Path | None) -> Bank:
        """Return the bank as `bank` does; one that cannot be used hides no session: the shipped one is taken."""
        from interviewer.core.bank import load_bank

        try:
            return self.bank(chosen)
        except BankError as error:
            if chosen is not None:
                raise
            warn(error)
            return load_bank(paths.shipped_bank())
