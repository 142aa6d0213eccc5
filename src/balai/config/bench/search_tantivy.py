"""The first party beside bench 5: tantivy, ordered by a fast field, newest first."""

import json
import os
import sys
from typing import Any

import tantivy

from balai.config.bench.scratch import answer
from balai.config.bench.search_queries import LIMIT, ask, messages


def main(rows: int) -> None:
    """Index the same texts, ask the same queries."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=False, tokenizer_name="default")
    builder.add_integer_field("at", stored=True, indexed=True, fast=True)
    folder = os.path.join(os.environ["BALAI_HOME"], "index")
    os.makedirs(folder)
    index = tantivy.Index(builder.build(), path=folder)
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for place, (_, text) in enumerate(messages(rows)):
        writer.add_document(tantivy.Document(text=text, at=place))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(words: str) -> list[Any]:
        if words.endswith("*"):
            query = tantivy.Query.regex_query(index.schema, "text", words[:-1] + ".*")
        else:
            query = index.parse_query(words, ["text"], conjunction_by_default=True)
        found = searcher.search(query, LIMIT, count=False, order_by_field="at")
        return [searcher.doc(address) for _, address in found.hits]

    answer(what="tantivy, order_by_field, newest first, one writer thread", **ask(search))


if __name__ == "__main__":
    main(json.loads(sys.argv[1])["rows"])
