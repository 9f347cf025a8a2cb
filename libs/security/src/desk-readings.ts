import { type WorkDesk, patientId, practiceId, workDesk } from '@slotmesh/contracts';
import type { Actor } from '@slotmesh/persistence';
import { z } from 'zod';
import type { ServiceClient } from './service-client';

const MOST = 200;
export const deskReadings = z.strictObject({
  subject: z.string().min(1).max(255), from: practiceId, practice: practiceId, desk: workDesk,
  /** `id`: the entry of the list that is shown. */
  readings: z.array(z.strictObject({ id: z.uuid(), patient: patientId })).max(MOST),
});
export const shownReadings = z.object({ ids: z.array(z.uuid()) });

/** What somebody who works for another practice may see of a list that a service keeps. */
export class DeskReadings {
  constructor(private readonly scheduling: ServiceClient) {}

  /**
   * Of the entries those that may be shown to the actor; scheduling has logged each of them as a disclosure of the practice to the actor's own. Left out are patients who asked that nothing goes there, and entries of no known patient, about whom
   * nobody can say what they asked. All of them where the actor works for the own practice. To be called outside transactions.
   */
  async shown<T>({ subject, practice, deputy }: Actor, desk: WorkDesk, entries: readonly T[], of: (entry: T) => { readonly id: string; readonly patient: string | null }): Promise<T[]> {
    if (!deputy) return [...entries];
    const readings = entries.map(of).filter(({ patient }) => patient !== null);
    if (readings.length === 0) return [];
    const { ids } = await this.scheduling.post('/api/scheduling/v1/desk-work/readings', { subject, from: deputy.from, practice, desk, readings }, shownReadings);
    return entries.filter((entry) => ids.includes(of(entry).id));
  }
}
