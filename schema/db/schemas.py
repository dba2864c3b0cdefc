"""The six schemas by name, with the metadata of their tables."""

from sqlalchemy import MetaData

from schema.db.tables import outage as _outage  # noqa: F401 - its tables are among those of reservations
from schema.db.tables import rendering as _rendering  # noqa: F401 - likewise
from schema.db.tables.analytics import AnalyticsTable
from schema.db.tables.corrections import CorrectionsTable
from schema.db.tables.monitoring import MonitoringTable
from schema.db.tables.notifications import NotificationsTable
from schema.db.tables.reservations import ReservationsTable
from schema.db.tables.users import UsersTable

METADATA: dict[str, MetaData] = {
    "users": UsersTable.metadata,
    "reservations": ReservationsTable.metadata,
    "monitoring": MonitoringTable.metadata,
    "corrections": CorrectionsTable.metadata,
    "notifications": NotificationsTable.metadata,
    "analytics": AnalyticsTable.metadata,
}
