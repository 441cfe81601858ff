"""What goes over HTTP and WebSockets, version by version. Codecs are pure; only handlers and sockets know aiohttp."""
