"""The gradebook: rules of the course as data, and pure functions that make a grade of scores and dates."""
