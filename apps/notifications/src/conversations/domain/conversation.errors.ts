import { DomainError } from '@slotmesh/kernel';

export class ConversationUnknown extends DomainError {
  constructor() {
    super('not-found', 'conversation-unknown', 'Nobody has written to your practice from this phone.');
  }
}

export class PhoneStopped extends DomainError {
  constructor() {
    super('conflict', 'phone-stopped', 'This phone wants no texts. Please phone instead.');
  }
}

export class ConversationOver extends DomainError {
  constructor() {
    super('conflict', 'conversation-over', 'The patient wrote more than a day ago, so a text would not be an answer any more. Please phone instead.');
  }
}

export class TextTooLong extends DomainError {
  constructor(segments: number, most: number) {
    super('unprocessable', 'text-too-long', `The text would take ${segments} segments; ${most} are the most. Make it shorter, or leave out emoji and unusual characters.`, { segments, most });
  }
}
