"""Rich text: Markdown and ADF, read and written without loss."""
