"""What travels from the dashboard into the browser."""

from playwright.sync_api import Page, Response, WebSocket


class Wire:
    """Everything that a page receives and holds."""

    def __init__(self, page: Page) -> None:
        self.contents: list[bytes] = []
        page.on("websocket", self._listen)
        page.on("response", self._keep)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: self.contents.append(_as_bytes(data)))

    def _keep(self, response: Response) -> None:
        is_program = response.request.resource_type in ("script", "stylesheet", "font", "image")
        if response.ok and not is_program:
            self.contents.append(response.body())

    def hold(self, page: Page) -> None:
        self.contents += [frame.content().encode() for frame in page.frames]


def _as_bytes(data: str | bytes) -> bytes:
    return data if isinstance(data, bytes) else data.encode()
