import { readsAThousandFiles } from './many-files.ts';

readsAThousandFiles('csv');
