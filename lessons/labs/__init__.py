"""The optional lab: five small experiments behind the course, each with its failures."""
