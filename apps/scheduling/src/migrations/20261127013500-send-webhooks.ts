import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All that leaves a practice's house by webhook: ids, times, states. No patient, service, place or text. */
const SENT = ['id', 'revision', 'version', 'status', 'state', 'participation', 'host', 'booking', 'practice', 'sender', 'receiver', 'appointment', 'start', 'end', 'zone', 'visitAt', 'bookedAt', 'sentAt', 'since', 'dueAt', 'expiresAt', 'previous', 'previousStart', 'previousEnd'];

export class SendWebhooks20261127013500 implements MigrationInterface {
  name = 'SendWebhooks20261127013500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- failing_since, resume_at, old_secret_until: transport, real time. disabled_at, created_at: domain time.
      CREATE TABLE webhook_subscription (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, url text NOT NULL, event_types text[] NOT NULL,
        sealed_secret text NOT NULL, sealed_old_secret text, old_secret_until timestamptz, created_at timestamptz NOT NULL,
        failing_since timestamptz, resume_at timestamptz, disabled_at timestamptz, disabled_reason text,
        UNIQUE (practice_id, url), CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
      );
      -- next_at is the lease, too: who takes a delivery moves it on, so that one that was sent and not recorded comes again.
      CREATE TABLE webhook_delivery (
        subscription_id uuid NOT NULL REFERENCES webhook_subscription ON DELETE CASCADE, event_id uuid NOT NULL, practice_id text NOT NULL,
        type text NOT NULL, subject text NOT NULL, sequence bigint NOT NULL, time timestamptz NOT NULL, data jsonb NOT NULL,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')), tries int NOT NULL DEFAULT 0, attempts jsonb NOT NULL DEFAULT '[]',
        next_at timestamptz NOT NULL DEFAULT clock_timestamp(), made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (subscription_id, event_id)
      );
      CREATE INDEX webhook_delivery_due ON webhook_delivery (subscription_id, next_at) WHERE state = 'waiting';
      CREATE INDEX webhook_delivery_made ON webhook_delivery (made_at);

      -- A delivery is made where its event is made, so that neither is there without the other. KEY SHARE: a subscription that goes meanwhile must not fail a booking.
      CREATE FUNCTION make_webhook_deliveries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
      DECLARE noun text := split_part(NEW.type, '.', 2);
      BEGIN
        INSERT INTO webhook_delivery (subscription_id, event_id, practice_id, type, subject, sequence, time, data)
        SELECT s.id, NEW.event_id, s.practice_id, NEW.type, NEW.key, NEW.sequence, NEW.time,
          (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each((NEW.payload - noun) || (NEW.payload -> noun)) e WHERE e.key = ANY ('{${SENT.join(',')}}'))
        FROM webhook_subscription s WHERE s.practice_id IN (NEW.host, NEW.booking) AND NEW.type = ANY (s.event_types) FOR KEY SHARE OF s;
        RETURN NULL;
      END $fn$;
      REVOKE ALL ON FUNCTION make_webhook_deliveries() FROM PUBLIC;
      CREATE TRIGGER outbox_webhooks AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION make_webhook_deliveries();
    `);
    await protectByTenant(runner, 'scheduling', 'webhook_subscription', ['practice_id']);
    await protectByTenant(runner, 'scheduling', 'webhook_delivery', ['practice_id'], 'SELECT, UPDATE');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER outbox_webhooks ON outbox; DROP FUNCTION make_webhook_deliveries(); DROP TABLE webhook_delivery; DROP TABLE webhook_subscription');
  }
}
