"""The ports: what activities need of the world, as small Protocols.

Every port has an in-memory twin (activities/adapters/memory/) and a real adapter; both pass one contract
suite in tests/contracts. Methods raise schema.failures.Failure for what a caller must know. All writes are
idempotent by the business key that stands in their argument.
"""

from activities.ports.archive import (
    DataPurge,
    DossierSource,
    HistorySource,
    ObjectIndex,
    ObjectStore,
    ReportPrinter,
    StoredObject,
    TablePrinter,
)
from activities.ports.cohort import AttemptCommander, CohortStarter, OperationBook
from activities.ports.conversation import ConversationBook
from activities.ports.event import EventSink, Outbox, ReceiptBook
from activities.ports.lifecycle import (
    AttemptBook,
    AttemptIndex,
    HoldBook,
    ReviewBook,
    SeatBook,
    SeatSignaller,
    SlotBook,
    WindowBook,
)
from activities.ports.marking import AnswerBook, ExamCatalog, MarkBook
from activities.ports.outage import OutageBook, ServiceBook
from activities.ports.post import (
    HOLD_AFTER_REPAIR,
    Contact,
    Directory,
    Mail,
    MailBook,
    MailPauses,
    MailSender,
    MailWriter,
    NotificationBook,
    Pause,
    SentMailLog,
    TitleSource,
)
from activities.ports.segment import SegmentBook, SegmentSource
from activities.ports.stream import (
    CheckpointBook,
    FeedBook,
    FeedPage,
    IncidentBook,
    IncidentSignaller,
    Lease,
    RecordFeed,
    Watcher,
    WatcherSource,
)

__all__ = [
    "HOLD_AFTER_REPAIR",
    "AnswerBook",
    "AttemptBook",
    "AttemptCommander",
    "AttemptIndex",
    "CheckpointBook",
    "CohortStarter",
    "Contact",
    "ConversationBook",
    "DataPurge",
    "Directory",
    "DossierSource",
    "EventSink",
    "ExamCatalog",
    "FeedBook",
    "FeedPage",
    "HistorySource",
    "HoldBook",
    "IncidentBook",
    "IncidentSignaller",
    "Lease",
    "Mail",
    "MailBook",
    "MailPauses",
    "MailSender",
    "MailWriter",
    "MarkBook",
    "NotificationBook",
    "ObjectIndex",
    "ObjectStore",
    "OperationBook",
    "OutageBook",
    "Outbox",
    "Pause",
    "ReceiptBook",
    "RecordFeed",
    "ReportPrinter",
    "ReviewBook",
    "SeatBook",
    "SeatSignaller",
    "SegmentBook",
    "SegmentSource",
    "SentMailLog",
    "ServiceBook",
    "SlotBook",
    "StoredObject",
    "TablePrinter",
    "TitleSource",
    "Watcher",
    "WatcherSource",
    "WindowBook",
]
