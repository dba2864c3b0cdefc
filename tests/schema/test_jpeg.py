"""The one reader of JPEG headers: what it takes is decoded to the size it says, and it raises nothing but failures."""

import io
import time

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from schema.failures import Failure, FailureType
from schema.frame.facts import FACTS_MARK, MOST_FACTS, FrameFacts, TrackFacts, facts_of, with_facts
from schema.frame.jpeg import MOST_SEGMENTS, JpegLimits, read_jpeg

LIMITS = JpegLimits(200_000, 1920 * 1080, 4096, 16, is_upright=True)
PIXELS = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)


def written(mode: str = "RGB", pixels: np.ndarray = PIXELS, **how: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, "JPEG", **how)
    return file.getvalue()


def decoded(jpeg: bytes) -> np.ndarray:
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    assert pixels is not None
    return pixels


GOOD = written()


def coded(*how: int) -> bytes:
    return cv2.imencode(".jpg", PIXELS, [int(word) for word in how])[1].tobytes()


def inserted(segment: bytes, times: int = 1) -> bytes:
    return GOOD[:2] + segment * times + GOOD[2:]


def claiming(width: int, height: int, marker: int = 0xC0, precision: int = 8) -> bytes:
    at = GOOD.index(b"\xff\xc0")
    head = b"\xff" + bytes([marker]) + GOOD[at + 2 : at + 4] + bytes([precision])
    return GOOD[:at] + head + height.to_bytes(2) + width.to_bytes(2) + GOOD[at + 9 :]


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return written(exif=exif)


def of_many_scans(scans: int) -> bytes:
    """A small file that takes long to decode: progressive, with one refinement after the other."""
    whole = written(progressive=True)
    scan = whole[whole.rindex(b"\xff\xda") :][:10] + b"\0"
    return whole[:-2] + scan * scans + whole[-2:]


