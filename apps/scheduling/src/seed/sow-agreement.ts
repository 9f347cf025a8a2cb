import { type LocalDate, type LocalTime, type PracticeId, addDays, formatInstant, instantOf, parseZone } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { agreementChanged } from '../agreements/agreement-events';
import { agreementTerms } from '../agreements/persistence/agreement-terms.schema';
import { AgreementVersionRepository } from '../agreements/persistence/agreement-version.repository';
import { documentKinds } from '../partnerships/member-documents';
import { agreement, partnership, practices } from './sample-network';
import { seedId } from './seed-id';
import { addMissing } from './seed-writer';

const TITLES = { baa: 'Business associate agreement', ownership: 'Who owns the practice', 'state-law': 'State-law check' };

/** The one agreement in force, signed by manager and owner of each partner; it began four weeks before the first seeding. And each partner's papers. */
export async function sowAgreement(tx: Tx, first: LocalDate): Promise<void> {
  const members = practices.filter(({ partner }) => partner);
  await addMissing(tx, 'member_document', 'id', members.flatMap(({ id }) => documentKinds.map((kind) => ({
    id: seedId(`${id}/document/${kind}`), practice_id: id, kind, title: TITLES[kind], document: `urn:example:${id}:${kind}`, sha256: '0'.repeat(64), owner: `manager@${id}.example`,
    signed_on: addDays(first, -60), expires_on: addDays(first, 3 * 365), added_at: formatInstant(tx.now), added_by: 'worker:seed',
  }))));
  const versions = new AgreementVersionRepository();
  const terms = agreementTerms.parse({
    name: 'Slotmesh sample agreement', practices: members.map(({ id }) => id), effectiveFrom: formatInstant(instantOf(addDays(first, -28), '00:00' as LocalTime, parseZone('UTC'))),
    rules: members.flatMap(({ id, shares }) => shares.map((share) => ({ ...share, host: id }))),
  });
  if (!(await versions.addInForce(tx, { agreement: agreement.id, partnership: partnership.id, terms, draftedFor: 'harbor' as PracticeId, draftedAt: tx.now }))) return;
  const [version] = await versions.all(tx, agreement.id);
  if (!version) throw new Error('the sample agreement was not written');
  for (const practice of version.practices) {
    for (const [step, who] of [['maker', 'manager'], ['checker', 'owner']] as const) await versions.sign(tx, version, { practice, subject: `${who}@${practice}.example`, step, signedAt: version.effectiveFrom });
  }
  tx.outbox.add(agreementChanged(version, 'in-force'));
  tx.audit.record({ action: 'agreement.in-force', entity: 'agreement', entityId: agreement.id, details: { version: 1 } });
}
