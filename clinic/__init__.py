"""The clinic's business: screening, leads, notices, staff, audit. Knows no framework."""
