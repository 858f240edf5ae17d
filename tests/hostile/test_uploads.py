"""Files that are bombs, lies or two things at once, sent to every address that takes files, and to those that take none.

What the decoder itself does with each: tests/activities/test_images.py. Memory is bounded by what is read: nothing is decoded that says it is too large, and nothing is read beyond the limits.
"""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import LimitedStream
from django.http import HttpResponse
from django.test import Client
from PIL import Image
from pytest_django import Settings

from tests.activities.factories import image_bytes
from tests.doors import doors, example
from tests.hostile.forms import FORMS, REPORT
from tests.world import World
from tsushinbo.activities.models import Draft, Picture
from tsushinbo.addresses import encode
from tsushinbo.pledges.manifestos import MOST_BYTES
from tsushinbo.pledges.models import PledgeDraft, PledgeProposal

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "'
    + b"&a;" * 100
    + b'"><!ENTITY c "'
    + b"&b;" * 100
    + b'">]><svg>&c;</svg>'
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>'


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, before: bytes = b"", data: bytes = b"\x00" * 1000) -> bytes:
    """A PNG that says how large it is, with chunks before its pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + before + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def frames(kind: str, count: int, side: int = 8) -> bytes:
    """A picture that moves."""
    target = io.BytesIO()
    pictures = [Image.new("RGB", (side, side), (number % 256, 0, 0)) for number in range(count)]
    pictures[0].save(target, kind, save_all=True, append_images=pictures[1:])
    return target.getvalue()


def zipped() -> bytes:
    """A kilobyte that unpacks to ten megabytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"\x00" * 10_000_000)
    return target.getvalue()


def jpeg_saying(width: int, height: int) -> bytes:
    """A small JPEG whose frame says it is large."""
    data = image_bytes(size=(16, 16))
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + struct.pack(">HH", height, width) + data[place + 4 :]


BLOWN = zlib.compress(b"\x00" * 20_000_000, 9)
REFUSED = {
    "pixel bomb, PNG": png(60_000, 60_000),
    "pixel bomb, long and thin": png(1, 12_000_000),
    "pixel bomb, JPEG": jpeg_saying(60_000, 60_000),
    "pixels that are not there": png(4_000, 4_000),
    "zip": zipped(),
    "gzip": zlib.compress(b"\x00" * 1_000_000),
    "GIF of a thousand frames": frames("GIF", 1000),
    "TIFF": image_bytes("TIFF", (10, 10)),
    "BMP": image_bytes("BMP", (10, 10)),
    "SVG with script": SVG,
    "SVG with an outside entity": OUTSIDE,
    "SVG that laughs": LAUGHS,
    "page": b"<!DOCTYPE html><script>alert(1)</script>",
    "GIF that is a page": b"GIF89a/*" + SVG + b"*/=1;",
    "JPEG that is a page": b"\xff\xd8\xff\xe0<script>alert(1)</script>",
    "PHP": b"<?php system($_GET['c']); ?>",
    "nothing but a signature": b"\x89PNG\r\n\x1a\n",
}
# These are pictures, and something beside them: the picture is made anew, and what was beside it is gone.
CLEANED = {
    "PNG with a zTXt bomb": png(20, 10, before=chunk(b"zTXt", b"a\x00\x00" + BLOWN), data=b"\x00" * 610),
    "PNG with an iCCP bomb": png(20, 10, before=chunk(b"iCCP", b"a\x00\x00" + BLOWN), data=b"\x00" * 610),
    "JPEG with a page behind it": image_bytes(size=(20, 10)) + b"<script>alert('pwned')</script>",
    "JPEG with an archive behind it": image_bytes(size=(20, 10)) + zipped() + b"pwned",
    "PNG with PHP in it": png(20, 10, before=chunk(b"tEXt", b"Comment\x00<?php pwned ?>"), data=b"\x00" * 610),
    "WebP that moves": frames("WEBP", 200),
}
NAMES = {
    "a page": "photo.html",
    "a program": "photo.php.jpg",
    "a way up": "../../../../etc/cron.d/x.jpg",
    "a way up in Windows": "..\\..\\x.jpg",
    "an absolute way": "/etc/passwd",
    "NUL": "photo.php\x00.jpg",
    "a turned direction": "photo\u202egpj.exe",
    "a line end": "photo.jpg\r\nX-Evil: 1",
    "a very long name": "x" * 5000 + ".jpg",
    "no name": "",
    "dots": "..",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.PICTURES_DIR = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def writer(world: World) -> Client:
    client = Client()
    client.force_login(world.writer)
    return client


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def add(writer: Client, world: World, data: bytes, name: str = "photo.jpg", kind: str = "image/jpeg") -> HttpResponse:
    """Add a picture to a new report, with the name and the kind that a program may give it: Django's own client cleans them."""
    parts = [f'Content-Disposition: form-data; name="{field}"\r\n\r\n{text}'.encode() for field, text in {**REPORT, "deed": "picture", "alt": "横断歩道"}.items()]  # fmt: skip
    parts.append(f'Content-Disposition: form-data; name="picture"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'.encode() + data)  # fmt: skip
    body = b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts) + b"--limit--\r\n"
    address = f"/activities/new/?politician={encode(world.rival.pk)}"
    return writer.post(address, body, content_type="multipart/form-data; boundary=limit")  # type: ignore[return-value]


