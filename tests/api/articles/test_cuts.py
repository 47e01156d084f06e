"""Tests of what the API says about cuts: the lines, the reasons, the doubts."""

import httpx2
import pytest

from service.api import ApiContext
from service.article import Article
from service.cleaning import Cleaned
from service.cleaning.report import CleaningReport
from service.narrations.cleaning_reports import find_report, save_latest_report
from service.preparation import ArticleRequest

BODY = (
    "The harbour ferry is late, the council said on Monday evening.\n"
    "Passengers waited on the quay in the rain for most of the afternoon."
)
PAGE = {"text": f"Advertisement\n{BODY}\nAdvertisement", "title": "Ferry late"}
ARTICLE = {"text": BODY, "title": "Ferry late"}


NOTE = "The quay was built in 1904, and the harbour office keeps its first plan."
ALONE = (
    "".join(f"<p>{line}</p>" for line in BODY.split("\n")) + f"<aside>{NOTE}</aside>"
)


def test_openapi_has_valid_examples_of_what_is_sent(idle_client: httpx2.Client) -> None:
    schemas = idle_client.get("/openapi.json").json()["components"]["schemas"]
    (narration,) = schemas["NarrationRequestBody"]["examples"]
    (article,) = schemas["ArticleRequestBody"]["examples"]
    assert idle_client.post("/v1/narrations", json=narration).status_code == 202
    assert idle_client.put("/v1/articles/a", json=article).status_code == 202
    approval = schemas["ApprovalRequestBody"]["properties"]["revision"]["examples"][0]
    answer = idle_client.post("/v1/articles/a/approval", json={"revision": approval})
    assert answer.status_code == 202


def test_put_answers_the_cuts_as_post_does(idle_client: httpx2.Client) -> None:
    posted = idle_client.post("/v1/narrations", json=PAGE).json()
    put = idle_client.put("/v1/articles/a", json=PAGE).json()
    assert [cut["line"] for cut in posted["cuts"]] == [0, 3]
    names = ("cuts", "cut_count", "confidence", "doubts")
    assert [put[name] for name in names] == [posted[name] for name in names]


def test_every_cut_has_a_reason(idle_client: httpx2.Client) -> None:
    cuts = idle_client.post("/v1/narrations", json=PAGE).json()["cuts"]
    for cut in cuts:
        assert cut["because"] == ["It marks an advertisement or paid material."]


@pytest.mark.parametrize("resource", ["narration", "article"])
def test_count_of_cuts_is_shown_and_linked(
    idle_client: httpx2.Client, resource: str
) -> None:
    put = idle_client.put("/v1/articles/a", json=PAGE).json()
    links = (put if resource == "article" else put["narration"])["links"]
    shown = idle_client.get(links["self"]).json()
    assert shown["cut_count"] == 2
    assert shown["confidence"] == put["confidence"] > 0.5
    assert idle_client.get(shown["links"]["cuts"]).json() == {"cuts": put["cuts"]}


def test_cuts_of_a_narration_are_those_of_the_text_sent_last(
    idle_client: httpx2.Client,
) -> None:
    """A page and its article alone have the same narration."""
    put = idle_client.put("/v1/articles/a", json=PAGE).json()
    posted = idle_client.post("/v1/narrations", json=ARTICLE).json()
    assert posted["key"] == put["narration"]["key"]
    assert idle_client.get(posted["links"]["self"]).json()["cut_count"] == 0
    assert idle_client.get(put["links"]["self"]).json()["cut_count"] == 2


def test_article_sent_with_other_cuts_is_a_new_revision(
    idle_client: httpx2.Client,
) -> None:
    idle_client.put("/v1/articles/a", json=PAGE)
    clean = idle_client.put("/v1/articles/a", json=ARTICLE).json()
    assert (clean["revision"], clean["cut_count"]) == (2, 0)
    assert idle_client.put("/v1/articles/a", json=ARTICLE).json()["revision"] == 2


def queue_narration(context: ApiContext) -> str:
    """Queue a narration as a command does, which records no cuts."""
    spec = context.preparer.prepare(ArticleRequest(text=BODY)).spec
    context.backend.queue.submit(spec)
    return spec.key


def test_cuts_that_are_not_recorded_are_null_and_404(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    shown = idle_client.get(f"/v1/narrations/{queue_narration(context)}").json()
    assert (shown["cut_count"], shown["confidence"]) == (None, None)
    assert shown["doubts"] == []
    missing = idle_client.get(shown["links"]["cuts"])
    assert missing.status_code == 404
    assert missing.json()["type"] == "about:cuts-not-found"


def test_doubts_are_shown_with_the_confidence(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    key, doubts = queue_narration(context), ("Most of the text was cut.",)
    article = Article(None, ())
    report = CleaningReport.of(Cleaned(article, (), 0.4142, doubts))
    save_latest_report(context.database, key, report)
    shown = idle_client.get(f"/v1/narrations/{key}").json()
    assert (shown["confidence"], shown["doubts"]) == (0.41, list(doubts))


def test_cuts_of_an_unknown_article_are_404(idle_client: httpx2.Client) -> None:
    answer = idle_client.get("/v1/articles/a/cuts")
    assert answer.json()["type"] == "about:article-not-found"


def test_takedown_erases_the_cuts(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    put = idle_client.put("/v1/articles/a", json=PAGE).json()
    assert idle_client.delete(put["narration"]["links"]["self"]).status_code == 204
    assert idle_client.get(put["narration"]["links"]["cuts"]).status_code == 410
    assert idle_client.get(put["links"]["cuts"]).status_code == 404
    shown = idle_client.get(put["links"]["self"]).json()
    assert (shown["cut_count"], shown["confidence"]) == (None, None)
    assert find_report(context.database, put["narration"]["key"]) is None


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v1/narrations"), ("PUT", "/v1/articles/a")]
)
def test_article_that_is_sent_alone_is_read_whole(
    idle_client: httpx2.Client, method: str, path: str
) -> None:
    cuts = {
        source: [
            cut["text"]
            for cut in idle_client.request(
                method, path, json={"html": ALONE, "source": source}
            ).json()["cuts"]
        ]
        for source in ("page", "article")
    }
    assert cuts == {"page": [NOTE], "article": []}


def test_doubts_are_answered_with_the_confidence(idle_client: httpx2.Client) -> None:
    sent = {"html": ALONE, "source": "page"}
    posted = idle_client.post("/v1/narrations", json=sent).json()
    assert posted["confidence"] < 1
    assert posted["doubts"]
    put = idle_client.put("/v1/articles/a", json=sent).json()
    for address in (put["links"]["self"], posted["links"]["self"]):
        shown = idle_client.get(address).json()
        assert shown["confidence"] == posted["confidence"]
        assert shown["doubts"] == posted["doubts"]
