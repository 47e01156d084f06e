"""What the errors of an object store mean, and what to check."""

from collections.abc import Iterator
from contextlib import contextmanager

from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
)

from workers.errors import StorageFailed, StoreUnavailable

_CREDENTIALS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
"""Environment variables that hold the credentials of each scheme."""

_ENDPOINTS = {
    "s3": "AWS_ENDPOINT_URL and AWS_REGION",
    "gs": "the network",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ENDPOINT",
}
"""What determines the server of each scheme."""

# obstore has one class for most faults; status and code are only in its text.
_REFUSED = (
    *("401 Unauthorized", "403 Forbidden"),
    *("ExpiredToken", "InvalidToken", "InvalidAccessKeyId", "SignatureDoesNotMatch"),
)
_NO_BUCKET = ("NoSuchBucket", "ContainerNotFound", "specified bucket does not exist")
_OTHER_REGION = ("Received redirect without LOCATION", "PermanentRedirect")
# Without credentials in the environment, the machine's metadata service is asked.
_NO_CREDENTIALS = ("/latest/api/token", "/computeMetadata/", "/metadata/identity/")


@contextmanager
def translating_object_errors(address: str) -> Iterator[None]:
    """Raise StorageFailed, or StoreUnavailable, for errors of obstore that are faults.

    AlreadyExistsError and FileNotFoundError pass.  The latter means that the object is
    absent, though its bucket may be too: the answer to HEAD has no body that says
    which.  The sentences name the library and the variables to check, and quote neither
    values nor the server's answer.
    """
    try:
        yield
    except FileNotFoundError as error:
        if _says(error, _NO_BUCKET):
            raise no_bucket(address) from error
        raise
    except AlreadyExistsError:
        raise
    except (BaseError, OSError, ValueError) as error:
        raise _fault(address, error) from error


def no_bucket(address: str) -> StorageFailed:
    """Return the error of a bucket or container that is missing."""
    return StorageFailed(
        f"The bucket of the library {address} does not exist; create it, or correct"
        " OUTSPOKEN_LIBRARY."
    )


def invalid_settings(address: str) -> StorageFailed:
    """Return the error of environment variables that cannot be used."""
    return StorageFailed(
        f"The library {address} cannot be opened with the variables that are set; check"
        f" {_CREDENTIALS[_scheme(address)]}, see docs/OPERATIONS.md."
    )


def _fault(address: str, error: Exception) -> StorageFailed:
    sentence = _lasting(address, error)
    if sentence is not None:
        return StorageFailed(sentence)
    return StoreUnavailable(
        f"The library {address} does not answer or fails, also after retries; check"
        f" {_ENDPOINTS[_scheme(address)]}, and the state of that server."
    )


def _lasting(address: str, error: Exception) -> str | None:
    """Return the sentence of a fault that lasts until settings are corrected."""
    credentials = _CREDENTIALS[_scheme(address)]
    refused = isinstance(error, PermissionDeniedError | UnauthenticatedError)
    if refused or _says(error, _REFUSED):
        return (
            f"The library {address} refuses the credentials; check {credentials}, and"
            " that they may list, read, write and delete objects."
        )
    if _says(error, _NO_CREDENTIALS):
        return f"There are no credentials for the library {address}; set {credentials}."
    if _says(error, _OTHER_REGION):
        return f"The library {address} is in another region; correct AWS_REGION."
    if _says(error, ("404 Not Found",)):  # of a listing: it has no other meaning
        return str(no_bucket(address))
    return None


def _says(error: Exception, texts: tuple[str, ...]) -> bool:
    message = str(error)
    return any(text in message for text in texts)


def _scheme(address: str) -> str:
    return address.partition("://")[0]
