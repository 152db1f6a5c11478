"""Everything that speaks to Meta's Graph API: client, metric names, parsing. Knows no store, job or screen."""
