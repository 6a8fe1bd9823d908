"""The computation behind the pages: numpy, scipy and scikit-learn; it knows no screen."""
