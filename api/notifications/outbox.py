"""In development: the mails that the mock sender wrote, for a screen to show."""

import asyncio
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.context import ContextOf
from api.security import require
from schema.failures import Failure, FailureType
from schema.role import Role

SHOWN = 200


def mocked_only(context: ContextOf) -> None:
    """These mails hold links that open accounts: there are none where mail is really sent."""
    if not context.settings.use_mock_senders or context.settings.environment != "development":
        raise Failure(
            FailureType.NOT_FOUND, "mails are sent here, not kept: set USE_MOCK_SENDERS in development"
        )


router = APIRouter(prefix="/outbox", dependencies=[require(Role.ADMIN), Depends(mocked_only)])


class MailSummary(BaseModel):
    """A mail that was written instead of sent."""

    mail_id: UUID
    to: str
    subject: str
    written_at: datetime


class MailView(MailSummary):
    """The mail with its texts."""

    headers: dict[str, str]
    text: str
    html: str


@router.get("", summary="Mails that were written")
async def list_mails(context: ContextOf) -> list[MailSummary]:
    """The newest 200."""
    return await asyncio.to_thread(_newest, context.settings.outbox_dir)


@router.get("/{mail_id}", summary="One mail")
async def show_mail(mail_id: UUID, context: ContextOf) -> MailView:
    """Its headers and both its texts."""
    path = context.settings.outbox_dir / f"{mail_id}.eml"
    try:
        return await asyncio.to_thread(_view, path)
    except FileNotFoundError as missing:
        raise Failure(
            FailureType.NOT_FOUND, "there is no such mail; load the list again", mail_id=mail_id
        ) from missing


def _newest(folder: Path) -> list[MailSummary]:
    paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [_summary(path, _read(path)) for path in paths[:SHOWN]]


def _view(path: Path) -> MailView:
    mail = _read(path)
    return MailView(
        **_summary(path, mail).model_dump(),
        headers={name: str(value) for name, value in mail.items()},
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
    )


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)


def _summary(path: Path, mail: EmailMessage) -> MailSummary:
    written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return MailSummary(
        mail_id=UUID(path.stem), to=str(mail["To"]), subject=str(mail["Subject"]), written_at=written_at
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return "" if part is None else str(part.get_content())
