"""What is wrong with a data set is said before anything is trained: which field, and what to write."""

from pathlib import Path

import pytest

from ml.training.dataset import BadDataset, dataset_in

GOOD = "train: images/train\nval: images/val\nnames:\n  0: cell phone\n  1: badge\n"


def dataset(folder: Path, text: str = GOOD, label: str = "0 0.5 0.5 0.2 0.2") -> Path:
    """One picture a part; the pictures are never read here."""
    for part in ("train", "val"):
        for kind, name, data in (("images", "one.jpg", "a picture"), ("labels", "one.txt", f"{label}\n")):
            place = folder / kind / part / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(data)
    (folder / "data.yaml").write_text(text)
    return folder


def test_a_good_one_is_counted(tmp_path: Path) -> None:
    found = dataset_in(dataset(tmp_path))

    assert (found.names, found.pictures) == ({0: "cell phone", 1: "badge"}, {"train": 1, "val": 1})


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        ("train: [", "", "data.yaml is not YAML"),
        ("- train", "", "must hold the fields train, val and names"),
        (
            GOOD.replace("val: images/val\n", ""),
            "",
            "`val` must name a folder of pictures, such as images/val",
        ),
        (GOOD.replace("images/val", "images/nowhere"), "", "where there are no pictures"),
        (GOOD.replace("0: cell phone", "0: telephone"), "", "`names` has nothing that a rule asks for"),
        (GOOD.replace("  1: badge", "  2: badge"), "", "`names` must number the classes from 0"),
        (GOOD, "2 0.5 0.5 0.2 0.2", "one.txt, line 1: there is no class 2; `names` has 0 to 1"),
        (GOOD, "0 0.5 0.5 0.2", "is no box: write class, centre x"),
        (GOOD, "0 320 240 64 64", "is no box: write class, centre x"),
        (GOOD, "phone 0.5 0.5 0.2 0.2", "is not made of numbers"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, label: str, words: str) -> None:
    with pytest.raises(BadDataset) as refused:
        dataset_in(dataset(tmp_path, text, label))

    assert words in str(refused.value)


def test_pictures_without_labels_and_a_folder_without_a_file(tmp_path: Path) -> None:
    folder = dataset(tmp_path / "set")
    for label in folder.rglob("*.txt"):
        label.unlink()

    with pytest.raises(BadDataset, match=r"has pictures and no labels: put a \.txt for each into"):
        dataset_in(folder)
    with pytest.raises(BadDataset, match=r"there is no .*data\.yaml"):
        dataset_in(tmp_path)
