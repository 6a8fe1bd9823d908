"""What the lessons share: matrices, step controls, the player, predictions and quizzes."""
