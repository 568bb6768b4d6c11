"""Rosters: people, days and shifts under rules, found and proven by CP-SAT."""
