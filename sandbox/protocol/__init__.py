"""What a bot speaks with: Slack's Web API, Socket Mode, interactions."""
