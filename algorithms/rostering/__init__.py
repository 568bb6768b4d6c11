"""Rosters: people, days and shifts under rules, found and proven over schedules, by branch and cut and by CP-SAT."""
