"""Whether hours of visitors leave the processes as large as they were, and nobody unanswered."""
