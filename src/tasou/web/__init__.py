"""What every server of ours has: who may speak with it, in which language it answers, how it begins and ends."""
