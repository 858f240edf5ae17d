"""What citizens answer to a report (コメント), looked at before it is published."""
