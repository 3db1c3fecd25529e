"""The table of operations is what the documents and our routes say today."""

import pytest

from scripts import jirasim_operations as operations


def test_the_table_of_operations_is_up_to_date() -> None:
    if not operations.DOCUMENTS.exists():
        pytest.skip("Atlassian's documents are not there (../shared/jira/openapi).")
    told = operations.PAGE.read_text(encoding="utf-8")
    assert told == operations.page(), "run: python -m scripts.jirasim_operations"


def test_what_is_missing_is_said_of_operations_that_there_are() -> None:
    ours = {
        operations.shape(one)
        for about in operations.CHAPTERS
        for one in operations.operations(about.product)
    }
    assert operations.named() - ours == set()
