"""Mails as files: each is there once, whole, named by its id."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from activities.adapters.eml import EmlSender
from schema.failures import Failure, FailureType
from schema.notice import Audience, Occasion
from tests.notify.desk import Desk, notice


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_a_mail_is_a_file_named_by_its_id(tmp_path: Path) -> None:
    desk = Desk(EmlSender(tmp_path / "mail"))
    student = desk.person("ada")

    await desk.notify(notice(Occasion.RELEASED, Audience.STUDENT, person_id=student))

    (path,) = files_in(tmp_path / "mail")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert path.name == f"{str(mail['Message-ID']).strip('<>').partition('@')[0]}.eml"
    assert mail["Subject"] == "Your result for Biology is there"


async def test_a_retried_mail_replaces_its_file(tmp_path: Path) -> None:
    desk = Desk(EmlSender(tmp_path))
    student = desk.person("ada")
    told = notice(Occasion.RELEASED, Audience.STUDENT, person_id=student)
    desk.mails.deaths = 1
    with pytest.raises(ConnectionResetError):
        await desk.notify(told)
    desk.clock.move(timedelta(seconds=10))

    await desk.notify(told)

    assert len(files_in(tmp_path)) == 1


async def test_a_folder_that_cannot_be_written_may_be_mended(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    mail = EmailMessage()
    mail["Message-ID"] = "<1@proctorwise.example>"

    with pytest.raises(Failure) as raised:
        await EmlSender(tmp_path / "mail").send(mail)

    assert raised.value.type is FailureType.UNAVAILABLE


@pytest.mark.parametrize("message_id", ["", "<../../etc/passwd@x>"])
async def test_an_id_that_is_no_name_is_refused(tmp_path: Path, message_id: str) -> None:
    mail = EmailMessage()
    if message_id:
        mail["Message-ID"] = message_id

    with pytest.raises(Failure) as raised:
        await EmlSender(tmp_path).send(mail)

    assert raised.value.type is FailureType.INVALID
    assert files_in(tmp_path) == []
