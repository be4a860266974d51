# One image; the command says what it does: web (the default), worker, cron, db upgrade, users create, …
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /src
COPY requirements-build.txt requirements.txt ./
RUN python3 -m venv /build \
    && /build/bin/pip install --quiet --no-cache-dir --require-hashes --requirement requirements-build.txt \
    && python3 -m venv --without-pip /opt/pythoughts \
    && /build/bin/pip --python /opt/pythoughts/bin/python install --quiet --no-cache-dir --require-hashes --requirement requirements.txt
COPY . .
RUN /build/bin/pip wheel --quiet --no-cache-dir --no-deps --no-build-isolation --wheel-dir /dist . \
    && /build/bin/pip --python /opt/pythoughts/bin/python install --quiet --no-cache-dir --no-deps /dist/*.whl

FROM ${BASE}
RUN useradd --system --uid 10001 --home-dir /data --create-home pythoughts
COPY --from=build /opt/pythoughts /opt/pythoughts
ENV PATH=/opt/pythoughts/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    INSTANCE_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python3", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=2)"]
ENTRYPOINT ["pythoughts"]
CMD ["web"]
