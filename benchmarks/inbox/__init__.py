"""Whether the inbox is as fast with a million leads as with a thousand, on a real PostgreSQL."""
