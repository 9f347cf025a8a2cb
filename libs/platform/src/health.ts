import { Injectable } from '@nestjs/common';

export type Check = () => Promise<void> | void;

/** What must answer before the service takes work: database, broker, clock. A check throws where it does not. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, Check>();

  require(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  async state(): Promise<{ ready: boolean; checks: Record<string, string> }> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => {
        try {
          await check();
          return [name, 'ok'] as const;
        } catch (error) {
          return [name, error instanceof Error ? error.message : 'failed'] as const;
        }
      }),
    );
    return { ready: entries.every(([, state]) => state === 'ok'), checks: Object.fromEntries(entries) };
  }
}
