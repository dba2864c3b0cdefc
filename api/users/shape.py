"""What is asked and answered about people."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, EmailStr, Field

from api.password import LONGEST, SHORTEST
from schema.model import Message
from schema.name import clean_line, clean_name, clean_text, clean_title
from schema.role import Role

ZONES = frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in ZONES:
        raise ValueError("not a time zone of the IANA database; Europe/Berlin is one")
    return name


def _varied(password: str) -> str:
    if len(set(password)) < 5:
        raise ValueError("use at least five different characters")
    return password


def _written(text: str) -> str:
    if not text.strip():
        raise ValueError("write at least one letter")
    return clean_text(text).strip()


Email = Annotated[EmailStr, Field(max_length=254), AfterValidator(str.lower)]
NewPassword = Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST), AfterValidator(_varied)]
Password = Annotated[str, Field(min_length=1, max_length=LONGEST)]
DisplayName = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(clean_name)]
StudentNumber = Annotated[str, Field(max_length=40), AfterValidator(clean_line)]
Zone = Annotated[str, Field(max_length=40), AfterValidator(_known_zone)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
Token = Annotated[str, Field(min_length=20, max_length=200)]
CohortName = Annotated[str, Field(max_length=100), AfterValidator(clean_title)]
Reason = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_written)]
Factor = Annotated[Decimal, Field(ge=1, le=5, max_digits=4, decimal_places=2)]


class Registration(Message):
    """A new account; it works once its address is confirmed."""

    email: Email = Field(examples=["ada@example.org"])
    password: NewPassword = Field(examples=["correct horse battery"])
    display_name: DisplayName = Field(examples=["Ada Lovelace"])
    student_number: StudentNumber = ""
    time_zone: Zone = Field("UTC", examples=["Europe/London"])
    language: Language = "en"


class Confirmation(Message):
    """The token of the mail and the password of the registration: both must be the same person's."""

    token: Token
    password: Password


class Login(Message):
    """Who wants in."""

    email: Email = Field(examples=["student@demo.example"])
    password: Password = Field(examples=["proctorwise-demo"])


class Refresh(Message):
    """The refresh token; browsers leave it out and send their cookie."""

    refresh_token: Token | None = None


class ResetRequest(Message):
    """Whose password is to be set anew."""

    email: Email = Field(examples=["ada@example.org"])


class PasswordReset(Message):
    """The token of the mail and the new password."""

    token: Token
    password: NewPassword


class PasswordChange(Message):
    """The present password and the new one."""

    current: Password
    new: NewPassword


class Promise(Message):
    """Said whether or not there is such an account."""

    message: str = Field(examples=["If there is an account to confirm, a mail is on its way."])


class PersonView(Message):
    """A person."""

    person_id: UUID
    email: str
    display_name: str
    student_number: str
    time_zone: str
    language: str
    roles: list[Role]
    cohort_id: UUID | None
    cohort: str | None = Field(description="The cohort's name")
    duration_factor: Decimal = Field(description="Times the exam's duration; 1 is no accommodation")
    is_confirmed: bool
    is_disabled: bool
    belongs_to_institution: bool = Field(
        False, description="Name and number were set by the institution: only it changes them"
    )
    created_at: datetime


class Session(Message):
    """Tokens for clients; browsers get the same as cookies."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the scheme of RFC 6750
    expires_in: int = Field(description="Seconds", examples=[900])
    refresh_token: str = Field(description="Works once; using it twice ends the session everywhere")
    person: PersonView


class MeUpdate(Message):
    """What people change about themselves; what is left out stays."""

    display_name: DisplayName | None = None
    student_number: StudentNumber | None = None
    time_zone: Zone | None = None
    language: Language | None = None


class PersonUpdate(Message):
    """What admins change about other people; what is left out stays."""

    display_name: DisplayName | None = None
    student_number: StudentNumber | None = None
    cohort: CohortName | None = Field(None, description="Its name; empty takes the person out of theirs")
    is_disabled: bool | None = None


class ExtraTime(Message):
    """A standing accommodation: how many times an exam's duration a person gets, and why."""

    duration_factor: Factor = Field(examples=["1.25"])
    reason: Reason = Field(examples=["Decision of the office for equal chances, 12 November"])


class ExtraTimeView(Message):
    """One entry of a person's accommodations."""

    duration_factor: Decimal
    reason: str
    set_by: UUID
    set_by_name: str
    set_at: datetime


class RoleSet(Message):
    """All roles of a person."""

    roles: Annotated[frozenset[Role], Field(max_length=6)] = Field(examples=[["student", "proctor"]])
