"""The projects in a browser: components of ReactPy, served by Starlette and uvicorn."""
