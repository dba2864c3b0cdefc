"""Names of objects: what HDFS, local files and a URL's path all take."""

import re

from schema.failures import Failure, FailureType

# No part may be empty or begin with a dot, so none is '..' and none is hidden.
_PART = r"[A-Za-z0-9_=+-][A-Za-z0-9._=+-]*"
_NAME = re.compile(rf"{_PART}(?:/{_PART})*")


def checked(name: str) -> str:
    """The name itself. Raises INVALID for one that is absolute, leaves its folder, or has a character like ':'."""
    if not _NAME.fullmatch(name):
        what = f"{name!r} is no object name: use letters, digits and ._=+-, with single slashes"
        raise Failure(FailureType.INVALID, what)
    return name
