-- Records, journal, claims, secrets, idempotency, refusals, outbox, pinned standards.
-- Times are microseconds since 1970-01-01T00:00Z; ids are 32 hexadecimal characters, random,
-- so no row waits for a sequence. BLOB and WITHOUT ROWID are all that is SQLite's own here.

CREATE TABLE records (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    status TEXT NOT NULL,
    office TEXT,
    due BIGINT,
    at BIGINT NOT NULL,
    head BLOB NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

CREATE INDEX records_due ON records (due, kind, id) WHERE due IS NOT NULL;

CREATE INDEX records_status ON records (kind, status, id);

CREATE INDEX records_office ON records (kind, office, id) WHERE office IS NOT NULL;

-- Clustered by record: a record's whole journal is one stretch of the table.
CREATE TABLE journal (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body BLOB NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (kind, id, seq)
) WITHOUT ROWID;

CREATE INDEX journal_at ON journal (at);

CREATE TABLE claims (
    space TEXT NOT NULL,
    key BLOB NOT NULL,
    owner TEXT NOT NULL,
    until BIGINT,
    PRIMARY KEY (space, key)
) WITHOUT ROWID;

CREATE INDEX claims_until ON claims (until) WHERE until IS NOT NULL;

CREATE TABLE secrets (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    value BLOB NOT NULL
);

CREATE TABLE idempotency (
    scope BLOB NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (scope, key)
) WITHOUT ROWID;

CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE refusals (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    code TEXT NOT NULL,
    actor TEXT NOT NULL,
    office TEXT,
    record_id TEXT
) WITHOUT ROWID;

CREATE INDEX refusals_at ON refusals (at, id);

-- lease: how often it was leased; leased: until when a worker holds it, or nothing;
-- ended: since when it is sent or void, or nothing.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    subject TEXT,
    payload BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lease BIGINT NOT NULL,
    failure TEXT,
    done TEXT NOT NULL,
    leased BIGINT,
    ended BIGINT
) WITHOUT ROWID;

CREATE INDEX outbox_due ON outbox (done, not_before, id);

CREATE INDEX outbox_done ON outbox (done, created_at, id);

CREATE INDEX outbox_subject ON outbox (subject) WHERE subject IS NOT NULL;

CREATE INDEX outbox_ended ON outbox (ended) WHERE ended IS NOT NULL;

CREATE TABLE standards (
    digest TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL
) WITHOUT ROWID;
