import { Injectable } from '@nestjs/common';
import { instantText } from '@slotmesh/contracts';
import { type PracticeId, type ReferralId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type Page, type PageQuery, pageOf, startOf } from '../../shared/page';
import { recordAt } from '../commands/change-referral';
import type { Referral } from '../domain/referral';
import { ReferralUnknown } from '../domain/referral.errors';
import { type ReferralFilter, ReferralRepository, type ReferralSearch } from '../persistence/referral.repository';
import { letter, reference } from '../referral.body';
import { ReferralTexts } from '../referral-texts';
import { type ReferralView, viewOfReferral } from '../referral.view';

const place = z.string().transform((text) => text.split(' ')).pipe(z.tuple([instantText, z.uuid()]));

@Injectable()
export class ReadReferrals {
  constructor(private readonly referrals: ReferralRepository, private readonly texts: ReferralTexts) {}

  /** With all that was written; null in its place where the own record of the patient was erased. Throws ReferralUnknown. */
  async one(tx: Tx, practice: PracticeId, id: ReferralId) {
    const referral = await this.referrals.find(tx, id);
    if (!referral) throw new ReferralUnknown();
    tx.audit.record({ action: 'referral.read', entity: 'referral', entityId: id, patient: recordAt(referral, practice) });
    const key = await this.texts.keyOf(tx, referral, practice);
    return { ...viewOfReferral(referral, practice, tx.now), ...(key === null ? NOTHING_WRITTEN : this.written(key, referral)) };
  }

  async list(tx: Tx, practice: PracticeId, asked: ReferralFilter & { readonly overdue: boolean }, page: PageQuery): Promise<Page<ReferralView>> {
    const rows = asked.overdue ? await this.overdue(tx, practice, asked, page) : await this.referrals.list(tx, practice, asked, tx.now, { after: startOf(page, z.uuid()), limit: page.limit + 1 });
    tx.audit.record({ action: 'referral.listed', entity: 'referral', entityId: '*', details: { count: Math.min(rows.length, page.limit) } });
    return pageOf(rows, page.limit, ({ id, dueAt }) => (asked.overdue && dueAt !== null ? `${formatInstant(dueAt)} ${id}` : id), (referral) => viewOfReferral(referral, practice, tx.now));
  }

  /** One more than is shown, so that it is known whether there are more. */
  async search(tx: Tx, practice: PracticeId, asked: ReferralSearch, { after, limit }: { readonly after: string | null; readonly limit: number }): Promise<ReferralView[]> {
    const rows = await this.referrals.search(tx, practice, asked, { after, limit });
    tx.audit.record({ action: 'referral.listed', entity: 'referral', entityId: '*', details: { count: Math.min(rows.length, limit - 1) } });
    return rows.map((referral) => viewOfReferral(referral, practice, tx.now));
  }

  private overdue(tx: Tx, practice: PracticeId, asked: ReferralFilter, page: PageQuery): Promise<Referral[]> {
    const [dueAt, id] = startOf(page, place) ?? [];
    return this.referrals.overdue(tx, practice, asked, tx.now, { after: dueAt !== undefined && id !== undefined ? { dueAt, id } : null, limit: page.limit + 1 });
  }

  private written(key: Buffer, referral: Referral) {
    const open = (field: 'letter' | 'authorisation' | 'answer' | 'note') => this.texts.open(key, referral, field);
    const { reason, attachments } = letter.parse(JSON.parse(open('letter') ?? 'null'));
    const note = open('note');
    return { reason, attachments, authorisationNumber: open('authorisation'), declineText: open('answer'), note: note === null ? null : reference.parse(JSON.parse(note)) };
  }
}

const NOTHING_WRITTEN = { reason: null, attachments: [], authorisationNumber: null, declineText: null, note: null };
