"""Hands mails to an SMTP server by aiosmtplib."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Literal

import aiosmtplib

from schema.failures import Failure, FailureType


class SmtpSender:
    """One connection per mail; `tls` is `none`, `starttls` or `tls` from the first byte."""

    send_limit = timedelta(seconds=30)  # for the whole conversation; `timeout_seconds` is for each answer

    def __init__(
        self,
        host: str,
        port: int,
        *,
        user: str = "",
        password: str = "",
        tls: Literal["none", "starttls", "tls"] = "none",
        timeout_seconds: float = 20,
    ) -> None:
        self._host, self._port = host, port
        self._user, self._password = user or None, password or None
        self._tls = tls
        self._timeout = timeout_seconds

    async def send(self, mail: EmailMessage) -> None:
        """Returns once the server has taken it.

        Raises INVALID for an address or message that the server refuses for good (5yz to RCPT or DATA, RFC 5321
        section 4.2.1), UNAVAILABLE for everything that may pass: 4yz, a lost connection, a refused login.
        """
        try:
            await aiosmtplib.send(
                mail,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls == "tls",
                start_tls=self._tls == "starttls",
                timeout=self._timeout,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _failure([(one.code, one.message) for one in refused.recipients]) from refused
        except aiosmtplib.SMTPDataError as refused:
            raise _failure([(refused.code, refused.message)]) from refused
        except (aiosmtplib.SMTPException, OSError) as trouble:
            what = f"the mail server does not take mail now: {type(trouble).__name__}"
            raise Failure(FailureType.UNAVAILABLE, what) from trouble


def _failure(answers: list[tuple[int, str]]) -> Failure:
    is_final = all(code >= 500 for code, _ in answers)
    said = "; ".join(f"{code} {message}" for code, message in answers)
    kind = FailureType.INVALID if is_final else FailureType.UNAVAILABLE
    return Failure(kind, f"the mail server refused the mail: {said}")