def test_what_is_no_picture_or_too_large_is_refused_beside_the_field(
    world: World, writer: Client, folder: Path, settings: Settings
) -> None:
    settings.RATE_PICTURES_PER_ACCOUNT = 1000
    before, taken = Picture.objects.count(), []
    for what, data in REFUSED.items():
        response = add(writer, world, data)
        if response.status_code != 422 or REPORT["title"] not in response.content.decode():
            taken.append(what)
    assert taken == []
    assert Picture.objects.count() == before
    assert files_in(folder) == []


@pytest.mark.parametrize("what", CLEANED)
def test_a_picture_loses_what_was_beside_its_pixels(world: World, writer: Client, folder: Path, what: str) -> None:
    response = add(writer, world, CLEANED[what])
    assert response.status_code in {303, 422}
    for path in files_in(folder):
        data = path.read_bytes()
        assert b"pwned" not in data
        assert b"PK\x03\x04" not in data
        assert b"<script" not in data
        with Image.open(path) as shown:
            assert getattr(shown, "n_frames", 1) == 1
        address = f"/activities/pictures/{path.parent.name}/{path.name}"
        served = writer.get(address)
        assert served.headers["Content-Type"] in {"image/jpeg", "image/webp", "image/avif"}
        assert served.headers["X-Content-Type-Options"] == "nosniff"
        assert served.headers["Content-Security-Policy"] == "default-src 'none'"


def test_the_name_and_the_kind_that_a_file_says_it_has_are_nothing_to_us(
    world: World, writer: Client, folder: Path
) -> None:
    for number, name in enumerate(NAMES.values()):
        kind = ("image/jpeg", "text/html", "image/svg+xml")[number % 3]
        response = add(writer, world, image_bytes(size=(20, 10)), name, kind)
        assert response.status_code in {303, 422, 400}
        assert "X-Evil" not in response.headers
    assert files_in(folder)
    for path in files_in(folder):
        assert path.parent.parent == folder
        assert path.suffix in {".jpg", ".webp", ".avif"}
    assert not any("photo" in str(draft.fields) for draft in Draft.objects.exclude(pk=world.draft.pk))


