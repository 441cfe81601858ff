"""What has happened to a mock, in order, on its clock."""
