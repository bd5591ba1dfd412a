import { answersBadly } from './answering-badly.ts';

answersBadly(['throttled', 'hangUp']);
