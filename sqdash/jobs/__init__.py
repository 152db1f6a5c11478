"""Where a source meets the store: each job is one thing a person or a schedule asks for."""
