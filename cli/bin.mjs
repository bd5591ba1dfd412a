#!/usr/bin/env node
// Plain JavaScript, so that `npx dsr` starts in a checkout.
import { register } from 'tsx/esm/api';

register();
await import('./dsr.ts');
