"""The tables of the database, as mapped classes.

Rows are added, and deleted when the user wants it; the values that change are
`sessions.finished`, and clip, note and star of an attempt. Lists are compact JSON in text columns (a
column of type JSON would have numeric affinity in SQLite). What each JSON holds is known to
`rows.py` alone.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Float, ForeignKey, MetaData, Text, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

REVISION = "0005"
"""The newest revision in `migrations/versions`; the tables below are as it leaves them."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone: SQLite drops zones, so UTC goes in and comes out. Takes aware times only."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC, without its zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment with the zone UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Root of the tables. Constraints have names, so that a later migration can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        }
    )
    type_annotation_map = {str: Text, datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy reads this name


class SessionRow(Base):
    """One interview."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(primary_key=True)
    created: Mapped[datetime]
    finished: Mapped[datetime | None]
    bank_title: Mapped[str]
    mode: Mapped[str]
    question_ids: Mapped[str]
    came: Mapped[datetime | None]


class AttemptRow(Base):
    """One answer. The four columns of its clip are all there, or none is."""

    __tablename__ = "attempts"

    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    question_id: Mapped[str]
    position: Mapped[int]
    created: Mapped[datetime]
    follow_up: Mapped[str] = mapped_column(default="", server_default="")
    clip: Mapped[str | None]
    """Path below the data folder, with forward slashes."""
    sample_rate_hz: Mapped[int | None]
    frames: Mapped[int | None]
    gap_ms: Mapped[int | None]
    asked: Mapped[str] = mapped_column(default="", server_default="")
    topic: Mapped[str] = mapped_column(default="", server_default="")
    note: Mapped[str] = mapped_column(default="", server_default="")
    starred: Mapped[bool] = mapped_column(default=False, server_default=false())


class TranscriptRow(Base):
    """One text of an attempt; the highest id counts."""

    __tablename__ = "transcripts"
    # Without it SQLite gives the number of a deleted last row away again.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads this name

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), index=True)
    created: Mapped[datetime]
    engine: Mapped[str]
    model: Mapped[str]
    rough: Mapped[bool]
    text: Mapped[str]
    words: Mapped[str]
    speech: Mapped[str]


class RecipeRow(Base):
    """What made a score. Thousands of scores have a handful of recipes: each text is kept once."""

    __tablename__ = "recipes"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(unique=True)


class ScoreRow(Base):
    """One score of one transcript; the highest id counts."""

    __tablename__ = "scores"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads this name

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), index=True)
    transcript_id: Mapped[int] = mapped_column(ForeignKey("transcripts.id"), index=True)
    created: Mapped[datetime]
    value: Mapped[float] = mapped_column(Float)
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    label: Mapped[str]
    next_step: Mapped[str] = mapped_column(default="", server_default="")
    coverage_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    recipe_id: Mapped[int] = mapped_column(ForeignKey("recipes.id"))
    points: Mapped[str]
    notes: Mapped[str]
    delivery: Mapped[str | None]

    recipe: Mapped[RecipeRow] = relationship(lazy="joined")


class DeletedFileRow(Base):
    """A file of a deleted answer, or the folder of a deleted session, that may still be on the disk."""

    __tablename__ = "deleted_files"

    path: Mapped[str] = mapped_column(primary_key=True)
    """Below the data folder, with forward slashes."""
