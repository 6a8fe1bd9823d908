"""The lessons in reading order."""

from lessons import box, gradient, lookup

COURSE = (box.LESSON, lookup.LESSON, gradient.LESSON)
