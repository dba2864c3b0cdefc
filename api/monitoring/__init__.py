"""Streams and what is seen in them: tickets, the WebSocket, presence, incidents, frames, and the internal feed."""

from api.monitoring.router import lifespan, router

__all__ = ["lifespan", "router"]
