import { newId } from '@slotmesh/kernel';
import { migrate } from '@slotmesh/persistence';
import { freshDatabase } from '@slotmesh/testing';
import { Client } from 'pg';
import { migrations } from '.';
import { defaultPlanSteps } from '../plans/domain/default-plan';
import { networkPlanSteps } from '../plans/domain/network-plan';

const BEFORE = migrations.slice(0, migrations.findIndex(({ name }) => name.startsWith('PlansThatPeopleEdit')));

describe('a database with plans from before people could edit them', () => {
  it('P14: keeps every version under its id, so that what waits finds its plan, and the network gets a newer one', async () => {
    const database = await freshDatabase('reminders', BEFORE);
    const client = new Client({ connectionString: database.adminUrl });
    await client.connect();
    try {
      const [first, second] = [newId(), newId()];
      for (const [id, version] of [[first, 1], [second, 2]] as const) await client.query(`INSERT INTO reminder_plan (id, practice, version, steps, created_at) VALUES ($1, 'summit', $2, $3, now())`, [id, version, JSON.stringify(defaultPlanSteps)]);
      const { rows: [network] } = await client.query<{ id: string }>('SELECT id FROM reminder_plan WHERE practice IS NULL');
      await migrate({ url: database.ownerUrl, poolSize: 1, applicationName: 'test', migrations });
      const { rows } = await client.query<{ id: string; plan: string; version: number; practice: string | null; steps: unknown }>('SELECT id, plan, version, practice, steps FROM reminder_plan ORDER BY practice, version');
      expect(rows.slice(0, 3)).toMatchObject([{ id: first, plan: first, version: 1 }, { id: second, plan: first, version: 2 }, { id: network!.id, plan: network!.id, version: 1, practice: null }]);
      expect(rows.slice(3)).toEqual([{ id: expect.any(String), plan: network!.id, version: 2, practice: null, steps: networkPlanSteps }]);
    } finally {
      await client.end();
      await database.drop();
    }
  });
});
