import { answersBadly } from './answering-badly.ts';

answersBadly(['failed', 'lost']);
