"""Speed, measured side by side in one run. Read the ratios: absolute figures depend on the machine and the hour."""
