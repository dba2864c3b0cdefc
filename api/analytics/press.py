"""Prints reports beside the event loop, one at a time: a report takes a second of one core."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from fastapi import Response

from activities.adapters.bulletin import print_bulletin
from api.analytics.table import Table, written
from schema.bulletin import Bulletin

T = TypeVar("T")

CSV = "text/csv; charset=utf-8; header=present"
PDF = "application/pdf"


class Press:
    """One per application."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

    async def pdf(self, bulletin: Bulletin, name: str) -> Response:
        """A download that nobody caches."""
        return _download(await self._print(print_bulletin, bulletin), PDF, f"{name}.pdf")

    async def csv(self, table: Table, name: str) -> Response:
        """A download that nobody caches."""
        return _download(await self._print(written, table), CSV, f"{name}.csv")

    async def _print(self, printer: Callable[[T], bytes], what: T) -> bytes:
        async with self._turn:
            return await asyncio.to_thread(printer, what)


def _download(document: bytes, media_type: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(document, media_type=media_type, headers=headers)
