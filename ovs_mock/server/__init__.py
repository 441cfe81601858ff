"""One port, one table of routes, and the tenants behind them."""
