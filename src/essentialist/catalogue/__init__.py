"""One SQLite file: its tables, who reads and who writes them, and how two of them become one."""
