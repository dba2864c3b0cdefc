"""Marks that this process moves attempts on."""

from activities.adapters.service_probe import temporal_answers, writes
from activities.adapters.sql.service_book import SqlServiceBook
from activities.service_marker import ServiceMarker
from schema.outage.service import Component
from workers.beside import Loop, until
from workers.equipment import Equipment


def marks_of(tools: Equipment) -> tuple[Loop, ...]:
    """The loop of a lifecycle worker that marks its service; none where nothing is measured."""
    settings, bases = tools.settings, tools.databases
    if not settings.service_mark_every:
        return ()
    needs = {
        Component.LIFECYCLE: (
            writes(bases.reservations), writes(bases.corrections), writes(bases.monitoring),
            temporal_answers(tools.client),
        )
    }  # fmt: skip
    book = SqlServiceBook(bases.reservations, settings.outage_tolerance)
    marker = ServiceMarker(book, settings.node_id, needs, settings.service_mark_every)
    return (lambda stop: until(stop, marker.run()),)
