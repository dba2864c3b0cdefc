"""The mail server: connect, encrypt, sign in; or the folder where mails are written instead."""

import asyncio
import smtplib
import ssl
from collections.abc import Sequence

from schema.settings import Settings
from workers.doctor.finding import About, Finding
from workers.doctor.machine import room

ASK_SECONDS = 5.0
ABOUT = About("mail", "SMTP")


async def check(settings: Settings) -> Sequence[Finding]:
    """One conversation without a mail in it."""
    if settings.use_mock_senders:
        found = await asyncio.to_thread(room, About("mail", "folder"), settings.outbox_dir)
        return (found,)
    return (await asyncio.to_thread(_converse, settings),)


def _converse(settings: Settings) -> Finding:
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        with _connected(settings) as server:
            if settings.smtp_tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.noop()
    except smtplib.SMTPAuthenticationError as refused:
        said = f"{where} refuses the account {settings.smtp_user} ({refused.smtp_code})"
        return ABOUT.bad(said, "Mend SMTP_USER and SMTP_PASSWORD.")
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as trouble:
        said = f"{where} does not do what SMTP_TLS={settings.smtp_tls} or SMTP_USER asks for: {trouble}"
        return ABOUT.bad(
            said, "Choose none, starttls or tls as the server does; its certificate must be valid."
        )
    except (OSError, smtplib.SMTPException) as trouble:
        said = f"no mail server answers at {where}: {trouble}"
        return ABOUT.bad(said, "Start it, or mend SMTP_HOST and SMTP_PORT. Mails wait until then.")
    signed_in = f", signed in as {settings.smtp_user}" if settings.smtp_user else ""
    return ABOUT.good(f"{where} takes mail, encryption {settings.smtp_tls}{signed_in}")


def _connected(settings: Settings) -> smtplib.SMTP:
    if settings.smtp_tls == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=ASK_SECONDS, context=context)
    return smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=ASK_SECONDS)
