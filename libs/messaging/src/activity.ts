/** Counts what is in flight and what was done, for /idle. */
export class Activity {
  private running = 0;
  private finished = 0;

  get inFlight(): number {
    return this.running;
  }
  get done(): number {
    return this.finished;
  }

  /** `did` more pieces of work are done. */
  add(did: number): void {
    this.finished += did;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.running++;
    try {
      return await work();
    } finally {
      this.running--;
    }
  }
}
