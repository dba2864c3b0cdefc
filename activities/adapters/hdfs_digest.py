"""What HDFS must say about an object's bytes: their length and their checksum, computed while they are sent.

HDFS keeps a CRC-32C of every 512 bytes. For a whole file it answers with an MD5 over the MD5s of each block's
CRCs, or, where the cluster is set up so (dfs.checksum.combine.mode=COMPOSITE_CRC), with the CRC-32C of the
whole. Both are computed here, so that comparing costs HDFS a look at its CRCs and no byte of data.
"""

import hashlib
from typing import Any

import google_crc32c

CRC_EVERY = 512  # bytes; HDFS's default, dfs.bytes-per-checksum
COMPOSITE = "COMPOSITE-CRC32C"
# Hadoop digests the whole array that it collects the blocks' MD5s in: zeros up to 32 bytes, doubled as needed.
FIRST_ARRAY = 32


class HdfsDigest:
    """Takes an object's bytes in pieces of any length; `block_size` is a multiple of 512."""

    def __init__(self, block_size: int) -> None:
        self._block_size = block_size
        self._rest = b""
        self._in_block = 0
        self._block = _md5()
        self._blocks = b""
        self.size = 0
        self.crc = 0

    def update(self, data: bytes) -> None:
        """The next bytes."""
        self.size += len(data)
        self.crc = google_crc32c.extend(self.crc, data)
        data = self._rest + data
        whole = len(data) - len(data) % CRC_EVERY
        for start in range(0, whole, CRC_EVERY):
            self._add_crc(data[start : start + CRC_EVERY])
        self._rest = data[whole:]

    def agrees(self, algorithm: str, answer: str) -> bool:
        """Whether HDFS's answer (hexadecimal) is of these bytes; false also for algorithms unknown here."""
        if algorithm == COMPOSITE:
            return answer.startswith(f"{self.crc:08x}")
        if not algorithm.endswith(f"MD5-of-{CRC_EVERY}CRC32C"):
            return False
        return answer[24:56] == self._md5_of_md5s()  # after two numbers that the algorithm's name repeats

    def _add_crc(self, chunk: bytes) -> None:
        self._block.update(google_crc32c.value(chunk).to_bytes(4, "big"))
        self._in_block += len(chunk)
        if self._in_block == self._block_size:
            self._blocks += self._block.digest()
            self._block, self._in_block = _md5(), 0

    def _md5_of_md5s(self) -> str:
        blocks = self._blocks
        if self._rest or self._in_block:
            last = self._block.copy()
            if self._rest:
                last.update(google_crc32c.value(self._rest).to_bytes(4, "big"))
            blocks += last.digest()
        array = FIRST_ARRAY
        while array < len(blocks):
            array *= 2
        return hashlib.md5(blocks.ljust(array, b"\0"), usedforsecurity=False).hexdigest()


def _md5() -> Any:
    return hashlib.md5(usedforsecurity=False)
