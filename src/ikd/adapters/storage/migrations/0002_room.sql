-- What binds rows, names who waits, gives the outbox lanes and keeps stored forms apart.
-- Rows that were there are carried over; what nothing fills yet says so.
--
-- Records and journal are rowid tables now: they are appended to, where a table clustered by
-- a random key leaves pages half empty. Smaller tables of short rows stay clustered.

CREATE TABLE records_2 (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    status TEXT NOT NULL,
    office TEXT,
    due BIGINT,
    at BIGINT NOT NULL,
    head BLOB NOT NULL,
    state BLOB NOT NULL,
    form BIGINT NOT NULL,
    waits TEXT, -- waits, desk, since, limit_at: filled when records say who moves next
    desk TEXT,
    since BIGINT,
    limit_at BIGINT,
    mac BLOB, -- here and below: filled when rows are bound to a key outside the database
    PRIMARY KEY (kind, id)
);

INSERT INTO records_2 (kind, id, version, status, office, due, at, head, state, form)
    SELECT kind, id, version, status, office, due, at, head, state, 1 FROM records
    ORDER BY at, kind, id;

DROP TABLE records;

ALTER TABLE records_2 RENAME TO records;

CREATE INDEX records_due ON records (due, kind, id) WHERE due IS NOT NULL;

-- The status list walks all identities of a status.
CREATE INDEX records_status ON records (kind, status, id);

-- A page of an office is in order of id, with a status and without one.
CREATE INDEX records_office ON records (kind, office, id) WHERE office IS NOT NULL;

CREATE INDEX records_office_status ON records (kind, office, status, id)
    WHERE office IS NOT NULL;

CREATE INDEX records_waits ON records (waits, desk, limit_at, id) WHERE waits IS NOT NULL;

CREATE TABLE journal_2 (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body BLOB NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (kind, id, seq)
);

INSERT INTO journal_2 (kind, id, seq, at, body, prev, hash)
    SELECT kind, id, seq, at, body, prev, hash FROM journal ORDER BY at, kind, id, seq;

DROP TABLE journal;

ALTER TABLE journal_2 RENAME TO journal;

CREATE INDEX journal_at ON journal (at);

ALTER TABLE claims ADD COLUMN mac BLOB;

ALTER TABLE refusals ADD COLUMN mac BLOB;

ALTER TABLE idempotency ADD COLUMN form BIGINT NOT NULL DEFAULT 1;

ALTER TABLE idempotency ADD COLUMN mac BLOB;

-- lease: how often it was leased; holder, leased_until: who holds it until when, or nobody;
-- until: after this it must not be delivered; channel, reference, handed_at: who took it, what
-- its provider calls it, and when; ended: since when it is sent or void, or nothing.
CREATE TABLE outbox_2 (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    lane TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    subject TEXT,
    payload BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    until BIGINT,
    attempts BIGINT NOT NULL,
    lease BIGINT NOT NULL,
    holder TEXT,
    leased_until BIGINT,
    failure TEXT,
    channel TEXT,
    reference TEXT,
    handed_at BIGINT,
    mac BLOB,
    done TEXT NOT NULL,
    ended BIGINT
);

INSERT INTO outbox_2 (id, kind, lane, record_kind, record_id, subject, payload, created_at,
        not_before, attempts, lease, holder, leased_until, failure, done, ended)
    SELECT id, kind,
        CASE WHEN kind = 'question' THEN 'registry'
            WHEN subject IS NOT NULL THEN 'pin' ELSE 'mail' END,
        record_kind, record_id, subject, payload, created_at, not_before, attempts, lease,
        NULL, leased, failure, done, ended
    FROM outbox ORDER BY created_at, id;

DROP TABLE outbox;

ALTER TABLE outbox_2 RENAME TO outbox;

CREATE INDEX outbox_due ON outbox (lane, not_before, id) WHERE done = 'waiting';

CREATE INDEX outbox_done ON outbox (done, created_at, id);

CREATE INDEX outbox_subject ON outbox (subject) WHERE subject IS NOT NULL;

CREATE INDEX outbox_ended ON outbox (ended) WHERE ended IS NOT NULL;

-- Filled when what is shown is written down before it is shown.
CREATE TABLE looks (
    id TEXT NOT NULL PRIMARY KEY,
    time BIGINT NOT NULL,
    actor TEXT NOT NULL,
    office TEXT,
    kind TEXT NOT NULL,
    record TEXT NOT NULL,
    fields TEXT NOT NULL,
    purpose TEXT NOT NULL,
    mac BLOB
);

CREATE INDEX looks_time ON looks (time, id);

CREATE INDEX looks_actor ON looks (actor, time, id);

CREATE INDEX looks_record ON looks (kind, record, time, id);

-- How many of a thing a span of time held, by its start; after *until* nobody asks any more.
-- Filled when doors have limits that are checked inside the commit.
CREATE TABLE counts (
    space TEXT NOT NULL,
    key BLOB NOT NULL,
    since BIGINT NOT NULL,
    number BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (space, key, since)
) WITHOUT ROWID;

CREATE INDEX counts_until ON counts (until);

-- Filled when a row that isn't what was written is set aside.
CREATE TABLE frozen (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- Filled when a status list is sharded: which record has which place.
CREATE TABLE status (
    list BIGINT NOT NULL,
    place BIGINT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (list, place)
) WITHOUT ROWID;

CREATE INDEX status_record ON status (record);

-- How far a step over all records that isn't SQL has come, and whether it is done (1).
CREATE TABLE steps (
    name TEXT NOT NULL PRIMARY KEY,
    cursor TEXT NOT NULL,
    done BIGINT NOT NULL
) WITHOUT ROWID;
