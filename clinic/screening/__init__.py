"""Screening: the questions before a first call, their answers, and what they mean for staff."""
