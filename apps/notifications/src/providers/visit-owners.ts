import { Inject, Injectable } from '@nestjs/common';
import { appointmentSnapshot, offerSnapshot, recallSnapshot } from '@slotmesh/contracts';
import { ServiceClient, ServiceTokens } from '@slotmesh/security';
import { z } from 'zod';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../config';
import { type SubjectState, stateOfAppointment, stateOfOffer } from '../projections/visit-rows';
import { stateOfRecall } from '../projections/recall-rows';

const visits = z.object({ items: z.array(appointmentSnapshot.extend({ mustMove: z.boolean().optional() })), offers: z.array(offerSnapshot).default([]) });
const recalls = z.object({ recalls: z.array(recallSnapshot) });

/** Asks who owns the subjects how they stand now, once for a whole batch (P12): scheduling for visits and offers, reminders for recalls. No answer throws InfrastructureError and means wait. */
@Injectable()
export class VisitOwners {
  private readonly reminders: ServiceClient;

  constructor(private readonly scheduling: ServiceClient, tokens: ServiceTokens, @Inject(NOTIFICATIONS_CONFIG) config: Pick<NotificationsConfig, 'REMINDERS_URL'>) {
    this.reminders = new ServiceClient(config.REMINDERS_URL, tokens);
  }

  async current(subjects: readonly { readonly kind: SubjectState['kind']; readonly id: string }[]): Promise<ReadonlyMap<string, SubjectState>> {
    const ids = (kind: SubjectState['kind']): string[] => [...new Set(subjects.filter((subject) => subject.kind === kind).map(({ id }) => id))];
    const found = await Promise.all([this.visits(ids('appointment'), ids('offer')), this.recalls(ids('recall'))]);
    return new Map(found.flat().map((state) => [state.id, state]));
  }

  private async visits(appointments: readonly string[], offersAsked: readonly string[]): Promise<SubjectState[]> {
    if (appointments.length + offersAsked.length === 0) return [];
    const { items, offers } = await this.scheduling.post('/api/scheduling/v1/revisions', { appointments, offers: offersAsked }, visits);
    return [...items.map(stateOfAppointment), ...offers.map(stateOfOffer)];
  }

  private async recalls(asked: readonly string[]): Promise<SubjectState[]> {
    if (asked.length === 0) return [];
    return (await this.reminders.post('/api/reminders/v1/revisions', { recalls: asked }, recalls)).recalls.map(stateOfRecall);
  }
}
