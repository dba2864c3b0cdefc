"""How every process reaches Temporal: one converter, one codec, one way to connect."""

import dataclasses

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter

from schema.settings import Settings
from workers.codec import AesGcmCodec, KeyRing


def data_converter(settings: Settings) -> DataConverter:
    """Pydantic models as JSON, encrypted where keys are configured. Raises ValueError for bad keys."""
    keys = KeyRing.parse(settings.payload_keys.get_secret_value())
    codec = AesGcmCodec(keys) if keys else None
    return dataclasses.replace(pydantic_data_converter, payload_codec=codec)


async def connect(settings: Settings, *, lazy: bool = False) -> Client:
    """A client of the configured namespace. Raises RuntimeError when the server cannot be reached.

    A lazy client connects at its first call, so a process may start before its server.
    """
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(settings),
        lazy=lazy,
    )
