"""Signing in: by e-mail and password, a second factor, or a passkey."""
