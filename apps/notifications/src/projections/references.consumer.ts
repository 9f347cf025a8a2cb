import { Controller } from '@nestjs/common';
import { PracticeDefined, ProviderDefined, SiteDefined, VisitTypeDefined } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';

/** What a message may name: practices, sites, providers; and what of them it must not name, because of the place or of the visit type. Each event carries the whole present state. */
@Controller()
export class ReferencesConsumer {
  @OnEvent(PracticeDefined)
  async practice({ data }: Received<typeof PracticeDefined>, tx: Tx): Promise<void> {
    await tx.execute(
      `INSERT INTO practice (id, name, phone, email, sender_number) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone = excluded.phone, email = excluded.email, sender_number = excluded.sender_number`,
      [data.id, data.name, data.phone, data.email, data.senderNumber],
    );
  }

  @OnEvent(SiteDefined)
  async site({ data }: Received<typeof SiteDefined>, tx: Tx): Promise<void> {
    const { line, city, state, postalCode } = data.address;
    await tx.execute(
      `INSERT INTO site (id, practice, name, phone, line, city, state, postal_code, sensitive) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone = excluded.phone, line = excluded.line, city = excluded.city, state = excluded.state, postal_code = excluded.postal_code, sensitive = excluded.sensitive`,
      [data.id, data.practice, data.name, data.phone, line, city, state, postalCode, data.sensitive ?? false],
    );
  }

  @OnEvent(ProviderDefined)
  async provider({ data }: Received<typeof ProviderDefined>, tx: Tx): Promise<void> {
    await tx.execute(`INSERT INTO provider (id, practice, name) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET name = excluded.name`, [data.id, data.practice, data.name]);
  }

  @OnEvent(VisitTypeDefined)
  async visitType({ data }: Received<typeof VisitTypeDefined>, tx: Tx): Promise<void> {
    await tx.execute(`INSERT INTO visit_type (id, practice, sensitive) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET sensitive = excluded.sensitive`, [data.id, data.practice, data.sensitive ?? false]);
  }
}
