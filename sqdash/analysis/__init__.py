"""Pure functions: what the store knows goes in, what it means comes out. No SQL, no screens."""
