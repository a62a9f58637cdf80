"""Answers know how their question was asked and its topic, and have a note and a star."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("asked", "topic", "note"):
        op.add_column("attempts", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("attempts", sa.Column("starred", sa.Boolean(), server_default=sa.false(), nullable=False))
