"""Customers out of a table (客户导入): tried, entered all together or not at all."""
