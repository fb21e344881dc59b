"""What people grade: questions with their items, and what is given for an answer. Pure: nothing is stored here."""
