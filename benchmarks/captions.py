"""Check the captions of articles against their text and the times of their words.

    python benchmarks/captions.py PATH... [--articles 20] [--voice ID] [--show]

A PATH is an article (.txt), a folder of them, or a .jsonl.gz with one JSON object per
line with "text", a page as copied, of which the first `--articles` are taken.  Each
article is narrated, and its WebVTT is parsed and compared with the cleaned article and
with the JSON of its words.  A word of the article is what is between two spaces and has
a letter or a digit.  `--show` prints the words of articles that are not in captions,
because the voice does not read them.  The last line has the totals:

    over       cues with more than two lines, 42 columns or seven seconds
    missing    words of the article that are read and not in the captions
    added      words of the captions that are not in the article, in this order
    unread     words of the article that are not read (footnotes, foreign letters)
    worst      largest difference of a cue's start or end from its words', in ms
    marks      words whose marks differ: a bullet, an asterisk, a division
    short      cues that are shown for less than a second
"""

import argparse
import difflib
import gzip
import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from service.article import Article
from service.captions.webvtt import write_webvtt
from service.captions.words import WordBody, list_words
from service.cleaning import clean, load_markers
from service.page import read_text
from service.script import write_script
from voices.catalogue import open_catalogue
from voices.open_engine import open_engine
from voices.system.cpu import cpu_count
from workers.narration import Transcript
from workers.rendering.render import RenderOptions, render_script
from workers.settings import WorkerSettings

_MAX_LINES, _MAX_COLUMNS, _MAX_MS = 2, 42, 7000
_SHORT_MS = 1000
_TIMES = re.compile(r"(\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d+):(\d\d):(\d\d)\.(\d{3})")


@dataclass(frozen=True)
class ParsedCue:
    """A cue of WebVTT; times in milliseconds."""

    start: int
    end: int
    lines: list[str]


