import { DomainError } from '@slotmesh/kernel';
import type { CatalogueMeasure, Dimension } from './catalogue';

export class CannotGroupBy extends DomainError {
  constructor({ definition, dimensions }: CatalogueMeasure, wanted: Dimension) {
    super('invalid', 'cannot-group-by', `${definition.id} knows no ${wanted}. ${dimensions.length === 0 ? 'It has one number for a practice.' : `It can be asked by ${dimensions.join(', ')}.`}`, { dimensions });
  }
}

export class SupplyPartsDoNotAdd extends DomainError {
  constructor({ definition }: CatalogueMeasure) {
    super('invalid', 'supply-parts-do-not-add', `Scheduled time is known by site and by service, not by both at once: the parts overlap. Ask for ${definition.id} by one of the two.`);
  }
}

export class TooManyCells extends DomainError {
  constructor(most: number) {
    super('unprocessable', 'too-many-cells', `That would be more than ${most} numbers. Ask for fewer days, longer periods, or fewer things to group by.`, { most });
  }
}

export class OperatorsHaveNoOwn extends DomainError {
  constructor() {
    super('forbidden', 'no-own-numbers', "An operator belongs to no practice and sees only what partners see: ask for the measure's /network.");
  }
}
