"""A local server with an account of 1,000 segments and a delay before every answer.

Run as a program it serves the segments of a config file: `slow_server.py CONFIG SECONDS`. It prints its port, and when
its input ends the number of requests.
"""

import asyncio
import json
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

from segdsl.config.check import compile_config
from segdsl.config.load import load

PAGE = 100


def account(path: str) -> dict[str, dict[str, Any]]:
    """The config's segments as those of an account, by id."""
    config, _ = load(path)
    assert config is not None
    compiled, _ = compile_config(config)
    return {
        f"segment-{number}": {
            "id": f"segment-{number}",
            "name": one.config.name,
            "type": "custom",
            "presetId": None,
            "memberCount": 3,
            "isFavorited": False,
            "description": one.config.description,
            "icon": one.config.icon,
            "filters": one.filters[0].to_dict(),
        }
        for number, one in enumerate(compiled)
    }


class Server:
    """Answers the two read requests."""

    def __init__(self, segments: dict[str, dict[str, Any]], seconds: float) -> None:
        self.segments = segments
        self.seconds = seconds
        self.answered = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive."""
        while (head := await self._head(reader)) is not None:
            await asyncio.sleep(self.seconds)
            status, body, more = self.answer(urlsplit(head.split()[1]).path, urlsplit(head.split()[1]).query)
            data = json.dumps(body).encode()
            lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(data)}", *more]
            writer.write("\r\n".join([*lines, "", ""]).encode() + data)
            await writer.drain()
            self.answered += 1
        writer.close()

    async def _head(self, reader: asyncio.StreamReader) -> str | None:
        try:
            return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    def answer(self, path: str, query: str) -> tuple[str, Any, list[str]]:
        """Status, JSON and more headers for a path."""
        id_ = path.removeprefix("/segments").removeprefix("/")
        if id_:
            return ("200 OK", self.segments[id_], []) if id_ in self.segments else ("404 Not Found", {}, [])
        number = int(parse_qs(query).get("page", ["1"])[0])
        listed = list(self.segments.values())[(number - 1) * PAGE : number * PAGE]
        shown = [{key: one[key] for key in list(one)[:6]} for one in listed]
        more = number * PAGE < len(self.segments)
        return "200 OK", shown, [f'Link: </segments?page={number + 1}&pageSize={PAGE}>; rel="next"'] if more else []


async def main(path: str, seconds: float) -> None:
    """Serve until the standard input ends."""
    server = Server(account(path), seconds)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    print(server.answered, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
