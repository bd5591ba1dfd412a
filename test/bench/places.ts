import { fileURLToPath } from 'node:url';

export const BENCH_PLATFORMS = fileURLToPath(new URL('platforms', import.meta.url));
