"""What members report and what the word filter holds back, waiting for staff to look at it."""
