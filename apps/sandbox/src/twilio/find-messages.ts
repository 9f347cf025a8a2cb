import { Injectable } from '@nestjs/common';
import { SandboxWork } from '../sandbox-work';
import { type ListFilter, pageQuery, readListFilter } from './domain/list-filter';
import type { Message } from './domain/message';
import { representation } from './domain/representation';
import { notFound } from './domain/twilio-errors';
import { MessageRepository } from './persistence/message.repository';

/** Reads of the Messages resource. */
@Injectable()
export class FindMessages {
  constructor(
    private readonly work: SandboxWork,
    private readonly messages: MessageRepository,
  ) {}

  async one(sid: string, path: string): Promise<Message> {
    const message = await this.work.run((tx) => this.messages.find(tx, sid));
    if (!message) throw notFound(path);
    return message;
  }

  async list(path: string, query: Readonly<Record<string, unknown>>): Promise<object> {
    const filter = readListFilter(query);
    const found = await this.work.run((tx) => this.messages.list(tx, filter));
    const { shown, older, newer } = cut(found, filter);
    const start = filter.page * filter.pageSize;
    const uri = (page: number, token: string | null) => `${path}?${pageQuery(query, page, token)}`;
    const [first, last] = [shown[0], shown.at(-1)];
    return {
      messages: shown.map(representation),
      page: filter.page,
      page_size: filter.pageSize,
      start,
      end: start + Math.max(0, shown.length - 1),
      uri: uri(filter.page, filter.pageToken ? `P${filter.pageToken.side === 'after' ? 'A' : 'B'}${filter.pageToken.sid}` : null),
      first_page_uri: uri(0, null),
      next_page_uri: older && last ? uri(filter.page + 1, `PA${last.sid}`) : null,
      previous_page_uri: newer && first ? uri(Math.max(0, filter.page - 1), `PB${first.sid}`) : null,
    };
  }
}

/** Cuts the row that only tells that there is more, and says on which sides there is more. */
function cut(found: readonly Message[], filter: ListFilter): { shown: readonly Message[]; older: boolean; newer: boolean } {
  const more = found.length > filter.pageSize;
  if (filter.pageToken?.side === 'before') return { shown: more ? found.slice(1) : found, older: true, newer: more };
  return { shown: more ? found.slice(0, -1) : found, older: more, newer: filter.pageToken !== null };
}
