import { DomainError } from '@slotmesh/kernel';
import { z } from 'zod';

/** A text field that a parser of the domain reads; its refusal becomes the field's. */
export const parsedBy = <T>(parse: (text: string) => T) =>
  z.string().max(400).transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });
