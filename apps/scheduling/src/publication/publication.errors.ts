import { DomainError } from '@slotmesh/kernel';

/** The file belonged to a manifest that is over, or to none. */
export class PublicationOver extends DomainError {
  constructor() {
    super('gone', 'publication-over', 'These files belong to a manifest that is no longer kept. Read $bulk-publish again and fetch the files that it names.');
  }
}
