"""What the pages share: frame, widget keys, cached resources, components. Streamlit is only here and in `pages/`."""
