"""`futoshiki web`."""

from __future__ import annotations

import io
import webbrowser
from contextlib import suppress
from pathlib import Path

import click

CERTIFICATE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("web")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 takes a free one.")
@click.option("--lan", is_flag=True, help="Let phones in this network in, with an access key and a QR code.")
@click.option("--https", is_flag=True, help="Encrypt, with a certificate made for this run. Phones need it for the live camera.")
@click.option("--cert", type=CERTIFICATE, help="Encrypt with this certificate, a PEM file.")
@click.option("--key", type=CERTIFICATE, help="The key of that certificate, a PEM file.")
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
def command(port: int, lan: bool, https: bool, cert: Path | None, key: Path | None, opens: bool) -> int:
    """Serve a page on which a phone or a browser photographs, solves, hints and follows live.

    Without --lan, only this computer is let in. Ctrl-C ends the server. Its HTTP API:
    https://futoshiki.github.io/futoshiki/how-to/service/
    """
    if bool(cert) != bool(key):
        raise click.UsageError("--cert and --key belong together: give both files")
    if https and cert:
        raise click.UsageError("--https makes a certificate of its own: give either --https or --cert and --key")
    from futoshiki.web.server import Server

    server = Server(port, lan=lan, own_certificate=https, cert=cert, key=key)

    def announce() -> None:
        click.echo(server.address.url)
        if server.fingerprint:
            click.echo(f"The browser warns of the certificate. Its SHA-256 fingerprint is {server.fingerprint}", err=True)
        if lan:
            click.echo(qr_code(server.address.url))
        if opens:
            webbrowser.open(server.address.url)

    with suppress(KeyboardInterrupt):  # how a server is meant to end
        server.run(announce)
    return 0


def qr_code(url: str) -> str:
    """The QR code of an address in half blocks, light on dark whatever the colours of the terminal are."""
    import segno

    drawn = io.StringIO()
    segno.make_qr(url).terminal(drawn, compact=True)
    return "\n".join(click.style(line, fg="bright_white", bg="black") for line in drawn.getvalue().splitlines())
