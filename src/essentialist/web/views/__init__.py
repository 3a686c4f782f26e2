"""What the pages show, as plain values: no Streamlit, no HTML, tested without a browser."""
