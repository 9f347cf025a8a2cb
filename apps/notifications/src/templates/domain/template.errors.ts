import { DomainError } from '@slotmesh/kernel';
import type { Finding } from './lint';

export class TemplateNotFound extends DomainError {
  constructor(id: string) {
    super('not-found', 'template-not-found', 'Your practice has no such template. GET /templates lists those it has.', { id });
  }
}
export class TemplateRefused extends DomainError {
  constructor(findings: readonly Finding[]) {
    const refused = findings.filter(({ severity }) => severity === 'refuse');
    const shown = (list: readonly Finding[]) => list.map(({ pointer, code, detail }) => ({ pointer, code, detail }));
    super('unprocessable', 'template-refused', `This wording cannot be sent to patients: ${refused.map(({ detail }) => detail).join(' ')}`, { errors: shown(refused), warnings: shown(findings.filter(({ severity }) => severity === 'warn')) });
  }
}
export class TemplateNotDraft extends DomainError {
  constructor(state: string) {
    super('conflict', 'template-not-draft', `Only a draft can be approved; this version is ${state}. Write a new version instead.`, { state });
  }
}
export class ReviewerIsAuthor extends DomainError {
  constructor() {
    super('forbidden', 'reviewer-is-author', 'Somebody else than who wrote it has to read and approve it. Ask a colleague who reads this language.');
  }
}
