"""Run the parity tests without a deadline: a framework's first call takes longer than a draw may."""

from hypothesis import settings

settings.register_profile("parity", deadline=None)
settings.load_profile("parity")
