# futoshiki web in a container: docker build -t futoshiki . && docker run -p 8000:8000 futoshiki
# See docs/how-to/service.md.
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY futoshiki futoshiki
COPY models models
COPY samples samples
# A server opens no window, so OpenCV without one will do, which needs no system libraries.
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir '.[web]' \
 && /venv/bin/pip uninstall -y opencv-python \
 && /venv/bin/pip install --no-cache-dir opencv-python-headless \
 && /venv/bin/pip uninstall -y pip

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin futoshiki
COPY --from=build /venv /venv
USER 10001
EXPOSE 8000
# The server listens at the container's own address, not at loopback.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["/venv/bin/python", "-c", \
    "import socket, urllib.request as r; r.urlopen(f'http://{socket.gethostbyname(socket.gethostname())}:8000/api/health', timeout=4)"]
ENTRYPOINT ["/venv/bin/futoshiki", "web", "--lan"]
