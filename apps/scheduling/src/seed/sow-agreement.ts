import { AgreementChanged } from '@slotmesh/contracts';
import { type LocalDate, type LocalTime, addDays, formatInstant, instantOf, parseZone } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { shareRules } from '../agreements/persistence/share-rule.schema';
import { agreement, partnership, practices } from './sample-network';
import { addMissing } from './seed-writer';

/** The one agreement in force; it began four weeks before the first seeding. */
export async function sowAgreement(tx: Tx, first: LocalDate): Promise<void> {
  const members = practices.filter(({ partner }) => partner);
  const effectiveFrom = formatInstant(instantOf(addDays(first, -28), '00:00' as LocalTime, parseZone('UTC')));
  const facts = { id: agreement.id, version: 1, status: 'in-force' as const, practices: members.map(({ id }) => id) };
  const rules = shareRules.parse(members.flatMap(({ id, shares }) => shares.map((share) => ({ ...share, host: id }))));
  const added = await addMissing(tx, 'agreement', 'id', [{ ...facts, partnership_id: partnership.id, effective_from: effectiveFrom, rules, blackout_dates: [] }]);
  if (!added.has(agreement.id)) return;
  tx.outbox.add(eventOf(AgreementChanged, { key: agreement.id, host: null }, { ...facts, partnership: partnership.id, effectiveFrom, effectiveTo: null, blackoutDates: [] }));
  tx.audit.record({ action: 'agreement.in-force', entity: 'agreement', entityId: agreement.id, details: { version: 1 } });
}
