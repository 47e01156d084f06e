"""An audio response whose truncation clients detect."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from service.errors import StreamAborted
from workers.errors import StorageFailed

_LOG = logging.getLogger(__name__)


class AudioStreamResponse(StreamingResponse):
    """An MP3 that is sent in chunks.

    If the rest cannot follow, the connection closes without the last chunk or before
    the announced length, so that no client takes half an article for the whole.
    """

    media_type = "audio/mpeg"

    def __init__(
        self,
        chunks: AsyncIterator[bytes],
        status: int,
        headers: Mapping[str, str],
        close: Callable[[], None] = lambda: None,
    ) -> None:
        """Send `chunks`; call `close` at the end, however the response ends."""
        super().__init__(chunks, status, headers)
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the end or until the listener disconnects."""
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            # The server is shutting down; it would log a traceback per listener.
            return
        finally:
            self._close()

    async def stream_response(self, send: Send) -> None:
        """Send the chunks; end the response only if all of them were sent."""
        try:
            await super().stream_response(send)
        except StreamAborted:
            return  # the live stream has logged it once for all listeners
        except StorageFailed as error:
            _LOG.warning("a listener was cut off: %s", error)


async def empty_stream() -> AsyncIterator[bytes]:
    """Yield nothing: the body of an answer to HEAD, which sets no Content-Length."""
    for chunk in tuple[bytes, ...]():
        yield chunk
