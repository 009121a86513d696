"""A day at an event with nobody watching: supervisor, log, operator's page, consent."""
