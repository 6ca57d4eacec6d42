"""A server on this machine that answers chat completions as a test tells it to, and keeps what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Reply = tuple[int, str, dict[str, str]]
"""HTTP status, body, headers."""


def completion(content: Any) -> Reply:
    """Return the reply of a model that says `content`."""
    return 200, json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}), {}


def answer(stance: str, certainty: float = 0.9) -> str:
    return json.dumps([{"stance": stance, "certainty": certainty}])


class ModelServer:
    """`url` to give to a client; `requests`: the bodies that came, with their headers and path under "headers", "path".

    `script` says what is replied: a function of a request's sentences, or a list of replies, the last one repeated.
    """

    def __init__(self, url: str, closing: threading.Event):
        self.url, self.closing = url, closing
        self.requests: list[dict[str, Any]] = []
        self.script: Callable[[list[str]], Reply] | list[Reply] = [completion(answer("neutral"))]
        self.busy, self.most_at_once = 0, 0
        self.lock = threading.Lock()

    def reply(self, request: dict[str, Any]) -> Reply:
        with self.lock:
            self.requests.append(request)
            number = len(self.requests)
        if callable(self.script):
            return self.script(json.loads(request["messages"][1]["content"]))
        return self.script[min(number, len(self.script)) - 1]

    def slow(self) -> Reply:
        """Return a reply only when the test is over."""
        self.closing.wait()
        return completion(answer("neutral"))


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Run a server for a test, which is skipped where the client of such servers is not installed."""
    pytest.importorskip("openai", reason="the extra `endpoint` is not installed")
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with model.lock:
                model.busy += 1
                model.most_at_once = max(model.most_at_once, model.busy)
            headers = {name.title(): value for name, value in self.headers.items()}
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, text, answered = model.reply({**body, "headers": headers, "path": self.path})
            with model.lock:
                model.busy -= 1
            if not closing.is_set():
                self.send_response(status)
                for name, value in {**answered, "Content-Length": str(len(text.encode()))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.encode())

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    model = ModelServer(f"http://127.0.0.1:{server.server_port}/v1", closing)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield model
    finally:
        closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
