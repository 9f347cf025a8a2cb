import { runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Everything the stand-ins must remember over a `kill -9`. No table has a tenant: nothing here is a practice's record. */
export class CreateSandbox1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { app, worker } = runtimeRoles('sandbox');
    await runner.query(`
      -- Instants are domain time; step_due is real time.
      CREATE TABLE message (
        sid text PRIMARY KEY,
        position bigint GENERATED ALWAYS AS IDENTITY,
        account_sid text NOT NULL, direction text NOT NULL,
        from_number text, to_number text NOT NULL, messaging_service_sid text,
        body text NOT NULL, num_segments int NOT NULL, num_media int NOT NULL,
        status text NOT NULL, error_code int, price text,
        created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, sent_at timestamptz,
        status_callback text, validity_seconds int NOT NULL, send_at timestamptz,
        fate text NOT NULL DEFAULT 'delivered', fate_error int, fault_id uuid,
        step_due timestamptz
      );
      CREATE INDEX message_step ON message (step_due) WHERE step_due IS NOT NULL;
      CREATE INDEX message_position ON message (position);
      CREATE INDEX message_to ON message (to_number, position);
      CREATE INDEX message_from ON message (from_number, position);
      CREATE INDEX message_waiting ON message (created_at) WHERE status IN ('queued', 'scheduled') AND step_due IS NULL;

      CREATE TABLE webhook (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        message_sid text NOT NULL, kind text NOT NULL CHECK (kind IN ('status', 'inbound')),
        url text NOT NULL, fields jsonb NOT NULL, token uuid NOT NULL,
        attempt int NOT NULL DEFAULT 0, due timestamptz NOT NULL,
        state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed', 'lost')),
        last_error text
      );
      CREATE INDEX webhook_due ON webhook (due) WHERE state = 'pending';
      CREATE INDEX webhook_message ON webhook (message_sid);

      CREATE TABLE opt_out (phone text NOT NULL, sender text NOT NULL, PRIMARY KEY (phone, sender));

      CREATE TABLE mail (
        id uuid PRIMARY KEY, position bigint GENERATED ALWAYS AS IDENTITY,
        message_id text NOT NULL, recipients text[] NOT NULL, sender text NOT NULL,
        from_text text NOT NULL, to_text text NOT NULL, subject text NOT NULL,
        text text, html text, ics text, raw bytea NOT NULL, received_at timestamptz NOT NULL
      );
      CREATE INDEX mail_recipients ON mail USING gin (recipients);
      CREATE INDEX mail_message_id ON mail (message_id);

      CREATE TABLE fault (
        id uuid PRIMARY KEY, channel text NOT NULL, kind text NOT NULL,
        remaining int, probability double precision, seed int NOT NULL,
        recipient text, delay_ms int NOT NULL, error_code int,
        draws int NOT NULL DEFAULT 0, hits int NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL, cleared boolean NOT NULL DEFAULT false,
        CHECK ((remaining IS NULL) <> (probability IS NULL))
      );

      CREATE TABLE clock_offset (one boolean PRIMARY KEY DEFAULT true CHECK (one), offset_ms bigint NOT NULL CHECK (offset_ms >= 0));
      INSERT INTO clock_offset (offset_ms) VALUES (0);
      CREATE TABLE clock_job (
        id uuid PRIMARY KEY, started_from timestamptz NOT NULL, target timestamptz NOT NULL, reached timestamptz NOT NULL,
        steps int NOT NULL DEFAULT 0, state text NOT NULL CHECK (state IN ('running', 'done', 'failed')), error text
      );
      CREATE UNIQUE INDEX clock_job_one ON clock_job ((true)) WHERE state = 'running';

      -- Real time throughout.
      CREATE TABLE oidc_record (
        model text NOT NULL, id text NOT NULL, payload jsonb NOT NULL,
        grant_id text, uid text, user_code text, consumed_at timestamptz, expires_at timestamptz,
        PRIMARY KEY (model, id)
      );
      CREATE INDEX oidc_record_grant ON oidc_record (grant_id) WHERE grant_id IS NOT NULL;
      CREATE INDEX oidc_record_uid ON oidc_record (uid) WHERE uid IS NOT NULL;
      CREATE INDEX oidc_record_expiry ON oidc_record (expires_at);
      CREATE TABLE oidc_secret (name text PRIMARY KEY, value jsonb NOT NULL);

      GRANT USAGE ON SCHEMA public TO ${app}, ${worker};
      GRANT SELECT, INSERT, UPDATE, DELETE ON message, webhook, opt_out, mail, fault, clock_offset, clock_job, oidc_record, oidc_secret TO ${worker};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE oidc_secret, oidc_record, clock_job, clock_offset, fault, mail, opt_out, webhook, message');
  }
}
