"""What a run has shown, whichever driver ran it: record, fills, execution quality, summary, document."""