def main() -> None:
    """Narrate, parse, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--articles", type=int, default=20)
    parser.add_argument("--voice", default=WorkerSettings().voice)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    settings = WorkerSettings()
    installed = open_catalogue(settings.voices_folder).find(given.voice)
    engine = open_engine(installed, settings.voices_cache)
    markers = load_markers()
    totals: Counter[str] = Counter()
    worst = 0.0
    for name, text in texts(given.paths, given.articles):
        article = clean(read_text(text), markers).article
        script = write_script(article)
        narration = render_script(
            script, engine, lambda _done, _total: None, RenderOptions(cpu_count())
        )
        transcript = Transcript(script, narration.timings, narration.rate)
        started = time.perf_counter()
        vtt = write_webvtt(transcript)
        milliseconds = (time.perf_counter() - started) * 1000
        cues = list(parse(vtt))
        read = list_words(transcript).words
        counts, unread = compare_words(article, cues, transcript)
        difference = max(differences(cues, read), default=0.0)
        counts["cues"] = len(cues)
        counts["over"] = sum(map(is_over, cues))
        counts["short"] = sum(cue.end - cue.start < _SHORT_MS for cue in cues)
        totals += counts
        totals["articles"] += 1
        worst = max(worst, difference)
        figures = " ".join(f"{key}={counts[key]}" for key in sorted(counts))
        print(f"{name}: {figures} worst={difference:.1f}ms ({milliseconds:.0f} ms)")
        if given.show:
            print(f"  unread: {unread}")
    keys = (
        "articles",
        "words",
        "cues",
        "over",
        "missing",
        "added",
        "unread",
        "marks",
        "short",
    )
    print(" ".join(f"{key}={totals[key]}" for key in keys), f"worst={worst:.1f}ms")


def texts(paths: list[Path], count: int) -> Iterator[tuple[str, str]]:
    """Yield the name and text of every article."""
    for path in paths:
        if path.name.endswith(".jsonl.gz"):
            with gzip.open(path, "rt", encoding="utf-8") as file:
                for number, line in enumerate(islice(file, count)):
                    yield f"{path.name}:{number}", json.loads(line)["text"]
        else:
            for file in sorted(path.glob("*.txt")) if path.is_dir() else [path]:
                yield file.name, file.read_text("utf-8")


def parse(vtt: str) -> Iterator[ParsedCue]:
    """Yield the cues of WebVTT."""
    header, *blocks = vtt.strip("\n").split("\n\n")
    assert header.startswith("WEBVTT\n")
    for block in blocks:
        times, *lines = block.splitlines()
        found = _TIMES.fullmatch(times)
        assert found
        hours, minutes, seconds, rest = zip(
            *(map(int, found.groups()[side : side + 4]) for side in (0, 4)), strict=True
        )
        start, end = (
            ((hours[side] * 60 + minutes[side]) * 60 + seconds[side]) * 1000
            + rest[side]
            for side in (0, 1)
        )
        yield ParsedCue(start, end, [unescaped(line) for line in lines])


def unescaped(line: str) -> str:
    """Return the text of a line of WebVTT."""
    return line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def is_over(cue: ParsedCue) -> bool:
    """Whether a cue is over one of the limits."""
    return (
        len(cue.lines) > _MAX_LINES
        or max(map(width, cue.lines)) > _MAX_COLUMNS
        or not 0 < cue.end - cue.start <= _MAX_MS
    )


def width(line: str) -> int:
    """Columns of a line: two for a wide character."""
    return sum(1 + (unicodedata.east_asian_width(each) in "WF") for each in line)


def compare_words(
    article: Article, cues: list[ParsedCue], transcript: Transcript
) -> tuple[Counter[str], list[str]]:
    """Count words by whether captions have them in order; return those not read."""
    paragraphs = dict(enumerate(paragraph.text for paragraph in article.paragraphs))
    paragraphs[-1] = article.title or ""
    spoken: dict[int, list[tuple[int, int]]] = {number: [] for number in paragraphs}
    for sentence in transcript.script.sentences:
        for token in sentence.tokens:
            if token.span:
                spoken[token.span.paragraph].append((token.span.start, token.span.end))
    written = [
        (
            match[0],
            any(a < match.end() and match.start() < b for a, b in spoken[number]),
        )
        for number, text in sorted(paragraphs.items())
        for match in re.finditer(r"\S+", text)
        if is_word(match[0])
    ]
    shown = [
        word
        for cue in cues
        for line in cue.lines
        for word in line.split()
        if is_word(word)
    ]
    counts: Counter[str] = Counter(
        words=len(written), missing=0, added=0, unread=0, marks=0
    )
    unread = []
    ours_alone = [word for word, _ in written]
    matcher = difflib.SequenceMatcher(None, ours_alone, shown, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        # A long word is divided; a footnote is left out of the word that it touches;
        # marks at the edge of a sentence that the voice does not read are left out.
        ours = re.sub(r"\[\w+\]", "", "".join(word for word, _ in written[a:b]))
        if letters(ours) == letters("".join(shown[c:d])):
            counts["marks"] += 1
            continue
        counts["added"] += d - c
        for word, is_read in written[a:b]:
            counts["missing" if is_read else "unread"] += 1
            unread.append(word)
    return counts, unread


def letters(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(filter(str.isalnum, text))


def is_word(text: str) -> bool:
    """Whether a text has a letter or a digit."""
    return any(character.isalnum() for character in text)


def differences(cues: list[ParsedCue], words: list[WordBody]) -> Iterator[float]:
    """Yield by how many ms the times of cues differ from those of their words."""
    stream = re.sub(r"\s", "", "".join("".join(cue.lines) for cue in cues))
    places, position = [], 0
    for word in words:
        bare = re.sub(r"\s", "", word.text)
        position = stream.index(bare, position)
        places.append((position, position + len(bare), word))
        position += len(bare)
    first = 0
    for cue in cues:
        last = first + len(re.sub(r"\s", "", "".join(cue.lines)))
        inside = [word for a, b, word in places if first <= a and b <= last]
        if inside:
            yield abs(cue.start - inside[0].start * 1000)
            yield abs(cue.end - inside[-1].end * 1000)
        first = last


if __name__ == "__main__":
    main()
