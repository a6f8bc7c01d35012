"""A reverse proxy in front of a registry that brings about what happens in the field.

A condition is a coroutine function of the request and of `forward`, which asks the registry behind:

    async def busy(request, forward):
        return Answer(503) if request.method == "POST" else await forward(request)

It gives an `Answer`, or None to reset the connection. Bodies are held in memory, and go on
framed by Content-Length.
"""
import asyncio
import contextlib
import http
import json
import re
import urllib.parse


class Message:
    def __init__(self, headers, body):
        self.headers, self.body = list(headers), body

    def header(self, name, default=None):
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), default)

    def drop(self, name):
        name = name.lower()
        self.headers = [(key, value) for key, value in self.headers if key.lower() != name]
        return self

    def set(self, name, value):
        self.drop(name).headers.append((name, value))
        return self


class Request(Message):
    def __init__(self, method, target, headers, body):
        super().__init__(headers, body)
        self.method, self.target = method, target
        self.path, _, query = target.partition("?")
        self.parameters = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))

    @property
    def writes(self):
        return self.method not in ("GET", "HEAD")

    @property
    def repository(self):
        """The name in the path; empty where there is none."""
        match = re.match(r"/v2/(.+?)/(?:blobs|manifests|tags|referrers)/", self.path)
        return urllib.parse.unquote(match[1]) if match else ""

    @property
    def kind(self):
        """base, upload, blob, manifest, tags, referrers, or other."""
        if self.path in ("/v2", "/v2/"):
            return "base"
        for kind, part in (("upload", "/blobs/uploads/"), ("blob", "/blobs/"), ("tags", "/tags/list"),
                           ("manifest", "/manifests/"), ("referrers", "/referrers/")):
            if part in self.path:
                return kind
        return "other"


class Answer(Message):
    def __init__(self, status, headers=(), body=b""):
        super().__init__(headers, body)
        self.status = status


def refusal(status, code, message, *headers):
    """An answer with an error document."""
    document = {"errors": [{"code": code, "message": message}]}
    return Answer(status, [("Content-Type", "application/json"), *headers],
                  json.dumps(document).encode())


def page(status=200, text="Welcome"):
    return Answer(status, [("Content-Type", "text/html")],
                  f"<!DOCTYPE html><html><body>{text}</body></html>".encode())


def challenge(text):
    """A 401 with that WWW-Authenticate."""
    return refusal(401, "UNAUTHORIZED", "authentication required", ("WWW-Authenticate", text))


async def read_head(reader):
    """The first line and the header fields."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = [line.partition(":") for line in lines[1:] if line]
    return lines[0], [(name.strip(), value.strip()) for name, _, value in fields]


async def read_chunks(reader):
    body, size = b"", 1
    while size:
        size = int((await reader.readline()).split(b";")[0], 16)
        body += await reader.readexactly(size)
        await reader.readline()
    return body


async def read_body(reader, message):
    """A chunked body is framed by Content-Length from here on."""
    if message.header("transfer-encoding", "").lower() == "chunked":
        message.body = await read_chunks(reader)
        message.drop("transfer-encoding").set("Content-Length", str(len(message.body)))
    else:
        message.body = await reader.readexactly(int(message.header("content-length", "0")))
    return message


def write(writer, first_line, message, with_body=True):
    head = "".join(f"{name}: {value}\r\n" for name, value in message.headers)
    writer.write(f"{first_line}\r\n{head}\r\n".encode("latin-1"))
    if with_body:
        writer.write(message.body)


class Upstream:
    """A connection to the registry behind."""

    def __init__(self, address):
        self.host, self.port = address.split(":")
        self.reader = self.writer = None

    async def ask(self, request):
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, int(self.port))
        write(self.writer, f"{request.method} {request.target} HTTP/1.1", request)
        status = 100
        while status < 200:
            line, headers = await read_head(self.reader)
            status = int(line.split(" ")[1])
        answer = Answer(status, headers)
        if request.method != "HEAD" and status not in (204, 304):
            await read_body(self.reader, answer)
        if answer.header("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self):
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


class Front:
    """Serves on 127.0.0.1 as long as the block does; `address` is its HOST:PORT.

    `upstream` is the HOST:PORT of the registry behind; without one a condition answers all itself.
    """

    def __init__(self, condition, upstream=None):
        self.condition, self.upstream = condition, upstream
        self.requests = 0

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0, limit=1 << 20, backlog=256)
        self.address = f"127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        self.connections = set()
        return self

    async def __aexit__(self, *_):
        self.server.close()
        for task in self.connections:
            task.cancel()
        await asyncio.gather(*self.connections, return_exceptions=True)

    async def serve(self, reader, writer):
        task = asyncio.current_task()
        self.connections.add(task)
        upstream = Upstream(self.upstream) if self.upstream else None
        try:
            while await self.exchange(reader, writer, upstream):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # The client or the test has gone.
        finally:
            self.connections.discard(task)
            writer.close()
            if upstream:
                upstream.close()

    async def exchange(self, reader, writer, upstream):
        """Whether the connection stays open."""
        line, headers = await read_head(reader)
        method, target, _ = line.split(" ", 2)
        request = Request(method, target, headers, b"")
        if request.header("expect"):
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.drop("expect")
        await read_body(reader, request)
        self.requests += 1
        answer = await self.condition(request, upstream.ask if upstream else None)
        if answer is None:
            writer.transport.abort()
            return False
        if answer.header("content-length") is None or answer.body:
            answer.set("Content-Length", str(len(answer.body)))
        with contextlib.suppress(ValueError):
            phrase = http.HTTPStatus(answer.status).phrase
        write(writer, f"HTTP/1.1 {answer.status} {phrase}", answer,
              method != "HEAD" and answer.status not in (204, 304))
        await writer.drain()
        return request.header("connection", "").lower() != "close"
