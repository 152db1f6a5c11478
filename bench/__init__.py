"""Measures against a floor in the same run; ratios are what carries from one machine to another."""
