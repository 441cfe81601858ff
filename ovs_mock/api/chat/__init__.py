"""What v1 and v1beta share: streams that are asked about in chat completions. A Dialect says in what they differ."""
