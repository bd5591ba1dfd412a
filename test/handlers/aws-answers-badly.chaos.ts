import { answersBadly } from './answering-badly.ts';

answersBadly(['throttled', 'failed', 'hangUp', 'lost']);
