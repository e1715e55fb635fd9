#!/usr/bin/env bash
# Runs once, when the database server is new: Rasa has a database and a name of its own, and
# cannot read what the clinic keeps.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
     --set password="$RASA_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE rasa LOGIN PASSWORD :'password';
CREATE DATABASE tracker OWNER rasa;
REVOKE CONNECT ON DATABASE clinic FROM PUBLIC;
REVOKE CONNECT ON DATABASE tracker FROM PUBLIC;
SQL
