import type { LineName } from '../../lambdas/domain/turn.ts';
import { aProcess, type Process } from './world.ts';

export const FIRST_ACTION = { cycles: 'closeDoor.begin', verification: 'beginPass.begin' } as const;

export const flowOf = (line: LineName): Process => aProcess(FIRST_ACTION[line]);
