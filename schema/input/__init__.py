"""What people and programs send us, and what is said when it is wrong."""
