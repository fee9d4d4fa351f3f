"""What a site chose (设置): each choice a row, each change an edit of rows, and who works here by them."""
