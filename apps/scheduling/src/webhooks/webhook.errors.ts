import { DomainError } from '@slotmesh/kernel';

export class SubscriptionUnknown extends DomainError {
  constructor() {
    super('not-found', 'webhook-subscription-unknown', 'Your practice has no such webhook subscription.');
  }
}
export class DeliveryUnknown extends DomainError {
  constructor() {
    super('not-found', 'webhook-delivery-unknown', 'This subscription has no such delivery. Deliveries are kept for 30 days.');
  }
}
export class AlreadySubscribed extends DomainError {
  constructor() {
    super('conflict', 'already-subscribed', 'Your practice has a subscription with this URL. Use that one, or remove it first.');
  }
}
export class TooManySubscriptions extends DomainError {
  constructor(most: number) {
    super('conflict', 'too-many-subscriptions', `A practice has at most ${most} webhook subscriptions. Remove one that is not needed.`);
  }
}
