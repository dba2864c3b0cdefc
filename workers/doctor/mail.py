"""The mail server: connect, encrypt, sign in; or the folder where mails are written instead."""

import asyncio
import smtplib
import ssl
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from activities.adapters.sql.mail_pause import SqlMailPauses
from schema.db.session import Databases
from schema.failures import Failure
from schema.settings import Settings
from workers.doctor.finding import About, Finding
from workers.doctor.machine import room

ASK_SECONDS = 5.0
ABOUT = About("mail", "SMTP")
RESTORED = About("mail", "after a restore")


async def check(settings: Settings) -> Sequence[Finding]:
    """One conversation without a mail in it."""
    if settings.use_mock_senders:
        found = await asyncio.to_thread(room, About("mail", "folder"), settings.outbox_dir)
        return (found,)
    return (await asyncio.to_thread(_converse, settings),)


async def check_restored(settings: Settings) -> Sequence[Finding]:
    """Whether mails stand still since a restore, or are held until somebody decides."""
    databases = Databases.open(settings.database_url_of)
    try:
        pauses = SqlMailPauses(databases.notifications)
        pause, held = await pauses.paused(), await pauses.held()
    except (SQLAlchemyError, OSError, Failure) as trouble:
        return (RESTORED.off(f"not looked at: the database does not answer ({type(trouble).__name__})"),)
    finally:
        await databases.close()
    if pause is not None:
        said = f"no mail is sent since the restore of {pause.taken_at:%F %T} UTC"
        advice = "Run `python -m workers repair`; what cannot be repaired is passed over by `--resume-mails`."
        return (RESTORED.bad(said, advice),)
    if held:
        said = f"{held} mails are held: nothing says whether they had been sent before a restore"
        return (RESTORED.doubt(said, "Run `python -m workers held-mails send`, or `drop`."),)
    return (RESTORED.good("no mail is held back"),)


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
