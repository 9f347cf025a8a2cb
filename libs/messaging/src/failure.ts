import { DomainError } from '@slotmesh/kernel';
import { ZodError } from 'zod';

/** What an operator reads about a failed record. Values that a message may quote (SQL, parsers) stay out: only codes and places (P24). */
export function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return `${error.code}: ${error.message}`.slice(0, 500);
  if (error instanceof ZodError) return `contract: ${error.issues.map((issue) => `${issue.path.join('.') || 'value'} ${issue.code}`).join('; ')}`.slice(0, 500);
  if (error instanceof Error) {
    const { code, constraint, table } = sqlFacts(error);
    if (code) return `SQLSTATE ${code}${table ? ` on ${table}` : ''}${constraint ? ` by ${constraint}` : ''}`;
    return `${error.name}: ${error.message}`.slice(0, 300);
  }
  return 'threw something that is no error';
}

function sqlFacts(error: Error): { code: string | null; constraint: string | null; table: string | null } {
  const text = (name: string): string | null => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? value : null;
  };
  const code = text('code');
  return code && /^[0-9A-Z]{5}$/.test(code) ? { code, constraint: text('constraint'), table: text('table') } : { code: null, constraint: null, table: null };
}
