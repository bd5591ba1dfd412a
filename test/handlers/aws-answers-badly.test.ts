import { answersBadly } from './answering-badly.ts';

// What is read again meets what is read for the first time.
answersBadly(
  ['failed', 'lost'],
  ['receiveMail', 'signHeads', 'scheduledRefresh', 'scheduledCleanUp'],
);
