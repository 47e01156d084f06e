"""Tests of titles that are sent: they may be HTML, as publishing systems store them."""

import pytest

from service.page.text import plain_title


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("The &#8216;tide&#x2019; turns", "The ‘tide’ turns"),
        ("Ebb&nbsp;and&nbsp;flow ", "Ebb and flow"),
        ("The <em>Wenlow</em> sails", "The Wenlow sails"),
        (
            "<a href=\"https://a.example?b=1&amp;c=2\" class='d'>Late</a> again",
            "Late again",
        ),
        ("Late,<br/>later<BR>latest", "Late, later latest"),
        ("<p>Late</p><p>Later</p>", "Late Later"),
        ("&lt;b&gt;Late&lt;/b&gt;", "Late"),
        ("<b></b> &nbsp;", None),
        (None, None),
        # Not HTML.
        ("AT&T buys R&D; shares rise", "AT&T buys R&D; shares rise"),
        ("The tide turns & turns <again>", "The tide turns & turns <again>"),
        ("Is 3 < 5 and x <b or c> 2?", "Is 3 < 5 and x <b or c> 2?"),
        ("&bogus; and &amp", "&bogus; and &amp"),
    ],
)
def test_title_is_shown_as_text(sent: str | None, plain: str | None) -> None:
    assert plain_title(sent) == plain
