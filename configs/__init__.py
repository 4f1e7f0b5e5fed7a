"""What a sales lead changes: configurations and rule schemes, as YAML."""
