import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readableInNetwork } from './network-policies';

const { worker } = runtimeRoles('scheduling');

export class CreateGroupSessions20261127041100 implements MigrationInterface {
  name = 'CreateGroupSessions20261127041100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE visit_type ADD COLUMN seats int CHECK (seats BETWEEN 2 AND 100);
      -- One time of a group visit that somebody has a seat in. Its resources are taken once, in its name; a seat is a lane of its provider. It is of one visit type, because its opening is.
      CREATE TABLE group_session (
        id uuid PRIMARY KEY, host_id text NOT NULL REFERENCES practice, opening text NOT NULL, visit_type_id uuid NOT NULL REFERENCES visit_type, provider_id uuid NOT NULL REFERENCES provider,
        site_id uuid NOT NULL REFERENCES site, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, opened_at timestamptz NOT NULL, open boolean NOT NULL DEFAULT true
      );
      CREATE UNIQUE INDEX group_session_once ON group_session (opening) WHERE open;
      CREATE INDEX group_session_time ON group_session (visit_type_id, starts_at) WHERE open;
      CREATE INDEX group_session_host ON group_session (host_id, starts_at) WHERE open;
      ALTER TABLE occupancy ADD COLUMN group_session_id uuid REFERENCES group_session, DROP CONSTRAINT occupancy_check, ADD CHECK (num_nonnulls(hold_id, appointment_id, group_session_id) >= 1);
      CREATE INDEX occupancy_group ON occupancy (group_session_id) WHERE active AND group_session_id IS NOT NULL;
    `);
    await readableInNetwork(runner, 'group_session', 'host_id', 'SELECT');
    await runner.query(`
      -- The session of an opening, kept as it is until the end of the transaction. Behind the resources and holds in the one lock order.
      CREATE FUNCTION lock_group_session(in_opening text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE session record;
      BEGIN
        SELECT s.id, s.host_id INTO session FROM group_session s WHERE s.opening = in_opening AND s.open FOR NO KEY UPDATE;
        IF NOT FOUND THEN RETURN NULL; END IF;
        PERFORM require_network(session.host_id);
        RETURN session.id;
      END $fn$;

      -- False: some of its resources are taken; then nothing was done. The rows belong to the host, whoever has the first seat.
      CREATE FUNCTION open_group_session(in_session jsonb, in_agreement uuid, in_now timestamptz, in_taken jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE
        s group_session := jsonb_populate_record(NULL::group_session, in_session);
        taken int;
      BEGIN
        IF session_user <> '${worker}' AND s.host_id IS DISTINCT FROM ${TENANT} AND NOT agreement_in_force(in_agreement, s.host_id, ${TENANT}, in_now) THEN
          RAISE EXCEPTION 'no agreement in force between host and tenant' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF EXISTS (SELECT FROM jsonb_populate_recordset(NULL::occupancy, in_taken) t JOIN resource r ON r.id = t.resource_id WHERE r.practice_id <> s.host_id) THEN
          RAISE EXCEPTION 'a resource is not of the host' USING ERRCODE = 'insufficient_privilege';
        END IF;
        INSERT INTO group_session (id, host_id, opening, visit_type_id, provider_id, site_id, starts_at, ends_at, opened_at)
          VALUES (s.id, s.host_id, s.opening, s.visit_type_id, s.provider_id, s.site_id, s.starts_at, s.ends_at, in_now) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN RETURN false; END IF;
        INSERT INTO occupancy (id, host_id, resource_id, lane, during, group_session_id, taken_at, visit_type_id, visit_starts_at, limit_key, limit_place)
          SELECT t.id, s.host_id, t.resource_id, 0, t.during, s.id, in_now, t.visit_type_id, t.visit_starts_at, t.limit_key, t.limit_place FROM jsonb_populate_recordset(NULL::occupancy, in_taken) t ORDER BY t.resource_id ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS taken = ROW_COUNT;
        IF taken = jsonb_array_length(in_taken) THEN RETURN true; END IF;
        UPDATE occupancy SET active = false WHERE group_session_id = s.id;
        UPDATE group_session SET open = false WHERE id = s.id;
        RETURN false;
      END $fn$;

      -- However a seat is given back (cancelled, moved, released, past its time): with the last one the session ends and its resources are free.
      CREATE FUNCTION close_empty_session() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      BEGIN
        -- Why locked: somebody may be taking a seat at this moment, and then it goes on.
        PERFORM 1 FROM group_session WHERE id = OLD.group_session_id AND open FOR NO KEY UPDATE;
        IF FOUND AND NOT EXISTS (SELECT FROM occupancy o WHERE o.group_session_id = OLD.group_session_id AND o.active AND num_nonnulls(o.hold_id, o.appointment_id) > 0) THEN
          UPDATE group_session SET open = false WHERE id = OLD.group_session_id;
          UPDATE occupancy SET active = false WHERE group_session_id = OLD.group_session_id AND active;
        END IF;
        RETURN NULL;
      END $fn$;
      CREATE TRIGGER occupancy_seat_freed AFTER UPDATE OF active ON occupancy FOR EACH ROW
        WHEN (OLD.active AND NOT NEW.active AND OLD.group_session_id IS NOT NULL AND num_nonnulls(OLD.hold_id, OLD.appointment_id) > 0) EXECUTE FUNCTION close_empty_session();

      -- Which holds take some of the resources in the time: themselves, or by the session in which they have a seat.
      CREATE FUNCTION holds_that_take(in_resources uuid[], in_from timestamptz, in_to timestamptz) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT o.hold_id FROM occupancy o WHERE o.active AND o.appointment_id IS NULL AND o.hold_id IS NOT NULL AND o.resource_id = ANY (in_resources) AND o.during && tstzrange(in_from, in_to)
        UNION
        SELECT o.hold_id FROM occupancy g JOIN occupancy o ON o.group_session_id = g.group_session_id AND o.active AND o.appointment_id IS NULL AND o.hold_id IS NOT NULL
        WHERE g.active AND g.group_session_id IS NOT NULL AND g.hold_id IS NULL AND g.appointment_id IS NULL AND g.resource_id = ANY (in_resources) AND g.during && tstzrange(in_from, in_to)
      $fn$;
      REVOKE ALL ON FUNCTION holds_that_take FROM PUBLIC;
      CREATE OR REPLACE FUNCTION end_expired_holds(in_resources uuid[], in_from timestamptz, in_to timestamptz, in_now timestamptz)
      RETURNS TABLE (id uuid, host_id text, holder_id text, quota_ids uuid[]) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE found uuid[];
      BEGIN
        PERFORM require_network(r.practice_id) FROM resource r WHERE r.id = ANY (in_resources);
        SELECT array_agg(h.id) INTO found FROM (
          SELECT x.id FROM hold x WHERE x.state = 'active' AND x.expires_at <= in_now AND x.id IN (SELECT holds_that_take(in_resources, in_from, in_to)) ORDER BY x.id FOR NO KEY UPDATE) AS h;
        IF found IS NULL THEN RETURN; END IF;
        UPDATE occupancy o SET active = false WHERE o.active AND o.appointment_id IS NULL AND o.hold_id = ANY (found);
        RETURN QUERY UPDATE hold h SET state = 'expired' WHERE h.id = ANY (found) RETURNING h.id, h.host_id, h.holder_id, h.quota_ids;
      END $fn$;
      CREATE OR REPLACE FUNCTION expired_hold_in_the_way(in_resources uuid[], in_from timestamptz, in_to timestamptz, in_now timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT EXISTS (SELECT FROM hold h WHERE h.id IN (SELECT holds_that_take(in_resources, in_from, in_to)) AND h.state = 'active' AND h.expires_at <= in_now)
      $fn$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Seats of groups cannot become visits of their own: restore the database instead.');
  }
}
