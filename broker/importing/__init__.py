"""Customers out of a table (客户导入): read, tried, entered all together or not at all, taken back."""
