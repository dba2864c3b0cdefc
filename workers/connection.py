"""How every process reaches Temporal: one converter, one codec, one way to connect."""

import dataclasses
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter
from temporalio.service import TLSConfig

from schema.production import Insecure
from schema.settings import Settings
from workers.codec import AesGcmCodec, KeyRing, WorkerCodec


def data_converter(settings: Settings, *, for_worker: bool = False) -> DataConverter:
    """Pydantic models as JSON, encrypted where keys are configured. Raises ValueError for bad keys.

    A worker's converter answers payloads in plaintext message by message, so that a stranger's signal cannot stop
    a workflow; everybody else's raises.
    """
    keys = KeyRing.parse(settings.payload_keys.get_secret_value())
    kind = WorkerCodec if for_worker else AesGcmCodec
    is_plain_allowed = Insecure.PLAINTEXT_PAYLOADS in settings.allow_insecure
    codec = kind(keys, is_plain_allowed=is_plain_allowed) if keys else None
    return dataclasses.replace(pydantic_data_converter, payload_codec=codec)


async def connect(settings: Settings, *, lazy: bool = False, for_worker: bool = False) -> Client:
    """A client of the configured namespace. Raises RuntimeError when the server cannot be reached.

    A lazy client connects at its first call, so a process may start before its server.
    """
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(settings, for_worker=for_worker),
        api_key=settings.temporal_api_key.get_secret_value() or None,
        tls=_tls(settings),
        lazy=lazy,
    )


def _tls(settings: Settings) -> TLSConfig | bool:
    """A key or certificate is never sent in clear: either turns TLS on."""
    if not (settings.temporal_tls or settings.temporal_tls_ca or settings.authenticates_at_temporal):
        return False
    return TLSConfig(
        server_root_ca_cert=_file(settings.temporal_tls_ca),
        client_cert=_file(settings.temporal_tls_cert),
        client_private_key=_file(settings.temporal_tls_key),
    )


def _file(path: str) -> bytes | None:
    return Path(path).expanduser().read_bytes() if path else None
