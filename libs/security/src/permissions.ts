/** What a route may demand. A role grants a fixed set; scheduling knows which subject has which role in which practice. */
export const permissions = [
  'openings:read', 'appointments:read', 'appointments:book', 'appointments:visit', 'appointments:override', 'appointments:overbook', 'appointments:urgent',
  'patients:read', 'patients:write', 'calendar:write', 'reference:read', 'agreements:read', 'agreements:write', 'agreements:sign',
  'reminders:read', 'reminders:write', 'recalls:write', 'education:write', 'experiments:write', 'experiments:approve', 'call-list:work', 'messages:read', 'consents:write', 'sending-rules:write', 'templates:write', 'measures:read', 'plans:write', 'audit:read', 'disclosures:read',
  'referrals:read', 'referrals:write', 'network:operate', 'parked-events:manage', 'connections:write', 'patient-links:write', 'webhooks:write', 'billing:read', 'emergency:access', 'emergency:acknowledge', 'service',
] as const;
export type Permission = (typeof permissions)[number];

export const roles = ['front-desk', 'manager', 'owner', 'clinician', 'auditor', 'operator', 'service'] as const;
export type Role = (typeof roles)[number];

const reading: Permission[] = ['openings:read', 'appointments:read', 'reference:read', 'agreements:read', 'referrals:read'];

/** P22: tried for every role x route in a test. */
export const permissionsOfRole: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  'front-desk': new Set([...reading, 'referrals:write', 'appointments:book', 'appointments:visit', 'patients:read', 'patients:write', 'reminders:read', 'recalls:write', 'call-list:work', 'messages:read', 'consents:write', 'patient-links:write', 'measures:read']),
  manager: new Set([...reading, 'disclosures:read', 'referrals:write', 'appointments:book', 'appointments:visit', 'appointments:override', 'appointments:overbook', 'appointments:urgent', 'patients:read', 'patients:write', 'calendar:write', 'agreements:write', 'agreements:sign', 'webhooks:write', 'billing:read', 'emergency:access', 'emergency:acknowledge', 'reminders:read', 'reminders:write', 'recalls:write', 'education:write', 'experiments:write', 'call-list:work', 'messages:read', 'consents:write', 'sending-rules:write', 'templates:write', 'patient-links:write', 'measures:read', 'plans:write']),
  // Binds the practice: the second signature on what the manager brings.
  owner: new Set([...reading, 'disclosures:read', 'agreements:write', 'agreements:sign', 'billing:read', 'measures:read', 'plans:write', 'audit:read']),
  clinician: new Set([...reading, 'emergency:access', 'recalls:write', 'education:write', 'experiments:approve', 'referrals:write', 'appointments:visit', 'patients:read', 'messages:read', 'measures:read']),
  auditor: new Set<Permission>([...reading, 'audit:read', 'disclosures:read', 'messages:read', 'reminders:read', 'measures:read']),
  operator: new Set<Permission>(['reference:read', 'agreements:read', 'measures:read', 'plans:write', 'network:operate', 'parked-events:manage', 'connections:write', 'audit:read']),
  service: new Set<Permission>(['service', 'reference:read', 'patient-links:write']),
};

export const permissionsOf = (held: readonly Role[]): ReadonlySet<Permission> => new Set(held.flatMap((role) => [...permissionsOfRole[role]]));
