# syntax=docker/dockerfile:1
# The whole of Ravine in one image:  docker build -t ravine . && docker run --rm -p 8000:8000 ravine

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src

# The lock first: a change of code alone does not install jax again.
RUN python -m venv /ravine
COPY requirements/ requirements/
RUN /ravine/bin/pip install --require-hashes -r requirements/run.txt

COPY pyproject.toml README.md LICENSE ./
COPY core/ core/
COPY app/ app/
COPY static/ static/
RUN /ravine/bin/pip install --no-deps --no-build-isolation . \
 && /ravine/bin/pip uninstall --yes setuptools pip


FROM python:3.11-slim
RUN useradd --uid 10001 --home-dir /var/lib/ravine --create-home --shell /usr/sbin/nologin ravine
COPY --from=build /ravine /ravine
ENV PATH=/ravine/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    RAVINE_CACHE_DIR=/var/lib/ravine/cache
USER ravine
WORKDIR /var/lib/ravine
RUN mkdir cache
# Compiled programs outlive the container when this folder does.
VOLUME /var/lib/ravine/cache

EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["ravine", "serve", "--host", "0.0.0.0", "--port", "8000"]
