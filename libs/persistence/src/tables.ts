import type { QueryRunner } from 'typeorm';

/** Names of the runtime roles of a service: `<service>_app` (under row-level security) and `<service>_worker` (explicit policies). */
export interface RuntimeRoles {
  readonly app: string;
  readonly worker: string;
}
export const runtimeRoles = (service: string): RuntimeRoles => ({ app: `${service}_app`, worker: `${service}_worker` });

/** The tenant of the present transaction, or null: every policy compares with it, so that without a tenant nothing is visible. */
export const TENANT = `nullif(current_setting('slotmesh.tenant', true), '')`;

/** Creates outbox, sequences, inbox, parked events and audit: what every service with a database needs. Run by its first migration. */
export async function createCommonTables(runner: QueryRunner, service: string): Promise<void> {
  const { app, worker } = runtimeRoles(service);
  await runner.query(`
    CREATE TABLE event_sequence (topic text NOT NULL, key text NOT NULL, last bigint NOT NULL, PRIMARY KEY (topic, key));
    CREATE TABLE outbox (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      lane smallint NOT NULL,
      topic text NOT NULL, key text NOT NULL, sequence bigint NOT NULL,
      event_id uuid NOT NULL, type text NOT NULL, source text NOT NULL, time timestamptz NOT NULL,
      host text, booking text, traceparent text,
      payload jsonb NOT NULL CHECK (octet_length(payload::text) <= 262144),
      enqueued_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX outbox_by_lane ON outbox (lane, id);
    CREATE TABLE outbox_lane (lane smallint PRIMARY KEY, owner text, lease_until timestamptz);
    INSERT INTO outbox_lane (lane) SELECT generate_series(0, 7);
    -- Sequences are taken in the order of the given rows (sorted by topic and key by the caller); the row lock on a key's sequence
    -- orders its outbox ids by commit, so a relay that reads by id keeps the order of every key.
    CREATE FUNCTION outbox_append(in_source text, in_time timestamptz, in_traceparent text, in_rows jsonb) RETURNS void LANGUAGE plpgsql AS $fn$
    DECLARE r record; seq bigint;
    BEGIN
      FOR r IN SELECT * FROM jsonb_to_recordset(in_rows) AS e(topic text, key text, id uuid, type text, host text, booking text, payload jsonb) LOOP
        INSERT INTO event_sequence (topic, key, last) VALUES (r.topic, r.key, 1)
          ON CONFLICT (topic, key) DO UPDATE SET last = event_sequence.last + 1 RETURNING last INTO seq;
        INSERT INTO outbox (lane, topic, key, sequence, event_id, type, source, time, host, booking, traceparent, payload)
          VALUES ((hashtext(r.topic || '/' || r.key) & 7), r.topic, r.key, seq, r.id, r.type, in_source, in_time, r.host, r.booking, in_traceparent, r.payload);
      END LOOP;
    END $fn$;
    CREATE TABLE inbox (consumer text NOT NULL, topic text NOT NULL, key text NOT NULL, last bigint NOT NULL, PRIMARY KEY (consumer, topic, key));
    CREATE TABLE parked_event (
      id uuid PRIMARY KEY,
      consumer text NOT NULL, topic text NOT NULL, key text NOT NULL, sequence bigint NOT NULL,
      kafka_partition int, kafka_offset bigint,
      type text, host text, headers jsonb NOT NULL, payload bytea,
      state text NOT NULL CHECK (state IN ('waiting', 'dead')),
      reason text NOT NULL, attempts int NOT NULL DEFAULT 0, next_attempt_at timestamptz,
      parked_at timestamptz NOT NULL,
      UNIQUE (consumer, topic, key, sequence)
    );
    CREATE INDEX parked_event_due ON parked_event (next_attempt_at) WHERE state = 'waiting';
    CREATE TABLE audit_entry (
      id uuid PRIMARY KEY, practice_id text, actor_kind text NOT NULL, actor_subject text NOT NULL,
      action text NOT NULL, entity text NOT NULL, entity_id text NOT NULL, patient_id text, details jsonb NOT NULL DEFAULT '{}', at timestamptz NOT NULL,
      committed_xid xid8 NOT NULL DEFAULT pg_current_xact_id()
    );
    CREATE INDEX audit_entry_practice_at ON audit_entry (practice_id, at, id);
    CREATE INDEX audit_entry_committed ON audit_entry (committed_xid, id);
    CREATE TABLE audit_seal (position bigint PRIMARY KEY, entry_id uuid NOT NULL UNIQUE, hash bytea NOT NULL);
    ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY; ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
    CREATE POLICY audit_own ON audit_entry FOR SELECT TO ${app} USING (practice_id = ${TENANT});
    CREATE POLICY audit_write ON audit_entry FOR INSERT TO ${app} WITH CHECK (practice_id IS NOT DISTINCT FROM ${TENANT});
    CREATE POLICY audit_worker ON audit_entry FOR SELECT TO ${worker} USING (true);
    CREATE POLICY audit_worker_write ON audit_entry FOR INSERT TO ${worker} WITH CHECK (true);
    CREATE POLICY audit_owner ON audit_entry TO CURRENT_USER USING (true) WITH CHECK (true);
    GRANT USAGE ON SCHEMA public TO ${app}, ${worker};
    GRANT SELECT, INSERT, UPDATE, DELETE ON event_sequence, outbox, outbox_lane, inbox, parked_event TO ${app}, ${worker};
    GRANT SELECT, INSERT ON audit_entry TO ${app}, ${worker};
    GRANT SELECT ON audit_seal TO ${app};
    GRANT SELECT, INSERT ON audit_seal TO ${worker};
  `);
}

/**
 * Forces row-level security on a tenant's table: the app role sees rows whose `column` is the tenant, the worker role acts for any tenant
 * (ADR 0004), the owner keeps access for migrations.
 */
export async function protectByTenant(runner: QueryRunner, service: string, table: string, columns: readonly string[], grants = 'SELECT, INSERT, UPDATE, DELETE'): Promise<void> {
  const { app, worker } = runtimeRoles(service);
  const mine = columns.map((column) => `${column} = ${TENANT}`).join(' OR ');
  await runner.query(`
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY ${table}_tenant ON ${table} TO ${app} USING (${mine}) WITH CHECK (${mine});
    CREATE POLICY ${table}_worker ON ${table} TO ${worker} USING (true) WITH CHECK (true);
    CREATE POLICY ${table}_owner ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);
    GRANT ${grants} ON ${table} TO ${app};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${worker};
  `);
}
