"""What hostile texts do in every field that takes one: nothing."""
