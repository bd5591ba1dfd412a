import { configuration } from '../adapters/configuration.ts';
import { startExecution } from '../adapters/executions.ts';
import { isExport, type Request } from '../domain/request.ts';

/** Execution names are `<requestId>-<attempt>`; their input holds the id and nothing else. */
export const startAttempt = (
  request: Pick<Request, 'requestId' | 'kind'>,
  attempt: number,
): Promise<void> => {
  const { requestId } = request;
  return startExecution(flowOf(request), attemptName(requestId, attempt), { requestId });
};

/** The ARN of the flow that carries such a request. */
export const flowOf = (request: Pick<Request, 'kind'>): string => {
  const { exportData, deleteCustomerData } = configuration().flows;
  return isExport(request) ? exportData : deleteCustomerData;
};

export const attemptName = (requestId: string, attempt: number): string =>
  `${requestId}-${attempt}`;
