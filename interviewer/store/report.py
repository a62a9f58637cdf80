"""What came back when a database was rebuilt, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from interviewer.core.errors import StoreError
from interviewer.core.models import Attempt
from interviewer.core.removal import count_words
from interviewer.store.backup import Backup

_NOUNS = {"sessions": "interview", "attempts": "answer", "transcripts": "text", "scores": "score"}


@dataclass(frozen=True, slots=True)
class Report:
    """Counts of what is in the new database, and where it is from."""

    made: datetime
    totals: Mapping[str, int]
    """Rows in the new database, by table."""
    from_backup: Mapping[str, int]
    """Of these, by table, the ones that only the backup had."""
    backup: Backup | None
    sidecars: int
    """Sessions known only from the file beside their recordings."""
    named: int
    """Sessions of which only answers or recordings are left."""
    recovered: tuple[Attempt, ...]
    """Answers known only from their recording."""
    unreadable: tuple[str, ...]
    """Tables of the damaged database that could not be read whole."""
    dropped: int
    """Rows of it that made no sense."""
    deleted: int
    """Sessions and answers that the backup has and that were deleted after it was made."""
    wordless: int
    """Typed answers whose text is lost."""
    aside: str = ""
    """What the damaged file is called now; "" where there was none."""

    def told(self, file: str) -> StoreError:
        """Return the message for the window; `file` is where the whole report lies."""
        back = ", ".join(self._counted())
        kept = f" The damaged file is kept as {self.aside}." if self.aside else ""
        hint = f"What came from where, and what may be missing, is in {file} in the data folder.{kept}"
        return StoreError(f"The database was damaged and has been rebuilt: {back} are back", hint=hint)

    def text(self) -> str:
        """Return the whole report."""
        return "\n".join(self._lines()) + "\n"

    def _counted(self) -> Iterator[str]:
        for table, noun in _NOUNS.items():
            yield count_words(self.totals[table], noun)

    def _lines(self) -> Iterator[str]:
        yield f"The database was damaged and was rebuilt on {self.made:%Y-%m-%d at %H:%M} UTC."
        yield f"The damaged file is kept as {self.aside}." if self.aside else "There was no database any more."
        yield ""
        yield "In the new one are:"
        for table, noun in _NOUNS.items():
            extra = self.from_backup[table]
            since = f", {extra} of these from the backup alone" if extra else ""
            yield f"- {count_words(self.totals[table], noun)}{since}"
        yield ""
        yield from self._sources()
        yield ""
        yield from self._losses()

    def _sources(self) -> Iterator[str]:
        if self.backup is not None:
            yield f"The newest whole backup is {self.backup.path.name}."
        else:
            yield "There is no backup with a whole database."
        if self.sidecars:
            yield f"Known from the file beside their recordings: {count_words(self.sidecars, 'interview')}."
        if self.named:
            yield f"Known from their answers alone, without title: {count_words(self.named, 'interview')}."
        if self.recovered:
            answers = count_words(len(self.recovered), "answer")
            yield f"Known from their recordings alone, to be written down again: {answers}."

    def _losses(self) -> Iterator[str]:
        if not (self.unreadable or self.dropped or self.wordless or self.deleted):
            yield "Everything in the damaged file could be read."
            return
        if self.unreadable:
            tables = ", ".join(_NOUNS.get(table, "list") + "s" for table in self.unreadable)
            yield f"Not all of the damaged file could be read ({tables}); what nothing else holds is lost."
        if self.dropped:
            yield f"Entries that made no sense were left out: {self.dropped}."
        if self.wordless:
            yield f"Typed answers whose text is lost: {self.wordless}."
        if self.deleted:
            yield f"In the backup, but deleted after it was made, and left out: {self.deleted}."
