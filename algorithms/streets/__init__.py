"""Streets as lines that run on through junctions, and their division into stretches of even weight."""
