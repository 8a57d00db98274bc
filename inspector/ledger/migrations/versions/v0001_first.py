"""The tables as they were before migrations began; ledgers of then are taken to be here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table("schema_version", sa.Column("version", sa.Integer, primary_key=True))
    op.execute("INSERT INTO schema_version VALUES (1)")
    op.create_table(
        "records",
        sa.Column("station", sa.String(63), primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("utc_us", sa.BigInteger, nullable=False),
        sa.Column("part_id", sa.BigInteger),
        sa.Column("outcome", sa.String(16)),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
    )
    op.create_index("records_by_part", "records", ["part_id"])
    op.create_index("records_by_kind", "records", ["kind", "sequence"])
    op.create_table(
        "heads",
        sa.Column("station", sa.String(63), primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "blocks",
        sa.Column("station", sa.String(63), primary_key=True),
        sa.Column("first", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("settled", sa.Boolean, nullable=False),
    )
