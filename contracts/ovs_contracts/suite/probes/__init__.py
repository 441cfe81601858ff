"""Open questions: where the documents disagree or say nothing, the mock decides and the live API is asked.

On a mock a probe asserts the decision; elsewhere it records what it saw, and never fails.
"""
