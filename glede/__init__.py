"""Glede: the patient-experience platform for independent optical practices."""
