"""What v1 and v1beta share: streams, and chat completions about them. ChatVersion has what they differ in."""
