"""Every document that ever did harm, or that teaches the fuzzer a format, is read once more."""

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, corpus, run

CORPUS = Path(__file__).parent / "corpus"
FILES = [path for name in TARGETS for path in corpus((CORPUS / name).iterdir())]


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.name}" for path in FILES])
def test_a_document_of_the_corpus_is_read_or_refused(path: Path):
    run(path.parent.name, path.read_bytes())


def test_every_target_has_documents_that_it_reads():
    read = {path.parent.name for path in FILES if run(path.parent.name, path.read_bytes())}

    assert read == set(TARGETS)


def test_there_is_no_corpus_without_a_target():
    assert {path.name for path in CORPUS.iterdir()} == set(TARGETS)
