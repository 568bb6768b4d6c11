"""Work that cannot be lost: journals of edits, places of work, locks, backups, and what can be saved from a damaged file."""
