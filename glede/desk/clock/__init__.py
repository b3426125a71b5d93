"""The demonstration's own clock: next event, an hour on, tomorrow; begin again; another seat."""
