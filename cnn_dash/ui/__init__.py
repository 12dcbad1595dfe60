"""What the pages share: the frame, widget keys, cached resources, components. Streamlit is only here and in `pages/`."""
