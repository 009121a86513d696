from __future__ import annotations

import pytest

from emotion_game.addresses import hide_secrets, safe_name, split_login

#: The password of every address below.
SECRET = "s3cret"


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("http://admin:s3cret@cam:80/v", "http://admin:***@cam:80/v"),
        ("http://admin:s3cret@127.0.0.1/v", "http://admin:***@127.0.0.1/v"),
        ("HTTP://admin:s3cret@cam/v", "HTTP://admin:***@cam/v"),
        ("rtsp://admin:s3cret@[::1]:554/1", "rtsp://admin:***@[::1]:554/1"),
        ("http://admin:s3cret@cam", "http://admin:***@cam"),
        ("http://s3cret@cam/v", "http://***@cam/v"),
        ("http://:s3cret@cam/v", "http://:***@cam/v"),
        # Passwords with what would need an escape, and with one.
        ("http://admin:s3cret%40s3cret@cam/v", "http://admin:***@cam/v"),
        ("http://admin:s3cret@s3cret@cam/v", "http://admin:***@cam/v"),
        ("http://admin:s3cret:s3cret@cam/v", "http://admin:***@cam/v"),
        ("http://admin:s3cret/s3cret@cam/v", "http://admin:***@cam/v"),
        ("http://admin:s3cret#s3cret?s3cret@cam/v", "http://admin:***@cam/v"),
        ("http://admin:s3cret@s3cret/s3cret@cam/v", "http://admin:***@cam/v"),
        ("http://admin:12/s3cret@cam/v", "http://admin:***@cam/v"),
        ("http://admin:s3cret s3cret@cam/v", "http://admin:***@cam/v"),
        # Typed wrongly.
        ("http://admin:s3cret/v", "http://admin:***"),
        ("http:/admin:s3cret@cam/v", "http:/admin:***@cam/v"),
        ("admin:s3cret@cam/v", "admin:***@cam/v"),
        ("cam/v?pwd=s3cret", "cam/v?pwd=***"),
        # As values.
        ("http://cam/v?user=admin&pwd=s3cret&x=1", "http://cam/v?user=admin&pwd=***&x=1"),
        ("http://cam/v?user=admin&PassWord=s3cret", "http://cam/v?user=admin&PassWord=***"),
        ("http://cam/v?p%61sswd=s3cret", "http://cam/v?p%61sswd=***"),
        ("http://cam/v?loginuse=a&loginpas=s3cret", "http://cam/v?loginuse=a&loginpas=***"),
        ("http://cam/v?pwd=s3cret/s3cret#s3cret", "http://cam/v?pwd=***"),
        ("http://cam/v#token=s3cret", "http://cam/v#token=***"),
        (
            "rtsp://cam:554/user=admin_password=s3cret_channel=1_stream=0.sdp",
            "rtsp://cam:554/user=admin_password=***_channel=1_stream=0.sdp",
        ),
        # An address within the address.
        ("http://hub:1984/v?src=rtsp://admin:s3cret@cam/1", "http://hub:1984/v?src=rtsp://***@cam/1"),
        (
            "http://hub:1984/v?src=rtsp%3A%2F%2Fadmin%3As3cret%40cam",
            "http://hub:1984/v?src=rtsp%3A%2F%2F***%40cam",
        ),
    ],
)  # fmt: skip
def test_a_password_is_hidden_wherever_it_stands(spec, name):
    assert safe_name(spec) == name
    assert SECRET not in hide_secrets(f"The stream {spec} cannot be opened.", spec)


@pytest.mark.parametrize("key", ["pass", "passwd", "token", "auth", "api_key", "secret", "pw", "p"])
def test_usual_names_of_secrets(key):
    assert safe_name(f"http://cam/v?{key.upper()}=s3cret") == f"http://cam/v?{key.upper()}=***"


@pytest.mark.parametrize(
    "spec",
    [
        "0", "demo", "", "http://cam/v", "http://[fe80::1]:80/v", "http://cam:8080/v?fps=10",
        "http://192.168.1.2:8080/live@main", "http://cam/v?mail=a@b.kr", r"C:\a@b\film.mp4",
        "영상 1:2.mp4",
    ],
)  # fmt: skip
def test_what_has_no_password_stays(spec):
    assert safe_name(spec) == spec


def test_a_file_keeps_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key=a:b@c.mp4").touch()
    assert safe_name("key=a:b@c.mp4") == "key=a:b@c.mp4"


def test_a_path_that_was_an_address():
    assert (
        hide_secrets("no file http:/u:s3cret@cam/v?p=s3cret.") == "no file http:/u:***@cam/v?p=***"
    )


def test_addresses_are_found_among_words():
    words = "Got 'http://u:s3cret@cam/v' and \"rtsp://cam/?pwd=s3cret\" at 10:30 (a@b.kr)"
    hidden = "Got 'http://u:***@cam/v' and \"rtsp://cam/?pwd=***\" at 10:30 (a@b.kr)"
    assert hide_secrets(words) == hidden


@pytest.mark.parametrize(
    ("url", "login"),
    [
        ("http://cam:80/v", ("http://cam:80/v", None, None)),
        ("http://cam:8080/live@main", ("http://cam:8080/live@main", None, None)),
        ("http://cam/v?mail=a@b.kr", ("http://cam/v?mail=a@b.kr", None, None)),
        ("http://u:p%40s%20s@cam/v?a=b@c.kr", ("http://cam/v?a=b@c.kr", "u", "p@s s")),
        ("http://u:p@s s@cam/v", ("http://cam/v", "u", "p@s s")),
        ("http://u:p/a#b?c@cam:81/v", ("http://cam:81/v", "u", "p/a#b?c")),
        ("rtsp://u:a:b@[::1]:554/v", ("rtsp://[::1]:554/v", "u", "a:b")),
        ("http://u@cam/v", ("http://cam/v", "u", "")),
        ("0", ("0", None, None)),
    ],
)
def test_a_login_is_taken_out(url, login):
    assert split_login(url) == login
