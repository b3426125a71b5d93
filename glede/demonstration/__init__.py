"""The practice in which people look around: forty invented people, a year behind them, a virtual clock.

Made by the same operations that the desk and the patients use. Owns no rows and never goes live.
"""
