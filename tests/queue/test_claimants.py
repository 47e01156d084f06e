"""Claimants and the text under which Redis and the pins store them."""

from workers.queue.claimants import ANONYMOUS, LISTENER, Claimant


def test_claimants_keep_the_text_they_are_stored_under() -> None:
    assert str(ANONYMOUS) == "anonymous"
    assert str(LISTENER) == "listener"
    assert str(Claimant.article("tide-1")) == "article:tide-1"


def test_live_streams_are_different_claimants() -> None:
    first, second = Claimant.new_live_stream(), Claimant.new_live_stream()
    assert str(first).startswith("listeners:")
    assert str(first) != str(second)
