"""One library each, in a process of its own: reads what to run from stdin, answers with seconds, line by line."""