SOF = GOOD[GOOD.index(b"\xff\xc0") :][:19]
GOOD_ONES = {
    "colour": GOOD,
    "grey": written("L"),
    "not subsampled": written(subsampling=0),
    "optimised": written(optimize=True),
    "with restarts": coded(cv2.IMWRITE_JPEG_RST_INTERVAL, 2),
    "of the lowest quality": written(quality=1),
    "padded with zeros": GOOD + bytes(20),
    "upright by its Exif": turned(1),
    "with facts": with_facts(GOOD, FrameFacts(monotonic_ms=5)),
    "flat": written(pixels=np.zeros((480, 640, 3), np.uint8)),
}
BAD = {
    "nothing": (b"", FailureType.UNSUPPORTED, "not a JPEG"),
    "another kind": (b"GIF89a" + GOOD, FailureType.UNSUPPORTED, "not a JPEG"),
    "progressive": (written(progressive=True), FailureType.UNSUPPORTED, "progressive"),
    "of 15,000 scans": (of_many_scans(15_000), FailureType.UNSUPPORTED, "progressive"),
    "CMYK": (written("CMYK"), FailureType.UNSUPPORTED, "CMYK"),
    "12 bits": (claiming(64, 48, precision=12), FailureType.UNSUPPORTED, "12 bits"),
    "extended": (claiming(64, 48, 0xC1), FailureType.UNSUPPORTED, "extended"),
    "lossless": (claiming(64, 48, 0xC3), FailureType.UNSUPPORTED, "lossless"),
    "arithmetic": (claiming(64, 48, 0xC9), FailureType.UNSUPPORTED, "arithmetic"),
    "hierarchical": (claiming(64, 48, 0xC5), FailureType.UNSUPPORTED, "hierarchical"),
    "no width": (claiming(0, 48), FailureType.INVALID, "0x48"),
    "no height": (claiming(64, 0), FailureType.INVALID, "64x0"),
    "too wide": (claiming(5000, 240), FailureType.TOO_LARGE, "4096 is the limit of a side"),
    "too many pixels": (claiming(4000, 4000), FailureType.TOO_LARGE, "in all is the limit"),
    "too small": (claiming(64, 8), FailureType.INVALID, "too few"),
    "too many bytes": (GOOD + bytes(200_000), FailureType.TOO_LARGE, "200000 is the limit"),
    "lying on its side": (turned(6), FailureType.UNSUPPORTED, "orientation 6"),
    "two sizes": (inserted(SOF), FailureType.INVALID, "twice"),
    "without its end": (GOOD[:-2], FailureType.INVALID, "cut off"),
    "cut in its middle": (GOOD[: len(GOOD) // 2], FailureType.INVALID, "cut off"),
    "cut and ended": (claiming(1600, 1200), FailureType.INVALID, "most of its picture"),
    "garbage after its end": (GOOD + b"garbage", FailureType.INVALID, "follow its end"),
    "two pictures": (GOOD + GOOD, FailureType.INVALID, "follow its end"),
    "too many segments": (inserted(b"\xff\xfe\0\x02", MOST_SEGMENTS), FailureType.INVALID, "segments"),
    "a segment beyond its end": (inserted(b"\xff\xe1\xff\xff"), FailureType.INVALID, "cut off"),
    "a huge restart interval": (inserted(b"\xff\xdd\0\x06\0\0\0\0"), FailureType.INVALID, "restart"),
    "a crowded table": (
        inserted(b"\xff\xc4\0\x17\0\x04" + bytes(15) + bytes(4)),
        FailureType.INVALID,
        "Huffman",
    ),
    "a cut table": (inserted(b"\xff\xdb\0\x10\0" + bytes(13)), FailureType.INVALID, "quantisation"),
    "no tables": (GOOD.replace(b"\xff\xc4", b"\xff\xfe"), FailureType.INVALID, "table is missing"),
}


@pytest.mark.parametrize("name", GOOD_ONES)
def test_a_baseline_picture_is_measured(name: str) -> None:
    header = read_jpeg(GOOD_ONES[name], LIMITS)

    rows, columns = decoded(GOOD_ONES[name]).shape[:2]
    assert (header.width, header.height) == (columns, rows)


@pytest.mark.parametrize("name", BAD)
def test_anything_else_is_refused_in_words_that_name_it(name: str) -> None:
    data, kind, words = BAD[name]

    with pytest.raises(Failure) as refused:
        read_jpeg(data, LIMITS)

    assert refused.value.type is kind
    assert words in refused.value.message


def test_every_cut_is_refused() -> None:
    for end in range(len(GOOD)):
        with pytest.raises(Failure):
            read_jpeg(GOOD[:end], LIMITS)


def spliced(name: str, changes: list[tuple[int, bytes, int]]) -> bytes:
    data = bytearray(GOOD_ONES[name])
    for at, replacement, length in changes:
        data[at % len(data) : at % len(data) + length] = replacement
    return bytes(data)


CHANGE = st.tuples(st.integers(0, 3000), st.binary(max_size=8), st.integers(0, 8))
CHANGED = st.builds(spliced, st.sampled_from(sorted(GOOD_ONES)), st.lists(CHANGE, max_size=4))


@settings(max_examples=400, deadline=None)
@given(CHANGED | st.binary(max_size=600).map(lambda tail: b"\xff\xd8" + tail))
def test_what_it_takes_is_decoded_to_its_size_and_nothing_else_is_raised(data: bytes) -> None:
    began = time.process_time()
    try:
        header = read_jpeg(data, LIMITS)
    except Failure:
        return

    assert decoded(data).shape == (header.height, header.width, 3)
    assert time.process_time() - began < 2


FACTS = st.builds(
    FrameFacts,
    monotonic_ms=st.none() | st.integers(0, 2**53),
    run=st.none() | st.text("0123456789abcdef", max_size=16),
    track=st.none()
    | st.builds(TrackFacts, width=st.integers(0, 9999), facing_mode=st.sampled_from(["user", None])),
    device=st.none() | st.text("0123456789abcdef", max_size=64),
    is_visible=st.none() | st.booleans(),
)


@given(FACTS)
def test_what_a_browser_says_of_a_frame_travels_inside_it(facts: FrameFacts) -> None:
    frame = with_facts(GOOD, facts)

    assert facts_of(frame) == facts
    assert read_jpeg(frame, LIMITS).comments[0].startswith(FACTS_MARK)
    assert np.array_equal(decoded(frame), decoded(GOOD))


@given(
    st.binary(max_size=MOST_FACTS) | st.just(b'{"monotonic_ms": -1}') | st.just(b'{"is_visible": "perhaps"}')
)
def test_facts_that_make_no_sense_are_none(said: bytes) -> None:
    comment = FACTS_MARK + said
    frame = inserted(b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment)

    assert facts_of(frame) is None or facts_of(frame) == FrameFacts.model_validate_json(said)
    assert facts_of(GOOD) is None
