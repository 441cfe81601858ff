"""A LiveKit publisher whose native SDK runs in a child process.

``session`` joins rooms and publishes video, ``options`` holds its options and errors, ``client`` starts the child
process and speaks with it over a pipe, ``sdk_process`` is the program that the child process runs.
"""
