"""The workspace as data; nothing here knows of HTTP."""
