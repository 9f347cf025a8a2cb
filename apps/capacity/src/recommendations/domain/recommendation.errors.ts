import { DomainError } from '@slotmesh/kernel';

export class RecommendationUnknown extends DomainError {
  constructor() {
    super('not-found', 'recommendation-unknown', 'This practice has no such recommendation.');
  }
}

export class RecommendationDecided extends DomainError {
  constructor(state: string) {
    super('conflict', 'recommendation-decided', state === 'over' ? 'What it advised no longer holds by the numbers.' : `It has been ${state} already. When the numbers still say so in four weeks, it is advised again.`, { state });
  }
}
