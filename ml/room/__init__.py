"""What hangs or lies in a student's room and is nobody: remembered by place, so that it accuses nobody."""
