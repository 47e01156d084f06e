"""Errors become application/problem+json (RFC 9457), here and nowhere else."""

import logging
import re
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from service import errors
from voices.errors import OutspokenError, VoiceNotFound
from workers.errors import (
    LibraryFull,
    NarrationWithdrawn,
    QueueFull,
    QueueUnavailable,
    RecordDamaged,
    StorageFailed,
)

_LOG = logging.getLogger(__name__)

STATUS: dict[type[OutspokenError], HTTPStatus] = {
    errors.ArticleNotFound: HTTPStatus.NOT_FOUND,
    errors.ArticleTooLong: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.LanguageNotSpoken: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NarrationFailed: HTTPStatus.CONFLICT,
    errors.NarrationNotFound: HTTPStatus.NOT_FOUND,
    errors.NarrationPending: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.NotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.NothingToRead: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.PageTooLong: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedOption: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnreadableInput: HTTPStatus.BAD_REQUEST,
    LibraryFull: HTTPStatus.INSUFFICIENT_STORAGE,
    NarrationWithdrawn: HTTPStatus.GONE,
    QueueFull: HTTPStatus.SERVICE_UNAVAILABLE,
    QueueUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    RecordDamaged: HTTPStatus.INSUFFICIENT_STORAGE,
    StorageFailed: HTTPStatus.INSUFFICIENT_STORAGE,
    VoiceNotFound: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""Errors that are somebody's to mend; any other is ours, and 500."""

_RETRY_AFTER = 5
"""Seconds; about how long a broker takes to come back."""


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every error of the service as a problem."""

    @app.exception_handler(OutspokenError)
    async def _(_: Request, error: OutspokenError) -> JSONResponse:
        status = STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
        answer = problem(status, type(error).__name__, str(error))
        if isinstance(error, QueueFull):
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer

    @app.exception_handler(RequestValidationError)
    async def _(_: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent is not repeated: it may be an article.
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"][1:]) or "the body"
        if first["type"] == "json_invalid":
            field = "the JSON"
        detail = f"Mend {field} and send it again: {first['msg']}."
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "InvalidRequest", detail)

    @app.exception_handler(Exception)
    async def _(_: Request, __: Exception) -> JSONResponse:
        detail = "The service failed; its log says where."
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalError", detail)

    @app.exception_handler(HTTPException)
    async def _(_: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        answer = problem(status, status.phrase.title().replace(" ", ""), error.detail)
        answer.headers.update(error.headers or {})
        return answer


def problem(status: HTTPStatus, name: str, detail: str) -> JSONResponse:
    """Return an answer that says what is wrong; never stored by a cache."""
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(_RETRY_AFTER)
    return JSONResponse(
        {
            "type": f"about:{_hyphenated(name)}",
            "title": " ".join(_words(name)).capitalize(),
            "status": status.value,
            "detail": detail,
        },
        status,
        headers,
        media_type="application/problem+json",
    )


def _words(name: str) -> list[str]:
    return re.findall("[A-Z][a-z]*", name)


def _hyphenated(name: str) -> str:
    return "-".join(_words(name)).lower()
