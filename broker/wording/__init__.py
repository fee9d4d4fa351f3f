"""Every sentence, made from codes and fields in the reader's language."""
