"""People: registering, signing in and out, passwords, roles."""

from api.users.router import router

__all__ = ["router"]
