"""The annual report: a tree made from the store, and one writer per document format."""
