import struct
from pathlib import Path

import pytest

from tests.arm.elf import AARCH64, LOAD, compiled_below, read_compiled

X86_64, NOTE = 62, 4


def elf(machine: int, *segments: tuple[int, int]) -> bytes:
    """A file with segments of these kinds and alignments, its fields where elf.h has them."""
    head = bytearray(64)
    head[:6] = b"\x7fELF\x02\x01"
    struct.pack_into("<H", head, 0x12, machine)
    struct.pack_into("<Q", head, 0x20, 64)
    struct.pack_into("<HH", head, 0x36, 56, len(segments))
    described = bytearray(56 * len(segments))
    for number, (kind, alignment) in enumerate(segments):
        struct.pack_into("<I", described, 56 * number, kind)
        struct.pack_into("<Q", described, 56 * number + 0x30, alignment)
    return bytes(head + described)


@pytest.mark.parametrize(
    ("file", "fits"),
    [
        (elf(AARCH64, (LOAD, 0x10000), (NOTE, 4)), True),
        (elf(AARCH64, (LOAD, 0x4000)), True),
        (elf(AARCH64, (LOAD, 0x10000), (LOAD, 0x1000)), False),
        (elf(X86_64, (LOAD, 0x10000)), False),
    ],
)
def test_a_library_fits_if_it_is_for_arm_and_each_loaded_part_starts_with_a_large_page(
    tmp_path: Path, file: bytes, fits: bool
) -> None:
    (tmp_path / "a.so").write_bytes(file)
    found = read_compiled(tmp_path / "a.so")
    assert found is not None
    assert found.fits is fits


def test_what_is_no_compiled_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "text.py").write_text("import this\n" * 100)
    (tmp_path / "short.so").write_bytes(b"\x7fELF")
    (tmp_path / "object.o").write_bytes(elf(AARCH64))
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.so").write_bytes(elf(AARCH64, (LOAD, 0x4000)))
    (tmp_path / "again.so").symlink_to("below/a.so")
    assert [each.path.name for each in compiled_below(tmp_path)] == ["a.so"]
