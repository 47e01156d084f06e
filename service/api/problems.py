"""Convert errors to application/problem+json (RFC 9457)."""

import re
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from service import errors
from service.api.middleware.security_headers import SECURITY_HEADERS
from service.api.resource_router import allowed_methods
from voices.errors import OutspokenError, VoiceNotFound
from workers.errors import (
    DatabaseFull,
    DatabaseUnavailable,
    LibraryFull,
    NarrationWithdrawn,
    QueueFull,
    QueueUnavailable,
    StorageFailed,
    StoreFull,
    StoreUnavailable,
)

STATUS: dict[type[OutspokenError], HTTPStatus] = {
    errors.ArticleNotFound: HTTPStatus.NOT_FOUND,
    errors.ArticleOutdated: HTTPStatus.CONFLICT,
    errors.ArticleTooComplex: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ArticleTooLong: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.AudioOff: HTTPStatus.CONFLICT,
    errors.CutsNotFound: HTTPStatus.NOT_FOUND,
    errors.InvalidCursor: HTTPStatus.BAD_REQUEST,
    errors.LanguageNotSpoken: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NarrationFailed: HTTPStatus.CONFLICT,
    errors.NarrationNotFound: HTTPStatus.NOT_FOUND,
    errors.NarrationPending: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.NotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.NothingToRead: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.PageTooLong: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    errors.PreparersBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.RevisionOutdated: HTTPStatus.CONFLICT,
    errors.SegmentNotFound: HTTPStatus.NOT_FOUND,
    errors.UnsupportedOption: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnreadableInput: HTTPStatus.BAD_REQUEST,
    DatabaseFull: HTTPStatus.INSUFFICIENT_STORAGE,
    DatabaseUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    LibraryFull: HTTPStatus.INSUFFICIENT_STORAGE,
    NarrationWithdrawn: HTTPStatus.GONE,
    QueueFull: HTTPStatus.SERVICE_UNAVAILABLE,
    QueueUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    StorageFailed: HTTPStatus.INSUFFICIENT_STORAGE,
    StoreFull: HTTPStatus.INSUFFICIENT_STORAGE,
    StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    VoiceNotFound: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""Errors that a client or an operator can fix; any other is a bug and gives 500."""

_RETRY_AFTER_S = 5
"""Seconds; about how long Redis takes to restart."""


def install_problem_handlers(app: FastAPI) -> None:
    """Register handlers that answer every error with a problem."""

    @app.exception_handler(OutspokenError)
    async def _(_: Request, error: OutspokenError) -> JSONResponse:
        status = STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
        answer = problem(status, type(error).__name__, str(error))
        if isinstance(error, QueueFull):
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer

    @app.exception_handler(RequestValidationError)
    async def _(_: Request, error: RequestValidationError) -> JSONResponse:
        return _invalid_request(error)

    @app.exception_handler(Exception)
    async def _(_: Request, __: Exception) -> JSONResponse:
        detail = "The service failed; its log says where."
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        answer = problem(status, "InternalError", detail)
        # The framework answers outside of all middleware.
        answer.headers.update(SECURITY_HEADERS)
        return answer

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        answer = problem(status, status.phrase.title().replace(" ", ""), error.detail)
        answer.headers.update(error.headers or {})
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            # The framework names the methods of only one route of the path.
            answer.headers["Allow"] = ", ".join(allowed_methods(request))
        return answer


def problem(status: HTTPStatus, name: str, detail: str) -> JSONResponse:
    """Return a problem as a response that caches do not store."""
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(_RETRY_AFTER_S)
    return JSONResponse(
        {
            "type": f"about:{_hyphenated(name)}",
            "title": " ".join(_words(name)).capitalize(),
            "status": status.value,
            # The name of a field may have half of a surrogate pair.
            "detail": detail.encode("utf-8", "replace").decode(),
        },
        status,
        headers,
        media_type="application/problem+json",
    )


def _invalid_request(error: RequestValidationError) -> JSONResponse:
    # A body of another type is not parsed.
    if isinstance(error.body, bytes):
        detail = "Send the body as JSON, with the header Content-Type."
        status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        return problem(status, "UnsupportedMediaType", detail)
    # Never repeat the value that was sent: it may be an article.
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:]) or "the body"
    if first["type"] == "json_invalid":
        field = "the JSON"
    reason = first["msg"].removeprefix("Value error, ")
    detail = f"Fix {field} and send it again: {reason}."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "InvalidRequest", detail)


def _words(name: str) -> list[str]:
    return re.findall("[A-Z][a-z]*", name)


def _hyphenated(name: str) -> str:
    return "-".join(_words(name)).lower()
