import { z } from 'zod';
import { type Question, ask } from '../api/ask';

const request = z.object({
  id: z.string(), booking: z.string(), service: z.string(), modality: z.string(), start: z.iso.datetime(), zone: z.string(), version: z.number(),
  approval: z.object({ by: z.iso.datetime(), state: z.string() }),
});
const requestsPage = z.object({ items: z.array(request), nextCursor: z.string().nullable() });
export type ApprovalRequest = z.output<typeof request>;
export type RequestsPage = z.output<typeof requestsPage>;

const answered = z.object({ status: z.string() });
type Verdict = 'approve' | 'decline';

export const askRequests = (question: Question): Promise<RequestsPage> => ask('/api/scheduling/v1/approval-requests?limit=100', requestsPage, question);
export const give = ({ id }: ApprovalRequest, verdict: Verdict): Promise<{ status: string }> => ask(`/api/scheduling/v1/appointments/${id}/${verdict}`, answered, { method: 'POST', body: {} });
