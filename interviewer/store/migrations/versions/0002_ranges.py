"""Scores with a range and a next step; each recipe kept once, in a table of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COPY = """
INSERT INTO scores (id, attempt_id, transcript_id, created, value, label, recipe_id, points, notes, delivery)
SELECT old.id, old.attempt_id, old.transcript_id, old.created, old.value, old.label, recipes.id,
    old.points, old.notes, old.delivery
FROM scores_0001 AS old JOIN recipes ON recipes.text = old.recipe ORDER BY old.id
"""


def upgrade() -> None:
    op.create_table(
        "recipes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recipes"),
        sa.UniqueConstraint("text", name="uq_recipes_text"),
    )
    op.execute("INSERT INTO recipes (text) SELECT recipe FROM scores GROUP BY recipe ORDER BY min(id)")
    op.rename_table("scores", "scores_0001")
    # A renamed table keeps its indexes, and with them their names.
    for column in ("attempt_id", "transcript_id"):
        op.drop_index(f"ix_scores_{column}", "scores_0001")
    _create_scores()
    op.execute(_COPY)
    op.drop_table("scores_0001")


def _create_scores() -> None:
    op.create_table(
        "scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("transcript_id", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), server_default="", nullable=False),
        sa.Column("coverage_only", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("recipe_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_scores_attempt_id_attempts"),
        sa.ForeignKeyConstraint(["transcript_id"], ["transcripts.id"], name="fk_scores_transcript_id_transcripts"),
        sa.ForeignKeyConstraint(["recipe_id"], ["recipes.id"], name="fk_scores_recipe_id_recipes"),
        sa.PrimaryKeyConstraint("id", name="pk_scores"),
        sqlite_autoincrement=True,
    )
    for column in ("attempt_id", "transcript_id"):
        op.create_index(f"ix_scores_{column}", "scores", [column])
