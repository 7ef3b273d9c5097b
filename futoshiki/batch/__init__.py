"""Archives of pictures, read by many processes or machines and written as parquet; the engine is Dask."""
