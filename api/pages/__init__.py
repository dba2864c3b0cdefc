"""The screens: static shells with small modules, which ask the REST and WebSocket interface like any other client."""

from api.pages.router import router

__all__ = ["router"]
