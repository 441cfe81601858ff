"""The result of a run, and its forms: terminal, HTML, Markdown, JSON and JUnit."""
