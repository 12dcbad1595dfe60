"""The Train page: settings, preview, and the run as it trains."""
