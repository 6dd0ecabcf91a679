"""${message}

Revision: ${up_revision}
Follows: ${down_revision | comma,n}
Made: ${create_date}
"""

# Commands of the previous release may still run on this database while the migration does, so it must suit both:
# add first, fill next, take away one release later. No import from db.models: a data migration declares the few
# columns it needs. CREATE INDEX CONCURRENTLY goes into `with op.get_context().autocommit_block():`.
# A downgrade that cannot be done raises and says why.

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision: str = ${repr(up_revision)}
down_revision: str | None = ${repr(down_revision)}
branch_labels: str | Sequence[str] | None = ${repr(branch_labels)}
depends_on: str | Sequence[str] | None = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
