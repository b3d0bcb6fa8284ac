# One image for web, worker, beat and migrate; docker-compose.yml says which is which.

FROM node:22-slim AS frontend
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM python:3.11-slim AS packages
COPY requirements.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --home-dir /state --create-home --shell /usr/sbin/nologin portal
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=frontend /src/build/static build/static
# Both commands need settings that load, not servers that answer; none of these values stays in the image.
RUN python -m scripts.messages compile \
    && DJANGO_SECRET_KEY=for-this-step-only DATABASE_URL=postgresql:///none REDIS_URL=redis://none \
       python manage.py collectstatic --no-input --verbosity 0
USER portal
VOLUME /state
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-m", "scripts.healthcheck"]
CMD ["gunicorn", "zone_portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