def test_a_picture_without_a_word_of_what_it_shows_is_refused(world: World, writer: Client, folder: Path) -> None:
    address = f"/activities/new/?politician={encode(world.rival.pk)}"
    file = SimpleUploadedFile("a.jpg", image_bytes(size=(20, 10)), content_type="image/jpeg")
    assert writer.post(address, {"deed": "picture", "alt": "\u200b\u202e ", "picture": file}).status_code == 422
    assert files_in(folder) == []


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts the bytes that are read of what is sent."""
    counted = [0]
    read = LimitedStream.read

    def counting(self: LimitedStream, size: int = -1, /) -> bytes:
        data: bytes = read(self, size)
        counted[0] += len(data)
        return data

    monkeypatch.setattr(LimitedStream, "read", counting)
    return counted


def test_what_is_too_large_is_not_read_by_any_address(
    world: World, browser: Client, settings: Settings, unread: list[int]
) -> None:
    """A form may say it is a gigabyte: who reads it fills the disk or the memory."""
    browser.handler.enforce_csrf_checks = False
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = settings.PICTURE_BYTES = 10_000
    settings.PICTURE_FORM_BYTES = 0
    large, taken = b"x" * 2_000_000, {}
    for door in doors():
        if door.of_admin and "comments/comment" not in door.route:
            continue  # one table for all: no form of the admin takes files
        file = SimpleUploadedFile("large.jpg", large, content_type="image/jpeg")
        unread[0] = 0
        status = browser.post(example(door, world), {"file": file}).status_code
        if unread[0] > 500_000 or (status < 400 and status not in {301, 302, 303, 200}):
            taken[door.name] = (status, unread[0])
    assert taken == {}


def test_more_files_than_any_form_has_are_refused(world: World, writer: Client, folder: Path) -> None:
    files = [SimpleUploadedFile(f"{number}.jpg", b"x", content_type="image/jpeg") for number in range(101)]
    address = f"/activities/new/?politician={encode(world.rival.pk)}"
    assert writer.post(address, {"deed": "picture", "alt": "x", "picture": files}).status_code == 400
    assert files_in(folder) == []


# The file, and whether it can be read; None where either will do.
LISTS: dict[str, tuple[bytes, bool | None]] = {
    "formulas": ("題名,本文\n=1+1,=cmd|'/c calc'!A1\n@SUM(1),+1\n".encode(), True),
    "NUL": ("題名,本文\n街\x00灯,街灯を\x00増やす\n".encode(), True),
    "UTF-16": ("題名,本文\n街灯,街灯を増やす\n".encode("utf-16"), False),
    "Shift_JIS": ("題名,本文\n街灯,街灯を増やす\n".encode("cp932"), True),
    "bytes": (bytes(range(256)) * 10, False),
    "an archive": (zipped(), False),
    "too many rows": (("題名,本文\n" + "街灯,街灯を増やす\n" * 501).encode(), None),
    "too large": (b"x" * (MOST_BYTES + 1), False),
    "a cell of half a megabyte": (("題名,本文\n街灯," + "あ" * 150_000 + "\n").encode(), None),
    "quotes without an end": (('題名,本文\n"' + "街灯\n" * 1000).encode(), None),
    "thousands of columns": (("題名,本文" + ",x" * 50_000 + "\n街灯,増やす\n").encode(), None),
    "turned directions": ("題名,本文\n\u202e灯街\u2066,や\u200bす\n".encode(), True),
    "deep headings": (("#" * 10_000 + " x\n" + "- 街灯を増やす\n").encode(), None),
}  # fmt: skip


@pytest.mark.parametrize("what", LISTS)
def test_a_list_of_pledges_is_read_as_text_or_refused(world: World, writer: Client, what: str) -> None:
    data, sound = LISTS[what]
    address = f"/pledges/import/?politician={encode(world.rival.pk)}"
    before = PledgeDraft.objects.count()
    response = writer.post(address, {"file": SimpleUploadedFile("list.csv", data, content_type="text/csv")})
    assert response.status_code in ({303} if sound else {422} if sound is False else {303, 422})
    assert PledgeDraft.objects.count() == before + (response.status_code == 303)
    if response.status_code == 303:
        draft = PledgeDraft.objects.latest("saved_at", "pk")
        kept = str(draft.rows)
        assert not any(sign in kept for sign in ("\\x00", "\u202e", "\u200b", "\u2066"))
        assert writer.get(draft.get_absolute_url()).status_code == 200
    assert PledgeProposal.objects.count() == 1


def test_what_takes_no_files_keeps_none(world: World, folder: Path) -> None:
    for name, form in FORMS.items():
        file = SimpleUploadedFile("x.jpg", image_bytes(size=(20, 10)), content_type="image/jpeg")
        if form.door not in {"activities:new", "activities:edit", "pledges:import", "importers:counts"}:
            assert form.send(world, file=file).status_code in {302, 303, 404, 409, 422}, name
    assert files_in(folder) == []
