"""Pictures of visitors: looked at before they are decoded, made anew from their pixels, kept as files beside the database."""

import io
import os
import secrets
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from PIL import Image, ImageOps, features

from tsushinbo.activities.errors import PictureRefused

READ = ("JPEG", "PNG", "WEBP")
WIDTHS = (480, 960, 1600)
MOST_PER_SIDE = 12_000
# Of a picture that is as wide as 50 times its height nothing can be seen on a phone, and its height would round to nothing.
MOST_NARROW = 50
# The best first. Each browser takes the first it knows.
KINDS = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# A picture is written while its sender waits: the slower settings make files a tenth smaller and take five times as long.
OPTIONS: dict[str, dict[str, object]] = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 10},
    "webp": {"format": "WEBP", "quality": 78, "method": 2},
    "jpg": {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
}
NO_PICTURE = "写真として読み取れません。JPEG・PNG・WebPのいずれかのファイルを選んでください。"
# What is older and belongs to nothing was left by a crash; what is younger may be on its way.
ABANDONED_SECONDS = 3600
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Stored:
    """A picture whose files are on disk. ``widths``: the smallest first; ``width`` and ``height`` are those of the largest."""

    name: str
    width: int
    height: int
    widths: list[int]


def kinds() -> list[str]:
    """The kinds of file that this machine can write, the best first."""
    return [kind for kind in KINDS if kind == "jpg" or features.check(kind)]


def store(file: IO[bytes], size: int) -> Stored:
    """Make a visitor's picture anew in several sizes and kinds, and keep it under a random name. Raises PictureRefused.

    ``size``: of the file, in bytes. The files are on disk before this returns; whoever cannot write the row then calls ``discard``.
    """
    with _one_at_a_time:
        whole = _pixels(_header(file, size))
        widths = sorted({min(width, whole.width) for width in WIDTHS})
        name = secrets.token_hex(16)
        folder, beside = _folder(name), _folder(f"{name}.part")
        beside.mkdir(parents=True)
        try:
            for width in widths:
                scaled = whole.resize((width, max(1, round(whole.height * width / whole.width))), reducing_gap=2.0)
                for kind in kinds():
                    _write(beside / f"{width}.{kind}", scaled, kind)
            _sync(beside)
            beside.rename(folder)
            _sync(folder.parent)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
    return Stored(name, scaled.width, scaled.height, widths)


def discard(name: str) -> None:
    """Delete the files of a picture."""
    shutil.rmtree(_folder(name), ignore_errors=True)


def exists(name: str) -> bool:
    """Whether the files of a picture are there."""
    return _folder(name).is_dir()


def read(name: str, width: int, kind: str) -> bytes | None:
    """The bytes of one file of a picture, None where there is none."""
    try:
        return (_folder(name) / f"{width}.{kind}").read_bytes()
    except FileNotFoundError:
        return None


def abandoned() -> list[str]:
    """The names of folders that may belong to nothing: those that were not made just now."""
    try:
        folders = list(settings.PICTURES_DIR.iterdir())
    except FileNotFoundError:
        return []
    return [folder.name for folder in folders if time.time() - folder.stat().st_mtime > ABANDONED_SECONDS]


def _folder(name: str) -> Path:
    folder: Path = settings.PICTURES_DIR / name
    return folder


def _header(file: IO[bytes], size: int) -> Image.Image:
    """Look at size, kind and pixels, of which nothing is decoded yet."""
    if size > settings.PICTURE_BYTES:
        most = settings.PICTURE_BYTES // (1024 * 1024)
        raise PictureRefused(f"写真のファイルが{most}MBを超えています。小さくしてから、もう一度お試しください。")
    data = file.read(settings.PICTURE_BYTES + 1)
    try:
        # verify() leaves the picture unusable; it is opened twice.
        for_checking = Image.open(io.BytesIO(data), formats=READ)
        _look_at_size(for_checking)
        for_checking.verify()
        return Image.open(io.BytesIO(data), formats=READ)
    except PictureRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise PictureRefused(_too_many_pixels()) from fault
    except Exception as fault:
        # Whatever a decoder says of a broken file, it is no picture.
        raise PictureRefused(NO_PICTURE) from fault


def _look_at_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > settings.PICTURE_PIXELS or max(width, height) > MOST_PER_SIDE:
        raise PictureRefused(_too_many_pixels())
    if max(width, height) > MOST_NARROW * min(width, height):
        raise PictureRefused("写真が細長すぎて表示できません。切り取ってから、もう一度お試しください。")


def _too_many_pixels() -> str:
    most = settings.PICTURE_PIXELS // 10_000
    return f"写真の画素数が多すぎます。{most:,}万画素まで、一辺{MOST_PER_SIDE:,}画素までに小さくしてください。"


def _pixels(image: Image.Image) -> Image.Image:
    """Decode, turn upright, put on white what is transparent, and copy the pixels alone: no EXIF, comment or profile comes along."""
    try:
        # A JPEG is decoded at a fraction of its size where that is enough.
        image.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
        image.load()
        upright = ImageOps.exif_transpose(image)
        clear = upright.convert("RGBA") if upright.mode in {"RGBA", "LA", "PA", "P"} else None
        clean = Image.new("RGB", upright.size, "white")
        clean.paste(clear or upright.convert("RGB"), mask=clear)
    except Exception as fault:
        raise PictureRefused(NO_PICTURE) from fault
    return clean


def _write(path: Path, image: Image.Image, kind: str) -> None:
    # Not straight into the file: of a disk that takes a part alone Pillow says nothing, and half a JPEG would be kept.
    made = io.BytesIO()
    image.save(made, **OPTIONS[kind])  # type: ignore[arg-type] # options differ by kind
    with path.open("xb") as target:
        target.write(made.getbuffer())
        target.flush()
        os.fsync(target.fileno())


def _sync(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
