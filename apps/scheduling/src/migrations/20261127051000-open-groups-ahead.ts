import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { worker } = runtimeRoles('scheduling');

export class OpenGroupsAhead20261127051000 implements MigrationInterface {
  name = 'OpenGroupsAhead20261127051000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- By its host, before anybody has a seat: then it goes on without one, until the host closes it.
      ALTER TABLE group_session ADD COLUMN opened_ahead boolean NOT NULL DEFAULT false;

      CREATE OR REPLACE FUNCTION open_group_session(in_session jsonb, in_agreement uuid, in_now timestamptz, in_taken jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE
        s group_session := jsonb_populate_record(NULL::group_session, in_session);
        taken int;
      BEGIN
        IF session_user <> '${worker}' AND s.host_id IS DISTINCT FROM ${TENANT} AND (s.opened_ahead IS TRUE OR NOT agreement_in_force(in_agreement, s.host_id, ${TENANT}, in_now)) THEN
          RAISE EXCEPTION 'no agreement in force between host and tenant' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF EXISTS (SELECT FROM jsonb_populate_recordset(NULL::occupancy, in_taken) t JOIN resource r ON r.id = t.resource_id WHERE r.practice_id <> s.host_id) THEN
          RAISE EXCEPTION 'a resource is not of the host' USING ERRCODE = 'insufficient_privilege';
        END IF;
        INSERT INTO group_session (id, host_id, opening, visit_type_id, provider_id, site_id, starts_at, ends_at, opened_at, opened_ahead)
          VALUES (s.id, s.host_id, s.opening, s.visit_type_id, s.provider_id, s.site_id, s.starts_at, s.ends_at, in_now, coalesce(s.opened_ahead, false)) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN RETURN false; END IF;
        INSERT INTO occupancy (id, host_id, resource_id, lane, during, group_session_id, taken_at, visit_type_id, visit_starts_at, limit_key, limit_place)
          SELECT t.id, s.host_id, t.resource_id, 0, t.during, s.id, in_now, t.visit_type_id, t.visit_starts_at, t.limit_key, t.limit_place FROM jsonb_populate_recordset(NULL::occupancy, in_taken) t ORDER BY t.resource_id ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS taken = ROW_COUNT;
        IF taken = jsonb_array_length(in_taken) THEN RETURN true; END IF;
        UPDATE occupancy SET active = false WHERE group_session_id = s.id;
        UPDATE group_session SET open = false WHERE id = s.id;
        RETURN false;
      END $fn$;

      CREATE OR REPLACE FUNCTION close_empty_session() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      BEGIN
        -- Why locked: somebody may be taking a seat at this moment, and then it goes on.
        PERFORM 1 FROM group_session WHERE id = OLD.group_session_id AND open AND NOT opened_ahead FOR NO KEY UPDATE;
        IF FOUND AND NOT EXISTS (SELECT FROM occupancy o WHERE o.group_session_id = OLD.group_session_id AND o.active AND num_nonnulls(o.hold_id, o.appointment_id) > 0) THEN
          UPDATE group_session SET open = false WHERE id = OLD.group_session_id;
          UPDATE occupancy SET active = false WHERE group_session_id = OLD.group_session_id AND active;
        END IF;
        RETURN NULL;
      END $fn$;

      -- False: somebody has a seat, or it is over already; then nothing was done. Behind its resources in the one lock order.
      CREATE FUNCTION close_group_session(in_session uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      BEGIN
        PERFORM 1 FROM group_session WHERE id = in_session AND host_id = ${TENANT} AND open FOR NO KEY UPDATE;
        IF NOT FOUND OR EXISTS (SELECT FROM occupancy o WHERE o.group_session_id = in_session AND o.active AND num_nonnulls(o.hold_id, o.appointment_id) > 0) THEN RETURN false; END IF;
        UPDATE group_session SET open = false WHERE id = in_session;
        UPDATE occupancy SET active = false WHERE group_session_id = in_session AND active;
        RETURN true;
      END $fn$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Sessions without a seat cannot be kept by the older rules: restore the database instead.');
  }
}
