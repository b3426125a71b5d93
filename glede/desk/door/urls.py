"""Addresses of the door."""

from django.urls import path

from glede.desk.door import delays, squeezes, walk_ins

urlpatterns = [
    path("walk-in/", walk_ins.walk_in, name="walk_in"),
    path("walk-in/stranger/", walk_ins.stranger, name="walk_in_stranger"),
    path("squeeze/", squeezes.squeeze, name="squeeze"),
    path("delay/", delays.delay, name="delay"),
]
