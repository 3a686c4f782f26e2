"""What Streamlit runs for every visitor, at every change: the studio's app."""

from essentialist.web.app import show

if __name__ == "__main__":
    show()
