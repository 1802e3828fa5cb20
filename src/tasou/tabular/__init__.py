"""Estimators that take a raw table: text, gaps, dates, categories; an ensemble of networks, chosen and judged by itself."""
