"""Districts that crews answer calls in: even work, soon reached from a site, connected."""
