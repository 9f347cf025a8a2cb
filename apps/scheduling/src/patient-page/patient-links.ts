import { hkdfSync } from 'node:crypto';
import { DAY, type Instant, plusMs } from '@slotmesh/kernel';
import type { Appointment } from '../appointments/domain/appointment';
import { type PatientLink, readLink, signLink } from './domain/link-token';

/** How long after its end a visit can still be looked at. */
const OPEN_AFTER_END = DAY;
export const endOfPage = (appointment: Pick<Appointment, 'end'>): Instant => plusMs(appointment.end, OPEN_AFTER_END);

/** A key for one purpose out of the master key (RFC 5869), so that a key of pages opens no practice's key. */
export const pageKey = (masterKey: Buffer, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', masterKey, '', `slotmesh patient page: ${purpose}`, 32));

/** Makes and reads links to the page of one visit. A link is nowhere stored: the same visit, holder and end give the same one. */
export class PatientLinks {
  constructor(private readonly key: Buffer, private readonly publicUrl: string) {}

  issue(appointment: Pick<Appointment, 'id' | 'patient' | 'end'>, representative: string | null): { readonly token: string; readonly url: string; readonly expires: Instant } {
    const expires = endOfPage(appointment);
    const token = signLink(this.key, { appointment: appointment.id, patient: appointment.patient, representative, expires });
    return { token, url: `${this.publicUrl}/a/${token}`, expires };
  }

  read(token: string): PatientLink | null {
    return readLink(this.key, token);
  }
}
