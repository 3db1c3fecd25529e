"""How faithful wiki markup is over Atlassian's and others' samples; the bar of richtext.md."""

from __future__ import annotations

import re
import time

from core.markup.markup_samples import sample_texts, shared
from core.markup.test_markup_measured import Report, meaning, similarity

from duolog.core import markup


def test_markdown_samples_come_back_with_their_meaning(record_testsuite_property: Report) -> None:
    texts = sorted(set(sample_texts()))
    started = time.perf_counter()
    wikis = [markup.wiki_from_markdown(text) for text in texts]
    spent = (time.perf_counter() - started) / len(texts)
    back = [markup.markdown_from_wiki(wiki) for wiki in wikis]
    pairs = [(meaning(text), meaning(now)) for text, now in zip(texts, back, strict=True)]
    exact = sum(before == after for before, after in pairs) / len(pairs)
    alike = sum(similarity(*pair) for pair in pairs) / len(pairs)
    stable = sum(
        markup.wiki_from_markdown(text) == wiki for text, wiki in zip(back, wikis, strict=True)
    )
    for name, value in (("wiki_exact", exact), ("wiki_alike", alike), ("wiki_ms", spent * 1e3)):
        record_testsuite_property(name, round(value, 4))
    assert exact >= 0.93
    assert alike >= 0.974
    assert stable == len(texts)


def test_wiki_is_read_with_the_words_that_atlassian_reads() -> None:
    items = shared("wiki/atlaskit_wiki_adf.json")["items"]
    assert isinstance(items, list)
    pairs = [
        (
            words(markup.markdown_from_wiki(item["wiki"])),
            words(markup.markdown_from_adf(item["adf"])),
        )
        for item in items
        if item.get("adf_valid")
    ]
    alike = sum(similarity(*pair) for pair in pairs) / len(pairs)
    assert len(pairs) > 400
    assert alike >= 0.9


def words(text: str) -> str:
    """The words of a Markdown text, in small letters."""
    return " ".join(re.findall(r"\w+", markup.plain_text(text).lower()))
