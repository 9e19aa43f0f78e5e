"""The rules of the protocol that pygls leaves out: a request that cannot be served is answered by an error."""

from typing import Any

from lsprotocol.types import EXIT, INITIALIZE, ErrorCodes
from msgspec import Struct
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol


class _Refused(Struct, frozen=True):
    """A message with wrong parameters: its id, and the error. A notification has no id."""

    id: int | str | None
    error: JsonRpcException


class Protocol(LanguageServerProtocol):
    """The protocol of the server."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """The message that an object of JSON is."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            found = data.get("id") if "method" in data else None
            return _Refused(found if isinstance(found, int | str) else None, error)

    def handle_message(self, message: Any) -> None:
        """Serves a message, or answers it by an error. Notifications that cannot be served are left out."""
        if isinstance(message, _Refused):
            if message.id is not None:
                self.send_error(message.id, message.error.code, message.error.message)
            return
        method, request = getattr(message, "method", None), getattr(message, "id", None)
        if not hasattr(message, "jsonrpc"):
            self.send_error(None, ErrorCodes.InvalidRequest, "this is not a message of JSON-RPC 2.0")
        elif method is None or (self._workspace is not None and not self._shutdown) or method == EXIT:
            super().handle_message(message)
        elif self._shutdown:
            self._refuse(request, ErrorCodes.InvalidRequest, "the server is shut down")
        elif method == INITIALIZE:
            super().handle_message(message)
        else:
            self._refuse(request, ErrorCodes.ServerNotInitialized, "the server is not initialized")

    def _refuse(self, request: int | str | None, code: int, message: str) -> None:
        if request is not None:
            self.send_error(request, code, message)

    def send_error(self, request: int | str | None, code: int, message: str) -> None:
        """Answers a request by an error; the id is null if it is not known."""
        self._send_data({"jsonrpc": self.VERSION, "id": request, "error": {"code": int(code), "message": message}})
