"""Every endpoint declares its access, or the API does not start."""

import pytest

from service.access.policy import Access, access_of, allow
from service.api.resource_router import ResourceRouter


def test_endpoint_without_access_is_refused_at_start() -> None:
    router = ResourceRouter()
    with pytest.raises(TypeError, match=r"forgotten declares no access; put @allow"):

        @router.get("/forgotten")
        def forgotten() -> None:
            """Be open by mistake."""


def test_declared_access_is_found() -> None:
    @allow(Access.ADMIN)
    def endpoint() -> None:
        """Do nothing."""

    assert access_of(endpoint) is Access.ADMIN
