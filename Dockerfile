# Two stages: the first installs the pinned libraries, the second holds only what runs.
# `make image` reads this file and runs its steps in an empty folder, so keep every path under WORKDIR.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
# The machine's own certificates, no other Python, and bytecode now instead of at the first start.
ENV UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never UV_NO_CACHE=1 UV_COMPILE_BYTECODE=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements/tools.txt requirements/run.txt requirements/
RUN python3 -m pip install --no-cache-dir --quiet --disable-pip-version-check --no-warn-script-location \
      --target .tools --require-hashes -r requirements/tools.txt \
    && .tools/bin/uv venv --quiet --python python3 .venv \
    && .tools/bin/uv pip install --quiet --require-hashes -r requirements/run.txt \
    && mkdir var

FROM python:3.11-slim-bookworm
WORKDIR /app
ENV PATH="/app/.venv/bin:$PATH" STADTFUNK_WEB_HOST=0.0.0.0 STADTFUNK_WEB_PORT=8080
COPY --from=build /app/.venv .venv
COPY bot.py ./
COPY bot/ bot/
COPY handlers/ handlers/
COPY storage/ storage/
COPY --from=build --chown=10001:10001 /app/var var
USER 10001:10001
VOLUME /app/var
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "import os; from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:' + os.environ['STADTFUNK_WEB_PORT'] + '/healthz', timeout=4)"]
CMD ["sh", "-c", "python bot.py migrate && exec python bot.py run"]
