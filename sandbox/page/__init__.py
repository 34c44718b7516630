"""What a person sees of the workspace: pages in a browser."""
