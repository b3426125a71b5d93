"""What a practice offers: services with their minutes, prices and what to bring.

Owns services. Never knows a patient and never books. A service is ended, never deleted.
"""
