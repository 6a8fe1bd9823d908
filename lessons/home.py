"""The home page."""

import streamlit as st


def render() -> None:
    """The page."""
    st.title("Home")
