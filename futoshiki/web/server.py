"""Runs the application: its address, its access key, and the server itself."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette

from futoshiki.errors import ArgumentError
from futoshiki.reading.reader import Reader
from futoshiki.resources import folder
from futoshiki.web.application import application

if TYPE_CHECKING:
    from futoshiki.web.certificate import Certificate

LOOPBACK = "127.0.0.1"
"""The address at which only this computer is reached."""
ELSEWHERE = ("192.0.2.1", 9)
"""An address that is reserved for documentation, and a port; see `lan_address`."""
KEY_BYTES = 16
"""Random bytes of an access key."""
KEY_VARIABLE = "FUTOSHIKI_KEY"
"""Environment variable that holds the access key of a service that is started again and again."""
LEAST_KEY = 16
"""Characters of the shortest access key that is taken from there."""
CONNECTIONS = 256
"""Connections above which the server answers with status 503 itself."""
LAST_SECONDS = 5
"""Seconds that requests have to finish when the server is asked to end."""
WARM_UP = "newspaper.jpg"
"""The sample that is solved before the server starts: the first photo takes several times as long as the next."""


@dataclass(frozen=True)
class Address:
    """Where the page is. `key` is the access key; None needs none."""

    scheme: str
    host: str
    port: int
    key: str | None = None

    @property
    def url(self) -> str:
        """The address for a browser. The key stands in its fragment, which browsers never send."""
        return f"{self.scheme}://{self.host}:{self.port}/" + (f"#key={self.key}" if self.key else "")


def lan_address() -> str:
    """The address of this computer in its network: that of the interface which leads elsewhere. Nothing is sent.

    Raises:
        ArgumentError: there is no network.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
            return str(probe.getsockname()[0])
        except OSError as error:
            raise ArgumentError("--lan: this computer is in no network; connect it, or leave --lan out") from error


def access_key() -> str:
    """A new access key, or the one in the environment.

    Raises:
        ArgumentError: that one is too short, or holds characters that an address cannot.
    """
    given = os.environ.get(KEY_VARIABLE)
    if given is None:
        return secrets.token_urlsafe(KEY_BYTES)
    if len(given) < LEAST_KEY or not given.isascii() or not given.replace("-", "").replace("_", "").isalnum():
        raise ArgumentError(f"{KEY_VARIABLE} must be {LEAST_KEY} or more of the characters A-Z, a-z, 0-9, - and _")
    return given


def bound(host: str, port: int) -> socket.socket:
    """A socket at that address; port 0 takes a free one.

    Raises:
        ArgumentError: the port cannot be used.
    """
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
    except OSError as error:
        opened.close()
        reason = error.strerror or str(error)
        raise ArgumentError(f"port {port} at {host}: {reason}; choose another one with --port") from error
    return opened


def warm(reader: Reader) -> None:
    """Load the networks and read a sample, so that the first photo takes no longer than the next ones.

    Raises:
        MissingPartError: a model or the sample is missing or broken.
    """
    reader.networks.load()
    reader.read(folder("samples") / WARM_UP)


class Server:
    """The server at one address, not running yet.

    `cert` and `key` are files in PEM for HTTPS; with `own_certificate`, one is made for this run.

    Raises:
        ArgumentError: there is no network, the port cannot be used, or the files hold no certificate.
    """

    def __init__(
        self, port: int, *, lan: bool = False, own_certificate: bool = False, cert: Path | None = None, key: Path | None = None
    ) -> None:
        host, access = (lan_address(), access_key()) if lan else (LOOPBACK, None)
        self._reader = Reader()
        self.fingerprint: str | None = None
        """What browsers show of the certificate that was made for this run."""
        with ExitStack() as stack:
            if own_certificate:
                made = stack.enter_context(_made_certificate(host))
                cert, key, self.fingerprint = made.file, made.key, made.fingerprint
            self._config = _loaded(application(self._reader, frozenset({host}), access), cert, key)
        self._socket = bound(host, port)
        self.address = Address("https" if cert else "http", host, self._socket.getsockname()[1], access)

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until the process is asked to end. `ready` is called when the networks are warm and requests may come.

        Raises:
            MissingPartError: a model or the sample is missing or broken.
        """
        with self._socket:
            warm(self._reader)
            self._socket.listen()
            ready()
            uvicorn.Server(self._config).run(sockets=[self._socket])


def _loaded(app: Starlette, cert: Path | None, key: Path | None) -> uvicorn.Config:
    """The configuration of the server, with the certificate read. Nothing that a client sends is logged.

    Raises:
        ArgumentError: the files hold no certificate and its key.
    """
    config = uvicorn.Config(
        app,
        ssl_certfile=cert,
        ssl_keyfile=key,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=LAST_SECONDS,
    )
    try:
        config.load()
    except OSError as error:  # what the ssl module raises, too
        reason = error.strerror or str(error)
        raise ArgumentError(f"{cert}: {reason}; give the files of a certificate and its key in PEM") from error
    return config


def _made_certificate(host: str) -> AbstractContextManager[Certificate]:
    """A certificate for this run. The package that makes it is imported only where one is needed."""
    from futoshiki.web.certificate import own_certificate

    return own_certificate(host)
