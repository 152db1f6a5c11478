"""A mail server and a webhook on sockets of this machine, each with the faults that real ones have."""

from __future__ import annotations

import base64
import json
import socketserver
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

USER, PASSWORD = "alerts", "canary-Passw0rd+/=9"


@dataclass
class Mailbox:
    """How the server behaves and what it took: ``messages`` whole, ``lines`` every command."""

    port: int = 0
    fault: str = ""
    tls: ssl.SSLContext | None = None
    at_once: bool = False
    messages: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


class _Mail(socketserver.StreamRequestHandler):
    def setup(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        if box.at_once and box.tls:
            self.request = box.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.connection.close()  # the one behind TLS, of which the server does not know

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        if box.fault == "silent":
            time.sleep(3)
            return
        if box.fault == "drip":
            for _ in range(60):
                self.wfile.write(b"2")
                time.sleep(0.1)
            return
        self.say("220 fake")
        while line := self.rfile.readline().decode("latin-1").strip():
            box.lines.append(line)
            word = line.split()[0].upper()
            if word == "EHLO":
                self.say("250-fake")
                if box.tls and not box.at_once:
                    self.say("250-STARTTLS")
                self.say("250 AUTH PLAIN LOGIN")
            elif word == "STARTTLS":
                self.say("454 no" if box.fault == "no_tls" else "220 go")
                if box.fault != "no_tls" and box.tls:
                    self.connection = box.tls.wrap_socket(self.connection, server_side=True)
                    self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
            elif word == "AUTH":
                right = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
                good = line.split()[-1] == right and box.fault != "password"
                self.say("235 ok" if good else f"535 wrong {line}")  # some repeat what they were sent
            elif word == "RCPT" and ("nobody" in line or box.fault == "rcpt"):
                self.say("550 no such")
            elif word == "DATA":
                self.say("354 go")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                box.messages.append(text.decode())
                self.say("451 later" if box.fault == "data" else "250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the test."""


@contextmanager
def mail_server(fault: str = "", tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> Iterator[Mailbox]:
    """A mail server; with ``tls`` by STARTTLS, or from the first byte where ``at_once``."""
    box = Mailbox(fault=fault, tls=tls, at_once=at_once)
    with _serving(_Mail, box=box) as port:
        box.port = port
        yield box


@dataclass
class Hook:
    """How the webhook answers and what it was sent."""

    url: str = ""
    fault: str = ""
    paths: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)


class _Hook(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        hook: Hook = self.server.box  # type: ignore[attr-defined]
        hook.paths.append(self.rfile.readline().decode().split()[1])
        length = 0
        while line := self.rfile.readline().strip().lower():
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        hook.bodies.append(json.loads(self.rfile.read(length)))
        if hook.fault == "silent":
            time.sleep(3)
        elif hook.fault == "drip":
            for _ in range(60):
                self.wfile.write(b"H")
                time.sleep(0.1)
        elif hook.fault == "redirect":
            self.wfile.write(f"HTTP/1.1 302 x\r\nLocation: {hook.url}\r\nContent-Length: 0\r\n\r\n".encode())
        else:
            status = hook.fault or "204"
            self.wfile.write(f"HTTP/1.1 {status} x {hook.paths[-1]}\r\nContent-Length: 0\r\n\r\n".encode())


@contextmanager
def webhook(fault: str = "", path: str = "/hooks/canary-T0ken-77aa?key=canary-k3y") -> Iterator[Hook]:
    hook = Hook(fault=fault)
    with _serving(_Hook, box=hook) as port:
        hook.url = f"http://127.0.0.1:{port}{path}"
        yield hook


@contextmanager
def _serving(handler: Any, *, box: Any) -> Iterator[int]:
    with _Server(("127.0.0.1", 0), handler) as server:
        server.box = box  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """What a server on this machine needs, and the file that makes clients trust it."""
    key, file = folder / "key.pem", folder / "cert.pem"
    names = "subjectAltName=IP:127.0.0.1,DNS:localhost"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", names, "-keyout", str(key), "-out", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return context, file
