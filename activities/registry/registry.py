"""Versions of models in the lake: added once and never changed, promoted and rolled back, and checked by hash."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from pydantic import ValidationError

from activities.ports import ObjectStore
from schema.failures import Failure, FailureType
from schema.registry.card import FrozenModel, ModelFile, ModelType, Origin, RegistryCard
from schema.registry.name import card_name, promotions_name, type_folder, version_name, version_of
from schema.registry.promotion import Promotion, Promotions


class ModelRegistry:
    """Everything is read again with each call; whoever asks often remembers the answer for a while."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def add(
        self,
        kind: ModelType,
        files: Mapping[str, bytes],
        loaded: tuple[str, str],
        origin: Origin,
        at: datetime,
    ) -> RegistryCard:
        """Write the next version; `files` by the end of their names, `loaded` is the runtime's hash and line.

        A version of that hash that is there already is returned, and its files are put back where one is damaged.
        """
        cards = await self._readable(kind)
        known = next((card for card in cards if card.model.sha256 == loaded[0]), None)
        if known is not None and not await self.damages(known):
            return known
        version = known.model.version if known else max(await self._versions(kind), default=0) + 1
        model = (
            known.model
            if known
            else FrozenModel(type=kind, version=version, sha256=loaded[0], line=loaded[1])
        )
        written = [await self._write(model, end, data) for end, data in files.items()]
        card = known or RegistryCard(model=model, files=(), origin=origin, created_at=at)
        card = card.model_copy(update={"files": tuple(written)})
        await self.note(card)
        return card

    async def note(self, card: RegistryCard) -> None:
        """Write the card; with new metrics, say."""
        data = card.model_dump_json(indent=2).encode()
        await self._store.put(card_name(card.model.type, card.model.version), data)

    async def cards(self, kind: ModelType) -> Sequence[RegistryCard]:
        """Every version of a type, the oldest first. Raises INVALID where a card cannot be read."""
        return [await self.card(kind, version) for version in await self._versions(kind)]

    async def card(self, kind: ModelType, version: int) -> RegistryCard:
        """One version. Raises NOT_FOUND, naming those that are there; INVALID for a card that cannot be read."""
        name = card_name(kind, version)
        if await self._store.stat(name) is None:
            said = f"the registry has no {kind} version {version}; `python -m workers models list` shows what it has"
            raise Failure(FailureType.NOT_FOUND, said)
        try:
            return RegistryCard.model_validate_json(await self._store.get(name))
        except ValidationError as error:
            said = f"{name} is damaged: it is no card of a model; add the model again, or put the file back"
            raise Failure(FailureType.INVALID, said) from error

    async def promotions(self, kind: ModelType) -> Promotions:
        """What was promoted, the oldest first. Raises INVALID where that cannot be read."""
        name = promotions_name(kind)
        if await self._store.stat(name) is None:
            return Promotions()
        try:
            return Promotions.model_validate_json(await self._store.get(name))
        except ValidationError as error:
            said = f"{name} is damaged: delete it and promote a version of {kind} again"
            raise Failure(FailureType.INVALID, said) from error

    async def promote(self, promotion: Promotion) -> Promotions:
        """Let new attempts be watched with this version; the same one again changes nothing.

        Raises CONFLICT for a damaged version. Attempts that are reserved or running keep theirs.
        """
        kind, version = promotion.model.type, promotion.model.version
        damages = await self.damages(await self.card(kind, version))
        if damages:
            said = f"{kind} version {version} cannot be promoted: {'; '.join(damages)}"
            raise Failure(FailureType.CONFLICT, f"{said}. Add it again, or promote another one")
        before = await self.promotions(kind)
        if before.current == promotion.model:
            return before
        after = Promotions(made=(*before.made, promotion))
        await self._store.put(promotions_name(kind), after.model_dump_json(indent=2).encode())
        return after

    async def promoted(self) -> tuple[FrozenModel, ...]:
        """What new attempts are watched with, faces first; empty before the faces' model is promoted."""
        current = {kind: (await self.promotions(kind)).current for kind in ModelType}
        kinds = (ModelType.FACES, ModelType.OBJECTS, ModelType.IDENTITY)
        return tuple(one for kind in kinds if (one := current[kind])) if current[ModelType.FACES] else ()

    async def troubles(self) -> Sequence[str]:
        """What is wrong with versions that attempts may be frozen to: promoted ones, and earlier ones that are kept.

        Each is a sentence with what to do. Raises UNAVAILABLE where the lake does not answer.
        """
        found: list[str] = []
        for kind in ModelType:
            promotions = await self.promotions(kind)
            for model in {one.model.sha256: one.model for one in promotions.made}.values():
                is_kept = await self._store.stat(card_name(kind, model.version)) is not None
                if is_kept or model == promotions.current:
                    found += await self._trouble(model)
        return found

    async def _trouble(self, model: FrozenModel) -> Sequence[str]:
        try:
            await self.files(model)
        except Failure as failure:
            if failure.is_retryable:
                raise
            return [failure.message]
        return []

    async def damages(self, card: RegistryCard) -> Sequence[str]:
        """What is wrong with a version's files, in words: missing, cut, or changed."""
        start = version_name(card.model.type, card.model.version)
        found = [(file, await self._state(start + file.name, file)) for file in card.files]
        return [f"{start}{file.name} is {state}" for file, state in found if state]

    async def files(self, model: FrozenModel) -> Mapping[str, bytes]:
        """A version's files by the end of their names. Raises CONFLICT, in words, where one is missing or changed."""
        try:
            card = await self.card(model.type, model.version)
        except Failure as failure:
            if failure.is_retryable:
                raise
            raise _unusable(model, failure.message) from failure
        damages = list(await self.damages(card))
        if card.model.sha256 != model.sha256:
            damages.append("its card is not the one that the attempt was frozen to")
        if damages:
            raise _unusable(model, "; ".join(damages))
        start = version_name(model.type, model.version)
        return {file.name: await self._store.get(start + file.name) for file in card.files}

    async def _versions(self, kind: ModelType) -> Sequence[int]:
        found = [version_of(one.name) for one in await self._store.list(type_folder(kind))]
        return sorted(version for version in found if version is not None)

    async def _readable(self, kind: ModelType) -> Sequence[RegistryCard]:
        """The versions whose cards can be read: a damaged one must not keep its model from being added again."""
        found = []
        for version in await self._versions(kind):
            with suppress(Failure):
                found.append(await self.card(kind, version))
        return found

    async def _write(self, model: FrozenModel, end: str, data: bytes) -> ModelFile:
        await self._store.put(version_name(model.type, model.version) + end, data)
        return ModelFile(name=end, size=len(data), sha256=hashlib.sha256(data).hexdigest())

    async def _state(self, name: str, file: ModelFile) -> str:
        """Empty where the file is as it was added."""
        found = await self._store.stat(name)
        if found is None:
            return "missing"
        if found.size != file.size:
            return f"damaged: it has {found.size} bytes of {file.size}"
        changed = hashlib.sha256(await self._store.get(name)).hexdigest() != file.sha256
        return "damaged: its SHA-256 is not the one on its card" if changed else ""


def _unusable(model: FrozenModel, why: str) -> Failure:
    said = f"the model {model.type} version {model.version} cannot be used: {why}"
    return Failure(FailureType.CONFLICT, f"{said}. Put the files back, or add the same model again")
