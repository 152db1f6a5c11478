"""What screens are made of: frame, cards, charts, tables, filters, cached loads. Streamlit is used only here."""
