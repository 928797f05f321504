# Two images from one file:
#   docker build --target office .      deliveries, protection, releases; no web server
#   docker build --target dashboard .   the web server; nothing of the confidential zone is in it
FROM python:3.11-slim-bookworm AS base
ENV ATLAS_HOME=/data \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
RUN useradd --system --uid 10001 --no-create-home atlas \
 && install --directory --owner=atlas --group=atlas /data

FROM base AS office
COPY requirements-office.lock ./
RUN pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements-office.lock
COPY LICENSE ./
COPY atlas/*.py atlas/
COPY atlas/cli atlas/cli
COPY atlas/config atlas/config
COPY atlas/classify atlas/classify
COPY atlas/exchange atlas/exchange
COPY atlas/geography atlas/geography
COPY atlas/release atlas/release
COPY atlas/sentences atlas/sentences
COPY atlas/confidential atlas/confidential
# The command line tells what changed in the words of the views, and writes files of releases.
COPY atlas/publication/*.py atlas/publication/
COPY atlas/publication/views atlas/publication/views
COPY atlas/publication/export atlas/publication/export
COPY atlas/publication/report atlas/publication/report
COPY atlas/publication/open_data atlas/publication/open_data
USER atlas
# Healthy while the service can read its configuration and directories.
HEALTHCHECK --interval=5m --timeout=60s --start-period=60s \
    CMD ["python", "-m", "atlas", "status", "--json"]
ENTRYPOINT ["python", "-m", "atlas"]
CMD ["watch"]

FROM base AS dashboard
COPY requirements-dashboard.lock ./
RUN pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements-dashboard.lock
COPY LICENSE app.py ./
COPY .streamlit .streamlit
COPY atlas/*.py atlas/
COPY atlas/config atlas/config
COPY atlas/classify atlas/classify
COPY atlas/exchange atlas/exchange
COPY atlas/geography atlas/geography
COPY atlas/release atlas/release
COPY atlas/sentences atlas/sentences
COPY atlas/signin atlas/signin
COPY atlas/publication atlas/publication
USER atlas
EXPOSE 8501
# An address that a request names is not the one it came from.
ENV FORWARDED_ALLOW_IPS=
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.port", "8501"]
