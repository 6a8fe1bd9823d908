"""The laboratory: a text of one's own, from its words to the space that its table becomes."""
