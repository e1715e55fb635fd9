"""What is lost, doubled or too late while every part of the product is killed at random."""
