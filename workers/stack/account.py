"""Who runs a server that must not run as root: the package's own account when root asks, otherwise the asker."""

import ctypes
import getpass
import os
import pwd
import shutil
import signal
import stat
from dataclasses import dataclass
from pathlib import Path

from workers.part import PR_SET_PDEATHSIG
from workers.stack.engine import Unprepared


@dataclass(frozen=True, slots=True)
class Account:
    """A system account; `is_other` when it is not the one this process has."""

    name: str
    is_other: bool

    def own(self, directory: Path) -> None:
        """Make everything in the directory this account's. Raises Unprepared when it cannot get there."""
        if not self.is_other:
            return
        for parent in directory.resolve().parents:
            if not parent.stat().st_mode & stat.S_IXOTH:
                raise Unprepared(
                    f"{self.name} may not enter {parent}: choose another STACK_VAR_DIR, or chmod o+x it"
                )
        for path in (directory, *directory.rglob("*")):
            shutil.chown(path, self.name, self.name)

    def become(self) -> None:
        """Give up root for good, in a child that is about to turn into the server."""
        if not self.is_other:
            return
        entry = pwd.getpwnam(self.name)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
        # The kernel forgets this wish when an account changes: end with the keeper.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def account_for(package_account: str) -> Account:
    """The account that runs a server whose package made `package_account`."""
    if os.geteuid() == 0:
        return Account(package_account, is_other=True)
    return Account(getpass.getuser(), is_other=False)
