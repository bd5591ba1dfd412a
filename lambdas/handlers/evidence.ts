import * as z from 'zod';
import { signMovedChains } from '../steps/signing-heads.ts';
import { step } from './step.ts';

/** On a schedule, when a request has ended, and when somebody wants evidence now. */
export const signHeads = step('signHeads', z.unknown(), signMovedChains);
