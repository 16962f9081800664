"""What must outlive the process: agents, the strategies' memory, call records. In SQLite, or in PostgreSQL.

`store.Store` opens the database and gives transactions with repositories; `writer.RecordWriter` takes what
the calls produce, without ever making them wait. Rows and SQL never leave this folder.
"""
