"""Rows and pictures of the business as the page, `status` and `export` show them: filled by `gateway.queries`, drawn by `web`."""
