"""Notifications: the list behind the bell, the live socket, and in development the mails that were written."""

from api.notifications.router import lifespan, router

__all__ = ["lifespan", "router"]
