"""Indexes for the review of rejects (by cause, by time), all of them of one station first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_CAUSE = {
    "sqlite": "json_extract(CAST(payload AS TEXT), '$.cause')",
    "postgresql": "convert_from(payload, 'UTF8')::json ->> 'cause'",
}


def upgrade() -> None:
    """Add the cause of each inspection, and the indexes."""
    op.add_column("records", sa.Column("cause", sa.String(16)))
    cause = _CAUSE[op.get_bind().dialect.name]
    op.execute(f"UPDATE records SET cause = {cause} WHERE kind = 'inspection'")
    op.drop_index("records_by_part", "records")
    op.drop_index("records_by_kind", "records")
    op.create_index("records_of_part", "records", ["station", "part_id", "sequence"])
    op.create_index("records_of_kind", "records", ["station", "kind", "sequence"])
    op.create_index("records_of_outcome", "records", ["station", "outcome", "sequence"])
    op.create_index("records_of_cause", "records", ["station", "cause", "sequence"])
    op.create_index("records_of_time", "records", ["station", "outcome", "utc_us", "sequence"])
    # Programs from before migrations look here, and must not write records without a cause.
    op.execute("UPDATE schema_version SET version = 2")
