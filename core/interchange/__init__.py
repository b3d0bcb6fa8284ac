"""What a zone brings from its spreadsheets and takes back: tables in files, by kind.

The formats (CSV, XLSX, Parquet, NDJSON), the refusal of bad cells and the road into and out of the database are here;
what the columns mean is declared by each app in its `interchange` module. Knows no business nouns.
"""
