"""Audio as an answer whose truncation can be seen."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from service.errors import StreamAborted
from workers.errors import StorageFailed

_LOG = logging.getLogger(__name__)


class AudioStreamResponse(StreamingResponse):
    """An MP3 that is sent as it comes.

    When the rest cannot follow, the connection is closed without the last chunk, or
    short of the length that was promised: nobody takes half an article for a whole.
    """

    media_type = "audio/mpeg"

    def __init__(
        self,
        pieces: AsyncIterator[bytes],
        status: int,
        headers: Mapping[str, str],
        close: Callable[[], None] = lambda: None,
    ) -> None:
        """Send `pieces`; `close` is called at the end, however it comes."""
        super().__init__(pieces, status, headers)
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the end or until the listener leaves."""
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            # The server ends, and would log where each listener just was.
            return
        finally:
            self._close()

    async def stream_response(self, send: Send) -> None:
        """Send the pieces, and the last chunk only after the last of them."""
        try:
            await super().stream_response(send)
        except StreamAborted:
            return  # logged once for all of them
        except StorageFailed as error:
            _LOG.warning("a listener was cut off: %s", error)


async def empty_stream() -> AsyncIterator[bytes]:
    """Yield nothing: an answer to HEAD, without a length of its own."""
    for piece in tuple[bytes, ...]():
        yield piece
