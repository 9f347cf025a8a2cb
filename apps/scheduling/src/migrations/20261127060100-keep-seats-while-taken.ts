import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepSeatsWhileTaken20261127060100 implements MigrationInterface {
  name = 'KeepSeatsWhileTaken20261127060100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- How many seats a session of the type has, as it is now: until the transaction ends nobody makes them fewer.
      CREATE FUNCTION lock_seats(in_visit_type uuid) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE type record;
      BEGIN
        SELECT v.practice_id, v.seats INTO type FROM visit_type v WHERE v.id = in_visit_type FOR KEY SHARE;
        IF NOT FOUND THEN RETURN NULL; END IF;
        PERFORM require_network(type.practice_id);
        RETURN type.seats;
      END $fn$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION lock_seats');
  }
}
