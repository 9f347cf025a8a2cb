import { AgreementChanged } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { type OutgoingEvent, eventOf } from '@slotmesh/persistence';
import type { AgreementStatus } from './domain/agreement-version';
import type { StoredVersion } from './persistence/agreement-version.repository';

/** That a version has this state now. Drafts are one practice's paper and are not told. */
export function agreementChanged(version: StoredVersion, status: AgreementStatus, effectiveTo: StoredVersion['effectiveTo'] = version.effectiveTo): OutgoingEvent {
  return eventOf(AgreementChanged, { key: version.agreement, host: null }, {
    id: version.agreement, partnership: version.partnership, version: version.version, status, practices: [...version.practices], name: version.terms.name, ...(version.hash === null ? {} : { hash: version.hash }),
    effectiveFrom: formatInstant(version.effectiveFrom), effectiveTo: effectiveTo === null ? null : formatInstant(effectiveTo), blackoutDates: version.terms.blackoutDates,
  });
}
