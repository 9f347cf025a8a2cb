import { Logger } from '@nestjs/common';
import { type MovableClock } from '@slotmesh/kernel';
import { z } from 'zod';

const answer = z.object({ offsetMs: z.number() }).loose();

/** Sandbox mode: takes over the offset before the service is ready; asks until it is answered. */
export async function adoptClockOffset(clock: MovableClock, url: string, signal: AbortSignal): Promise<void> {
  const logger = new Logger('clock');
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      clock.moveTo(answer.parse(await response.json()).offsetMs);
      return;
    } catch {
      if (attempt % 40 === 20) logger.warn(`still waiting for the sandbox clock at ${url}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
