"""The screens: static shells with small modules, which ask the REST and WebSocket interface like any other client."""

from api.pages.router import install_unknown_page, router

__all__ = ["install_unknown_page", "router"]
