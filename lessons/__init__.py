"""The pages: one module a lesson, the laboratory, and ui/ for what they share."""
