# One image for the API and the workers; docs/CONTAINERS.md says how to run them.
#
# Pinned by tag: a digest can only be had by asking a registry.  To pin that too,
# build with --build-arg PYTHON_IMAGE=python@sha256:...
ARG PYTHON_IMAGE=python:3.13-slim-trixie

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ONLY_BINARY=:all: \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /source
RUN python -m venv /opt/outspoken
COPY requirements.lock ./
RUN /opt/outspoken/bin/pip install --require-hashes -r requirements.lock
# The build backend and its dependencies are only in the developers' lock; taken from
# there they keep their hashes, and pip stops if one of them is missing.  They get an
# environment of their own: pip does not replace packages of the base's distribution.
COPY requirements-dev.lock ./
RUN sed -nE '/^(hatchling|packaging|pathspec|pluggy|trove-classifiers)==/,/# via/p' \
      requirements-dev.lock > build.lock \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes -r build.lock
COPY LICENSE README.md pyproject.toml ./
COPY service ./service
COPY voices ./voices
COPY workers ./workers
RUN /opt/build/bin/python -m hatchling build --target wheel --directory dist \
    && /opt/outspoken/bin/pip install --no-deps --no-index dist/*.whl

FROM ${PYTHON_IMAGE}
# A new volume takes its owner from the folder that it is mounted on: without /data in
# the image it would belong to root, and the first write would fail.
RUN groupadd --gid 10001 outspoken \
    && useradd --uid 10001 --gid 10001 --home-dir /nonexistent --no-create-home \
      --shell /usr/sbin/nologin outspoken \
    && install --directory --owner 10001 --group 10001 --mode 0700 /data
COPY --from=build /opt/outspoken /opt/outspoken
# onnxruntime's official builds send usage events to their maker unless this is set
# before it is loaded (its Privacy.md, "Disabling Telemetry").
ENV ORT_DISABLE_TELEMETRY=1 \
    OUTSPOKEN_CACHE=/data/cache \
    OUTSPOKEN_DATA=/data \
    PATH=/opt/outspoken/bin:$PATH \
    PYTHONUNBUFFERED=1
USER 10001:10001
ENTRYPOINT ["outspoken"]
CMD ["--help"]
