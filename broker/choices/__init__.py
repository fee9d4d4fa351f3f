"""What a site chose (设置): each choice is a row, and each change edits rows."""
