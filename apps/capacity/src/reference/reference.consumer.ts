import { Controller } from '@nestjs/common';
import { AgreementChanged, PracticeDefined, ServiceDefined, VisitTypeDefined } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { ReferenceRepository } from './persistence/reference.repository';

@Controller()
export class ReferenceConsumer {
  constructor(private readonly reference: ReferenceRepository) {}

  @OnEvent(PracticeDefined)
  async handlePractice(event: Received<typeof PracticeDefined>, tx: Tx): Promise<void> {
    await this.reference.savePractice(tx, event.data, event.time);
  }

  @OnEvent(ServiceDefined)
  async handleService(event: Received<typeof ServiceDefined>, tx: Tx): Promise<void> {
    await this.reference.saveService(tx, event.data);
  }

  @OnEvent(VisitTypeDefined)
  async handleVisitType(event: Received<typeof VisitTypeDefined>, tx: Tx): Promise<void> {
    await this.reference.saveVisitType(tx, event.data, event.time);
  }

  @OnEvent(AgreementChanged)
  async handleAgreement(event: Received<typeof AgreementChanged>, tx: Tx): Promise<void> {
    await this.reference.saveAgreement(tx, event.data, event.time);
  }
}
