"""Where features and models meet the world: files, configuration, MLflow, the command line."""
