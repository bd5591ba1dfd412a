import { Logger } from '@aws-lambda-powertools/logger';

/** Ids, counts and reason codes only: nothing that a source, a mail or a person wrote. */
export const logger = new Logger({ serviceName: 'data-subject-rights' });
