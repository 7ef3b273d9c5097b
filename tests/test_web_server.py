"""`futoshiki web` itself: addresses, keys, certificates, and how it ends."""

import hashlib
import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import click
import cv2
import numpy as np
import pytest

pytest.importorskip("starlette", reason="futoshiki web needs Starlette: pip install 'futoshiki[web]'")
pytest.importorskip("uvicorn", reason="futoshiki web needs uvicorn: pip install 'futoshiki[web]'")
pytest.importorskip("segno", reason="futoshiki web needs segno: pip install 'futoshiki[web]'")

from futoshiki.cli.web import qr_code
from futoshiki.errors import ArgumentError
from futoshiki.web.server import KEY_VARIABLE, Address, access_key, bound, lan_address
from tests.helpers import ROOT, run

posix = pytest.mark.skipif(os.name != "posix", reason="the process is ended by a signal of POSIX")


@contextmanager
def server(*options, **environment):
    """A running `futoshiki web`: its process and the address that it has printed."""
    command = [sys.executable, "-u", "-m", "futoshiki", "web", "--port", "0", *options]
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths, **environment}
    )
    try:
        yield process, urlsplit(process.stdout.readline().decode().strip())
    finally:
        process.kill()
        process.communicate()


def python_in(name):
    """The examples in Python of a page of the documentation."""
    return re.findall(r"```python\n(.*?)```", (ROOT / "docs" / name).read_text(encoding="utf-8"), re.DOTALL)


@posix
def test_the_server_answers_at_the_printed_address_at_once_and_ends_when_asked():
    with server() as (process, address):
        assert (address.scheme, address.hostname, address.fragment) == ("http", "127.0.0.1", "")
        connection = http.client.HTTPConnection(address.netloc, timeout=20)
        connection.request("GET", "/api/health")
        assert connection.getresponse().read().startswith(b'{"status":"ok"')
        connection.request("POST", "/api/solve", bytes(8_000_000), {"Content-Type": "image/jpeg"})
        assert connection.getresponse().status == 403  # and not a connection that is reset while the picture is sent
        connection.close()
        documented = next(code for code in python_in("how-to/service.md") if "urllib" in code)
        told = subprocess.run(
            [sys.executable, "-c", documented.replace("127.0.0.1:8000", address.netloc)], cwd=ROOT, capture_output=True, text=True
        )
        assert (told.stderr, told.stdout.splitlines()[1][:8]) == ("", "Look at ")
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=20)
        assert (process.returncode, out, errors) == (0, b"", b"")


@posix
def test_https_shows_the_certificate_with_the_printed_fingerprint():
    pytest.importorskip("cryptography", reason="--https needs cryptography: pip install 'futoshiki[web]'")
    with server("--https") as (process, address):
        assert address.scheme == "https"
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection((address.hostname, address.port), timeout=20)
        with context.wrap_socket(plain) as secure:
            shown = hashlib.sha256(secure.getpeercert(binary_form=True)).hexdigest()
        process.terminate()
        assert shown in process.communicate(timeout=20)[1].decode().replace(":", "").lower()


@posix
def test_lan_asks_for_the_key_that_is_printed_in_the_address_and_the_code():
    try:
        host = lan_address()
    except ArgumentError:
        pytest.skip("this computer is in no network")
    with server("--lan", FUTOSHIKI_KEY="a-key-of-a-service") as (process, address):
        assert (address.hostname, address.fragment) == (host, "key=a-key-of-a-service")
        statuses = []
        for key in ({}, {"Authorization": "Bearer a-key-of-a-service"}):
            connection = http.client.HTTPConnection(address.netloc, timeout=20)
            connection.request("POST", "/api/hint", b"{}", {"X-Futoshiki": "page", **key})
            statuses.append(connection.getresponse().status)
            connection.close()
        assert statuses == [401, 400]
        process.terminate()
        assert "█" in process.communicate(timeout=20)[0].decode()


def test_a_certificate_holds_for_the_address_and_leaves_no_files():
    pytest.importorskip("cryptography", reason="--https needs cryptography: pip install 'futoshiki[web]'")
    from cryptography import x509

    from futoshiki.web.certificate import own_certificate

    with own_certificate("192.168.1.20") as made:
        certificate = x509.load_pem_x509_certificate(made.file.read_bytes())
        if os.name == "posix":
            assert made.file.parent.stat().st_mode & 0o077 == 0
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(map(str, names.get_values_for_type(x509.IPAddress))) == ["192.168.1.20", "127.0.0.1"]
    assert not made.file.parent.exists()


def test_a_port_in_use_is_named_with_what_to_do():
    with bound("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        result = run("web", "--port", port)
        assert isinstance(result.exception, ArgumentError)
        assert "--port" in str(result.exception)


@pytest.mark.parametrize(
    ("options", "words"), [(["--cert", "a.pem"], "both"), (["--https", "--cert", "a.pem", "--key", "a.pem"], "either")]
)
def test_certificates_are_given_with_their_keys_or_made(options, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.pem").write_text("no certificate")
    assert words in str(run("web", *options).exception)


def test_files_that_are_no_certificate_are_named(tmp_path):
    (tmp_path / "a.pem").write_text("no certificate")
    result = run("web", "--port", "0", "--cert", tmp_path / "a.pem", "--key", tmp_path / "a.pem")
    assert isinstance(result.exception, ArgumentError)
    assert "a.pem" in str(result.exception)


def test_an_access_key_is_new_each_time_unless_the_environment_has_one(monkeypatch):
    assert access_key() != access_key()
    monkeypatch.setenv(KEY_VARIABLE, "x" * 16)
    assert access_key() == "x" * 16
    for bad in ("", "x" * 15, "x" * 16 + "#", "é" * 16):
        monkeypatch.setenv(KEY_VARIABLE, bad)
        with pytest.raises(ArgumentError, match="16 or more"):
            access_key()


def test_the_key_stands_in_the_fragment_which_is_never_sent():
    assert Address("https", "192.168.1.20", 8000, "secret").url == "https://192.168.1.20:8000/#key=secret"
    assert Address("http", "127.0.0.1", 8000).url == "http://127.0.0.1:8000/"


def test_without_a_network_lan_says_what_to_do(monkeypatch):
    def unreachable(self, address):
        raise OSError("network is unreachable")

    monkeypatch.setattr("futoshiki.web.server.socket.socket", type("Probe", (socket.socket,), {"connect": unreachable}))
    with pytest.raises(ArgumentError, match="--lan"):
        lan_address()


def test_the_qr_code_holds_the_address():
    url = "http://192.168.178.20:8000/#key=AAAAAAAAAAAAAAAAAAAAAA"
    lines = click.unstyle(qr_code(url)).splitlines()
    halves = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    modules = np.array([[halves[char][half] for char in line] for line in lines for half in (0, 1)], np.uint8)
    picture = np.kron(modules[: modules.shape[1]], np.ones((8, 8), np.uint8))
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == url
