"""Block Kit as models: one class for each object of docs.slack.dev/reference/block-kit."""
