import { getRequest } from '../adapters/requests.ts';
import { once } from '../adapters/results.ts';
import type { RequestId } from '../domain/ids.ts';
import { askPerson } from './asking.ts';
import { answerIfClosing } from './ending-waits.ts';
import { tellAsked } from './telling.ts';

/** Asks the tenant admin which of several people is meant, or how far to follow. */
export async function askWhoIsMeant(
  requestId: RequestId,
): Promise<{ outcome: 'asked'; wait: string }> {
  const { questions = 0, question } = await getRequest(requestId);
  if (!question) throw new Error('There is no question to ask.');
  const asked = await once(requestId, 'askWhoIsMeant', questions, async () =>
    askPerson(
      {
        requestId,
        name: 'whoIsMeant',
        round: questions,
        kind: 'whoIsMeant',
        role: 'tenantAdmin',
        ...question,
      },
      new Date(),
    ),
  );
  await answerIfClosing(requestId, 'whoIsMeant', questions);
  await tellAsked(requestId, 'whoIsMeant', questions);
  return asked;
}
