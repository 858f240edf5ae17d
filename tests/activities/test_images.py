"""Pictures of visitors, the honest and the hostile."""

import io
import os
import resource
import struct
import time
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from tests.activities.factories import image_bytes, noise_bytes
from tsushinbo.activities import images
from tsushinbo.activities.errors import PictureRefused

pytestmark = pytest.mark.any_database
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.PICTURES_DIR = tmp_path / "media"
    return tmp_path / "media"


def store(data: bytes) -> images.Stored:
    return images.store(io.BytesIO(data), len(data))


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is large and holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_in_three_sizes_and_every_kind(folder: Path, kind: str) -> None:
    stored = store(image_bytes(kind, (2000, 1000)))
    assert (stored.width, stored.height, stored.widths) == (1600, 800, [480, 960, 1600])
    names = {path.name for path in (folder / stored.name).iterdir()}
    assert names == {f"{width}.{ending}" for width in stored.widths for ending in images.kinds()}
    for width in stored.widths:
        for ending in images.kinds():
            data = images.read(stored.name, width, ending)
            assert data
            with Image.open(io.BytesIO(data)) as shown:
                assert shown.size == (width, width // 2)


def test_this_machine_writes_avif_and_webp() -> None:
    assert images.kinds() == ["avif", "webp", "jpg"]


def test_a_small_picture_is_not_made_larger() -> None:
    assert store(image_bytes(size=(300, 200))).widths == [300]
    assert store(image_bytes(size=(700, 300))).widths == [480, 700]


def test_nothing_but_the_pixels_is_kept(folder: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret-place"
    exif[0x0112] = 6  # lies on its side
    data = image_bytes(size=(600, 300), exif=exif, comment=b"secret-comment", icc_profile=b"secret-profile")
    stored = store(data + b"PK\x03\x04 secret-archive <script>alert(1)</script>")
    assert (stored.width, stored.height) == (300, 600)
    for path in (folder / stored.name).iterdir():
        assert b"secret" not in path.read_bytes()
        assert b"script" not in path.read_bytes()
        with Image.open(path) as shown:
            assert dict(shown.getexif()) == {}


def test_transparent_parts_become_white() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(target, "PNG")
    data = images.read(store(target.getvalue()).name, 100, "jpg")
    assert data
    with Image.open(io.BytesIO(data)) as shown:
        assert shown.getpixel((50, 50)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        SVG,
        b"GIF89a" + SVG,
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"PK\x03\x04" + b"\x00" * 200,
        b"%PDF-1.7\n",
        image_bytes("GIF", (10, 10)),
        image_bytes("BMP", (10, 10)),
        image_bytes("TIFF", (10, 10)),
        image_bytes()[:200],
        image_bytes("PNG")[:-30],
        png_header(100, 100),
        b"\xff\xd8\xff\xe0" + SVG,
    ],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(folder: Path, data: bytes) -> None:
    with pytest.raises(PictureRefused, match="写真として読み取れません"):
        store(data)
    assert not folder.exists() or list(folder.iterdir()) == []


@pytest.mark.parametrize("size", [(12_001, 10_000), (60_000, 60_000), (12_500, 400), (8000, 8000)])
def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(PictureRefused, match="画素数が多すぎます"):
        store(png_header(*size))


def test_text_inside_a_picture_is_not_blown_up() -> None:
    """A few kilobytes of zTXt or iCCP become hundreds of megabytes where nobody looks."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    blown = zlib.compress(b"\x00" * 200_000_000, 9)
    plain = image_bytes("PNG", (10, 10))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for kind in (b"zTXt", b"iCCP"):
        data = plain[:33] + chunk(kind, b"name\x00\x00" + blown) + plain[33:]
        with suppress(PictureRefused):
            store(data)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100_000, f"{grown} KiB"


def test_a_picture_like_a_thread_is_refused() -> None:
    with pytest.raises(PictureRefused, match="細長すぎ"):
        store(image_bytes(size=(1000, 10)))


def test_a_large_file_is_refused_unread(settings: Settings) -> None:
    settings.PICTURE_BYTES = 1024 * 1024

    class Unread(io.BytesIO):
        def read(self, *_: object) -> bytes:
            pytest.fail("read")

    with pytest.raises(PictureRefused, match="1MBを超えています"):
        images.store(Unread(), 1024 * 1024 + 1)


def test_a_full_disk_leaves_nothing_half_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, image: Image.Image, kind: str) -> None:
        if kind == "jpg":
            raise OSError(28, "No space left on device")
        path.write_bytes(b"half")

    monkeypatch.setattr(images, "_write", full)
    with pytest.raises(OSError, match="No space"):
        store(image_bytes())
    assert list(folder.iterdir()) == []


def test_a_file_that_loses_its_last_bytes_is_no_picture(folder: Path) -> None:
    whole = store(noise_bytes(900))
    largest = max(path.stat().st_size for path in (folder / whole.name).iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest - 10, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            store(noise_bytes(900))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in folder.iterdir()] == [whole.name]


def test_what_was_left_an_hour_ago_is_abandoned(folder: Path) -> None:
    old, new = store(image_bytes(size=(50, 50))), store(image_bytes(size=(50, 50)))
    os.utime(folder / old.name, (time.time() - 3601,) * 2)
    assert images.abandoned() == [old.name]
    images.discard(old.name)
    assert images.read(old.name, 50, "jpg") is None
    assert images.read(new.name, 50, "jpg")
