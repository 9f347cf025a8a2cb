import { Injectable } from '@nestjs/common';

/** Rung when the carrier may have something to do: a text was stored, a fault cleared, the clock moved. */
@Injectable()
export class CarrierBell {
  private listener: () => void = () => undefined;

  answer(listener: () => void): void {
    this.listener = listener;
  }

  ring(): void {
    this.listener();
  }
}
