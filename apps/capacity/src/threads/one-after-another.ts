/** Jobs that take a whole core each: the next one begins when the last one has ended, well or badly. */
export class OneAfterAnother {
  private last: Promise<unknown> = Promise.resolve();

  run<Answer>(job: () => Promise<Answer>): Promise<Answer> {
    const running = this.last.then(job);
    this.last = running.catch(() => undefined);
    return running;
  }
}
