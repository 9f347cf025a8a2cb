import { Socket } from 'node:net';

/** A connection that sends in one piece what is written between `cork` and the moment when all settled promises have run on: prepared statements that travel together are one system
 * call, not one each. Writing to sockets is the largest part of what a booking costs (docs/performance.md). `pg` corks each prepared statement, a text without a name it does not. */
export class GatheringSocket extends Socket {
  private gathering = false;

  override cork(): void {
    if (!this.gathering) {
      this.gathering = true;
      super.cork();
      process.nextTick(() => {
        this.gathering = false;
        this.uncork();
      });
    }
    super.cork();
  }
}
