"""What Alembic runs to migrate: the steps that lack, on the connection that it is given."""

from __future__ import annotations

from alembic import context

from inspector.ledger.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
