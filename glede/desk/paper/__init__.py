"""The day on paper: for the hours in which the machine is down. Printed from a page, and stored as a file each day."""
