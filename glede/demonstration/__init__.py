"""The practice in which people look around: invented people, a virtual clock, a year of life."""
