"""Settings from the environment: typed, safe when nothing is set, one clear line when wrong."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.config import env

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("raw", ["x", "0", "65536", "-1", "80.5", "８０a", "1e3"])
def test_a_wrong_number_names_the_variable_and_the_way_out(monkeypatch: pytest.MonkeyPatch, raw: str) -> None:
    monkeypatch.setenv("PORT", raw)
    with pytest.raises(env.SettingError, match=r"PORT=.*from 1 to 65535"):
        env.number("PORT", 8000, low=1, high=65535)


def test_an_unset_number_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    assert env.number("PORT", 8000, low=1, high=65535) == 8000


@pytest.mark.parametrize(("raw", "read"), [("", "pressure"), (" OFF ", "off"), ("always", "always")])
def test_a_choice_is_one_of_the_words_and_the_first_unless_it_is_set(
    monkeypatch: pytest.MonkeyPatch, raw: str, read: str
) -> None:
    monkeypatch.setenv("TSUSHINBO_COMMENT_WORK", raw)
    assert env.choice("TSUSHINBO_COMMENT_WORK", "pressure", "always", "off") == read


def test_a_wrong_choice_names_the_variable_and_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSUSHINBO_COMMENT_WORK", "sometimes")
    with pytest.raises(env.SettingError, match=r"TSUSHINBO_COMMENT_WORK='sometimes'.*pressure, always, off"):
        env.choice("TSUSHINBO_COMMENT_WORK", "pressure", "always", "off")


KNOWN = {"1", "true", "yes", "on", "0", "false", "no", "off", ""}


@given(
    st.one_of(
        st.sampled_from([*KNOWN, "YES", " on "]),
        st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20),
    )
)
def test_any_text_is_a_flag_or_a_clear_refusal(raw: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TSUSHINBO_HTTPS", raw)
        if raw.strip().lower() in KNOWN:
            assert env.flag("TSUSHINBO_HTTPS") in {True, False}
        else:
            with pytest.raises(env.SettingError, match=r"give 1 or 0|cannot be read"):
                env.flag("TSUSHINBO_HTTPS")


def test_the_secret_key_is_made_once_and_kept_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TSUSHINBO_SECRET_KEY", raising=False)
    first = env.secret_key(tmp_path)
    assert len(first) >= 50
    assert env.secret_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_damaged_secret_key_is_not_replaced_in_silence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TSUSHINBO_SECRET_KEY", raising=False)
    (tmp_path / "secret_key").write_text("\n")
    with pytest.raises(env.SettingError, match="delete it"):
        env.secret_key(tmp_path)


def test_the_data_folder_is_made_for_its_owner_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TSUSHINBO_DATA_DIR", str(tmp_path / "deep" / "down"))
    assert stat.S_IMODE(env.data_dir().stat().st_mode) == 0o700


def test_a_secret_key_that_cannot_be_read_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TSUSHINBO_SECRET_KEY", raising=False)
    key = tmp_path / "secret_key"
    key.mkdir()
    with pytest.raises(env.SettingError, match="cannot be read"):
        env.secret_key(tmp_path)
    key.rmdir()
    key.write_bytes(b"\xff\xfe" * 40)
    with pytest.raises(env.SettingError, match="delete it"):
        env.secret_key(tmp_path)
    with pytest.raises(env.SettingError, match="cannot be written"):
        env.secret_key(tmp_path / "gone")


def test_a_data_folder_of_nobody_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSUSHINBO_DATA_DIR", "~no-such-user/data")
    with pytest.raises(env.SettingError, match="TSUSHINBO_DATA_DIR"):
        env.data_dir()


@pytest.mark.parametrize("raw", ["x\udcff", "a\nb", "a\x1bb"])
def test_unreadable_signs_name_the_variable(monkeypatch: pytest.MonkeyPatch, raw: str) -> None:
    monkeypatch.setenv("HOST", raw)
    with pytest.raises(env.SettingError, match="HOST"):
        env.text("HOST")


@pytest.mark.parametrize(
    "address",
    ["sqlite://", "sqlite://:memory:", "postgres://", "postgres://u:topsecret@h/", f"postgres://u@h/{'a' * 64}"],
)
def test_a_database_without_a_usable_name_is_one_line(tmp_path: Path, address: str) -> None:
    environment = {**os.environ, "TSUSHINBO_DATA_DIR": str(tmp_path), "DATABASE_URL": address}
    run = subprocess.run(
        [sys.executable, "-c", "from tsushinbo.cli import main; main(['doctor'])"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert "DATABASE_URL" in run.stderr
    assert "topsecret" not in run.stderr


WRONG = {
    "PORT": "eighty",
    "DATABASE_URL": "mysql://user:topsecret@host/name",
    "TSUSHINBO_DATA_DIR": "/dev/null/here",
    "TSUSHINBO_SECRET_KEY": "short",
    "TSUSHINBO_HTTPS": "perhaps",
    "TSUSHINBO_WORKERS": "0",
    "TSUSHINBO_EMAIL_URL": "smtp://us:topsecret@mail.example.jp",  # and no sender's address
    "TSUSHINBO_OIDC_URL": "https://id.example.jp",  # and nothing else of it
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("command", ["serve", "doctor", "import"])
def test_a_wrong_value_gets_one_line_and_no_traceback(tmp_path: Path, name: str, command: str) -> None:
    environment = {**os.environ, "TSUSHINBO_DATA_DIR": str(tmp_path), name: WRONG[name]}
    run = subprocess.run(
        [sys.executable, "-m", "tsushinbo", command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 2
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) == 1
    assert name in run.stderr
    assert "topsecret" not in run.stderr


def test_an_unreachable_database_gets_one_line_and_no_traceback(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "TSUSHINBO_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://nobody:topsecret@127.0.0.1:1/none",
        "PORT": "9599",
    }
    run = subprocess.run(
        [sys.executable, "-m", "tsushinbo", "serve"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 1
    assert len(run.stderr.splitlines()) == 1
    assert "DATABASE_URL" in run.stderr
    assert "topsecret" not in run.stderr


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ("smtp://127.0.0.1", {"host": "127.0.0.1", "port": 25, "username": "", "password": ""}),
        (
            "smtp+tls://us%40example.jp:p%2Fw@mail.example.jp",
            {"host": "mail.example.jp", "port": 587, "username": "us@example.jp", "password": "p/w", "use_tls": True},
        ),
        (
            "smtps://us:pw@mail.example.jp:4650/",
            {"host": "mail.example.jp", "port": 4650, "username": "us", "password": "pw", "use_ssl": True},
        ),
    ],
)
def test_a_mail_server_is_one_address(
    monkeypatch: pytest.MonkeyPatch, address: str, options: dict[str, object]
) -> None:
    monkeypatch.setenv("TSUSHINBO_EMAIL_URL", address)
    assert env.mail_server("TSUSHINBO_EMAIL_URL") == {**options, "timeout": 10}


@pytest.mark.parametrize(
    "address", ["mail.example.jp", "http://x", "smtp://", "smtp://u:secret@h:99999", "smtp://h/path", "smtp://h?x=1"]
)
def test_an_address_of_no_mail_server_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("TSUSHINBO_EMAIL_URL", address)
    with pytest.raises(env.SettingError, match=r"TSUSHINBO_EMAIL_URL.*smtp\+tls://") as refusal:
        env.mail_server("TSUSHINBO_EMAIL_URL")
    assert "secret" not in str(refusal.value)


def test_without_a_mail_server_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TSUSHINBO_EMAIL_URL", raising=False)
    assert env.mail_server("TSUSHINBO_EMAIL_URL") is None


def test_variables_that_belong_together_are_all_set_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.together("TSUSHINBO_OIDC_URL", "TSUSHINBO_OIDC_NAME") is None
    monkeypatch.setenv("TSUSHINBO_OIDC_URL", "https://id.example.jp")
    with pytest.raises(env.SettingError, match="TSUSHINBO_OIDC_NAME must be set as well"):
        env.together("TSUSHINBO_OIDC_URL", "TSUSHINBO_OIDC_NAME")
    monkeypatch.setenv("TSUSHINBO_OIDC_NAME", "見本ID")
    assert env.together("TSUSHINBO_OIDC_URL", "TSUSHINBO_OIDC_NAME") == ["https://id.example.jp", "見本ID"]
